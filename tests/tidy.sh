#!/bin/sh
# tidy.sh FILE... - clang-tidy, cppcheck, and the size limits of the house.
set -u
bad=0
for file in "$@"; do
    limit=400
    case $file in *.h) limit=160 ;; esac
    lines=$(wc -l <"$file")
    [ "$lines" -le "$limit" ] || {
        echo "$file: $lines lines, more than $limit"
        bad=1
    }
done
sources=
for file in "$@"; do
    case $file in
    *_mpi.c)
        if ! pkg-config --exists mpi-c; then
            echo "skip: $file: no MPI here (packages.sh mpi)"
            continue
        fi
        ;;
    esac
    case $file in *.c) sources="$sources $file" ;; esac
done
flags="-std=gnu11 -I. $(pkg-config --cflags gsl jansson libfyaml zlib)"
flags="$flags $(pkg-config --silence-errors --cflags mpi-c)"
# One file a process: the analyzer keeps state from one file to the next.
# shellcheck disable=SC2086 # words on purpose
printf '%s\n' $sources |
    xargs -P 2 -I '{}' clang-tidy --quiet '{}' -- \
        $flags '-DDRYDOCK_VERSION="0"' 2>/dev/null || bad=1
# shellcheck disable=SC2086
cppcheck --quiet --std=c11 --enable=warning,performance,portability -j 2 \
    --suppress=missingIncludeSystem --inline-suppr --error-exitcode=1 -I . \
    $sources || bad=1
exit $bad
