# bars.gp - amounts by category, series side by side.
height = 432

do for [kind in "svg png"] {
    eval (kind eq "svg" ? open_svg : open_png)
    eval head
    eval y_title(y_label, 208)
    set lmargin at screen px(62)
    set rmargin at screen px(780)
    set tmargin at screen py(68)
    set bmargin at screen py(350)
    set xrange [-0.7:n_bars - 0.3]
    set yrange [0:y_top[1]]
    set ytics 0, y_step[1] nomirror scale 0.6 font ",11" textcolor rgb grey
    set xtics nomirror scale 0 font ",11" textcolor rgb grey
    set xtics ("" 0)
    do for [i = 1:n_bars] { set xtics add (label[i] i - 1) }
    set xlabel x_label font ",11" textcolor rgb grey offset 0, 0.4
    do for [k = 1:n_series] {
        eval patch(k, 62 + 200 * (k - 1), 410, pool_colour[k], series[k])
    }
    if (has_mark) {
        set arrow 50 from mark, graph 0 to mark, graph 1 nohead front \
            linewidth 2 linecolor rgb black
        set label 50 mark_text at mark, graph 0.95 left \
            offset character 0.6, 0 front boxed font ":Bold,11" \
            textcolor rgb black
    }
    wide = 0.8 / n_series
    plot for [k = 1:n_series] name.".dat" \
        using ($1 + wide * (k - 0.5 - n_series / 2.0)):(column(k + 1)):(wide) \
        with boxes fillstyle solid noborder linecolor rgb pool_colour[k]
    unset output
    eval no_head
}
