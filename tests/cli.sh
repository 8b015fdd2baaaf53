#!/bin/sh
# cli.sh PROGRAM - the command line as a user meets it: help, exit status,
# messages, hostile input, a full disk, equal bytes.
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0
failed=0

ok() {
    passed=$((passed + 1))
    echo "ok   $1"
}

bad() {
    failed=$((failed + 1))
    echo "FAIL $1"
    sed 's/^/     /' out err | head -n 12
}

# expect NAME STATUS COMMAND...: runs it; output is in out and err.
expect() {
    name=$1
    want=$2
    shift 2
    timeout 120 "$@" >out 2>err </dev/null
    got=$?
    if [ "$got" -eq "$want" ]; then ok "$name"; else
        echo "status $got, not $want" >>err
        bad "$name"
    fi
}

# says NAME FILE TEXT: the text stands in the file.
says() {
    if grep -qF -- "$3" "$2"; then ok "$1"; else
        echo "not said: $3" >>err
        bad "$1"
    fi
}

# same NAME A B: equal files or folders.
same() {
    if diff -r "$2" "$3" >out 2>err; then ok "$1"; else bad "$1"; fi
}

prod=$root/scenarios/prod.yaml
small=$root/scenarios/staging-scale-test.yaml

# ---------------------------------------------------------------- words

expect 'help goes to standard output' 0 "$program" --help
says 'help lists the commands' out '  run      '
expect 'version' 0 "$program" --version
says 'version is named' out 'drydock '
for command in run sweep size compare alerts check drive trace 'trace import' \
    'trace stats' 'trace synth' 'trace cut' hpa keda; do
    # shellcheck disable=SC2086 # words on purpose
    expect "help of $command" 0 "$program" $command --help
done
expect 'no command is a usage error' 2 "$program"
expect 'an unknown command is a usage error' 2 "$program" rnu
says 'the nearest command is suggested' err "did you mean 'run'?"
expect 'an unknown option is a usage error' 2 "$program" run --thread "$small" \
    --thredas 2
says 'the nearest option is suggested' err "did you mean '--threads'?"
expect 'an unknown option before the command' 2 "$program" --hlep
expect 'run needs a scenario' 2 "$program" run
expect 'run takes one scenario' 2 "$program" run "$small" "$small"
expect 'zero replications are refused' 2 "$program" run "$small" --reps 0
expect 'a negative seed is refused' 2 "$program" run "$small" --seed -1
expect 'too many threads are refused' 2 "$program" run "$small" --threads 257
expect 'a number with a tail is refused' 2 "$program" run "$small" --reps 2x
for option in --reps=2 --threads=2 --output=files; do
    expect "check has no use for $option" 2 "$program" check "$small" $option
done
expect 'explain has words only' 2 "$program" explain "$small" --longest --json
expect 'an empty path is refused' 2 "$program" run "$small" -o ''
expect 'events need a folder' 2 "$program" run "$small" --events
expect 'alerts need rules' 2 "$program" alerts
expect 'alerts need a scenario' 2 "$program" alerts rules.yaml
expect 'rules that are not there' 1 "$program" alerts no.yaml "$small"
says 'they are named' err 'no.yaml: No such file'
expect 'metrics need a file or a folder' 2 "$program" run "$small" --openmetrics
expect 'so does a trace' 2 "$program" run "$small" --perfetto
expect 'an unknown parameter is refused' 1 "$program" run "$small" \
    --set amd64.max_replica=9
says 'the nearest parameter is suggested' err 'max_replicas'
expect 'a history of size has a number' 1 "$program" run "$small" --drawn days
says 'and a kind' err 'is not runs:N or days:N with N from 0 to 9999'
expect 'a duration needs a unit' 1 "$program" run "$small" --set warm_up=5
expect 'a parameter out of range is refused' 1 "$program" run "$small" \
    --set amd64.max_replicas=1000000000

