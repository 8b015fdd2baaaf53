#!/bin/sh
# valgrind.sh SECONDS TEST... - the tests under valgrind that take at most so
# many seconds of CPU without it: no use of what was not set, no access beyond a
# block, nothing lost. ONLY=text chooses among them. A test that fails because
# valgrind does not know a call of the system is left out, and named.
set -u
limit_s=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# try TEST: one line, with the log if it is not clean.
try() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    sh -c 'ulimit -t "$0" && "$1"; exit $?' "$limit_s" "$1" >"$log" 2>&1
    case $? in 137 | 152)
        echo "long $1"
        return
        ;;
    esac
    valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite \
        --trace-children=no --child-silent-after-fork=yes \
        --suppressions=tests/valgrind.txt --error-exitcode=99 "$1" \
        >"$log" 2>&1
    status=$?
    if [ $status -eq 0 ]; then
        echo "clean $1"
    elif [ $status -ne 99 ] && grep -q 'unhandled .* syscall' "$log"; then
        echo "skip: $1: valgrind does not know a call that it makes"
    else
        echo "FAILED: $1"
        cat "$log"
    fi
}

if [ $# -eq 1 ]; then
    try "$1"
    exit
fi
# A spawned program shares no memory there, so that its errors stay untold, and
# no test starts itself.
printf '%s\n' "$@" | grep -F -e "${ONLY:-}" |
    grep -vE 'test_(gnuplot|child|program|real_.*)$' |
    xargs -r -P "$(nproc)" -n 1 sh "$0" "$limit_s" >"$log"
grep -vE '^(clean|long) ' "$log"
count() { grep -c "^$1" "$log"; }
echo "$(count clean) clean, $(count FAILED) not, $(count skip) not known," \
    "$(count long) longer than $limit_s s left out"
[ "$(count FAILED)" -eq 0 ]
