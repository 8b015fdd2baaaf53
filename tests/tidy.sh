#!/bin/sh
# tidy.sh FILE... - clang-tidy, cppcheck, and the size limits of the house. What
# was clean before and has not changed is known by a mark in the user's cache.
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
stamps=${XDG_CACHE_HOME:-$HOME/.cache}/drydock/tidy
mkdir -p "$stamps"
find "$stamps" -type f -mtime +30 -delete # of sources that are no more
tools=$(clang-tidy --version && cppcheck --version && cat .clang-tidy "$0" \
    tests/tidy_file.sh) || exit 1
export tools
# One file a process: the analyzer keeps state from one file to the next.
# shellcheck disable=SC2086 # words on purpose
printf '%s\n' $sources |
    xargs -P "$(nproc)" -I '{}' sh tests/tidy_file.sh "$stamps" '{}' \
        $flags '-DDRYDOCK_VERSION="0"' || bad=1
exit $bad