# ---------------------------------------------------------------- verdicts

expect 'met targets' 0 "$program" run "$small"
says 'the answer is the first line' out 'yes: nobody gave up'
head -n 1 out >first
says 'and nothing is before it' first 'yes: '
expect 'a missed target is status 3' 3 "$program" run "$small" \
    --set client.attempts=1
says 'the answer says no' out 'no: '
expect 'check finds the error in the shipped configuration' 3 \
    "$program" check "$prod"
says 'check shows its evidence' out '[dns-answer-too-small]'
says 'check shows where it stands' out 'scaledobjects.yaml:'
says 'check lists parameters with their origin' out 'amd64.max_replicas'
expect 'check is content without errors' 0 "$program" check "$prod" \
    --set lb.payload=65535
expect 'a parameter explained' 0 "$program" check --explain amd64.max_replicas
says 'with its meaning' out 'max_replicas: maxReplicaCount'
says 'and its range' out '1 to 20000'
expect 'one by its field' 0 "$program" check --explain minReplicaCount
says 'it says which' out 'min_replicas: minReplicaCount'
expect 'no field' 1 "$program" check --explain minReplica
expect 'a slip behind a name' 1 "$program" check --explain amd64.maxreplicas
says 'it says what is near' err 'did you mean max_replicas?'
expect 'one of a backend' 0 "$program" check --explain=lb.bk_all.slots
says 'is found behind the name' out 'lb.slots: server-template'
expect 'a hazard explained' 0 "$program" check --explain slots-tight
says 'with its source' out 'HAProxy Configuration Manual'
expect 'nothing to explain' 1 "$program" check --explain max_replica
says 'the nearest key is suggested' err 'did you mean max_replicas?'
expect 'check as JSON' 3 "$program" check "$prod" --json
says 'hazards are in it' out '"code": "dns-answer-too-small"'
expect 'results as JSON' 0 "$program" run "$small" --json
says 'JSON has its schema' out '"schema": 1'
expect 'quiet' 0 "$program" run "$small" --quiet
if [ -s err ]; then bad 'quiet is quiet'; else ok 'quiet is quiet'; fi

# ---------------------------------------------------------------- bytes

expect 'a run with files' 0 "$program" run "$small" -q --no-plots --reps 3 \
    --threads 1 --events -o one/deep
expect 'the same with other threads' 0 "$program" run "$small" -q --no-plots \
    --reps 3 --threads 4 --events -o four
same 'files do not depend on threads' one/deep four
cp out table
cp -R four again
expect 'the same into the same folder' 0 "$program" run "$small" -q --no-plots \
    --reps 3 --threads 4 --events -o four
same 'a rerun gives the same bytes' four again
same 'and the same table' out table
expect 'another seed' 0 "$program" run "$small" -q --no-plots --reps 3 --seed 2 \
    --events -o other
if cmp -s four/summary.json other/summary.json; then
    bad 'another seed is another world'
else
    ok 'another seed is another world'
fi
for file in summary.json report.md report.html builds.csv timeline.csv \
    events.log; do
    if [ -s "four/$file" ]; then ok "$file is there"; else
        bad "$file is there"
    fi
done
if find . -name '*.part*' | grep -q .; then
    bad 'nothing half-written is left'
else
    ok 'nothing half-written is left'
fi
if grep -rqF "$root" four; then
    bad 'files name no folder of this machine'
else
    ok 'files name no folder of this machine'
fi

# ---------------------------------------------------------------- drives

drive() { # NAME STATUS OPTION...
    name=$1
    want=$2
    shift 2
    expect "$name" "$want" "$program" drive "$small" "$@"
}
drive 'a drive needs something real' 2
drive 'a drive knows its controllers' 2 --controllers mine
drive 'a drive knows its versions' 2 --controllers upstream --kubernetes 1.31
drive 'a drive has one replication' 2 --controllers upstream --reps 2
drive 'a drive knows its balancers' 2 --lb nginx
drive 'time is not stretched' 2 --lb haproxy --shrink 0.5
drive 'a target needs bounds' 2 --target 127.0.0.1:1
drive 'a target needs a bound of time' 2 --target 127.0.0.1:1 --max-clients 3
drive 'a target is a host and a port' 1 --target nowhere --max-clients 3 \
    --for 1s
