#!/bin/sh
# record.sh BUILD FOLDER - plays every scenario of FOLDER against the real
# controllers in BUILD and writes what they did into FOLDER.
set -eu
build=$1
folder=$2
for minor in 35 32; do
    out=$folder/hpa-1.$minor
    rm -rf "$out"
    mkdir -p "$out"
    "$build/upstream" record "$build/hpa1$minor" "$minor" \
        "$folder/hpa-scenarios.jsonl" "$out"
done
