#!/bin/sh
# fuzz.sh SECONDS [TARGET...] - fuzzes the parsers and the system for so many
# seconds in all, a target on each core. A target is the name of
# tests/fuzz/fuzz_TARGET.c; without one, all of them. Ends with status 1 if a
# target does not build, crashes, hangs, leaks or grows too large; the input
# that did it is kept in build/fuzz/found/.
#
# Inputs that reach new code are kept in build/fuzz/corpus/ for the next time.
set -u
[ $# -ge 1 ] || {
    echo 'usage: fuzz.sh SECONDS [TARGET...]' >&2
    exit 2
}
case $1 in '' | *[!0-9]*)
    echo "fuzz.sh: '$1' is no whole number of seconds" >&2
    exit 2
    ;;
esac
seconds=$1
shift
[ $# -gt 0 ] || {
    for file in tests/fuzz/fuzz_*.c; do
        name=${file#tests/fuzz/fuzz_}
        set -- "$@" "${name%.c}"
    done
}
kept=build/fuzz
mkdir -p "$kept/found"
export LSAN_OPTIONS=suppressions=tests/fuzz/leaks.txt:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1

# build TARGET...: the binaries, or the end of what the compiler said.
build() {
    make --no-print-directory -j "$(nproc)" CONFIG=fuzz CC=clang \
        LDFLAGS=-fsanitize=fuzzer "$@" >"$kept/build.log" 2>&1 || {
        grep -E 'error|Error' "$kept/build.log" | head -n 20
        echo "fuzz.sh: does not build; see $kept/build.log"
        return 1
    }
}

# fuzz TARGET: one line if all is well, else the end of the log.
fuzz() {
    log=$kept/$1.log
    mkdir -p "$kept/corpus/$1"
    "$kept/tests/fuzz/fuzz_$1" -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=2048 -max_len=8192 -len_control=20 \
        -use_value_profile=1 -artifact_prefix="$kept/found/$1-" \
        "$kept/corpus/$1" "tests/corpus/$1" </dev/null >/dev/null 2>"$log" || {
        grep -E 'does not hold|ERROR|SUMMARY|runtime error|written to' "$log"
        echo "fuzz.sh: $1 failed; see $log"
        return 1
    }
    # The last status line: "#90123 DONE cov: 973 ft: 10634 corp: 655/8840b"
    sed -n "s/^#\([0-9]*\)[^a-zA-Z]*DONE.*cov: \([0-9]*\).*/$1: \1 inputs, \2 branches/p" \
        "$log"
}

if [ -n "${FUZZ_BUILT-}" ]; then
    fuzz "$1"
    exit
fi
# shellcheck disable=SC2046 # words without spaces
build $(printf "$kept/tests/fuzz/fuzz_%s " "$@") || exit 1
cores=$(nproc)
[ $# -ge "$cores" ] || cores=$#
share=$((seconds * cores / $#))
[ "$share" -ge 1 ] || share=1
export FUZZ_BUILT=1
printf '%s\n' "$@" | xargs -P "$cores" -n 1 sh "$0" "$share"
