# waits.gp - cumulative share of builds over their wait: a line a pool, or one
# before and one after a change.
do for [i = 1:n_rows] { dummy = add_key("line", colour(i), row[i]) }
eval flow
x_label = "wait (logarithmic)"
height = y0 + 352

do for [kind in "svg png"] {
    eval open_picture(kind)
    eval head
    eval panel(y0 + 20, y0 + 300, "share of builds, %")
    set logscale x
    set xrange [1:wait_top]
    set yrange [0:104]
    set ytics 0, 25
    set grid x y
    eval x_title(y0 + 340)
    do for [i = 1:n_marks] {
        set label 50 + i mark[i] at graph mark_at_x[i], mark_at_y[i] left \
            front boxed font bold."13" textcolor rgb black
        set label 70 + i "" at mark_s[i], mark_y[i] front \
            point pointtype 7 pointsize 0.9 linecolor rgb \
            colour(mark_row[i])
    }
    if (n_rows == 0) { plot NaN } else {
        plot for [i = 1:n_rows] name.".dat" index i - 1 using 1:2 with lines \
            linewidth (i == 1 && n_rows > 1 ? 3.4 : 2.2) \
            linecolor rgb colour(i)
    }
    unset output
    eval no_head
}
