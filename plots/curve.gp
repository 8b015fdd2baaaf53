# curve.gp - two figures over one setting, an interval at each point.
height = 416

do for [kind in "svg png"] {
    eval (kind eq "svg" ? open_svg : open_png)
    set multiplot
    eval head
    set errorbars 0
    set xrange [x_from:x_until]
    set xlabel x_label font ",11" textcolor rgb grey
    set xtics 0, x_step[1] nomirror scale 0.6 font ",11" textcolor rgb grey
    set grid x y
    do for [k = 1:2] {
        set lmargin at screen px(62 + 400 * (k - 1))
        set rmargin at screen px(384 + 400 * (k - 1))
        set tmargin at screen py(100)
        set bmargin at screen py(356)
        set yrange [0:y_top[k]]
        set ytics 0, y_step[k] nomirror scale 0.6 font ",11" textcolor rgb grey
        set format y "%.7g"
        set label 4 y_label[k] at screen px(16 + 400 * (k - 1)), py(76) left \
            font ",11" textcolor rgb grey
        do for [i = 1:n_marks] {
            set arrow 50 + i from mark_x[i], graph 0 to mark_x[i], graph 1 \
                nohead back linewidth 1.2 linecolor rgb \
                (i == 1 ? grey : i == 2 ? green : orange)
            at_y = k == 1 ? 0.96 - 0.07 * (i - 1) : 0.04 + 0.07 * (i - 1)
            if (mark_x[i] > 0.3 * x_from + 0.7 * x_until) {
                set label 50 + i mark[i] at mark_x[i], graph at_y right \
                    offset character -0.5, 0 front boxed font ",11" \
                    textcolor rgb black
            } else {
                set label 50 + i mark[i] at mark_x[i], graph at_y left \
                    offset character 0.5, 0 front boxed font ",11" \
                    textcolor rgb black
            }
        }
        if (target[k] > 0) {
            set arrow 60 from graph 0, first target[k] to graph 1, \
                first target[k] nohead back dashtype 2 linewidth 1.2 \
                linecolor rgb red
        }
        plot name.".dat" using 1:(column(3 * k - 1)):(column(3 * k)):(column(3 * k + 1)) with yerrorbars \
                pointtype 7 pointsize 0 linewidth 1 linecolor rgb grey, \
            "" using 1:(column(3 * k - 1)) with linespoints pointtype 7 pointsize 0.8 \
                linewidth 2 linecolor rgb blue
        unset label
        unset arrow
    }
    unset multiplot
    unset output
    eval no_head
}
