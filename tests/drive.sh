#!/bin/sh
# drive.sh PROGRAM [long] - a real HAProxy in the loop: the short play of
# tests/drive/short.csv (long: the whole scale test, 40 s) agrees with the
# model, nothing listens beyond loopback, and nothing is left after an interrupt
# or a kill. Needs haproxy; says so.
set -u
program=$1
length=${2:-short}
scenario=scenarios/staging-scale-test.yaml
trace=tests/drive/short.csv
history=$trace
[ "$length" != long ] || history=traces/data/scale-test.csv
out=build/drive
bad=0
mkdir -p "$out"
TMPDIR=$PWD/$out/tmp
export TMPDIR
rm -rf "$TMPDIR"
mkdir -p "$TMPDIR"

fail() {
    echo "FAILED: $*"
    bad=1
}

# play [OPTION...]: its output, its errors, its status.
play() {
    "$program" drive "$scenario" --trace "$history" --lb haproxy --shrink 20 \
        "$@" >"$out/play" 2>"$out/errors"
}

if ! command -v haproxy >/dev/null && [ ! -x /usr/sbin/haproxy ]; then
    play
    [ $? -eq 1 ] || fail 'without haproxy the status is not 1'
    grep -q 'haproxy is not installed' "$out/errors" ||
        fail 'does not say that haproxy is missing'
    echo 'skip: haproxy is not installed, so no real balancer was driven'
    exit $bad
fi

# again COMMAND...: a machine that is busy with other things may wake us too
# late: that shows as a difference, which goes away when it is played again.
again() {
    for try in 1 2 3; do
        "$@"
        status=$?
        [ $status -eq 3 ] || break
        echo "try $try: $(tail -n 1 "$out/play")"
    done
    [ $status -eq 0 ] || {
        fail "$* ends with status $status"
        cat "$out/play" "$out/errors"
    }
    [ -z "$(ls "$TMPDIR")" ] || fail "$* leaves files behind"
}

# ------------------------------------------------------------ the plays

drain() {
    "$program" drive "$scenario" --drain --shrink 20 >"$out/play" \
        2>"$out/errors"
}

again play
# Always the short one: where the crowds of both pools retry for the builders of
# one, milliseconds decide who is served.
history=$trace
again play --set client.backend=bk_amd64 \
    --set client.buildctl-test.backend=bk_all
grep -q 'dials  *9  *9$' "$out/play" || {
    fail 'both builds of arm64 do not wait for the builders of amd64'
    cat "$out/play"
}
if command -v netstat >/dev/null; then
    again drain
else
    drain
    [ $? -eq 1 ] || fail 'without netstat the status is not 1'
    grep -q 'netstat, which is not installed' "$out/errors" ||
        fail 'does not say that netstat is missing'
    echo 'skip: netstat is not installed, so no drain script was run'
fi

# ------------------------------------------------------------ what is left

# child PID: the balancer that a process has started, once there is one; its
# first child only says its version.
child() {
    left=50
    while [ $left -gt 0 ]; do
        for pid in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
            tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q 'haproxy -db ' && {
                echo "$pid"
                return
            }
        done
        left=$((left - 1))
        sleep 0.1
    done
} 2>/dev/null

# listens PID: addresses in hexadecimal, low byte last, on which it listens.
listens() {
    ls -l "/proc/$1/fd" 2>/dev/null | sed -n 's/.*socket:\[\(.*\)\]/\1/p' \
        >"$out/inodes"
    cat "/proc/$1/net/tcp" "/proc/$1/net/tcp6" "/proc/$1/net/udp" \
        "/proc/$1/net/udp6" |
        awk 'FNR == NR { ours[$1] = 1; next }
             ($4 == "0A" || $4 == "07") && $10 in ours {
                 split($2, at, ":"); print at[1] }' "$out/inodes" -
}

# ends SIGNAL STATUS: it and its haproxy are gone soon after the signal.
ends() {
    rm -rf "$TMPDIR"/*
    "$program" drive "$scenario" --trace "$trace" --lb haproxy \
        >"$out/$1" 2>&1 &
    us=$!
    haproxy=$(child "$us")
    [ -n "$haproxy" ] || {
        fail "no haproxy was started before SIG$1"
        cat "$out/$1"
        kill "$us" 2>/dev/null
        return
    }
    sleep 1
    for pid in "$us" "$haproxy"; do
        at=$(listens "$pid")
        [ -n "$at" ] || fail "process $pid listens nowhere"
        ! echo "$at" | grep -v '7F$' || fail 'it listens beyond loopback'
    done
    kill -s "$1" "$us"
    wait "$us"
    status=$?
    [ $status -eq "$2" ] || fail "status $status after SIG$1"
    sleep 0.5
    # Dead, though perhaps not yet buried by whoever inherits it.
    ! grep -q '^State:.[RSD]' "/proc/$haproxy/status" 2>/dev/null ||
        fail "haproxy outlives SIG$1"
    [ "$1" = KILL ] || [ -z "$(ls "$TMPDIR")" ] ||
        fail "files are left after SIG$1"
}

# port PID FRONTEND: where a balancer that was started listens for it.
port() {
    fd=$(sed -n "/^frontend '$2'/,/bind/s/.*bind fd@//p" \
        "$TMPDIR"/drydock-*/haproxy.cfg)
    inode=$(readlink "/proc/$1/fd/$fd" | tr -dc 0-9)
    awk -v inode="$inode" '$10 == inode { split($2, at, ":"); print at[2] }' \
        "/proc/$1/net/tcp"
}

# target NAME BACKEND: a pool to be driven, with buildctl's builds at that
# backend: a real balancer with two builders for each architecture,
# held up by one long build of the other pool.
target() {
    echo 'build,pool,asked_at,work_s,caller' >"$out/held.csv"
    echo 'held,arm64,0,900,scale-test' >>"$out/held.csv"
    "$program" drive "$scenario" --trace "$out/held.csv" --lb haproxy \
        --shrink 20 >"$out/held" 2>&1 &
    us=$!
    haproxy=$(child "$us")
    sleep 1
    at=$(printf '%d' "0x$(port "$haproxy" fe_amd64)")
    "$program" drive "$scenario" --trace "$trace" --max-clients 9 --for 30s \
        --target "$1=127.0.0.1:$at" --set client.buildctl-test.backend="$2" \
        --shrink 20 >"$out/play" 2>"$out/errors"
    status=$?
    kill -s INT "$us"
    wait "$us"
    return $status
}

again target amd64 own
grep -q '^served  *4  *4$' "$out/play" || {
    fail 'the pool that was named did not serve its four builds'
    cat "$out/play"
}
grep -q '^5 builds of the trace dialled, 2 left out' "$out/play" ||
    fail 'builds of a pool without a target were dialled'
again target bk_all bk_all
grep -q '^1 builds of the trace dialled, 6 left out' "$out/play" ||
    fail 'a backend that was named is dialled by others than its callers'

"$program" drive "$scenario" --trace "$trace" --max-clients 9 --for 2s \
    --target 127.0.0.1:1 --shrink 20 >"$out/play" 2>"$out/errors"
[ $? -eq 3 ] || fail 'a target that serves nobody is no difference'
grep -q 'nobody was served' "$out/play" || {
    fail 'does not say that nobody was served'
    cat "$out/play" "$out/errors"
}

ends INT 1
ends TERM 1
ends KILL 137
rm -rf "$TMPDIR"
exit $bad
