#!/bin/sh
# fail.sh PROGRAM [COMMAND...] - makes system calls and allocations of a command
# fail in turn: some, spread over its whole run, or with FAIL=all each call, and
# each allocation that another chain of callers has asked for. The command then
# either gives what it gives anyway, or ends with status 1 and says why; of its
# files each is the old one or the new one, whole, and no other is left; nothing
# stays allocated or open.
#
# strace lets the calls fail, tests/fail/memory.c the allocations, except under
# the sanitizers, which have an allocator of their own.
# shellcheck disable=SC2086 # $watch is words on purpose
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
shift
memory=$(dirname "$program")/tests/fail/memory.so
[ -f "$memory" ] || case $program in
*/asan/*) ;;
*)
    echo "fail.sh: no $memory; 'make ${memory#"$PWD/"}' builds it" >&2
    exit 1
    ;;
esac
[ $# -gt 0 ] || set -- size compare run sweep check import
if [ $# -gt 1 ]; then
    printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$0" "$program"
    exit
fi
command=$1
root=$(cd "$(dirname "$0")/.." && pwd)
golden=$root/tests/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
watch="LD_PRELOAD=$memory DRYDOCK_FAIL_HELD=$work/held"
calls=10 # of a name at most
allocations=25
[ "${FAIL:-}" != all ] || calls=100000 allocations=100000
case $program in
*/asan/*)
    calls=4
    allocations=0
    watch=
    # A leak is looked for by stopping the program, which strace does already.
    export ASAN_OPTIONS=detect_leaks=0
    ;;
esac
cd "$work" || exit 1
# shellcheck disable=SC3045 # every sh of the distributions has these
ulimit -t 20 # seconds of a command that does not end
# shellcheck disable=SC3045
ulimit -f 40000 # half kilobytes, likewise
tried=0
call=
bad=0

# ------------------------------------------------------------- commands

# Draws nothing; the program's part in it is the same.
mkdir bin
cat >bin/gnuplot <<'END'
#!/bin/sh
while [ $# -gt 1 ]; do
    case $1 in out=*)
        part=${1#out=\"}
        part=${part%\"}
        echo picture >"$part.svg"
        echo picture >"$part.png"
        ;;
    esac
    shift
done
END
chmod +x bin/gnuplot
PATH=$work/bin:$PATH

# The other side of a comparison.
cp -R "$golden" head
sed -i 's/maxReplicaCount: .*/maxReplicaCount: 3/' head/manifests/pool.yaml

# What a size is for.
cp -R "$golden" goal
echo 'targets: {p95_wait: 10m, gave_up: 0, killed: 0}' >>goal/burst.yaml

# Each is called with what stands before the program, and with $seed.
do_run() {
    "$@" env $watch "$program" run "$golden/burst.yaml" -q --seed "$seed" --threads 1 \
        --reps 2 --events --openmetrics --perfetto -o out
}
do_sweep() {
    "$@" env $watch "$program" sweep "$golden/burst.yaml" -q \
        --seed "$seed" --threads 1 \
        --reps 2 --vary amd64.max_replicas=4,6 -o out
}
do_size() {
    "$@" env $watch "$program" size goal/burst.yaml -q --seed "$seed" \
        --threads 1 --histories 1 -o out
}
do_check() {
    "$@" env $watch "$program" check "$golden/burst.yaml" --seed "$seed"
}
do_compare() {
    "$@" env $watch "$program" compare "$golden/burst.yaml" head/burst.yaml -q \
        --seed "$seed" --threads 1 --reps 2 -o out
}
do_import() {
    "$@" env $watch "$program" trace import "$golden/burst.csv" \
        -o out/trace.csv.gz --where "build!=$seed"
}

# --------------------------------------------------------------- judging

# All but what a search has done so far: that is there to be gone on with.
sums() {
    (cd "$1" && find . -type f ! -name trials.txt -exec cksum {} + | sort)
}

# names FILE: of a list of sums.
names() { cut -d' ' -f3- "$1" | sort; }

report() {
    bad=$((bad + 1))
    echo "FAIL $command, $what: $1"
    sed 's/^/     /' err | head -n 4
}

# An old picture beside new figures would lie, so it goes if none is drawn.
# A report without a picture that could not be drawn is as good, if it is whole.
judge_files() {
    sums out >is
    grep -vxF -f before.sums -f after.sums is >strange
    for file in report.md report.html; do
        grep -q plots/ err && grep -q " ./$file\$" strange || continue
        sed -i "/ .\/$file\$/d" strange
        [ "$(tail -n 1 "out/$file")" = "$(tail -n 1 "after/$file")" ] ||
            report "half of $file"
    done
    [ ! -s strange ] || report "left $(cut -d' ' -f3- strange | tr '\n' ' ')"
    names before.sums >was
    names is | grep -vxF -f - was | grep -v '\.[ps][nv]g$' >gone
    [ ! -s gone ] || report "took away $(tr '\n' ' ' <gone)"
}

