# burst.gp - the worst burst: who is there, whom the scaler sees, what it does.
dummy = add_key("line", black, "builds waiting or running")
dummy = add_key("line", purple, "sessions (what the scaler sees)")
dummy = add_key("patch", blush, "in back-off: invisible to it")
dummy = add_key("line", orange, "pods wanted")
dummy = add_key("line", green, "pods ready")
eval flow
height = y0 + 324 + x_room

do for [kind in "svg png"] {
    eval open_picture(kind)
    eval head
    eval time_range
    eval time_marks
    eval x_title(y0 + 310 + x_room)
    eval panel(y0 + 20, y0 + 310, "builds, sessions, pods")
    set yrange [0:y_top[1]]
    set ytics 0, y_step[1]
    if (gap) {
        set arrow 1 from gap_x, gap_low to gap_x, gap_high heads size \
            screen 0.008, 20 front linewidth 1.6 linecolor rgb red
    }
    plot name.".dat" using 1:3:2 with filledcurves linecolor rgb blush, \
        "" using 1:5 with lines linewidth 4 linecolor rgb orange, \
        "" using 1:4 with lines linewidth 1.8 linecolor rgb green, \
        "" using 1:3 with lines linewidth 1.6 linecolor rgb purple, \
        "" using 1:2 with lines linewidth 2.2 linecolor rgb black
    unset output
    eval no_head
}
