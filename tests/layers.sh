#!/bin/sh
# layers.sh - includes point down, never up, and no model includes another.
# Run from the root of the tree; prints each wrong include and fails.
set -eu

# The place of a file in the order of the folders; see sim/README.md.
layer() {
    case $1 in
    sim/base/*) echo 0 ;;
    sim/engine/*) echo 1 ;;
    models/system_params.h) echo 3 ;;
    models/system*) echo 5 ;;
    traces/* | models/*) echo 2 ;;
    scenarios/*) echo 4 ;;
    sim/plan/* | plots/*) echo 6 ;;
    sim/drive/*) echo 7 ;;
    sim/app/* | sim/upstream/*) echo 8 ;;
    *) echo 9 ;;
    esac
}

# A component is a model and its own parts: karpenter, karpenter_batch, ...
component() {
    name=${1#models/}
    name=${name%.[ch]}
    echo "${name%%_*}"
}

bad=0
for file in sim/*/*.[ch] models/*.[ch] traces/*.[ch] scenarios/*.[ch] \
    plots/*.[ch]; do
    [ -f "$file" ] || continue
    own=$(layer "$file")
    includes=$(sed -n 's/^#include "\(.*\)".*/\1/p' "$file")
    for include in $includes; do
        if [ ! -f "$include" ]; then
            echo "$file: includes $include, which is not there"
            bad=1
            continue
        fi
        other=$(layer "$include")
        wrong=
        [ "$other" -gt "$own" ] && wrong='points up'
        if [ "$own" = 2 ] && [ "$other" = 2 ]; then
            case $file:$include in
            traces/*:traces/*) ;;
            models/*:models/*)
                [ "$(component "$file")" = "$(component "$include")" ] ||
                    wrong='is another model'
                ;;
            *) wrong='crosses traces and models' ;;
            esac
        fi
        [ -z "$wrong" ] || {
            echo "$file: #include \"$include\" $wrong"
            bad=1
        }
    done
done
exit $bad