says 'the target is quoted' err "'nowhere' is no HOST:PORT"
drive 'a target is for a pool' 1 --target none=127.0.0.1:1 --max-clients 3 \
    --for 1s
says 'the pool is named' err "there is no pool or backend 'none'"
drive 'a target is named once' 1 --target amd64=127.0.0.1:1 \
    --target bk_amd64=127.0.0.1:2 --max-clients 3 --for 1s
says 'the backend is named' err 'backend bk_amd64 is named more than once'
drive 'a drive without the controllers' 1 --controllers upstream \
    --upstream "$work/nowhere"
says 'it says how to get them' err "'make upstream' builds"
says 'the version is the one of the scenario' err 'nowhere/hpa135'
drive 'another version of Kubernetes' 1 --controllers upstream \
    --upstream "$work/nowhere" --kubernetes 1.32
says 'another one is looked for' err 'nowhere/hpa132'

# Drivers that never say a word, and leave their numbers.
mkdir mute
for name in hpa135 keda216; do
    printf '#!/bin/sh\necho $$ >>%s/pids\nexec sleep 600\n' "$work" >mute/$name
    chmod +x mute/$name
done
expect 'nothing scales' 1 "$program" drive \
    "$root/scenarios/stories/02-fixed-32-8.yaml" --controllers upstream \
    --upstream mute
says 'it says so' err 'no pool scales'
expect 'an interrupt ends a drive' 1 timeout --foreground --preserve-status \
    -s INT 3 \
    "$program" drive "$small" --controllers upstream --upstream mute
says 'it says so' err 'interrupted'
if [ "$(wc -l <pids)" -eq 4 ]; then ok 'two drivers a pool'; else
    bad 'two drivers a pool'
fi
left=0
while read -r pid; do
    kill -0 "$pid" 2>/dev/null && left=1
done <pids
if [ "$left" -eq 0 ]; then ok 'no driver is left'; else
    bad 'no driver is left'
fi

# ---------------------------------------------------------------- sweeps

sweep() { # NAME STATUS OPTION...
    name=$1
    want=$2
    shift 2
    expect "$name" "$want" "$program" sweep "$small" -q "$@"
}
sweep 'a sweep needs something to vary' 2
says 'it says how' err '--vary KEY=A,B,...'
sweep 'a sweep refuses an unknown parameter' 1 --vary amd64.max_replica=4,8
says 'with the nearest' err 'amd64.max_replicas'
sweep 'a sweep refuses a value twice' 2 --vary amd64.max_replicas=4,4
sweep 'a sweep refuses what cannot be' 1 --vary amd64.max_replicas=1
sweep 'a sweep to a precision needs replications' 2 \
    --vary amd64.max_replicas=4 --within 5 --reps 29
sweep 'a sweep to a precision' 0 --vary amd64.max_replicas=4 --within 50 \
    --reps 100
says 'it ends early' out ', 30 replications a setting'
says 'it says why' out 'every mean cost is known to 50 %'
sweep 'a sweep has no JSON' 2 --vary amd64.max_replicas=4 --json
set -- --vary amd64.max_replicas=4,8,12 --vary amd64.min_replicas=1,2,5 \
    --reps 4 --no-plots
sweep 'a sweep' 0 "$@" --threads 1 -o sweep-one
cp out sweep-table
says 'today is marked' out 'today'
says 'a contradiction is left out and said' out '1 setting left out'
sweep 'a sweep with other threads' 0 "$@" --threads 3 -o sweep-many
cp out sweep-again
same 'a sweep does not depend on threads' sweep-one/sweep.csv \
    sweep-many/sweep.csv
