# timeline.gp - per pool: demand, pods and waiting, a strip of nodes below.
panel = 224
height = 106 + (n_pools > 0 ? n_pools : 1) * panel + 40

legend = patch(1, 62, 68, sky, "demand (builds, if none waited)"). \
    patch(2, 270, 68, red, "builds waiting"). \
    dash(3, 385, 68, orange, "pods wanted"). \
    patch(4, 490, 68, mint, "pods ready"). \
    dash(5, 490, 68, green, ""). \
    patch(6, 588, 68, grey, "nodes")

do for [kind in "svg png"] {
    eval (kind eq "svg" ? open_svg : open_png)
    set multiplot
    eval head
    eval legend
    eval time_range
    set lmargin at screen px(62)
    set rmargin at screen px(780)
    if (n_pools == 0) {
        set tmargin at screen py(100)
        set bmargin at screen py(300)
        eval time_marks
        set yrange [0:1]
        plot NaN
    }
    do for [i = 1:n_pools] {
        top = 98 + (i - 1) * panel
        set label 3 finding[i] at screen px(62), py(top) left \
            font ":Bold,11" textcolor rgb black
        eval y_title("builds, pods", top + 84)
        set tmargin at screen py(top + 13)
        set bmargin at screen py(top + 155)
        unset xtics
        unset xlabel
        set yrange [0:y_top[i]]
        set ytics 0, y_step[i]
        plot name.".dat" index i - 1 using 1:4 with filledcurves y1=0 \
                linecolor rgb mint, \
            "" index i - 1 using 1:2 with filledcurves y1=0 \
                linecolor rgb sky, \
            "" index i - 1 using 1:3 with filledcurves y1=0 linecolor rgb red, \
            "" index i - 1 using 1:5 with lines linewidth 1.6 \
                linecolor rgb orange, \
            "" index i - 1 using 1:4 with lines linewidth 0.8 \
                linecolor rgb green
        eval no_head
        eval y_title("nodes", top + 186)
        set tmargin at screen py(top + 170)
        set bmargin at screen py(top + 202)
        set yrange [0:nodes_top[i]]
        set ytics 0, nodes_top[i]
        eval time_marks
        if (i < n_pools) {
            unset xlabel
            set xtics format ""
        }
        plot name.".dat" index i - 1 using 1:6 with filledcurves y1=0 \
            linecolor rgb grey
        eval no_head
    }
    unset multiplot
    unset output
}
