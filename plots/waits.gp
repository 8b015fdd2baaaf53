# waits.gp - cumulative share of builds over their wait, a line a pool.
height = 416 + 18 * n_pools

do for [kind in "svg png"] {
    eval (kind eq "svg" ? open_svg : open_png)
    eval head
    eval y_title("share of builds, %", 208)
    set lmargin at screen px(62)
    set rmargin at screen px(780)
    set tmargin at screen py(68)
    set bmargin at screen py(348)
    set logscale x
    set xrange [1:wait_top]
    set yrange [0:104]
    set xtics nomirror scale 0.6 font ",11" textcolor rgb grey
    set ytics 0, 25
    set grid x y
    set xlabel "wait (logarithmic)" font ",11" textcolor rgb grey
    do for [i = 1:n_pools] {
        eval dash(i, 62, 408 + 18 * (i - 1), pool_colour[i], "")
        set label 30 + i row[i] at screen px(81), py(408 + 18 * (i - 1)) left \
            font ",11" textcolor rgb black
    }
    do for [i = 1:n_marks] {
        set label 50 + i mark[i] at graph mark_at_x[i], mark_at_y[i] left \
            front boxed font ":Bold,11" textcolor rgb pool_colour[mark_pool[i]]
        set label 70 + i "" at mark_s[i], mark_y[i] front \
            point pointtype 7 pointsize 1.5 linecolor rgb \
            pool_colour[mark_pool[i]]
    }
    if (n_pools == 0) { plot NaN } else {
        plot for [i = 1:n_pools] name.".dat" index i - 1 using 1:2 with lines \
            linewidth 2 linecolor rgb pool_colour[i]
    }
    unset output
    eval no_head
}