same 'nor does its table' sweep-again sweep-table
if [ "$(wc -l <sweep-one/sweep.csv)" -eq 9 ]; then
    ok 'a row a setting'
else
    bad 'a row a setting'
fi
sweep 'no setting meets the targets' 3 --vary amd64.max_replicas=7,8 \
    --set client.attempts=1
says 'the sweep says no' out 'no: none of'
many=$(seq -s, 8 1000)
sweep 'a sweep beyond all bounds' 1 --vary "amd64.max_replicas=$many" \
    --vary amd64.min_replicas=1,2,3,4 --reps 10000
says 'too many runs are refused' err 'more than 1000000 runs'
expect 'an interrupt ends a sweep' 1 timeout --preserve-status -s INT 4 \
    "$program" sweep "$small" -q --vary "amd64.max_replicas=$many" \
    --vary amd64.min_replicas=1,2,3,4 --reps 200 --no-plots -o stopped
says 'it says how far it came' out 'stopped early: '
if [ -s stopped/sweep.csv ]; then ok 'what is done is written'; else
    bad 'what is done is written'
fi

# ---------------------------------------------------------------- sizing

size() { # NAME STATUS OPTION...
    name=$1
    want=$2
    shift 2
    expect "$name" "$want" "$program" size "$small" -q "$@"
}
size 'a size resumes in a folder' 2 --resume
size 'a size refuses a share that is none' 2 --confidence 1.5
size 'a size refuses more misses than histories' 2 --histories 5 --misses 5
size 'a size refuses a trace that is not there' 1 --add nowhere.csv
size 'a size refuses starts that tell less' 1 --histories 12 --no-plots \
    --trace "$root/traces/data/pytorch-14d.csv.gz" \
    --starts "$root/traces/data/scale-test.csv"
says 'it says why' err 'shorter than the history'
set -- --histories 12 --no-plots
size 'a size' 0 "$@" --threads 1 -o size-one
cp out size-table
says 'it states a guarantee' out 'with confidence 99 % at most'
says 'its report is a comment' size-one/report.md '| maxReplicaCount | '
says 'its values are named after the pools' size-one/values.yaml 'arm64_max: '
size 'a size with other threads' 0 "$@" --threads 3 -o size-many
cp out size-again
same 'nor does its answer depend on threads' size-again size-table
same 'nor do its values' size-one/values.yaml size-many/values.yaml
read_back() { # KEY VALUES_KEY: the patch sets what values.yaml says
    want=$(sed -n "s/^$2: //p" size-one/values.yaml)
    if grep -q "^$1 *$want  (manifests)" out; then
        ok "the patch is read back: $1"
    else
        bad "the patch is read back: $1"
    fi
}
"$program" check "$small" --manifests "$root/scenarios/manifests/prod" \
    --manifests "$root/scenarios/manifests/staging" \
    --manifests size-one/patch.yaml >out 2>err </dev/null
read_back amd64.min_replicas amd64_min
read_back amd64.max_replicas amd64_max
read_back arm64.max_replicas arm64_max
read_back arm64.fallback_replicas arm64_fallback
says 'with its window' out 'amd64.hpa.down_window'
expect 'what is recommended, put back, meets the targets' 0 \
    "$program" run "$small" --manifests "$root/scenarios/manifests/prod" \
    --manifests "$root/scenarios/manifests/staging" \
    --manifests size-one/patch.yaml --reps 20 -q
