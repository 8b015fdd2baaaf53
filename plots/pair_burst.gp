# pair_burst.gp - the worst burst before and after a change, on the same axes.
height = 520

legend = dash(1, 62, 68, orange, "before"). \
    dash(2, 150, 68, blue, "after")

do for [kind in "svg png"] {
    eval (kind eq "svg" ? open_svg : open_png)
    set multiplot
    eval head
    eval legend
    eval time_range
    set lmargin at screen px(62)
    set rmargin at screen px(780)
    do for [i = 1:2] {
        top = 92 + (i - 1) * 190
        eval y_title(i == 1 ? "builds waiting" : "pods ready", top + 85)
        set tmargin at screen py(top)
        set bmargin at screen py(top + 170)
        set yrange [0:y_top[i]]
        set ytics 0, y_step[i]
        eval time_marks
        if (i == 1) {
            unset xlabel
            set xtics format ""
        }
        plot name.".dat" using 1:(column(2 * i)) with lines linewidth 2.6 \
                linecolor rgb orange, \
            "" using 1:(column(2 * i + 1)) with lines linewidth 1.8 \
                linecolor rgb blue
        eval no_head
    }
    unset multiplot
    unset output
}
