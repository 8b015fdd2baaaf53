#!/bin/sh
# stories.sh PROGRAM - replays what the real pool went through and compares each
# figure with what was observed or follows by arithmetic. Prints one table; ends
# with a line that counts. scenarios/stories/expect.tsv holds the expectations.
set -u
program=$1
case $program in /*) ;; *) program=$PWD/$program ;; esac
[ -x "$program" ] || {
    echo "stories.sh: no program $program" >&2
    exit 1
}
stories=scenarios/stories
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# options WORD...: the words of a run as options, one a line.
options() {
    for word in "$@"; do
        case $word in
        trace=*) echo "--trace=$stories/${word#trace=}" ;;
        manifests=*)
            echo "${word#manifests=}" | tr , '\n' |
                sed "s|^|--manifests=$stories/|"
            ;;
        *) echo "--set=$word" ;;
        esac
    done
}

# replay DIR FIGURES NAME WORD...: only what its figures need is written.
replay() {
    dir=$1
    figures=$2
    shift 2
    scenario=$stories/$1.yaml
    shift
    # shellcheck disable=SC2046 # words without spaces
    set -- $(options "$@")
    mkdir "$dir"
    case $figures in
    *check*) "$program" check "$scenario" "$@" >"$dir/check.txt" 2>&1 ;;
    esac
    case $figures in *events*) set -- "$@" --events ;; esac
    "$program" run "$scenario" "$@" --no-plots --quiet --threads=1 -o "$dir" \
        >"$dir/table.txt" 2>"$dir/message.txt"
    case $? in
    0 | 3) ;; # 3: a target is missed, which a story may be about
    *) echo "$scenario $*: $(cat "$dir/message.txt")" ;;
    esac
}

# value RUN POOL FIGURE: of one run, or the ratio of two ("A // B").
value() {
    case $1 in
    *' // '*)
        a=$(value "${1%% // *}" "$2" "$3")
        b=$(value "${1#* // }" "$2" "$3")
        echo "$a" "$b" | awk '$1 + 0 == $1 && $2 > 0 { print $1 / $2; n = 1 }
                              END { if (!n) print "none" }'
        return
        ;;
    esac
    n=$(grep -nFx -e "$1" "$work/runs" | cut -d : -f 1)
    awk -f tests/story.awk -v dir="$work/$n" -v pool="$2" -v figure="$3" \
        </dev/null | grep . || echo none
}

grep -v '^#' "$stories/expect.tsv" | grep . >"$work/rows"
# Each run once, with all figures that are asked of it.
awk -F '\t' '{ n = split($2, runs, " // ")
               for (i = 1; i <= n; i++) print runs[i] "\t" $4 }' "$work/rows" |
    awk -F '\t' '!($1 in of) { order[++n] = $1 }
                 { of[$1] = of[$1] " " $2 }
                 END { for (i = 1; i <= n; i++)
                           print order[i] "\t" of[order[i]] }' >"$work/figures"
cut -f 1 "$work/figures" >"$work/runs"
n=0
while IFS='	' read -r run figures; do
    n=$((n + 1))
    # shellcheck disable=SC2086 # words on purpose
    replay "$work/$n" "$figures" $run </dev/null
done <"$work/figures"
cut -f 2-4 "$work/rows" | while IFS='	' read -r run pool figure; do
    value "$run" "$pool" "$figure"
done >"$work/values"
paste "$work/values" "$work/rows" | awk -f tests/story_table.awk
