#!/bin/sh
# tidy_file.sh STAMPS FILE.c FLAG... - clang-tidy and cppcheck on one file with
# these flags of the compiler. If neither finds anything, the folder STAMPS
# keeps a mark of all that they have read, headers of the system too, and of
# $tools, which says what they are; while that mark stands they are not asked
# again.
set -u
stamps=$1
file=$2
shift 2

# The file and all that it includes, behind the name of a target.
list=$(gcc -M -MT x "$@" "$file" | tr -s ' \\\n' ' ')
list=${list#x: }
[ -n "$list" ] || exit 1
# shellcheck disable=SC2086 # words on purpose: no name has a space
mark=$({
    echo "${tools?} $*" $list
    cat $list
} | sha256sum)
mark=$stamps/${mark%% *}
[ ! -f "$mark" ] || exec touch "$mark"

bad=0
clang-tidy --quiet "$file" -- "$@" 2>/dev/null || bad=1
cppcheck --quiet --std=c11 --enable=warning,performance,portability \
    --suppress=missingIncludeSystem --inline-suppr --error-exitcode=1 -I . \
    "$file" || bad=1
[ $bad -ne 0 ] || : >"$mark"
exit $bad
