# curve.gp - two figures over one setting, an interval at each point.
eval flow
height = y0 + 440 + 18 * n_marks
mark_colour(i) = mark[i] eq "today" ? pair_colour[1] : \
    mark[i] eq "recommended" ? pair_colour[2] : i == 2 ? green : grey

do for [kind in "svg png"] {
    eval open_picture(kind)
    set multiplot
    eval head
    set xrange [x_from:x_until]
    set xtics 0, x_step[1]
    set grid x y
    do for [k = 1:2] {
        top = y0 + 20 + 18 * n_marks + (k - 1) * 200
        eval panel(top, top + 164, "")
        set label 9 y_label[k] at screen px(14), py(top - 16) left \
            front boxed font ",13" textcolor rgb grey
        set format x (k == 1 ? "" : "%.7g")
        if (k == 2) { eval x_title(top + 206) }
        set yrange [0:y_top[k]]
        set ytics 0, y_step[k]
        set format y "%.7g"
        do for [i = 1:n_marks] {
            set arrow 50 + i from mark_x[i], graph 0 to mark_x[i], graph 1 \
                nohead back linewidth 2 linecolor rgb mark_colour(i)
        }
        # Above the data, and once: the lines stand at the same places below.
        do for [i = 1:(k == 1 ? n_marks : 0)] {
            at_y = py(y0 + 18 * (i - 1) + 2)
            set arrow 50 + i from mark_x[i], graph 0 to mark_x[i], \
                screen at_y nohead back linewidth 2 linecolor rgb mark_colour(i)
            if (mark_x[i] > 0.4 * x_from + 0.6 * x_until) {
                set label 50 + i mark[i] at mark_x[i], screen at_y right \
                    offset character -0.5, 0 front boxed font bold."13" \
                    textcolor rgb black
            } else {
                set label 50 + i mark[i] at mark_x[i], screen at_y left \
                    offset character 0.5, 0 front boxed font bold."13" \
                    textcolor rgb black
            }
        }
        if (target[k] > 0) {
            set arrow 60 from graph 0, first target[k] to graph 1, \
                first target[k] nohead back dashtype 2 linewidth 1.6 \
                linecolor rgb red
            set label 60 "target" at graph 0.62, first target[k] center \
                offset character 0, 0.7 font ",13" textcolor rgb red
        }
        plot name.".dat" using 1:(column(3 * k - 1)):(column(3 * k)): \
                (column(3 * k + 1)) with yerrorbars pointtype 7 pointsize 0 \
                linewidth 1.2 linecolor rgb grey, \
            "" using 1:(column(3 * k - 1)) with linespoints pointtype 7 \
                pointsize 0.6 linewidth 2.2 linecolor rgb black
        eval no_head
    }
    unset multiplot
    unset output
}
