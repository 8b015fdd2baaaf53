#!/bin/sh
# make.sh [PROGRAM] - writes the traces of the stories beside itself; without
# PROGRAM all but those of story 20, which are synthetic. The others hold no
# random number: builds of a run start evenly over a skew, and their work is
# either constant or the same spread for every run of n images: the quantiles of
# a lognormal with median 25 min and sigma 0.7 between 2 and 120 min, dealt out
# so that neighbours differ.
set -eu
program=${1:-}
case $program in '' | /*) ;; *) program=$PWD/$program ;; esac
cd "$(dirname "$0")"

# trace FILE: reads lines of
#   RUN POOL N AT_S SKEW_S WORK_S [OUTCOME [LEAVES_S]]
# where WORK_S is a number, "mix", or "mix>N": the spread, but at least N.
trace() {
    awk '
        BEGIN {
            print "build,run,pool,asked_at,work_s,outcome,leaves_at,caller,name"
        }
        function mix(i, n,    p, w) {
            p = ((i * 7) % n + 0.5) / n
            if (n % 7 == 0)
                p = ((i * 5) % n + 0.5) / n
            w = 1500 * exp(0.7 * log(p / (1 - p)) / 1.702)
            return w < 120 ? 120 : w > 7200 ? 7200 : w
        }
        function work(text, i, n,    least, w) {
            if (text !~ /^mix/)
                return text
            least = substr(text, 5) + 0
            w = mix(i, n)
            return w < least ? least : w
        }
        NF == 0 { next }
        {
            outcome = $7 == "" ? "ok" : $7
            for (i = 0; i < $3; i++)
                printf "%s-%s-%d,%s,%s,%.2f,%.0f,%s,%s,,image-%d\n", $1, $2,
                    i + 1, $1, $2, $4 + $5 * i / $3, work($6, i, $3), outcome,
                    outcome == "cancelled" ? $8 : "", i + 1
        }' >"$1"
}

trace push-29-2.csv <<'END'
push amd64 29 0 5 mix
push arm64 2 0 5 mix
END
trace push-29-2-at-10h.csv <<'END'
push amd64 29 36000 5 mix
push arm64 2 36000 5 mix
END
trace burst-27.csv <<'END'
push amd64 27 0 5 1500
END
trace scale-8.csv <<'END'
scale amd64 8 0 2 600
scale arm64 8 0 2 600
END
trace peak-60.csv <<'END'
push amd64 60 0 5 600
END
trace stack-105.csv <<'END'
a amd64 27 0 120 mix>3000
b amd64 26 600 120 mix>3000
c amd64 26 1200 120 mix>3000
d amd64 26 1800 120 mix>3000
END
trace stack-180.csv <<'END'
a amd64 27 0 120 mix>3600
b amd64 27 500 120 mix>3600
c amd64 27 1000 120 mix>3600
d amd64 27 1500 120 mix>3600
e amd64 27 2000 120 mix>3600
f amd64 27 2500 120 mix>3600
g amd64 18 3000 120 mix>3600
END
trace stack-210.csv <<'END'
a amd64 54 0 120 mix>3000
b amd64 52 600 120 mix>3000
c amd64 52 1200 120 mix>3000
d amd64 52 1800 120 mix>3000
END
trace one.csv <<'END'
push amd64 1 0 0 60
push arm64 1 0 0 60
END
trace both-8.csv <<'END'
push amd64 8 0 2 1200
push arm64 8 0 2 1200
END
trace both-8-at-1m.csv <<'END'
push amd64 8 60 2 1200
push arm64 8 60 2 1200
END
trace burst-36.csv <<'END'
push amd64 36 0 5 1500
END
trace burst-37.csv <<'END'
push amd64 37 0 5 7200
END
trace trickle-36.csv <<'END'
push amd64 36 0 7200 10800
END
# Ten pods stand. Whenever they have done ten builds, ten new ones come.
trace steady-53.csv <<'END'
a amd64 53 0 5 3300
b amd64 10 3360 5 3300
c amd64 10 6720 5 3300
d amd64 10 10080 5 3300
e amd64 10 13440 5 3300
f amd64 28 14400 5 3300
g amd64 10 16800 5 3300
END
trace burst-100.csv <<'END'
push amd64 100 0 5 10800
push arm64 4 0 5 60
END
trace one-error.csv <<'END'
mine amd64 1 0 0 180 error
END
trace pushes-by-commit.csv <<'END'
first amd64 29 0 5 mix
first arm64 2 0 5 mix
second amd64 29 600 5 mix
second arm64 2 600 5 mix
third amd64 29 1200 5 mix
third arm64 2 1200 5 mix
END
trace pushes-by-tag.csv <<'END'
first amd64 29 0 5 mix cancelled 600
first arm64 2 0 5 mix cancelled 600
second amd64 29 600 5 mix cancelled 1200
second arm64 2 600 5 mix cancelled 1200
third amd64 29 1200 5 mix
third arm64 2 1200 5 mix
END
trace push-37-2.csv <<'END'
push amd64 37 0 60 mix
push arm64 2 0 60 mix
END
trace push-46-7.csv <<'END'
push amd64 46 0 60 mix
push arm64 7 0 60 mix
END
trace push-59-10.csv <<'END'
push amd64 59 0 60 mix
push arm64 10 0 60 mix
END
trace stack-4-of-46-7.csv <<'END'
a amd64 46 0 60 mix>2400
a arm64 7 0 60 mix>2400
b amd64 46 300 60 mix>2400
b arm64 7 300 60 mix>2400
c amd64 46 600 60 mix>2400
c arm64 7 600 60 mix>2400
d amd64 46 900 60 mix>2400
d arm64 7 900 60 mix>2400
END
{
    cat stack-4-of-46-7.csv
    trace fifth.tmp <<'END'
e amd64 46 1200 60 mix>2400
e arm64 7 1200 60 mix>2400
END
    sed 1d fifth.tmp
} >stack-5-of-46-7.csv
rm fifth.tmp
trace burst-330.csv <<'END'
a amd64 330 0 120 mix>3600
b amd64 27 1200 5 1200
END

# regions PROGRAM: four synthetic days, whole, and every other run to a region.
regions() {
    "$1" trace synth --seed 1 --set days=4 --set from=2026-06-08T00:00:00Z \
        -o regions.tmp
    for part in 0 1; do
        awk -F , -v part="$part" '
            /^#/ || /^build,/ { print; next }
            !($2 in place) { place[$2] = n++ }
            place[$2] % 2 == part' regions.tmp |
            gzip -n9 >"region-$((part + 1)).csv.gz"
    done
    gzip -n9 <regions.tmp >both-regions.csv.gz
    rm regions.tmp
}
[ -z "$program" ] || regions "$program"
