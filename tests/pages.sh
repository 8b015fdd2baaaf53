#!/bin/sh
# pages.sh PROGRAM - manual pages and completions say what the program knows.
# What a tool is missing for is skipped aloud.
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failed=0

bad() {
    echo "FAIL $*"
    failed=1
}

have() {
    command -v "$1" >/dev/null && return
    echo "skip: no $1; 'sh tests/packages.sh tools' installs it"
    return 1
}

SOURCE_DATE_EPOCH=86400 sh sim/pages/pages.sh "$program" "$work" || exit 1
SOURCE_DATE_EPOCH=86400 sh sim/pages/pages.sh "$program" "$work/again" || exit 1
# What is installed is what was built: nothing is built here.
built=$(dirname "$1")
target() {
    make -s -o "$built/drydock" "$1" B="$built" DESTDIR="$work/root" \
        PREFIX=/usr >"$work/log" 2>&1 || {
        cat "$work/log"
        bad "make $1"
    }
}
target install
cd "$work" || exit 1
for file in man1/* man5/* drydock.bash _drydock; do
    cmp -s "$file" "again/$file" || bad "$file differs from run to run"
done
grep -q '^.TH DRYDOCK 1 1970-01-02 "drydock [0-9.]*"$' man1/drydock.1 ||
    bad 'the page has a title with date and version'

share=root/usr/share
for file in root/usr/bin/drydock $share/man/man1/drydock-run.1 \
    $share/man/man5/drydock-scenario.5 $share/zsh/site-functions/_drydock \
    $share/bash-completion/completions/drydock \
    $share/drydock/schemas/scenario.schema.json; do
    [ -s "$file" ] || bad "$file is installed"
done
root/usr/bin/drydock check $share/drydock/scenarios/staging-scale-test.yaml \
    --quiet >installed 2>&1
[ $? -ne 1 ] || {
    cat installed
    bad 'the installed scenarios are whole'
}
( cd "$OLDPWD" && target uninstall; exit $failed ) || failed=1
[ -z "$(find root -type f)" ] || bad 'uninstall removes what was installed'

# Long options at the start of the lines of a help, or of the pages' options.
of_help() {
    "$program" "$@" --help |
        sed -n 's/^ \{2,6\}\(-., \)*--\([a-z-]*\).*/\2/p' | sort
}
of_page() {
    sed -n 's/^.*\\fB\\-\\-\([a-z\\-]*\)\\fR.*/\1/p' "$1" | tr -d '\\' | sort
}

# compare COMMAND...: the page and the help of a command, and those below it.
compare() {
    page=man1/$(echo "drydock $*" | tr ' ' '-' | sed 's/-$//').1
    [ -f "$page" ] || {
        bad "there is no $page"
        return
    }
    of_help "$@" >help
    of_page "$page" >page
    cmp -s help page || {
        bad "$page and --help differ"
        diff help page
    }
    cat page >>options
    for name in $("$program" "$@" --help |
        sed -n '/^Commands:/,$s/^  \([a-z]*\) .*/\1/p'); do
        grep -q "^\\.B $name\$" "$page" || bad "$page does not name $name"
        ( compare "$@" "$name"; exit $failed ) || failed=1
    done
}
compare
[ "$(find man1 -name '*.1' | wc -l)" -ge 15 ] || bad 'pages are missing'
# A test that sees nothing finds nothing.
of_page man1/drydock-run.1 | grep -qx 'openmetrics' || bad 'run has its options'
[ "$(of_help run | wc -l)" -ge 15 ] || bad 'the help was read'

"$program" check --explain | sed -n 's/^| `\([^`]*\)`.*/\1/p' | sort >keys
sed -n '/^.SH PARAMETERS/,$s/^\.B //p' man5/drydock-scenario.5 |
    sed 's/\\-/-/g' | sort >documented
