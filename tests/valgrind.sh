#!/bin/sh
# valgrind.sh SECONDS TEST... - the tests under valgrind that take at most so
# many seconds without it: no use of what was not set, no access beyond a
# block, nothing lost. ONLY=pattern chooses among them.
set -u
limit_s=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
long=0

for test in "$@"; do
    # A spawned program shares no memory there, so that its errors stay untold.
    case $test in */test_gnuplot | */test_child | */test_program) continue ;; esac
    case $test in *"${ONLY:-}"*) ;; *) continue ;; esac
    timeout "$limit_s" "$test" >/dev/null 2>&1
    [ $? -ne 124 ] || {
        long=$((long + 1))
        continue
    }
    if valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite \
        --trace-children=no --child-silent-after-fork=yes \
        --suppressions=tests/valgrind.txt --error-exitcode=99 "$test" \
        >"$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $test"
        cat "$log"
    fi
done
echo "$passed clean, $failed not, $long longer than $limit_s s left out"
[ "$failed" -eq 0 ]
