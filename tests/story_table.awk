# story_table.awk - the table of tests/stories.sh. A row is the value that was
# found ("none" if there is none) and the cells of expect.tsv:
#
#   1 value   2 story  3 run   4 pool   5 figure   6 low   7 high   8 what
#   9 how it is known: observed, derived, measured     10 the reality, in words
#   11 source  12 remark; "differs: ..." says why the reality is not met, and
#   low to high is then what the models give

function shown(x) {
    if (x !~ /^-?[0-9]/) return x
    if (x == int(x)) return sprintf("%d", x)
    if (x >= 100 || x <= -100) return sprintf("%.0f", x)
    return sprintf("%.3g", x)
}

function range(low, high) {
    return low == high ? shown(low) : shown(low) " to " shown(high)
}

# Prints text in lines of at most 76 characters, each after the margin.
function wrapped(text, margin,   n, words, i, line) {
    n = split(text, words, " ")
    line = margin
    for (i = 1; i <= n; i++) {
        if (length(line) + 1 + length(words[i]) > 78 && line != margin) {
            print line
            line = margin
        }
        line = line (line == margin ? "" : " ") words[i]
    }
    print line
}

BEGIN {
    FS = "\t"
    form = "  %-36s | %-26s | %7s | %s\n"
    printf "%-38s | %-26s | %7s | %s\n", "story",
        "observed (o) or derived", "drydock", "verdict"
}

NF != 12 {
    printf "row %d of the expectations has %d cells, not 11: %s\n", NR,
        NF - 1, $0
    failed++
    next
}

{
    if ($2 != story)
        printf "\n%s\n", $2
    story = $2
    reality = ($9 == "observed" ? "o " : "  ") $10
    ok = $1 != "none" && $1 + 0 >= $6 + 0 && $1 + 0 <= $7 + 0
    differs = $12 ~ /^differs: /
    verdict = !ok ? "FAILED" : differs ? "differs" : "ok"
    printf form, $8, reality, shown($1), verdict
    if (!ok)
        wrapped("expected " range($6, $7) ", got " $1 ": " $5 " of " $4 \
                " in " $3 " (" $11 ")", "      ")
    if (differs)
        wrapped(substr($12, 10), "      ")
    if (ok) passed++
    else failed++
}

END {
    printf "\n%d passed, %d failed\n", passed, failed
    exit failed > 0
}
