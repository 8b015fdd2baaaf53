#!/bin/sh
# run.sh BUILD TEST... - runs every test binary and every script test against
# the program in BUILD; ends with one line that counts them.
set -u
build=$1
shift
passed=0
failed=0
skipped=0
log=$build/tests/log
mkdir -p "$build/tests"

# run NAME COMMAND...: output is shown only if it fails.
run() {
    name=$1
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        skips=$(grep -c 'SKIPPED \] test\|^skip: ' "$log")
        [ "$skips" -eq 0 ] || {
            skipped=$((skipped + 1))
            grep -h '^skip: ' "$log" | sort -u
        }
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        cat "$log"
    fi
}

for test in "$@"; do
    run "$test" "$test"
done
run 'order of the layers' sh tests/layers.sh
for script in tests/cli.sh \
    tests/golden.sh \
    tests/readme.sh \
    tests/stories.sh \
    tests/compare.sh \
    tests/action.sh \
    tests/drive.sh \
    tests/prometheus.sh \
    tests/alerts.sh \
    tests/schema.sh \
    tests/pages.sh \
    tests/fail.sh \
    tests/gallery.sh \
    tests/html.sh \
    tests/hostile.sh \
    tests/resume.sh \
    tests/mpi.sh; do
    [ ! -f "$script" ] || run "$script" sh "$script" "$build/drydock"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
