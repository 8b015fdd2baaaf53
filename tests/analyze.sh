#!/bin/sh
# analyze.sh FILE.c... - gcc's analyzer, one file a process; clang's is part of
# tidy.sh. What it reports and is not so stands in tests/analyze.txt with the
# reason; everything else fails.
set -u
flags="-std=gnu11 -O1 -I. -DDRYDOCK_VERSION=__FILE__ $(pkg-config --cflags \
    gsl jansson libfyaml libmicrohttpd libnghttp2 zlib)"
found=build/analyze
mkdir -p build
export flags

# shellcheck disable=SC2016 # expanded by the shells that xargs starts
printf '%s\n' "$@" | xargs -P 2 -I '{}' sh -c \
    'gcc $flags -fanalyzer -c "{}" -o /dev/null 2>&1' |
    sed -nE 's/^([^ :]+):[0-9]+:[0-9]+: warning:/\1:/p' | sort -u >"$found"

# A line of the list is FILE: MESSAGE, a tab, and why it is not so.
grep -v '^#' tests/analyze.txt | cut -f 1 | grep -vxF -f - "$found"
[ $? -eq 1 ]
