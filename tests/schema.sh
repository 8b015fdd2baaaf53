#!/bin/sh
# schema.sh PROGRAM - the JSON Schemas against what the program reads and
# writes. Skipped without python3-jsonschema and python3-yaml.
set -eu
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
python3 -c 'import jsonschema, yaml' 2>/dev/null || {
    echo "skip: no python3-jsonschema; 'sh tests/packages.sh tools' installs it"
    exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
python3 -W error::SyntaxWarning tests/schema.py "$program" "$PWD" "$work"
