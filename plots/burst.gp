# burst.gp - the worst burst: who is there, whom the scaler sees, what it does.
height = 450

legend = dash(1, 62, 68, black, "builds waiting or running"). \
    dash(2, 245, 68, purple, "sessions (what the scaler sees)"). \
    patch(3, 470, 68, blush, "in back-off: invisible to it"). \
    dash(4, 62, 88, orange, "pods wanted"). \
    dash(5, 245, 68 + 20, green, "pods ready")

do for [kind in "svg png"] {
    eval (kind eq "svg" ? open_svg : open_png)
    eval head
    eval legend
    eval y_title("builds, sessions, pods", 245)
    eval time_range
    eval time_marks
    set lmargin at screen px(62)
    set rmargin at screen px(780)
    set tmargin at screen py(108)
    set bmargin at screen py(392)
    set yrange [0:y_top[1]]
    set ytics 0, y_step[1]
    if (gap) {
        set arrow 1 from gap_x, gap_low to gap_x, gap_high heads size \
            screen 0.006, 20 front linewidth 1.2 linecolor rgb red
    }
    plot name.".dat" using 1:3:2 with filledcurves linecolor rgb blush, \
        "" using 1:5 with lines linewidth 3.5 linecolor rgb orange, \
        "" using 1:4 with lines linewidth 1.4 linecolor rgb green, \
        "" using 1:3 with lines linewidth 1.2 linecolor rgb purple, \
        "" using 1:2 with lines linewidth 2 linecolor rgb black
    unset output
    eval no_head
}
