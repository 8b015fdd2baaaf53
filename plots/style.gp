# style.gp - the look of every figure. Lengths are pixels of a picture 640 wide:
# a telephone shows it at 400, where no text is below 8 pixels. The png has
# twice as many, or less where it would grow beyond what a comment should load.
# Colours: Okabe and Ito, told apart by everybody, and those of one picture also
# by how light they are.
set encoding utf8
set termoption noenhanced
if (!exists("out")) out = name

black = "#000000"
grey = "#595959"
pale = "#d9d9d9"
mint = "#c2e6da"
blush = "#f7dccb"
sand = "#fae3b4"
orange = "#e69f00"
sky = "#56b4e9"
green = "#009e73"
blue = "#0072b2"
red = "#d55e00"
purple = "#cc79a7"
beaten = "#a6a6a6"
array pool_colour[4] = [blue, orange, green, purple]
array pair_colour[2] = [orange, blue]
# Before a change, or today, is orange, after it blue; else a colour a pool.
colour(i) = exists("before_after") && before_after ? pair_colour[i] \
    : pool_colour[i]

width = 640.0
left = 62
right = 612
density = 2.0
px(x) = x / width
py(y) = 1 - 1.0 * y / height

# Text stays text: whoever shows the svg chooses the letters.
open_svg = "bold = 'sans-serif Bold,'; ". \
    "set terminal svg noenhanced size width, height ". \
    "font 'sans-serif,13' background '#ffffff' name name; ". \
    "set output out.'.svg'"
open_png = "bold = ':Bold,'; set terminal pngcairo noenhanced ". \
    "size density * width, density * height font 'DejaVu Sans,13' ". \
    "fontscale 0.75 * density linewidth density pointscale density ". \
    "background '#ffffff'; set output out.'.png'"
open_picture(kind) = kind eq "svg" ? open_svg : open_png

set border 3 linewidth 0.8 linecolor rgb grey
set tics nomirror scale 0.6 textcolor rgb grey font ",13"
set grid y linetype 1 linewidth 0.6 linecolor rgb pale
set grid noxtics
set style fill solid 1.0 noborder
set style textbox opaque noborder margins 0.3, 0.3
set errorbars 0
unset key
set samples 2

# The legend flows from left to right below the heading; y0 is where it ends
# and the figure begins. Kinds of key: patch, line, band (a line on a patch).
n_keys = 0
array key_text[8]
array key_kind[8]
array key_colour[8]
array key_x[8]
array key_y[8]
add_key(kind, colour, text) = (n_keys = n_keys + 1, \
    key_kind[n_keys] = kind, key_colour[n_keys] = colour, \
    key_text[n_keys] = text)
key_wide(i) = 22 + 7.6 * strlen(key_text[i]) + 16
flow_key(i) = (at_x > left - 48 && at_x + key_wide(i) > width ? \
    (at_x = left - 48, at_y = at_y + 21) : 0, \
    key_x[i] = at_x, key_y[i] = at_y, at_x = at_x + key_wide(i))
flow = "at_x = left - 48; at_y = 29 + 23 * n_title + 18 * n_subtitle; ". \
    "do for [i = 1:n_keys] { dummy = flow_key(i) }; ". \
    "y0 = n_keys > 0 ? at_y + 18 : at_y - 6"

# Heading and legend, of the first panel of a picture.
put_key(i) = \
    (key_kind[i] eq "line" ? "" : \
        sprintf("set object %d rectangle from screen %.5f, %.5f to screen ". \
            "%.5f, %.5f fillstyle solid noborder fillcolor rgb '%s'; ", \
            20 + i, px(key_x[i]), py(key_y[i] + 6), px(key_x[i] + 16), \
            py(key_y[i] - 6), key_kind[i] eq "band" ? band : key_colour[i])). \
    (key_kind[i] eq "patch" ? "" : \
        sprintf("set arrow %d from screen %.5f, %.5f to screen %.5f, %.5f ". \
            "nohead linewidth 3 linecolor rgb '%s'; ", \
            20 + i, px(key_x[i]), py(key_y[i]), px(key_x[i] + 16), \
            py(key_y[i]), key_colour[i])). \
    sprintf("set label %d key_text[%d] at screen %.5f, %.5f left ". \
        "font ',13' textcolor rgb black", 20 + i, i, px(key_x[i] + 22), \
        py(key_y[i]))
band = mint
head = "do for [i = 1:n_title] { ". \
    "set label i title[i] at screen px(14), py(1 + 23 * i) left ". \
    "font bold.'17' textcolor rgb black }; ". \
    "do for [i = 1:n_subtitle] { ". \
    "set label 10 + i subtitle[i] at screen px(14), ". \
    "py(5 + 23 * n_title + 18 * i) left font ',13' textcolor rgb grey }; ". \
    "do for [i = 1:n_keys] { eval put_key(i) }"
no_head = "unset label; unset object; unset arrow"

# A panel between two heights, and what its upright axis measures, above it.
panel(top, bottom, unit) = \
    sprintf("set lmargin at screen px(left); ". \
        "set rmargin at screen px(right); ". \
        "set tmargin at screen py(%d); set bmargin at screen py(%d); ", \
        top, bottom). \
    sprintf("set label 9 '%s' at screen px(14), py(%d) left ". \
        "font ',13' textcolor rgb grey", unit, top - 16)

# What the level axis measures, below its marks.
x_title(bottom) = sprintf("set label 7 x_label at screen %.5f, %.5f center ". \
    "font ',13' textcolor rgb grey", px((left + right) / 2), py(bottom))

# What a panel says that has nothing to show.
nothing(text) = sprintf("set label 8 '%s' at graph 0.5, graph 0.5 center ". \
    "font ',14' textcolor rgb grey", text)

# The time axis as the data has it.
x_room = exists("x_dates") && x_dates ? 58 : 42
time_range = "set xrange [x_from:x_until]"
time_marks = "unset mxtics; ". \
    "if (x_dates) { set xtics x_first, x_step format x_format time } ". \
    "else { set xtics x_first, x_step format x_format }"
no_marks = "set xtics format ''"
