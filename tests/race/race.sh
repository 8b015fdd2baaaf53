#!/bin/sh
# race.sh PROGRAM LIBRARY - the same work in other simulators, side by side in
# one run. Results are held against each other first; no speed is printed of
# one whose result is another.
#
# A queue (M/M/1 at 0.9) in ns-3 (with its default event list, with the fastest
# that it has for so few events, and with its own draws), SimGrid and SimPy 4;
# then the 14-day loop of
# scenarios/prod.yaml in SimPy 4, whose source says what it leaves out. Speeds
# are per CPU second, the best of three rounds in turn; instructions of a
# customer are the difference of two sizes. Takes about three minutes.
set -u
program=$1
library=$2
out=build/race
venv=$out/venv
trace=traces/data/pytorch-14d.csv.gz
mkdir -p "$out"

fail() {
    echo "race.sh: $*" >&2
    exit 1
}

# Debian 12 has SimPy 2, which is another program.
python=${SIMPY_PYTHON:-$venv/bin/python}
"$python" -c 'import simpy; assert int(simpy.__version__[0]) >= 4' 2>/dev/null || {
    python=$venv/bin/python
    if ! { python3 -m venv "$venv" && "$python" -m pip install -q 'simpy>=4,<5'; }; then
        fail 'no SimPy 4; set SIMPY_PYTHON to a Python that has it'
    fi
}

# build NAME SOURCE FLAG...: a rival from tests/race.
build() {
    name=$1
    source=$2
    shift 2
    # shellcheck disable=SC2046 # words on purpose
    ${CXX:-c++} -std=c++17 -O3 -I. "tests/race/$source" "$library" "$@" \
        $(pkg-config --libs gsl) -lm -o "$out/$name" ||
        fail "cannot build $name"
}
# shellcheck disable=SC2046
build ns3 queue_ns3.cc $(pkg-config --cflags --libs ns3-core)
# shellcheck disable=SC2046
build ns3-fast queue_ns3.cc '-DSCHEDULER="ns3::PriorityQueueScheduler"' \
    $(pkg-config --cflags --libs ns3-core)
# shellcheck disable=SC2046
build ns3-own queue_ns3.cc -DOWN_DRAWS $(pkg-config --cflags --libs ns3-core)
# shellcheck disable=SC2046
build simgrid queue_simgrid.cc $(pkg-config --cflags --libs simgrid)
build draws only_draws.cc

# queue NAME CUSTOMERS: mean seconds inside, and customers a CPU second.
queue() {
    case $1 in
    drydock)
        "$program" bench queue --customers "$2" |
            awk '/mean/ { mean = $(NF - 1) } /per CPU/ { print mean, $6 }'
        ;;
    simpy) "$python" tests/race/queue_simpy.py "$2" ;;
    *) "$out/$1" "$2" 2>/dev/null ;;
    esac
}

# size NAME: customers that take it half a second or so.
size() {
    case $1 in
    simpy) echo 50000 ;;
    simgrid) echo 200000 ;;
    *) echo 1000000 ;;
    esac
}

# same_queue NAME: those with our draws must agree with us, the others with
# theory (10 s) within four standard errors (Whitt 1989), as we do. A gap and a
# service make 1 / 0.9 + 1 s.
same_queue() {
    n=$(size "$1")
    got=$(queue "$1" "$n") || fail "$1 failed"
    want="10 $(awk -v n="$n" 'BEGIN { print 4 * sqrt(35901 / n) }')"
    case $1 in
    draws) want="2.1111 $(awk -v n="$n" 'BEGIN { print 4 * sqrt(2.2346 / n) }')" ;;
    ns3 | ns3-fast | simgrid) want="$(queue drydock "$n" | cut -d ' ' -f 1) 0.001" ;;
    esac
    echo "$1 $got $n $want" | awk '{
        d = $2 - $5; ok = d <= $6 && d >= -$6
        printf "%-8s %8d customers stay %.3f s, wanted %g +- %.3f: %s\n",
            $1, $4, $2, $5, $6, ok ? "same" : "NOT THE SAME"
        exit !ok
    }' || fail "$1 does other work"
}

# instructions COMMAND MORE FEWER: of one customer; - if they cannot be counted.
instructions() {
    for n in "$2" "$3"; do
        # shellcheck disable=SC2086
        valgrind --tool=callgrind --callgrind-out-file="$out/callgrind" \
            $1 "$n" 2>&1 | sed -n 's/^.*Collected : \([0-9]*\).*/\1/p'
    done | awk -v d=$(($2 - $3)) '{ x[NR] = $1 }
        END { if (NR == 2) printf "%d", (x[1] - x[2]) / d; else printf "-" }'
}

rivals='draws ns3 ns3-fast ns3-own simgrid simpy'
echo 'M/M/1 at 0.9: the same results?'
for name in drydock $rivals; do
    same_queue "$name"
done
: >"$out/speeds"
for round in 1 2 3; do
    for name in drydock $rivals; do
        echo "$name $(queue "$name" "$(size "$name")" | cut -d ' ' -f 2) $round" \
            >>"$out/speeds"
    done
