#!/bin/sh
# readme.sh PROGRAM [renew | renew-all] - every block of README.md that shows a
# command and its output is what the command prints today. `renew` rewrites the
# blocks.
#
# A block begins with ```console and one line "$ COMMAND"; only `make demo`
# (its program call) and `drydock ...` are run, in the root of the tree; behind
# it ` | head -n N` may stand. What takes longer than a test may stands in a
# block ```console slow, which is neither compared nor renewed, except by
# `renew-all` (make gallery).
#
# Every link between the documents leads to a file, and to a heading of it; the
# scenario of scenarios/README.md can be checked.
set -eu
program=$1
mode=${2:-compare}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

opening='^```console$'
[ "$mode" != renew-all ] || opening='^```console( slow)?$'

awk -v dir="$work" -v opening="$opening" '
    $0 ~ opening { block = dir "/" ++n; inside = 1; next }
    inside && /^```$/ { inside = 0; close(block ".out"); next }
    inside && /^\$ / { print substr($0, 3) >(block ".cmd"); close(block ".cmd")
                       printf "" >(block ".out"); next }
    inside { print >(block ".out") }' README.md

# Prints what the command of the file prints; words are split, never evaluated.
output() {
    line=$(cat "$1")
    case $line in
    'make demo') line='drydock run scenarios/prod.yaml -o build/demo' ;;
    drydock\ *) ;;
    *) echo "readme.sh: '$line' is no drydock command" >&2; return 1 ;;
    esac
    most='$'
    case $line in *' | head -n '*)
        most=${line##* }
        line=${line% | head*}
        ;;
    esac
    # shellcheck disable=SC2086 # words on purpose
    set -f && set -- ${line#drydock }
    set +f
    "$program" "$@" </dev/null >"$work/whole" 2>/dev/null || [ $? -eq 3 ]
    sed -n "1,${most}p" "$work/whole"
}

passed=0
failed=0
for command in "$work"/*.cmd; do
    block=${command%.cmd}
    output "$command" >"$block.now"
    if cmp -s "$block.out" "$block.now"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "README.md: $(cat "$command")"
        diff "$block.out" "$block.now" || true
    fi
done
if [ "$mode" != compare ]; then
    awk -v dir="$work" -v opening="$opening" '
        $0 ~ opening { print; block = dir "/" ++n; inside = 1; next }
        inside && /^```$/ { inside = 0; shown = 0
            while ((getline line <(block ".now")) > 0) print line
            print; next }
        inside && /^\$ / { print; next }
        inside { next }
        { print }' README.md >"$work/README.md"
    cat "$work/README.md" >README.md
    exit 0
fi

# The name that a heading of FILE has in a link, a line each.
anchors() {
    awk '/^```/ { code = !code }
        !code && /^#+ / {
            sub(/^#+ /, ""); $0 = tolower($0)
            gsub(/[^a-z0-9 _-]/, ""); gsub(/ /, "-"); print
        }' "$1"
}

links=0
for page in *.md */*.md */*/*.md */*/*/*.md; do
    case $page in build/* | *'*'*) continue ;; esac
    # shellcheck disable=SC2013 # words on purpose
    for link in $(grep -o '](\([^):]*\))' "$page" | sed 's/^](//; s/)$//'); do
        links=$((links + 1))
        file=${page%%"${page##*/}"}${link%%#*}
        case $link in '#'*) file=$page ;; esac
        case $link in
        *'#'*) [ ! -f "$file" ] || anchors "$file" | grep -qx "${link#*#}" ;;
        *) [ -e "$file" ] ;;
        esac && [ -e "$file" ] && continue
        failed=$((failed + 1))
        echo "$page: ($link) leads nowhere"
    done
done
# The scenario that is shown is one.
awk '/^```yaml$/ { inside = 1; next } /^```$/ { inside = 0 } inside' \
    scenarios/README.md |
    sed "s|: \.\./|: $PWD/|; s|manifests/|$PWD/scenarios/&|g" >"$work/shown.yaml"
"$program" check "$work/shown.yaml" --quiet >"$work/whole" 2>&1 ||
    [ $? -eq 3 ] || { failed=$((failed + 1)); cat "$work/whole"; }

# A test that sees nothing finds nothing.
[ "$links" -ge 30 ] || { failed=$((failed + 1)); echo "only $links links"; }
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