says 'it says so' out 'yes: '
head -n 40 size-one/trials.txt >part
printf '1 2 0x1' >>part
mv part size-one/trials.txt
size 'a size that goes on' 0 "$@" -o size-one --resume
cp out size-again
same 'it ends as if nothing had been' size-again size-table
size 'other runs are not gone on with' 1 "$@" -o size-one --resume --seed 2
says 'it says why' err 'not the runs of this scenario'
size 'what was left out could not win' 0 "$@" --exhaustive 3
cp out size-again
head -n 1 size-table >a
head -n 1 size-again >b
same 'so that the answer is the same' a b
printf 'run_created_at\n2026-05-25T03:00:00Z\n2026-07-25T05:00:00Z\n' >starts.csv
size 'a size with a longer history of starts' 0 "$@" --starts starts.csv
says 'it names it' out 'runs start as in starts.csv, 61.1 days'
size 'a size as JSON' 0 "$@" --json
says 'with its answer' out '"has_answer": true'
says 'and the proof' out '"missed_frac_at_most": '
size 'no setting meets the targets' 3 "$@" --set client.job_timeout=1m
says 'the size says no' out 'no: '
with() { # FILE TARGETS: the small scenario with other targets
    sed -e "s/^targets:.*/targets: $2/" -e "s|manifests/|$root/scenarios/&|g" \
        -e "s|\.\./traces|$root/traces|" "$small" >"$1"
}
printf 'build,pool,asked_at,work_s\nb1,amd64,0,600\n' >one.csv
with cap.yaml '{p95_wait: 5m, cost_usd: 1}'
expect 'a cost beyond its target is no answer' 3 "$program" size cap.yaml -q \
    --trace one.csv "$@" -o size-cap
says 'it says so' out 'above the target cost_usd of $1.00: the cheapest'
says 'the proof leaves it out' out 'the targets but cost_usd are met'
says 'a short record is a caution' out 'caution: the record is 10m long'
says 'so is a single run' out 'caution: the record has 1 run of builds'
says 'the report has it, too' size-cap/report.md 'caution: the record is 10m'
says 'a pool without builds is named' out \
    'arm64 is left as it is: the history has no builds there'
with free.yaml '{cost_usd: 100}'
expect 'without targets there is nothing to meet' 1 "$program" size free.yaml -q
says 'it says what is missing' err 'free.yaml: no targets to meet'
printf 'build,pool,asked_at,work_s\nb1,s390x,0,600\n' >other.csv
size 'users of a pool that is not there' 1 --add other.csv
says 'it says whose' err 'drydock: other.csv: builds of pool "s390x"'

# ---------------------------------------------------------------- colour

# On a terminal that `script` makes; the environment is what is tested.
on_terminal() { # FILE ASSIGNMENT...
    file=$1
    shift
    env -u NO_COLOR TERM=xterm "$@" script -qec \
        "'$program' check '$prod' --quiet" /dev/null </dev/null >"$file" 2>&1
}
escape=$(printf '\033[')
if command -v script >/dev/null; then
    on_terminal coloured
    says 'a terminal sees an error in colour' coloured \
        "${escape}1;31merror${escape}0m: "
    for plain in NO_COLOR=1 TERM=dumb; do
        on_terminal plain $plain
        if [ -s plain ] && ! grep -qF "$escape" plain; then
            ok "$plain is obeyed"
        else
            bad "$plain is obeyed"
        fi
    done
    on_terminal narrow COLUMNS=60 NO_COLOR=1
    tr -d '\r' <narrow >wrapped
    if [ -s wrapped ] && ! awk 'length > 60 && NF > 1' wrapped | grep -q .; then
        ok 'lines are as wide as the terminal'
    else
        bad 'lines are as wide as the terminal'
    fi
    tr -s ' \n' '\n\n' <wrapped >wrapped-words
    timeout 60 "$program" check "$prod" --quiet | tr -s ' \n' '\n\n' >words
    same 'no word of them is lost' wrapped-words words
else
    echo 'skip: no script, to make a terminal'
fi
TERM=xterm timeout 60 "$program" check "$prod" --quiet >plain
if [ -s plain ] && ! grep -qF "$escape" plain; then
    ok 'a file has no colour'
else
    bad 'a file has no colour'
fi

# ---------------------------------------------------------------- writing

