#!/bin/sh
# Writes ./go.mod for a program that imports an upstream main module.
#
#   gen-mod.sh NAME MODULE VERSION
#
# A dependency's replace directives do not reach its users, so they are read
# from the go.mod that VERSION itself carries. Directives that point into the
# module's own tree (k8s.io/kubernetes and its staging folder) become the
# published release of that part: v1.MINOR.PATCH is v0.MINOR.PATCH there.
set -eu
[ $# -eq 3 ] || { echo "usage: gen-mod.sh NAME MODULE VERSION" >&2; exit 2; }
name=$1 module=$2 version=$3
staging=v0.${version#v1.}
source=$(go mod download -json "$module@$version" |
         sed -n 's/^\t"GoMod": "\(.*\)",*$/\1/p')
[ -n "$source" ] || { echo "$module@$version: not found" >&2; exit 1; }
{
    # synctest needs the language of 1.25.
    printf 'module drydock/models/upstream/%s\n\ngo 1.26.0\n\n' "$name"
    printf 'require %s %s\n\nreplace (\n' "$module" "$version"
    go mod edit -json "$source" | awk -v staging="$staging" '
        /"Replace": \[/ { inside = 1 }
        !inside         { next }
        /^\t\]/         { exit }
        /"Old"/         { new = 0; old_version = "" }
        /"New"/         { new = 1; version = "" }
        /"Path":/       { split($0, q, "\""); if (new) to = q[4]; else from = q[4] }
        /"Version":/    { split($0, q, "\""); if (new) version = q[4]; else old_version = q[4] }
        /^\t\t}/        {
            if (to ~ /^\.\//) { to = from; version = staging }
            printf "\t%s%s => %s %s\n", from,
                old_version == "" ? "" : " " old_version, to, version
        }'
    printf ')\n'
} > go.mod
