#!/bin/sh
# run.sh BUILD TEST... - runs every test binary and every script test against
# the program in BUILD, one a core at a time; shows the output of those that
# fail, and ends with one line that counts them.
#
# A sanitizer sees nothing in scripts that look at texts, pictures or pages of
# commands which others run, nor in those that run another program.
set -u
build=$1
shift
logs=$build/tests/logs
rm -rf "$logs"
mkdir -p "$logs"
texts='html mpi action gallery layers'
case $build in */asan) texts= ;; esac

# Those that take longest come first.
{
    # shellcheck disable=SC2086 # words on purpose
    printf 'tests/%s.sh\n' fail $texts drive compare golden resume hostile \
        readme stories cli alerts prometheus schema pages pools
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
