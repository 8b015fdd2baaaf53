# week.gp - cost and idle pods by hour of the week, the pools stacked.
layer_colour(i) = i <= n_pools ? pool_colour[i] : grey
layer_name(i) = i <= n_pools ? pool[i] : "other pools"
do for [i = 1:n_layers] {
    dummy = add_key("patch", layer_colour(i), layer_name(i))
}
eval flow
height = y0 + 432

do for [kind in "svg png"] {
    eval open_picture(kind)
    set multiplot
    eval head
    set xrange [hour_first:hour_end]
    do for [i = 1:2] {
        top = y0 + 20 + (i - 1) * 206
        eval panel(top, top + 150, i == 1 ? "mean cost, USD per hour" : \
            "mean number of idle pods")
        set yrange [0:y_top[i]]
        set ytics 0, y_step[i]
        if (whole_week) {
            do for [d = 1:6] {
                set arrow 40 + d from 24 * d, graph 0 to 24 * d, graph 1 \
                    nohead back linewidth 0.6 linecolor rgb pale
            }
            set xtics scale 0
        }
        if (i == 2) { eval x_title(y0 + 416) }
        if (n_layers == 0) { plot NaN } else {
            plot for [k = n_layers:1:-1] name.".dat" \
                using 1:(column(2 * k + i - 1)) with filledcurves y1=0 \
                linecolor rgb layer_colour(k)
        }
        eval no_head
    }
    unset multiplot
    unset output
}
