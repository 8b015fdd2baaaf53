#!/bin/sh
# config.sh - one history whatever compiles the program: builds it with each
# compiler at each level of optimisation, without a warning, and compares every
# byte of summary.json and events.log with the golden files, and those of the
# shipped 14 days with those of the first build. Prints a table. With a warm
# ccache it takes a minute, without one six on two cores.
#
# The last rows let the compiler contract a*b+c into one rounding, which the
# Makefile forbids. Where the machine has such an instruction they may differ;
# that is shown and is no failure. Plain -O3, optimised across files, is what all
# other tests run.
set -u
root=build/portable
mkdir -p "$root"
rm -f "$root/failed"
bad=0
first=

# build CC FLAGS EXTRA: the program $name, with objects of its own.
build() {
    make --no-print-directory -j "$(nproc)" B="$root/$name" LTO=-fno-lto \
        CC="$1" CFLAGS="$2 -Werror" CPPFLAGS="$3" "$root/$name/drydock" \
        >"$root/$name.log" 2>&1
}

# said SCENARIO: all that the run of $name says.
said() {
    "$root/$name/drydock" run "$1" --events --quiet --no-plots \
        -o "$root/$name/out" >/dev/null 2>"$root/$name.err"
    [ $? -ne 1 ] || { # 3 is a verdict, which is as good
        cat "$root/$name.err" >&2
        : >"$root/failed"
        return
    }
    cat "$root/$name/out/summary.json" "$root/$name/out/events.log"
}

digest() { cksum | tr ' ' ':'; }

# table NAME VERDICT GOLDEN PROD
table() { printf '%-38s %-6s %-18s %s\n' "$@"; }

# compare CC FLAGS EXTRA: one row of the table.
compare() {
    command -v "$1" >/dev/null || {
        table "$name" skip "no $1"
        return
    }
    build "$1" "$2" "$3" || {
        grep -E 'error:|warning:|Error ' "$root/$name.log" | head -n 5
        table "$name" FAILED 'does not build'
        bad=1
        return
    }
    small=$(for scenario in tests/golden/*.yaml; do
        said "$scenario"
    done | digest)
    large=$(said scenarios/prod.yaml | digest)
    first=${first:-$large}
    verdict=same
    [ "$small $large" = "$golden $first" ] || verdict=OTHER
    table "$name" $verdict "$small" "$large"
    [ $verdict = same ] || [ -n "$3" ] || bad=1
}

golden=$(for scenario in tests/golden/*.yaml; do
    cat "${scenario%yaml}json" "${scenario%yaml}log"
done | digest)
table program history 'golden scenarios' '14 days'
table 'as committed' '' "$golden"
for extra in '' -ffp-contract=fast; do
    for cc in gcc clang; do
        for flags in -O0 -O1 -O2 '-O3 -march=native'; do
            [ -z "$extra" ] || [ "$flags" = '-O3 -march=native' ] || continue
            name=$(printf '%s%s%s' "$cc" "$flags" "$extra" | tr -d ' ')
            compare "$cc" "$flags" "$extra"
        done
    done
done
[ ! -e "$root/failed" ] && exit $bad
