# pareto.gp - cost against p95 wait, a point a setting.
dummy = add_key("patch", orange, "today")
dummy = add_key("patch", blue, "not beaten")
dummy = add_key("patch", beaten, "beaten")
if (gives_up) { dummy = add_key("patch", red, "builds give up") }
if (has_fixed) {
    dummy = add_key("line", green, "cheapest fixed pool with this wait")
}
if (bound_usd > 0) {
    dummy = add_key("line", grey, "lower bound without waiting")
}
eval flow
if (n_points > 300) { density = 1.5 }
height = y0 + 418

do for [kind in "svg png"] {
    eval open_picture(kind)
    eval head
    eval panel(y0 + 20, y0 + 340, "p95 wait (logarithmic)")
    set logscale y
    set xrange [0:x_top[1]]
    set yrange [wait_from:wait_until]
    set xtics 0, x_step[1]
    set format x "%.0f"
    set grid x y
    eval x_title(y0 + 380)
    set label 40 size_text at screen px(14), py(y0 + 402) left font ",13" \
        textcolor rgb grey
    if (bound_usd > 0) {
        set arrow 41 from bound_usd, graph 0 to bound_usd, graph 1 nohead \
            back linewidth 2.4 linecolor rgb grey
    }
    # A thread leads from the frame to the point: labels would cover others.
    do for [i = 1:n_marks] {
        edge = i == 1 ? 0.965 : 0.04
        set arrow 50 + i from mark_usd[i], graph edge to mark_usd[i], \
            mark_s[i] nohead back linewidth 1 linecolor rgb black
        if (mark_left[i]) {
            set label 50 + i mark[i] at mark_usd[i], graph edge right \
                offset character -0.6, 0 font bold."13" textcolor rgb black
        } else {
            set label 50 + i mark[i] at mark_usd[i], graph edge left \
                offset character 0.6, 0 font bold."13" textcolor rgb black
        }
    }
    plot name.".dat" index 3 using 1:2 with lines linewidth 2.2 \
            linecolor rgb green, \
        "" index 2 using 1:2:3:4:5:6 with xyerrorbars \
            pointtype 7 pointsize 0 linewidth 0.8 linecolor rgb grey, \
        for [b = 1:2] "" index b using 1:2:($7 * point_scale):8 with points \
            pointtype 7 pointsize variable linecolor rgb variable, \
        "" index 0 using 1:2:($7 * point_scale + 0.5) with points pointtype 13 \
            pointsize variable linecolor rgb orange
    unset output
    eval no_head
}
