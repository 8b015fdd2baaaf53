#!/bin/sh
# action.sh PROGRAM - the steps of the GitHub Action, with a made-up `gh`: one
# comment is written and then updated, forks get the summary, and what comes
# from outside is never run.
# shellcheck disable=SC2016 # expansions that must not happen
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
root=$PWD
for tool in git bash; do
    command -v "$tool" >/dev/null || {
        echo "skip: no $tool; the action's steps are not tried"
        exit 0
    }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
failed=0

fail() {
    echo "FAIL $1"
    failed=1
}

says() {
    grep -qF -- "$2" "$1" || {
        fail "'$2' is not in $1:"
        head -n 30 "$1"
    }
}

# ------------------------------------------------------------ the text of it

# No expression inside of a script; no event that trusts a fork.
grep -n 'run:.*\${{' "$root/action.yml" && fail 'a script has an expression'
for file in "$root/action.yml" "$root/.ci/pull-request.yml"; do
    awk '/^ *run: *[|>]/ { inside = 1; next }
         inside && /^ *- |^[a-z]/ { inside = 0 }
         inside && /\$\{\{/ { bad = 1 }
         END { exit bad }' "$file" || fail "a script of $file has an expression"
    sed 's/#.*//' "$file" | grep -n pull_request_target &&
        fail "$file trusts forks"
done
if command -v actionlint >/dev/null; then
    actionlint "$root/.ci/pull-request.yml" || fail 'actionlint'
fi
if command -v shellcheck >/dev/null; then
    shellcheck "$root/.ci/action.sh" || fail 'shellcheck'
fi

# ------------------------------------------------------------ a pull request

HOME=$work/home
RUNNER_TEMP=$work/temp
GITHUB_OUTPUT=$work/output
GITHUB_STEP_SUMMARY=$work/summary
GITHUB_REPOSITORY=some/where
GIT_CONFIG_GLOBAL=/dev/null
export HOME RUNNER_TEMP GITHUB_OUTPUT GITHUB_STEP_SUMMARY GITHUB_REPOSITORY \
    GIT_CONFIG_GLOBAL
mkdir -p "$HOME/.cache/drydock" "$RUNNER_TEMP" bin repository
ln -s "$program" "$HOME/.cache/drydock/drydock"

# A made-up gh: it keeps its words and the body, and lists what is in `list`.
cat >bin/gh <<'GH'
#!/bin/sh
printf '%s\n' "$*" >>"$GH_LOG"
[ ! -e "$GH_LOG.refuse" ] || exit 1
case "$*" in
*--paginate*) cat "$GH_LOG.list" ;;
*body=@*)
    for word; do
        case $word in body=@*) cp "${word#body=@}" "$GH_LOG.body" ;; esac
    done
    ;;
esac
GH
chmod +x bin/gh
PATH=$work/bin:$PATH
GH_LOG=$work/gh
export PATH GH_LOG
: >gh.list

cd repository || exit 1
commit() {
    git add -A && git -c user.name=n -c user.email=e@e.invalid \
        -c commit.gpgsign=false commit -q -m "$1"
}
hostile='de $(touch ran) `touch ran`;touch ran'
git init -q . && mkdir "$hostile" &&
    cp "$root"/scenarios/manifests/prod/* "$hostile/" &&
    cp "$root/scenarios/stories/traces/burst-27.csv" . && commit base
BASE=$(git rev-parse HEAD)
sed 's/minReplicaCount: 2$/minReplicaCount: 27/' \
    "$root/scenarios/manifests/prod/scaledobjects.yaml" \
    >"$hostile/scaledobjects.yaml"
commit head
HEAD=$(git rev-parse HEAD)
MANIFESTS=$hostile
TRACE=burst-27.csv
REPS=3
export BASE HEAD MANIFESTS TRACE REPS

"$root/.ci/action.sh" compare >../answer 2>&1 || {
    fail 'compare'
    cat ../answer
}
says ../output "folder=$RUNNER_TEMP/drydock"
says ../output passes=true
says ../output verdict=mixed
[ -z "$(find "$work" -name ran)" ] || fail 'a name was run'

# ------------------------------------------------------------ the comment

FOLDER=$RUNNER_TEMP/drydock
NUMBER=7
ARTIFACT=https://example.invalid/a
export FOLDER NUMBER ARTIFACT
"$root/.ci/action.sh" comment >../answer || fail 'comment'
says ../gh '-X POST repos/some/where/issues/7/comments'
says ../gh.body '<!-- drydock -->'
says ../gh.body '[Pictures, all figures and report.html](https://example.invalid/a)'
says ../gh.body 'report.html has the same, with a timeline to zoom into.'
[ -s "$FOLDER/report.html" ] || fail 'report.html is not uploaded'
says ../gh.body '## drydock: mixed'
says ../summary '## drydock: mixed'
grep -n '^!\[' ../gh.body && fail 'a picture that cannot be shown'

echo 4711 >../gh.list
: >../gh
"$root/.ci/action.sh" comment >../answer || fail 'comment again'
says ../gh '-X PATCH repos/some/where/issues/comments/4711'
grep -q -- '-X POST' ../gh && fail 'a second comment'

: >../gh
: >../summary
: >../gh.refuse
"$root/.ci/action.sh" comment >../answer || fail 'a fork fails the job'
says ../answer '::notice::no comment'
says ../summary '## drydock: mixed'
rm ../gh.refuse

: >../gh
NUMBER='7; touch ran' "$root/.ci/action.sh" comment >../answer ||
    fail 'no number'
[ ! -s ../gh ] || fail 'gh is called without a number'
[ -z "$(find "$work" -name ran)" ] || fail 'a number was run'

# A verdict of 3 is an answer, a mistake is none.
: >../output
printf 'targets: {p95_wait: 1s}\n' >targets.yaml
SCENARIO=targets.yaml HEAD=$BASE \
    "$root/.ci/action.sh" compare >../answer 2>&1 || {
    fail 'a missed target ends the step'
    cat ../answer
}
says ../output passes=false
MANIFESTS=nowhere "$root/.ci/action.sh" compare >../answer 2>&1 &&
    fail 'a folder that is not there is none'
"$root/.ci/action.sh" key
grep -q '^key=drydock-.*-[0-9a-f]\{64\}$' ../output || fail 'key'
[ "$failed" -eq 0 ]
