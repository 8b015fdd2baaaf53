#!/bin/sh
# pages.sh PROGRAM DIR - manual pages and completions, from what the program
# says of its own options and parameters (see sim/app/describe.h):
#
#     DIR/man1/drydock*.1  DIR/man5/drydock-scenario.5
#     DIR/drydock.bash  DIR/_drydock  DIR/scenario.schema.json
#     DIR/summary.schema.json  DIR/hpa.schema.json  DIR/keda.schema.json
#
# The pages bear the date of SOURCE_DATE_EPOCH, else that of today.
set -eu
program=$1
dir=$2
own=$(dirname "$0")
now=$(date -u +%s)
date=$(date -u -d "@${SOURCE_DATE_EPOCH:-$now}" +%Y-%m-%d)
version=$("$program" --version)
mkdir -p "$dir/man1" "$dir/man5"
records=$(mktemp)
trap 'rm -f "$records"' EXIT
tab=$(printf '\t')

# describe COMMAND...: its records, and those of the commands below it.
describe() {
    printf 'page\t%s\n' "$*"
    text=$("$program" "$@" --describe)
    printf '%s\n' "$text"
    printf '%s\n' "$text" | sed -n "s/^command$tab\([^$tab]*\)$tab.*/\1/p" |
        while read -r name; do
            describe "$@" "$name"
        done
}

# What --set knows, and what `trace synth --set` knows.
keys() {
    "$program" check --explain | sed -n 's/^| `\([^`]*\)`.*/key\t\1/p'
    "$program" trace synth --help-params |
        sed -n 's/^  \([a-z][a-z0-9_.]*\)=.*/synth\t\1/p'
    "$program" check --explain=hazards | sed -n 's/^| `\([^`]*\)`.*/hazard\t\1/p'
}

describe >"$records"
keys >>"$records"
awk -v dir="$dir" -v date="$date" -v version="$version" -f "$own/man.awk" \
    "$records"
"$program" check --explain | awk -v date="$date" -v version="$version" \
    -f "$own/scenario.awk" >"$dir/man5/drydock-scenario.5"
awk -f "$own/bash.awk" "$records" >"$dir/drydock.bash"
awk -f "$own/zsh.awk" "$records" >"$dir/_drydock"
for what in scenario summary hpa keda; do
    "$program" check --schema=$what >"$dir/$what.schema.json"
done
