# pair_waits.gp - cumulative share of builds over their wait, before and after.
height = 452

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
    do for [i = 1:2] {
        eval dash(i, 62, 408 + 18 * (i - 1), i == 1 ? orange : blue, "")
        set label 30 + i row[i] at screen px(81), py(408 + 18 * (i - 1)) left \
            font ",11" textcolor rgb black
    }
    plot name.".dat" index 0 using 1:2 with lines linewidth 2.6 \
            linecolor rgb orange, \
        "" index 1 using 1:2 with lines linewidth 1.8 linecolor rgb blue
    unset output
    eval no_head
}