done
{
    echo "drydock $(instructions "$program bench queue --customers" 60000 20000)"
    echo "draws $(instructions "$out/draws" 60000 20000)"
    echo "ns3 $(instructions "$out/ns3" 20000 10000)"
    echo "ns3-fast $(instructions "$out/ns3-fast" 20000 10000)"
    echo "ns3-own $(instructions "$out/ns3-own" 20000 10000)"
    echo "simgrid $(instructions "$out/simgrid" 4000 2000)"
    echo "simpy $(instructions "$python tests/race/queue_simpy.py" 1500 500)"
} >"$out/instructions"
echo
awk 'BEGIN {
        goal["ns3"] = goal["ns3-fast"] = goal["ns3-own"] = 8; goal["simgrid"] = 30; goal["simpy"] = 100
        print "| M/M/1 | customers per CPU second | instructions a customer |" \
            " drydock is faster by | target |"
        print "| --- | ---: | ---: | ---: | ---: |"
    }
    FILENAME ~ /speeds/ { if ($2 > best[$1]) best[$1] = $2; next }
    $1 == "draws" { draws = $2; next }
    { printf "| %s | %d | %s | %.1f | %s |\n", $1, best[$1], $2,
        best["drydock"] / best[$1], goal[$1] }
    END {
        print "ns3, ns3-fast and simgrid draw as drydock does; ns3-own and" \
            " simpy as they come."
        printf "The draws take %s of these instructions and %d %% of the time" \
            " of drydock:\nwith an event list that costs nothing it would be" \
            " faster than ns3 by %.1f.\n", draws,
            100 * best["drydock"] / best["draws"], best["draws"] / best["ns3"]
    }' "$out/speeds" "$out/instructions"

# ------------------------------------------------------------------ the loop

# Only builds that end by themselves, nodes that neither expire nor fail: the
# loop in SimPy knows no others.
gzip -dc "$trace" | awk -F, '!/^#/ && ($1 == "build" || $6 == "ok" &&
    $5 != "" && $5 !~ />/)' >"$out/trace.csv"
{
    sed 's|^trace:.*|trace: trace.csv|
        s|^manifests: |manifests: ../../scenarios/|' scenarios/prod.yaml
    echo 'set: {nodepool.buildkit-amd64.expire_after: never,' \
        'nodepool.buildkit-arm64.expire_after: never,' \
        'karpenter.boot_fail_frac: 0}'
} >"$out/loop.yaml"

# drydock_loop SEED ARGUMENT...: a run that misses its targets is a run.
drydock_loop() {
    "$program" run "$out/loop.yaml" --quiet --seed "$@"
    case $? in
    0 | 3) ;;
    *) fail 'the loop failed' ;;
    esac
}

# The same draws: every build waits equally long, to the microsecond.
echo
for seed in 1 2 3; do
    drydock_loop "$seed" --no-plots -o "$out/loop" >"$out/log"
    "$python" tests/race/loop_simpy.py "$out/trace.csv" "$seed" "$out/theirs" \
        >"$out/log" || fail 'the loop in SimPy failed'
    awk -F, 'NR > 1 { printf "%.0f\n", 1e6 * $11 }' "$out/loop/builds.csv" \
        >"$out/ours"
    cmp "$out/ours" "$out/theirs" || fail 'a build waits for another time'
    echo "14-day loop, the same draws, seed $seed: $(wc -l <"$out/ours") builds" \
        'wait for the same times to the microsecond: same'
done

# Their own draws: the loop is timed, and its mean wait is another sample.
for seed in 1 2 3 4 5; do
    "$python" tests/race/loop_simpy.py "$out/trace.csv" "$seed" ||
        fail 'the loop in SimPy failed'
done >"$out/loop_simpy.json"
for seed in $(seq 20); do
    drydock_loop "$seed" --json | tr -d '\n'
    echo
done >"$out/loop.json"
"$program" bench scenario --scenario "$out/loop.yaml" >"$out/loop.bench" ||
    fail 'the loop failed'
"$python" - "$out" <<'END' || fail 'the loops differ'
import json, re, statistics, sys
out = sys.argv[1]
def ours(run):
    pools = json.loads(run)["pools"].values()
    return (sum(p["served"] * p["wait_s"]["mean"] for p in pools)
            / sum(p["served"] for p in pools))
mine = [ours(run) for run in open(out + "/loop.json")]
theirs = [json.loads(run) for run in open(out + "/loop_simpy.json")]
means = [run["mean_s"] for run in theirs]
error = (statistics.variance(mine) / len(mine)
         + statistics.variance(means) / len(means)) ** 0.5
a, b = statistics.mean(mine), statistics.mean(means)
same = abs(a - b) <= 4 * error
print(f"14-day loop, their own draws: mean wait {a:.2f} s ({len(mine)} seeds) and "
      f"{b:.2f} s ({len(means)}), may differ by {4 * error:.2f} s, four standard "
      "errors: " + ("same" if same else "NOT THE SAME"))
if not same:
    sys.exit(1)
ms = float(re.search(r"CPU time +([0-9.]+)", open(out + "/loop.bench").read())[1])
simpy_ms = 1e3 * min(run["cpu_s"] for run in theirs)
print("\n| 14-day loop | CPU ms | drydock is faster by | target |")
print("| --- | ---: | ---: | ---: |")
print(f"| drydock | {ms:.1f} | 1.0 | |")
print(f"| simpy | {simpy_ms:.0f} | {simpy_ms / ms:.0f} | 200 |")
END
echo 'drydock also writes bills, levels, lower bounds and causes of waiting, and'
echo 'leaves out ticks that change nothing; the loop in SimPy executes them.'
echo 'Instructions of the loop in SimPy are not counted: that takes minutes.'
