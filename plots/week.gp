# week.gp - cost and idle pods by hour of the week, the pools stacked.
height = 462

layer_colour(i) = i <= n_pools ? pool_colour[i] : grey
layer_name(i) = i <= n_pools ? pool[i] : "other pools"

do for [kind in "svg png"] {
    eval (kind eq "svg" ? open_svg : open_png)
    set multiplot
    eval head
    do for [i = 1:n_layers] {
        eval patch(i, 62 + 144 * (i - 1), 68, layer_colour(i), "")
        set label 20 + i layer_name(i) at screen px(81 + 144 * (i - 1)), \
            py(68) left font ",11" textcolor rgb black
    }
    set lmargin at screen px(62)
    set rmargin at screen px(780)
    set xrange [hour_first:hour_end]
    do for [panel = 1:2] {
        eval y_title(panel == 1 ? "mean cost, USD/h" : "mean idle pods", \
            panel == 1 ? 160 : 336)
        set tmargin at screen py(panel == 1 ? 88 : 262)
        set bmargin at screen py(panel == 1 ? 232 : 410)
        set yrange [0:y_top[panel]]
        set ytics 0, y_step[panel]
        if (whole_week) {
            do for [d = 1:6] {
                set arrow 40 + d from 24 * d, graph 0 to 24 * d, graph 1 \
                    nohead back linewidth 0.6 linecolor rgb pale
            }
            set xtics scale 0
        }
        set xtics nomirror font ",11" textcolor rgb grey
        if (panel == 2) { set xlabel x_label font ",11" textcolor rgb grey }
        if (n_layers == 0) { plot NaN } else {
            plot for [i = n_layers:1:-1] name.".dat" \
                using 1:(column(2 * i + panel - 1)) with filledcurves y1=0 \
                linecolor rgb layer_colour(i)
        }
        eval no_head
    }
    unset xlabel
    unset multiplot
    unset output
}