full() {
    name=$1
    shift
    timeout 60 "$@" >/dev/full 2>err
    got=$?
    : >out
    if [ "$got" -eq 1 ] && grep -q 'No space left\|the write failed' err; then ok "$name"; else
        echo "status $got" >>err
        bad "$name"
    fi
}
if [ -c /dev/full ]; then
    full 'help on a full disk' "$program" --help
    full 'a run on a full disk' "$program" run "$small"
    full 'JSON on a full disk' "$program" run "$small" --json
    full 'check on a full disk' "$program" check "$prod"
    full 'statistics on a full disk' "$program" trace stats \
        "$root/traces/data/pytorch-14d.csv.gz"
    expect 'a trace on a full disk' 1 "$program" trace synth -o /dev/full
    says 'the disk is named' err '/dev/full'
else
    echo 'skip: there is no /dev/full'
fi
(
    timeout 60 "$program" check "$prod" 2>err
    echo $? >status
) | :
if [ "$(cat status)" -eq 1 ]; then ok 'a closed pipe is an error'; else
    bad 'a closed pipe is an error'
fi
: >plain
expect 'a file in place of the folder' 1 "$program" run "$small" -o plain
says 'the folder is named' err 'plain'
mkdir -p blocked/summary.json
expect 'a folder in place of a file' 1 "$program" run "$small" -q --no-plots \
    -o blocked
if find blocked -name '*.part*' | grep -q .; then
    bad 'a failed write leaves nothing behind'
else
    ok 'a failed write leaves nothing behind'
fi

# ---------------------------------------------------------------- scenarios

scenario() { # NAME CONTENT: a scenario on the shipped manifests
    printf '%s\n' "manifests: $root/scenarios/manifests/prod" \
        "trace: $root/traces/data/scale-test.csv" "$2" >"$1"
}
expect 'a scenario that is not there' 1 "$program" run nothing.yaml
says 'the file is named' err 'nothing.yaml: '
expect 'a folder as a scenario' 1 "$program" run "$work"
: >empty.yaml
expect 'an empty scenario' 1 "$program" run empty.yaml
printf 'a: [1\nb: }\n' >broken.yaml
expect 'a malformed scenario' 1 "$program" run broken.yaml
says 'the line is named' err 'broken.yaml:'
scenario unknown.yaml 'tagrets: {p95_wait: 5m}'
expect 'an unknown key' 1 "$program" run unknown.yaml
says 'the key is placed' err 'unknown.yaml:3:1: '
says 'the nearest key is suggested' err 'targets'
printf 'question: a\000b\n' >nul.yaml
expect 'a zero byte in a scenario' 1 "$program" run nul.yaml
{
    echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
    for i in 1 2 3 4 5 6 7 8 9; do
        p=$((i - 1))
        echo "a$i: &a$i [*a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p]"
    done
} >bomb.yaml
expect 'an alias bomb' 1 "$program" run bomb.yaml
head -c 100000 /dev/zero | tr '\0' '[' >deep.yaml
expect 'deep nesting' 1 "$program" run deep.yaml
expect 'manifests that are not there' 1 "$program" run "$small" \
    --manifests nowhere
expect 'a trace that is not there' 1 "$program" run "$small" --trace no.csv
says 'the trace is named' err 'no.csv: '
scenario late.yaml 'warm_up: 10000h'
expect 'a warm-up beyond the history' 1 "$program" run late.yaml -q --no-plots \
    -o late

# ---------------------------------------------------------------- traces