# Whether more is held at the end than after success.
holds_more() {
    [ -s held ] && paste held after.held |
        awk '{ exit !($1 > $5 || $3 > $7) }'
}

# judge STATUS: what the command left, and what it said.
judge() {
    tried=$((tried + 1))
    if [ "$1" -eq "$good" ]; then
        cmp -s said after.said || report 'all is well, but the answer differs'
        sums out | cmp -s - after.sums ||
            report 'all is well, but the files differ'
    elif [ "$1" -ne 1 ]; then
        report "status $1"
    elif ! grep -q '^drydock: ...' err; then
        report 'no word about it'
    else
        judge_files
    fi
    # Out of memory ends the program where it stands.
    if grep -q "drydock: out of memory" err || ! holds_more; then return; fi
    [ "$call" = close ] || report "holds $(cat held), not $(cat after.held)"
}

# attempt PREFIX...: the command, over the old files.
attempt() {
    rm -rf out held
    cp -R before out
    "do_$command" "$@" >said 2>err </dev/null
    judge $?
}

# ------------------------------------------------------------- preparing

# Sets before, after, $good, and the lists of what to let fail.
prepare() {
    what='a run without a failure'
    mkdir out
    seed=2
    "do_$command" env >said 2>err </dev/null
    mv out before
    sums before >before.sums
    mkdir out
    seed=1
    "do_$command" env DRYDOCK_FAIL_SURVEY="$work/survey" \
        >after.said 2>err </dev/null
    good=$?
    mv out after
    sums after >after.sums
    [ ! -e held ] || mv held after.held
    case $good in
    0 | 3) ;;
    *) report "does not run: status $good" ;;
    esac
}

# calls LOG: name, number and error of each call of main that may fail. What
# the loader does before main is not ours; nor is what goes to the terminal.
calls() {
    awk '
        BEGIN {
            split("open openat read write close rename renameat renameat2 " \
                "mkdir mkdirat fsync fdatasync lseek ftruncate " \
                "pipe2 clone clone3 vfork fork", name)
            split("EMFILE EMFILE EIO ENOSPC EIO EACCES EACCES EACCES " \
                "ENOSPC ENOSPC EIO EIO EIO EIO " \
                "EMFILE EAGAIN EAGAIN EAGAIN EAGAIN", error)
            for (i in name) why[name[i]] = error[i]
        }
        NR == 1 { pid = $1 }
        $1 != pid { next } # somebody whom the program started
        { sub(/^[0-9]+ +/, "") }
        { call = $1; sub(/\(.*/, "", call); n[call]++ }
        /SIGPIPE, \{sa_handler=SIG_IGN/ { main = 1 }
        main && call in why && !/^write\((2|901),/ { print call, n[call], why[call] }
    ' "$1"
}

# ------------------------------------------------------------- the calls

# spread N: of the lines with the same first word, or all numbers, at most N.
spread() {
    awk -v most="$1" '
        { line[NR] = $0; word[NR] = NF > 1 ? $1 : ""; n[word[NR]]++ }
        END {
            for (i = 1; i <= NR; i++) {
                of = n[word[i]]
                k = seen[word[i]]++
                if (int(k * most / of) != int((k - 1) * most / of) || \
                    of <= most) print line[i]
            }
        }'
}

# made NAME LOG: how often the program itself made this call. Its signals are
# in the log too, and the second halves of calls that another's came between.
made() {
    awk -v call="$1(" 'NR == 1 { pid = $1 } $1 == pid && index($2, call) == 1 { n++ }
         END { print n + 0 }' "$2"
}

fail_calls() {
    rm -rf out
    cp -R before out
    what='every call'
    "do_$command" strace -f --seccomp-bpf -qq -o log >said 2>err </dev/null
    [ $? -eq "$good" ] || report 'does not run under strace'
    calls log | spread $calls >list
    while read -r call n why; do
        what="$call $n: $why"
        attempt strace -f --seccomp-bpf -qq -o log -e "trace=$call" \
            -e "inject=$call:error=$why:when=$n"
        # What is read from other programs comes in more pieces or fewer.
        grep -q INJECTED log || [ "$(made "$call" log)" -lt "$n" ] ||
            report 'did not fail'
    done <list
    call=
}

fail_allocations() {
    what='every allocation'
    [ -s survey ] || report 'none was counted'
    spread $allocations <survey >list
    while read -r n; do
        what="allocation $n"
        attempt env DRYDOCK_FAIL_AT="$n"
    done <list
}

if ! strace -qq -o log true 2>/dev/null; then
    echo 'skip: no strace here, or not allowed, so no call was made to fail'
    exit 0
fi
prepare
fail_calls
[ $allocations -eq 0 ] || fail_allocations
echo "$command: $tried calls failed, $bad times badly"
[ "$bad" -eq 0 ]
