#!/bin/sh
# mutants.sh [PATTERN] - changes the models in one line, one change at a time,
# and sees that a test fails. tests/mutants.tsv holds the changes; with PATTERN
# only the rows that it matches (grep -E) are tried. Works on a copy of the
# tree below build/mutants. Prints one line a change; ends with one that counts.
#
# A change passes if one of its tests fails, or if the last column says why no
# test can see it. The test "golden" is tests/golden.sh.
set -u
pattern=${1:-.}
root=build/mutants
copy=$root/tree
kept=$root/kept
rows=$PWD/$root/rows
log=$PWD/$root/log
limit_s=20
passed=0
failed=0

fail() {
    echo "mutants.sh: $*" >&2
    exit 1
}

# A run that was stopped in the middle of a change leaves wrong objects.
[ ! -d "$kept" ] || rm -rf "$root"
mkdir -p "$copy"
find "$copy" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$copy" ||
    fail 'cannot copy the tree'
grep -v '^#' tests/mutants.tsv | grep -E -e "$pattern" >"$rows" ||
    fail "no row matches $pattern"

# targets TEST...: what make builds for them.
targets() {
    for test in "$@"; do
        case $test in
        golden) echo build/release/drydock ;;
        *) echo "build/release/tests/test_$test" ;;
        esac
    done
}

# build TEST...: only what a change has touched. Less optimised is sooner
# built and does the same.
build() {
    # shellcheck disable=SC2046 # words without spaces
    make -C "$copy" -s CONFIG=release CFLAGS='-O1 -w' $(targets "$@") \
        >"$log" 2>&1
}

# check TEST: 0 if it passes, 124 if it takes too long.
check() {
    case $1 in
    golden) set -- sh tests/golden.sh build/release/drydock ;;
    *) set -- "build/release/tests/test_$1" ;;
    esac
    # Not the last command, so that the shell's word on a signal is logged.
    (
        cd "$copy" || exit 1
        timeout -k 5 "$limit_s" "$@"
        exit $?
    ) >"$log" 2>&1 </dev/null
}

# change FILE OLD NEW: from $kept/source into the copy; fails if OLD is not
# there exactly once.
change() {
    OLD=$2 NEW=$3 awk '
        BEGIN { old = ENVIRON["OLD"]; new = ENVIRON["NEW"] }
        {
            line = $0
            out = ""
            while ((at = index(line, old)) > 0) {
                n++
                out = out substr(line, 1, at - 1) new
                line = substr(line, at + length(old))
            }
            print out line
        }
        END { exit n != 1 }' "$kept/source" >"$copy/$1"
}

# restore FILE: the source as old as it was, its object newer than the library.
restore() {
    cp -p "$kept/source" "$copy/$1"
    cp "$kept/object" "$copy/build/release/${1%.c}.o"
    rm -rf "$kept"
}

# judge TEST...: sets verdict to who saw the change, or to nothing.
judge() {
    verdict=
    for test in "$@"; do
        check "$test" && continue
        case $? in
        124 | 137) verdict="$test, which takes too long" ;;
        *) verdict=$test ;;
        esac
        return
    done
}

count() {
    if [ "$1" = pass ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

# mutant FILE OLD NEW TESTS WORDS WHY
mutant() {
    mkdir "$kept"
    cp -p "$copy/$1" "$kept/source" || fail "$1: no such file"
    cp -p "$copy/build/release/${1%.c}.o" "$kept/object" ||
        fail "$1: was not built"
    change "$1" "$2" "$3" || fail "$1: not there exactly once: $2"
    # shellcheck disable=SC2086 # words on purpose
    if ! build $4; then
        cat "$log" >&2
        fail "$1: does not build with $3"
    fi
    # shellcheck disable=SC2086
    judge $4
    restore "$1"
    if [ -n "$verdict" ] && [ -z "$6" ]; then
        count pass
        echo "caught    $1: $5 ($verdict)"
    elif [ -n "$verdict" ]; then
        count fail
        echo "FAILED    $1: $5: caught by $verdict, so drop its reason"
    elif [ -n "$6" ]; then
        count pass
        echo "survives  $1: $5, because $6"
    else
        count fail
        echo "SURVIVED  $1: $5 ($4)"
    fi
}

tab=$(printf '\t')
all=$(cut -f 4 "$rows" | tr ' ' '\n' | sort -u)
# shellcheck disable=SC2086
build $all || {
    cat "$log" >&2
    fail 'the tree does not build'
}
for test in $all; do
    check "$test" || {
        cat "$log" >&2
        fail "$test fails without a change"
    }
done
# An empty column between two tabs would be lost: tabs are white space to read.
while IFS= read -r row; do
    rest=$row$tab$tab
    for name in file old new tests words why; do
        eval "$name=\${rest%%\"\$tab\"*}"
        rest=${rest#*"$tab"}
    done
    mutant "$file" "$old" "$new" "$tests" "$words" "$why"
done <"$rows"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
