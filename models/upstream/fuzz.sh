#!/bin/sh
# fuzz.sh BUILD N SEED DRIVER... - N random scenarios for each driver in BUILD,
# the real controller beside the model; fails at a difference.
set -eu
. "$(dirname "$0")/versions.sh"
build=$1
n=$2
seed=$3
shift 3
bad=0
for driver in "$@"; do
    "$build/upstream" fuzz "$build/$driver" "$(version_of "$driver")" \
        "$n" "$seed" || bad=1
done
exit $bad
