#!/bin/sh
# mpi.sh PROGRAM - its sibling that `make MPI=1` has built, under mpirun: the
# bytes of one process for every number of ranks and threads, and the loss of a
# rank. build/release/drydock stands for build/release-mpi/drydock.
# shellcheck disable=SC2086,SC2317 # words on purpose; check calls functions
set -u
case $1 in
/*) program=${1%/*}-mpi/drydock ;;
*) program=$PWD/${1%/*}-mpi/drydock ;;
esac
if ! command -v mpirun >/dev/null || [ ! -x "$program" ]; then
    echo 'skip: no mpirun, or not built by make MPI=1: nothing ran on ranks'
    exit 0
fi
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'kill -9 $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
ln -s "$root/scenarios" "$root/traces" .
failed=0

check() { # NAME COMMAND...
    what=$1
    shift
    if "$@"; then echo "ok   $what"; else
        failed=1
        echo "FAIL $what"
        sed 's/^/     /' err 2>/dev/null | head -n 20
    fi
}
says() { grep -qF -- "$1" err; }
equal() { diff -r -x 'trials*' "$1" "$2" >err 2>&1; }

small=scenarios/staging-scale-test.yaml
sweep="sweep $small --vary amd64.max_replicas=4,5,6,8,10,12 --reps 50 -q
    --no-plots"
size="size $small --histories 60 -q --no-plots"

OMPI_ALLOW_RUN_AS_ROOT=1
OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM
ranks() { # N WORDS...
    n=$1
    shift
    timeout 300 mpirun --oversubscribe -n "$n" "$program" "$@"
}

for command in "$sweep" "$size"; do
    name=${command%% *}
    "$program" $command -o alone >alone.out 2>err
    check "$name runs by itself" [ $? -eq 0 ]
    for shape in '1 2' '2 1' '3 2' '4 1'; do
        rm -rf many
        ranks ${shape% *} $command -o many --threads ${shape#* } >out 2>err
        check "$name: ranks and threads $shape" [ $? -eq 0 ]
        check "$name: the same output" cmp -s out alone.out
        check "$name: the same files" equal many alone
        check "$name: nothing was run twice" \
            [ "$(wc -l <many/trials.txt)" -eq "$(wc -l <alone/trials.txt)" ]
    done
    rm -rf alone
done

# ---------------------------------------------------------------- what fails

ranks 2 size no.yaml >out 2>err
check 'bad input fails' [ $? -eq 1 ]
check 'it is said once' [ "$(grep -c 'no.yaml: No such file' err)" -eq 1 ]
ranks 2 $sweep -o parts --part 0/2 >out 2>err
check 'ranks are no parts' [ $? -ne 0 ]
check 'it says so' says '--part is for copies that are no ranks'
# Two ranks that were started with different seeds.
timeout 300 mpirun --oversubscribe -n 1 "$program" $sweep --seed 1 : \
    -n 1 "$program" $sweep --seed 2 >out 2>err
check 'ranks that differ fail' [ $? -eq 1 ]
check 'the rank is named' says 'rank 1 has another scenario, trace, seed'

# ---------------------------------------------------------------- a lost rank

long="$sweep --reps 4000 -o lost --threads 1"
# The others have ten seconds to say what they have.
# shellcheck disable=SC2016 # for the shells of the ranks
timeout 300 mpirun --oversubscribe --mca odls_base_sigkill_timeout 10 -n 3 \
    sh -c 'echo $$ >pid.$OMPI_COMM_WORLD_RANK; exec "$@"' sh "$program" \
    $long >out 2>err &
pid=$!
while [ ! -f lost/trials.txt ] || [ "$(wc -l <lost/trials.txt)" -lt 300 ]; do
    sleep 0.05
done
kill -9 "$(cat pid.2)"
wait $pid
check 'a lost rank ends the search' [ $? -ne 0 ]
check 'it is named' says 'rank 2'
check 'and the way on' says '--resume goes on from there'
kept=$(wc -l <lost/trials.txt)
ranks 2 ${long% --threads 1} --reps 100 --resume >out 2>err
check 'it goes on from there' [ $? -eq 0 ]
check 'with what was done' [ "$(wc -l <lost/trials.txt)" -ge "$kept" ]
"$program" ${long% -o lost*} --reps 100 >alone.out 2>err
check 'to the same answer' cmp -s out alone.out

exit $failed
