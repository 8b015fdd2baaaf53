# story.awk -v dir=RUN -v pool=POOL -v figure=WORDS - one figure of the files
# that `drydock run -o RUN` wrote, on standard output; nothing if it has none.
#
#   summary KEY                 of summary.json: served, wait_s.p95; pool "all"
#                               reads the totals
#   timeline COLUMN at T        value of a step function, at an instant,
#   timeline COLUMN max T T     over an interval: max, min, mean (by time), or
#   timeline COLUMN downs T T   how often it goes down
#   timeline COLUMN rises N T   seconds from T until it is at least N,
#   timeline COLUMN falls N T   at most N
#   builds count COND...        builds with NAME=TEXT, NAME<N, NAME>N
#   builds max NAME COND...     max, min or mean of a column; life_s is the time
#                               from asking to the end, tries is dials/attempts
#   pods max COND...            builds of the pod with the most; min: of those
#                               with any; pods count: pods with any
#   events T T WORDS            lines of events.log with these words
#   check WORDS                 lines of `drydock check` with these words
#
# T is 90s, 10m, 5h or 2d since the trace's start.

function seconds(t) {
    if (t ~ /d$/) return t * 86400
    if (t ~ /h$/) return t * 3600
    if (t ~ /m$/) return t * 60
    return t + 0
}

# Reads the next line of a file of the run. Without the file there is no figure,
# not a zero.
function rows(file,   got) {
    got = getline < (dir "/" file)
    if (got < 0)
        exit 1
    return got
}

function heading(   i) {
    for (i = 1; i <= NF; i++)
        column[$i] = i
}

# ------------------------------------------------------------- summary.json

# One key a line, one space of indentation a level.
function summary(   line, path, at, depth, name, want) {
    want = pool == "all" ? "totals." w[2] : "pools." pool "." w[2]
    while ((getline line < (dir "/summary.json")) > 0) {
        match(line, /^ */)
        depth = RLENGTH
        if (!match(line, /"[^"]*": /))
            continue
        name = substr(line, RSTART + 1, RLENGTH - 4)
        path[depth] = name
        at = path[1]
        for (i = 2; i <= depth; i++)
            at = at "." path[i]
        if (at == want) {
            sub(/^[^:]*: */, "", line)
            return line + 0
        }
    }
    return ""
}

# ------------------------------------------------------------ timeline.csv

# The value holds from one instant up to the next, which is no part of it.
function note(value, from, to) {
    if (to <= t1 || from > t2)
        return
    if (from < t1) from = t1
    if (to > t2) to = t2
    if (!seen++ || value > most) most = value
    if (seen == 1 || value < least) least = value
    if (seen > 1 && value < before) downs++
    before = value
    area += value * (to - from)
    if (found == "" && (w[3] == "rises" && value >= w[4] ||
                        w[3] == "falls" && value <= w[4]))
        found = from - t1
}

# Dated traces have no seconds here: their rows count one each.
function timeline(   value, from, now, n) {
    t1 = 0
    t2 = 1e12
    if (w[3] == "at")
        t1 = t2 = seconds(w[4])
    else if (w[3] == "rises" || w[3] == "falls")
        t1 = seconds(w[5])
    else if (n_words >= 5) {
        t1 = seconds(w[4])
        t2 = seconds(w[5])
    }
    FS = ","
    while (rows("timeline.csv")) {
        if ($1 == "at") {
            heading()
            continue
        }
        if ($2 != pool)
            continue
        now = $1 ~ /T/ ? n : $1 + 0
        # The last of several rows of one instant holds from there on.
        if (n++ && now > from)
            note(value, from, now)
        from = now
        value = field(w[2])
    }
    if (n)
        note(value, from, 2e12)
    if (w[3] == "rises" || w[3] == "falls")
        return found
    if (w[3] == "downs")
        return downs + 0
    if (w[3] == "at")
        return before
    if (w[3] == "mean")
        return area / (t2 - t1)
    return w[3] == "max" ? most : least
}

# -------------------------------------------------------------- builds.csv

function field(name) {
    if (name == "life_s")
        return $(column["done_at"]) - $(column["asked_at"])
    if (name == "tries")
        return $(column["dials"]) / $(column["attempts"])
    if (!(name in column)) {
        print "no column " name > "/dev/stderr"
        exit 1
    }
    return $(column[name])
}

function holds(cond,   i, name, value) {
    match(cond, /[=<>]/)
    i = RSTART
    name = substr(cond, 1, i - 1)
    value = substr(cond, i + 1)
    if (substr(cond, i, 1) == "=") return field(name) "" == value ""
    if (substr(cond, i, 1) == "<") return field(name) + 0 < value + 0
    return field(name) + 0 > value + 0
}

function counted(first,   i) {
    if ($(column["pool"]) != pool)
        return 0
    for (i = first; i <= n_words; i++)
        if (!holds(w[i]))
            return 0
    return 1
}

function better(how, x, best) {
    return best == "" || (how == "max" ? x > best : x < best)
}

function builds(   n, x, best, sum, first) {
    first = w[2] == "count" ? 3 : 4
    FS = ","
    while (rows("builds.csv")) {
        if ($1 == "build") {
            heading()
            continue
        }
        if (!counted(first))
            continue
        n++
        if (w[2] == "count")
            continue
        x = field(w[3]) + 0
        sum += x
        if (better(w[2], x, best)) best = x
    }
    if (w[2] == "count") return n + 0
    return w[2] == "mean" ? (n ? sum / n : "") : best
}

function pods(   n, best, id, on) {
    FS = ","
    while (rows("builds.csv")) {
        if ($1 == "build")
            heading()
        else if (counted(3) && $(column["pod"]) != "")
            on[$(column["pod"])]++
    }
    for (id in on) {
        n++
        if (better(w[2], on[id], best)) best = on[id]
    }
    return w[2] == "count" ? n + 0 : best
}

# ------------------------------------------------------------------- texts

function words_from(first,   i, text) {
    for (i = first; i <= n_words; i++)
        text = text (i > first ? " " : "") w[i]
    return text
}

function events(   text, n) {
    text = words_from(4)
    FS = " "
    while (rows("events.log"))
        if ($2 == pool && $1 >= seconds(w[2]) && $1 <= seconds(w[3]) &&
            index($0, text))
            n++
    return n + 0
}

function check(   text, n, lines) {
    text = words_from(2)
    while (rows("check.txt")) {
        lines++
        if (index($0, text))
            n++
    }
    return lines ? n + 0 : ""
}

BEGIN {
    n_words = split(figure, w, " ")
    if (w[1] == "summary") answer = summary()
    else if (w[1] == "timeline") answer = timeline()
    else if (w[1] == "builds") answer = builds()
    else if (w[1] == "pods") answer = pods()
    else if (w[1] == "events") answer = events()
    else if (w[1] == "check") answer = check()
    if (answer != "")
        printf "%.9g\n", answer
}
