#!/bin/sh
# run.sh BUILD TEST... - runs every test binary and every script test against
# the program in BUILD, one a core at a time; shows the output of those that
# fail, and ends with one line that counts them.
set -u
build=$1
shift
logs=$build/tests/logs
rm -rf "$logs"
mkdir -p "$logs"

# Those that take longest come first.
{
    printf 'tests/%s.sh\n' fail html drive compare golden resume mpi hostile \
        readme stories cli alerts prometheus action schema pages gallery pools \
        layers
    [ $# -eq 0 ] || printf '%s\n' "$@"
} >"$logs/list"
# shellcheck disable=SC2016 # expanded by the inner shell
xargs -P "$(nproc)" -n 1 sh -c '
    log=$1/$(basename "$3")
    case $3 in
    *.sh) sh "$3" "$2" ;;
    *) "$3" ;;
    esac >"$log.log" 2>&1 || mv "$log.log" "$log.failed"
' run "$logs" "$build/drydock" <"$logs/list"

count() { find "$logs" -name "$1" | wc -l; }
for failed in "$logs"/*.failed; do
    [ -f "$failed" ] || continue
    echo "FAILED: $(basename "$failed" .failed)"
    cat "$failed"
done
cat "$logs"/*.log | grep '^skip: ' | sort -u
skipped=$(grep -l 'SKIPPED \] test\|^skip: ' "$logs"/*.log | wc -l)
echo "$(count '*.log') passed, $(count '*.failed') failed, $skipped skipped"
[ "$(count '*.failed')" -eq 0 ]
