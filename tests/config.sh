#!/bin/sh
# config.sh [SCENARIO...] - one history whatever compiles the program: builds
# it with each compiler at each level of optimisation and compares the bytes of
# summary.json and events.log with those of the first build. Slow; not part of
# `make check`.
#
# The last rows let the compiler contract a*b+c into one rounding, which the
# Makefile forbids. Where the machine has such an instruction they may differ;
# that is shown and is no failure.
set -u
[ $# -gt 0 ] || set -- tests/golden/burst.yaml scenarios/prod.yaml
root=build/portable
mkdir -p "$root"
bad=0
first=

# build CC FLAGS EXTRA: the program $name, with objects of its own.
build() {
    make --no-print-directory -j 2 B="$root/$name" CC="$1" CFLAGS="$2" \
        CPPFLAGS="$3" "$root/$name/drydock" >"$root/$name.log" 2>&1
}

# digest SCENARIO: of everything that the run of $name says.
digest() {
    "$root/$name/drydock" run "$1" --events --quiet --no-plots --threads 1 \
        -o "$root/$name/out" >/dev/null 2>"$root/$name.err"
    [ $? -ne 1 ] || { # 3 is a verdict, which is as good
        cat "$root/$name.err" >&2
        echo failed
        return
    }
    cat "$root/$name/out/summary.json" "$root/$name/out/events.log" |
        cksum | tr ' ' ':'
}

# compare CC FLAGS EXTRA SCENARIO...: one row of the table.
compare() {
    command -v "$1" >/dev/null || {
        printf '%-34s skip: no %s\n' "$name" "$1"
        return
    }
    build "$1" "$2" "$3" || {
        tail -n 5 "$root/$name.log"
        printf '%-34s does not build\n' "$name"
        bad=1
        return
    }
    extra=$3
    shift 3
    row=
    for scenario in "$@"; do
        row="$row $(digest "$scenario")"
    done
    [ -n "$first" ] || first=$row
    verdict=same
    case $row in
    *failed*) verdict=FAILED ;;
    "$first") ;;
    *) verdict=OTHER ;;
    esac
    printf '%-34s %-6s %s\n' "$name" "$verdict" "$row"
    [ "$verdict" = same ] || [ -n "$extra" ] || bad=1
}

for extra in '' -ffp-contract=fast; do
    for cc in gcc clang; do
        for flags in -O0 -O2 '-O3 -march=native'; do
            [ -z "$extra" ] || [ "$flags" = '-O3 -march=native' ] || continue
            name=$(printf '%s%s%s' "$cc" "$flags" "$extra" | tr -d ' ')
            compare "$cc" "$flags" "$extra" "$@"
        done
    done
done
exit $bad
