# style.gp - the look of every figure. Lengths are pixels of a picture 800 wide;
# the png has twice as many. Colours: Okabe and Ito, told apart by everybody.
set encoding utf8
set termoption noenhanced
if (!exists("out")) out = name

black = "#000000"
grey = "#595959"
pale = "#d9d9d9"
mint = "#c2e6da"
blush = "#f7dccb"
orange = "#e69f00"
sky = "#56b4e9"
green = "#009e73"
blue = "#0072b2"
red = "#d55e00"
purple = "#cc79a7"
array pool_colour[4] = [blue, orange, green, purple]

width = 800.0
px(x) = x / width
py(y) = 1 - 1.0 * y / height

open_svg = "set terminal svg noenhanced size width, height ". \
    "font 'DejaVu Sans,12' background '#ffffff' name name; ". \
    "set output out.'.svg'"
open_png = "set terminal pngcairo noenhanced size 2 * width, 2 * height ". \
    "font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 background '#ffffff'; ". \
    "set output out.'.png'"

set border 3 linewidth 0.8 linecolor rgb grey
set tics nomirror scale 0.6 textcolor rgb grey font ",11"
set grid y linetype 1 linewidth 0.6 linecolor rgb pale
set grid noxtics
set style fill solid 1.0 noborder
set style textbox opaque noborder margins 0.3, 0.3
unset key
set samples 2

# Title and the line below it, left of everything.
head = "set label 1 title at screen px(16), py(22) left ". \
    "font ':Bold,14' textcolor rgb black; ". \
    "set label 2 subtitle at screen px(16), py(44) left ". \
    "font ',11' textcolor rgb grey"

# The legend: item i of a row at height y, a patch or a line before its text.
patch(i, x, y, colour, text) = \
    sprintf("set object %d rectangle from screen %.5f, %.5f to screen ". \
        "%.5f, %.5f behind fillstyle solid noborder fillcolor rgb '%s'; ", \
        20 + i, px(x), py(y + 5), px(x + 14), py(y - 5), colour). \
    legend_text(i, x, y, text)
dash(i, x, y, colour, text) = \
    sprintf("set arrow %d from screen %.5f, %.5f to screen %.5f, %.5f ". \
        "nohead linewidth 2 linecolor rgb '%s'; ", \
        20 + i, px(x), py(y), px(x + 14), py(y), colour). \
    legend_text(i, x, y, text)
legend_text(i, x, y, text) = \
    sprintf("set label %d '%s' at screen %.5f, %.5f left font ',11' ". \
        "textcolor rgb black; ", 20 + i, text, px(x + 19), py(y))

# What an upright axis measures, at the same place in every panel.
y_title(text, y) = \
    sprintf("set label 4 '%s' at screen %.5f, %.5f center rotate ". \
        "font ',11' textcolor rgb grey", text, px(16), py(y))

# Only the first panel of a picture says what holds for all.
no_head = "unset label; unset object; unset arrow"

# The time axis as the data has it.
time_range = "set xrange [x_from:x_until]"
time_marks = "set xtics nomirror scale 0.6 font ',11' textcolor rgb grey; ". \
    "if (x_dates) { set xtics x_first, x_step format x_format time } ". \
    "else { set xtics x_first, x_step format x_format }; ". \
    "set xlabel x_label font ',11' textcolor rgb grey"
