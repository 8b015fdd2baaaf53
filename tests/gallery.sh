#!/bin/sh
# gallery.sh PROGRAM [renew] - every picture that plots/README.md shows is
# there, small enough, and no other one. `renew` runs the commands shown
# there, each of which draws the pictures that follow it.
set -eu
program=$1
page=plots/README.md
most_picture=150000
most_all=1000000

# A line each: "run COMMAND" or "picture NAME.png".
lines() {
    sed -n 's/^\$ drydock /run /p
        s/^!\[[^]]*\](gallery\/\([a-z_]*\.png\))$/picture \1/p' "$page"
}

if [ "${2:-}" = renew ]; then
    lines | while read -r what rest; do
        if [ "$what" = picture ]; then
            cp "$folder/plots/$rest" plots/gallery/
            continue
        fi
        folder=${rest##* -o }
        # shellcheck disable=SC2086 # words on purpose
        set -f && set -- $rest
        "$program" "$@" --quiet </dev/null >/dev/null || [ $? -eq 3 ]
    done
fi

bad=0
total=0
for name in $(lines | sed -n 's/^picture //p'); do
    if [ ! -f "plots/gallery/$name" ]; then
        echo "$page: gallery/$name is not there"
        bad=1
        continue
    fi
    size=$(wc -c <"plots/gallery/$name")
    total=$((total + size))
    [ "$size" -lt "$most_picture" ] || {
        echo "plots/gallery/$name: $size bytes"
        bad=1
    }
done
for file in plots/gallery/*; do
    lines | grep -qx "picture ${file##*/}" || {
        echo "$page: does not show $file"
        bad=1
    }
done
[ "$total" -lt "$most_all" ] || {
    echo "plots/gallery: $total bytes"
    bad=1
}
exit "$bad"
