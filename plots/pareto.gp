# pareto.gp - cost against p95 wait, a point a setting.
height = 512

do for [kind in "svg png"] {
    eval (kind eq "svg" ? open_svg : open_png)
    eval head
    eval y_title("p95 wait (logarithmic)", 230)
    set lmargin at screen px(62)
    set rmargin at screen px(780)
    set tmargin at screen py(68)
    set bmargin at screen py(392)
    set logscale y
    set errorbars 0
    set xrange [0:x_top[1]]
    set yrange [wait_from:wait_until]
    set xtics 0, x_step[1] nomirror scale 0.6 font ",11" textcolor rgb grey
    set format x "%.0f"
    set grid x y
    set xlabel x_label font ",11" textcolor rgb grey
    eval patch(1, 62, 452, blue, "not beaten")
    eval patch(2, 190, 452, "#a6a6a6", "beaten")
    eval patch(3, 290, 452, red, "builds give up")
    eval patch(4, 420, 452, orange, "today")
    eval dash(5, 62, 472, green, "cheapest fixed pool, always ready, for a p95 wait of at most this")
    eval dash(6, 520, 472, grey, "lower bound without waiting")
    set label 40 size_text at screen px(62), py(494) left font ",11" \
        textcolor rgb grey
    if (bound_usd > 0) {
        set arrow 41 from bound_usd, graph 0 to bound_usd, graph 1 nohead \
            back linewidth 2 linecolor rgb grey
    }
    # A thread leads from the frame to the point: labels would cover others.
    do for [i = 1:n_marks] {
        edge = i == 1 ? 0.965 : 0.04
        set arrow 50 + i from mark_usd[i], graph edge to mark_usd[i], \
            mark_s[i] nohead back linewidth 0.8 linecolor rgb black
        if (mark_left[i]) {
            set label 50 + i mark[i] at mark_usd[i], graph edge right \
                offset character -0.6, 0 font ":Bold,11" textcolor rgb black
        } else {
            set label 50 + i mark[i] at mark_usd[i], graph edge left \
                offset character 0.6, 0 font ":Bold,11" textcolor rgb black
        }
    }
    plot name.".dat" index 3 using 1:2 with lines linewidth 2 \
            linecolor rgb green, \
        for [b = 1:2] "" index b using 1:2:3:4:5:6 with xyerrorbars \
            pointtype 7 pointsize 0 linewidth 0.8 linecolor rgb grey, \
        for [b = 1:2] "" index b using 1:2:7:8 with points pointtype 7 \
            pointsize variable linecolor rgb variable, \
        "" index 0 using 1:2:($7 * 1.2) with points pointtype 13 \
            pointsize variable linecolor rgb orange
    unset output
    eval no_head
}
