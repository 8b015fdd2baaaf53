# timeline.gp - per pool: demand, pods and waiting, a strip of nodes below.
dummy = add_key("patch", sky, "demand (builds, if none waited)")
dummy = add_key("patch", red, "builds waiting")
dummy = add_key("line", orange, "pods wanted")
dummy = add_key("band", green, "pods ready")
dummy = add_key("patch", grey, "nodes")
eval flow
if (n_pools > 2) { density = 1.5 }
high = 276
height = y0 + (n_pools > 0 ? n_pools : 1) * high + x_room - 8

do for [kind in "svg png"] {
    eval open_picture(kind)
    set multiplot
    eval head
    eval time_range
    if (n_pools == 0) {
        eval panel(y0 + 20, y0 + high - 10, "builds, pods")
        eval time_marks
        set yrange [0:1]
        unset ytics
        plot NaN
    }
    do for [i = 1:n_pools] {
        top = y0 + 14 + (i - 1) * high
        set label 19 finding[i] at screen px(14), py(top) left \
            font bold."14" textcolor rgb black
        eval panel(top + 38, top + 178, "builds, pods")
        eval no_marks
        set yrange [0:y_top[i]]
        set ytics 0, y_step[i]
        plot name.".dat" index i - 1 using 1:4 with filledcurves y1=0 \
                linecolor rgb mint, \
            "" index i - 1 using 1:2 with filledcurves y1=0 \
                linecolor rgb sky, \
            "" index i - 1 using 1:3 with filledcurves y1=0 linecolor rgb red, \
            "" index i - 1 using 1:5 with lines linewidth 1.8 \
                linecolor rgb orange, \
            "" index i - 1 using 1:4 with lines linewidth 0.9 \
                linecolor rgb green
        eval no_head
        eval panel(top + 206, top + 240, "nodes")
        set yrange [0:nodes_top[i]]
        set ytics 0, nodes_top[i]
        if (i == n_pools) {
            eval time_marks
            eval x_title(top + 240 + x_room)
        }
        plot name.".dat" index i - 1 using 1:6 with filledcurves y1=0 \
            linecolor rgb grey
        eval no_head
    }
    unset multiplot
    unset output
}