head='build,run,pool,asked_at,work_s'
trace() { # NAME ROW...
    file=$1
    shift
    {
        echo "$head"
        printf '%s\n' "$@"
    } >"$file"
}
replay() { expect "$1" "$2" "$program" run "$small" -q --trace "$3"; }
: >empty.csv
replay 'an empty trace' 1 empty.csv
says 'it is said to be empty' err 'empty.csv: '
echo "$head" >header.csv
replay 'a trace without builds' 1 header.csv
trace zero.csv 'a,r,amd64,0,0'
replay 'a build of zero length' 0 zero.csv
trace order.csv 'a,r,amd64,50,10' 'b,r,amd64,10,10' 'c,r,arm64,20,10'
replay 'times out of order' 0 order.csv
trace twice.csv 'a,r,amd64,1,10' 'a,r,amd64,1,10'
replay 'an identity that is there twice' 1 twice.csv
says 'its row is named' err 'twice.csv:3: '
trace short.csv 'a,r,amd64'
replay 'a row that is too short' 1 short.csv
says 'the row is named' err 'short.csv:2: '
trace pool.csv 'a,r,amd64,1,10' 'b,r,riscv,1,10'
replay 'a pool that the scenario does not have' 1 pool.csv
says 'the pool is named' err 'riscv'
trace huge.csv 'a,r,amd64,1,1e308'
replay 'work beyond all bounds' 1 huge.csv
printf '%s\na,r,am\000d64,1,10\n' "$head" >nul.csv
expect 'zero bytes in a trace do not crash' 0 "$program" run "$small" -q \
    --trace nul.csv
{
    echo "$head"
    head -c 10000000 /dev/zero | tr '\0' 'x'
} >long.csv
replay 'a line of ten million characters' 1 long.csv
says 'the line is named' err 'long.csv:2: '
head -c 2000 "$root/traces/data/pytorch-14d.csv.gz" >cut.csv.gz
replay 'a truncated gzip file' 1 cut.csv.gz
head -c 50000 /dev/urandom >noise.csv
replay 'noise' 1 noise.csv

expect 'synth writes a trace' 0 "$program" trace synth --seed 3 --set days=2 \
    -o synth.csv
expect 'synth is told what it may set' 0 "$program" trace synth --help-params
says 'with its keys' out 'days'
expect 'synth refuses an unknown key' 2 "$program" trace synth --set dyas=2 \
    -o x.csv
says 'with the nearest' err 'days'
expect 'import reads it back' 0 "$program" trace import synth.csv -o back.csv
same 'import of our own trace changes nothing' synth.csv back.csv
expect 'import to standard output' 0 "$program" trace import synth.csv -o -
cp out piped.csv
same 'the report does not mix with the trace' piped.csv synth.csv
expect 'the same file twice' 0 "$program" trace import synth.csv synth.csv \
    -o back.csv
same 'is the file once' synth.csv back.csv
expect 'import filters' 0 "$program" trace import synth.csv \
    --where 'pool=arm64' -o arm.csv
if grep -q amd64 arm.csv; then bad 'the filter holds'; else
    ok 'the filter holds'
fi
expect 'a filter that leaves nothing' 1 "$program" trace import synth.csv \
    --where 'pool=mips' -o none.csv
if [ -e none.csv ]; then bad 'nothing is written then'; else
    ok 'nothing is written then'
fi
expect 'a bad filter is a usage error' 2 "$program" trace import synth.csv \
    --where pool -o none.csv
expect 'import needs an output' 2 "$program" trace import synth.csv
expect 'cut by durations' 0 "$program" trace cut synth.csv --from 12h --to 36h \
    -o half.csv
expect 'statistics of the cut' 0 "$program" trace stats half.csv
says 'it is a day' out 'in 1 day'
expect 'cut by instants' 1 "$program" trace cut synth.csv \
    --from 2001-01-01T00:00:00Z --to 2001-01-02T00:00:00Z -o none.csv
expect 'cut the wrong way round' 2 "$program" trace cut synth.csv --from 36h \
    --to 12h -o none.csv
expect 'cut without a unit' 2 "$program" trace cut synth.csv --from 12 \
    -o none.csv
expect 'instants of a relative trace' 2 "$program" trace cut order.csv \
    --from 2026-01-01T00:00:00Z -o none.csv

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