cmp -s keys documented || bad 'drydock-scenario(5) is not the table'
[ -s keys ] || bad 'there are parameters'

if have mandoc; then
    mandoc -Tlint -Wwarning man1/*.1 man5/*.5 || bad 'mandoc finds mistakes'
    mandoc -Tascii man1/drydock-trace-synth.1 | col -b 2>/dev/null |
        grep -q 'help-params' || bad 'a page can be read'
fi

grep -A1 '^.SH EXIT STATUS$' man1/drydock-run.1 | grep -q '^0 all targets met' ||
    bad 'a page has the exit status of its command'

# ---------------------------------------------------------------- examples

# What the help shows works when it is pasted. Not run: what names files of the
# reader, what tests/drive.sh plays, and `size`, which takes a minute and is
# tried by tests/cli.sh.
mkdir tree
ln -s "$root/scenarios" "$root/traces" tree
for name in run sweep size compare explain check drive alerts bench \
    'trace import' 'trace stats' 'trace synth' 'trace cut'; do
    # shellcheck disable=SC2086 # words on purpose
    "$program" $name --help | sed -n '/^Examples:$/,/^$/s/^  drydock //p' >shown
    [ -s shown ] || bad "the help of $name has an example"
    cat shown
done >examples
while read -r line; do
    case $line in
    drive* | size* | *--git* | *jobs.json*) continue ;;
    alerts*) have promtool || continue ;;
    esac
    # shellcheck disable=SC2086 # words on purpose
    (cd tree && "$program" $line) >log 2>&1 </dev/null
    case $? in
    0 | 3) ;;
    *)
        bad "example: drydock $line"
        cat log
        ;;
    esac
done <examples

# ---------------------------------------------------------------- shells

cat >ask.bash <<'END'
. ./drydock.bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_drydock
printf '%s\n' "${COMPREPLY[@]}" | sort
END

# completes WANTED WORD...: the last word is completed; WANTED is a line of it.
completes() {
    want=$1
    shift
    bash ask.bash "$@" >got 2>err || bad "completion of: $*"
    [ ! -s err ] || bad "completion of: $* $(cat err)"
    grep -qxe "$want" got || bad "no '$want' among what completes: $*"
}
# only WANTED WORD...: it is the one answer.
only() {
    completes "$@"
    [ "$(wc -l <got)" -eq 1 ] || bad "more than '$1' completes the last word"
}
if have bash; then
    : >history.csv
    only size drydock siz
    only --openmetrics drydock run --openm
    only --help-params drydock trace synth --help-p
    only import drydock trace im
    only karpenter.batch_idle= drydock run s.yaml --set karpenter.batch_i
    only karpenter.batch_idle= drydock run --set = karpenter.batch_i
    only hpa.sync_period= drydock sweep s.yaml --vary hpa.sync_p
    only runs_per_day= drydock trace synth --set runs_per_d
    only days= drydock trace synth --set day
    only history.csv drydock run --trace hist
    only history.csv drydock run hist
    only summary drydock check --schema = su
    only upstream drydock drive --controllers ''
    only grace-below-history drydock check --explain = grace-below-h
    only engine drydock bench en
    completes '' drydock run --seed ''
    completes run drydock ''
    completes trace drydock ''
fi
if have zsh; then
    zsh -n _drydock || bad 'zsh cannot read its completion'
    for name in run trace trace_synth; do
        grep -q "^_drydock_$name() {" _drydock || bad "zsh misses $name"
    done
    # Only the definitions: the last line needs the completion system.
    sed '$d' _drydock >defined
    zsh -fc 'autoload -Uz compinit; . ./defined
        functions _drydock_run >/dev/null && functions _drydock >/dev/null' ||
        bad 'zsh cannot define its functions'
    grep -q "'\*--set=\[.*\]:key=value:_drydock_keys'" _drydock ||
        bad 'zsh completes keys'
fi

echo "$(wc -l <options) options"
exit $failed
