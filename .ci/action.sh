#!/usr/bin/env bash
# action.sh key|build|compare|comment - the steps of action.yml. Everything
# from outside comes in the environment and stays quoted.
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
binary=$HOME/.cache/drydock/drydock
marker='<!-- drydock -->'

# The same program from the same sources on the same image.
key() {
    local sum
    sum=$(cd "$source" &&
        find Makefile sim models traces scenarios plots -type f \
            \( -name '*.[ch]' -o -name '*.gp' -o -name Makefile \
            -o -path 'plots/page/*' -o -path 'plots/vendor/*' \) -print0 |
        sort -z | xargs -0 sha256sum | sha256sum)
    echo "key=drydock-${ImageOS:-unknown}-${sum%% *}" >>"$GITHUB_OUTPUT"
}

build() {
    sh "$source/tests/packages.sh" build
    [ -x "$binary" ] && return
    make -s -C "$source" -j "$(nproc)" CONFIG=release all
    mkdir -p "${binary%/*}"
    cp "$source/build/release/drydock" "$binary"
}

# render REVISION FOLDER: plain kustomize, without plugins and without files
# from outside of the folder's tree.
render() {
    local tree=$work/tree-${2##*/}
    git worktree add -q --detach "$tree" "$1"
    mkdir -p "$2"
    kubectl kustomize --load-restrictor LoadRestrictionsRootOnly \
        "$tree/$MANIFESTS" >"$2/rendered.yaml"
    git worktree remove --force "$tree"
}

compare() {
    local folder=$RUNNER_TEMP/drydock status=0 work=$RUNNER_TEMP
    local words=(--trace "$TRACE" --reps "${REPS:-20}" --output "$folder")

    [ -z "${SCENARIO:-}" ] || words+=(--scenario "$SCENARIO")
    case ${RENDER:-none} in
    none)
        words+=(--git "$BASE...$HEAD" -- "$MANIFESTS")
        ;;
    kustomize)
        render "$(git merge-base "$BASE" "$HEAD")" "$work/base"
        render "$HEAD" "$work/head"
        words+=(-- "$work/base" "$work/head")
        ;;
    *)
        echo "::error::render is none or kustomize"
        return 2
        ;;
    esac
    "$binary" compare --quiet "${words[@]}" || status=$?
    # 3 is an answer; the last step of the action gates on it.
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || return "$status"
    {
        echo "folder=$folder"
        echo "passes=$([ "$status" -eq 0 ] && echo true || echo false)"
        sed -n 's/^ "verdict": "\([a-z ]*\)",$/verdict=\1/p' \
            "$folder/compare.json"
    } >>"$GITHUB_OUTPUT"
}

# body FOLDER: the report as a comment. A comment cannot show the pictures of
# an artifact, so that they become a link to it.
body() {
    echo "$marker"
    sed '/^!\[[^]]*\](plots\/[a-z_]*\.png)$/d' "$1/report.md"
    case ${ARTIFACT:-} in
    https://*) echo "[Pictures, all figures and report.html]($ARTIFACT)" ;;
    esac
}

# The comment that an earlier run of this left, if there is one.
earlier() {
    gh api --paginate \
        "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments?per_page=100" \
        --jq ".[] | select(.user.type == \"Bot\") |
              select(.body | startswith(\"$marker\")) | .id" | head -n 1
}

comment() {
    local text=$RUNNER_TEMP/drydock-comment.md id

    # shellcheck disable=SC2153 # of the environment
    body "$FOLDER" >"$text"
    cat "$text" >>"$GITHUB_STEP_SUMMARY"
    [ "${COMMENT:-true}" != false ] || return 0
    case $NUMBER in
    '' | *[!0-9]*)
        echo "::notice::no pull request: the report is the job's summary"
        return 0
        ;;
    esac
    if id=$(earlier) &&
        if [ -n "$id" ]; then
            gh api -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" \
                -F "body=@$text" --silent
        else
            gh api -X POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" \
                -F "body=@$text" --silent
        fi; then
        return 0
    fi
    echo "::notice::no comment (a fork's token may not): see the job's summary"
}

case ${1:-} in
key | build | compare | comment) "$1" ;;
*)
    echo 'action.sh key|build|compare|comment' >&2
    exit 2
    ;;
esac
