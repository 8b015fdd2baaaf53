#!/bin/sh
# record.sh BUILD FOLDER DRIVER... - plays every scenario of FOLDER against the
# real controllers in BUILD and writes what they did into FOLDER.
set -eu
. "$(dirname "$0")/versions.sh"
build=$1
folder=$2
shift 2
for driver in "$@"; do
    version=$(version_of "$driver")
    what=${driver%%[0-9]*}
    out=$folder/$what-$version
    rm -rf "$out"
    mkdir -p "$out"
    "$build/upstream" record "$build/$driver" "$version" \
        "$folder/$what-scenarios.jsonl" "$out"
done
