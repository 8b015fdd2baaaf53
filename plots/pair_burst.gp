# pair_burst.gp - the worst burst before and after a change, on the same axes.
band = sand
dummy = add_key("band", orange, "before")
dummy = add_key("line", blue, "after")
eval flow
height = y0 + 398 + x_room

do for [kind in "svg png"] {
    eval open_picture(kind)
    set multiplot
    eval head
    eval time_range
    do for [i = 1:2] {
        top = y0 + 20 + (i - 1) * 200
        eval panel(top, top + 164, i == 1 ? "builds waiting" : "pods ready")
        if (i == 1 && nobody_waits) { eval nothing("nobody waits") }
        set yrange [0:y_top[i]]
        set ytics 0, y_step[i]
        if (i == 1) { eval no_marks } else {
            eval time_marks
            eval x_title(y0 + 384 + x_room)
        }
        plot name.".dat" using 1:(column(2 * i)) with filledcurves y1=0 \
                linecolor rgb sand, \
            "" using 1:(column(2 * i)) with lines linewidth 1.8 \
                linecolor rgb orange, \
            "" using 1:(column(2 * i + 1)) with lines linewidth 2.4 \
                linecolor rgb blue
        eval no_head
    }
    unset multiplot
    unset output
}
