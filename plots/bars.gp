# bars.gp - amounts by category, series side by side; lying, with the amounts
# written out, or upright, with an axis for them.
do for [k = 1:n_series] { dummy = add_key("patch", colour(k), series[k]) }
eval flow
high = lying ? 26 + n_bars * (16 + 17 * n_series) : 320
height = y0 + high + (lying ? 12 : 56)
wide = 0.8 / n_series
place(i, k) = i + wide * (k - 0.5 - n_series / 2.0)

do for [kind in "svg png"] {
    eval open_picture(kind)
    eval head
    eval panel(y0 + 20, y0 + high, "")
    set label 9 y_label at screen px(14), py(y0 + 6) left font ",13" \
        textcolor rgb grey
    set tics scale 0
    if (lying) {
        set lmargin at screen px(128)
        set border 2
        unset xtics
        set grid noxtics noytics
        set xrange [0:1.12 * y_top[1]]
        set yrange [n_bars - 0.5:-0.5]
        set ytics ("" 0)
        do for [i = 1:n_bars] { set ytics add (label[i] i - 1) }
        plot for [k = 1:n_series] name.".dat" \
                using (0):(place($1, k)):(0):(column(k + 1)): \
                (place($1, k) - 0.45 * wide):(place($1, k) + 0.45 * wide) \
                with boxxyerror fillstyle solid noborder \
                linecolor rgb colour(k), \
            for [k = 1:n_series] "" using (column(k + 1)):(place($1, k)): \
                (sprintf("%.1f", column(k + 1))) with labels left \
                offset character 0.5, 0 font ",13" textcolor rgb black
    } else {
        set xrange [-0.7:n_bars - 0.3]
        # The mark is named above the bars.
        set yrange [0:(has_mark ? 1.12 : 1) * y_top[1]]
        set ytics 0, y_step[1]
        set xtics ("" 0)
        do for [i = 1:n_bars:(n_bars > 9 ? 2 : 1)] {
            set xtics add (label[i] i - 1)
        }
        eval x_title(y0 + 358)
        if (has_mark) {
            set arrow 50 from mark, graph 0 to mark, graph 1 nohead front \
                linewidth 2.4 linecolor rgb black
            if (mark > 0.6 * n_bars) {
                set label 50 mark_text at mark, graph 0.95 right \
                    offset character -0.6, 0 front boxed font bold."13" \
                    textcolor rgb black
            } else {
                set label 50 mark_text at mark, graph 0.95 left \
                    offset character 0.6, 0 front boxed font bold."13" \
                    textcolor rgb black
            }
        }
        plot for [k = 1:n_series] name.".dat" \
            using (place($1, k)):(column(k + 1)):(wide) \
            with boxes fillstyle solid noborder linecolor rgb colour(k)
    }
    unset output
    eval no_head
}
