# man.awk - one manual page a command, into dir/man1. Records are those of
# sim/app/describe.h, with a record "page COMMAND" before those of each.

function roff(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    sub(/^[.']/, "\\\\\\&&", text)
    return text
}

# Two spaces are what is left of an empty line, or of an indented one.
function paragraphs(text,    part, n, i) {
    n = split(text, part, /  +/)
    for (i = 1; i <= n; i++) {
        if (i > 1)
            print ".PP" > file
        print roff(part[i]) > file
    }
}

# The text behind the options: notes, examples, and the exit status.
function behind(text,    part, n, i, notes, examples) {
    status = "0 good; 1 bad input or a failed run; 2 usage; 3 the answer is no."
    n = split(text, part, /  +/)
    for (i = 1; i <= n; i++)
        if (sub(/^Exit status: /, "", part[i]))
            status = part[i]
        else if (part[i] ~ /^drydock /)
            examples = examples roff(part[i]) "\n"
        else if (part[i] != "Examples:")
            notes = notes (notes == "" ? "" : ".PP\n") roff(part[i]) "\n"
    if (notes != "")
        printf ".SH NOTES\n%s", notes > file
    if (examples != "")
        printf ".SH EXAMPLES\n.nf\n%s.fi\n", examples > file
}

function option(long, letter, arg, how, doc,    head, value) {
    value = how == "needed" ? "=\\fI" roff(arg) "\\fR" \
        : how == "optional" ? "[=\\fI" roff(arg) "\\fR]" : ""
    head = letter == "-" ? "" : "\\fB\\-" letter "\\fR"
    if (long != "-")
        head = head (head == "" ? "" : ", ") "\\fB\\-\\-" roff(long) "\\fR" value
    else if (how == "needed")
        head = head " \\fI" roff(arg) "\\fR"
    print ".TP\n" head "\n" roff(doc) > file
}

function start() {
    name = "drydock" (page == "" ? "" : "-" page)
    gsub(/ /, "-", name)
    file = dir "/man1/" name ".1"
    print ".TH " toupper(name) " 1 " date " \"" version "\"" > file
    print ".SH NAME\n" roff(name) " \\- " roff(summary[page]) > file
}

# The options come last in the records, the commands in a page without any.
function finish(    i) {
    if (page == -1)
        return
    start()
    print ".SH SYNOPSIS\n.B " roff("drydock" (page == "" ? "" : " " page)) > file
    if (n_commands == 0)
        print "[\\fIOPTION\\fR...]" > file
    if (args != "")
        print roff(args) > file
    print ".SH DESCRIPTION" > file
    paragraphs(doc)
    if (n_commands > 0)
        print ".SH COMMANDS" > file
    for (i = 1; i <= n_commands; i++)
        print ".TP\n.B " roff(command[i]) "\n" \
            roff(summary[page (page == "" ? "" : " ") command[i]]) > file
    print ".SH OPTIONS" > file
    for (i = 1; i <= n_options; i++)
        option(long[i], letter[i], arg[i], how[i], about[i])
    option("help", "?", "-", "none", "print the options, and end")
    option("usage", "-", "-", "none", "print a short form of them, and end")
    option("version", "V", "-", "none", "print the version, and end")
    behind(end)
    finish_status()
    close(file)
}

function finish_status(    above) {
    print ".SH EXIT STATUS\n" roff(status) > file
    print ".SH ENVIRONMENT\n.TP\n.BR NO_COLOR , \" \" TERM" > file
    print "A terminal sees verdicts and errors in colour, unless NO_COLOR" > file
    print "has a value or TERM is dumb." > file
    print ".SH SEE ALSO" > file
    above = "drydock"
    if (split(page, unused, " ") > 1)
        above = above "-" unused[1]
    if (page != "")
        print ".BR " roff(above) " (1)," > file
    print ".BR " roff("drydock-scenario") " (5)" > file
}

BEGIN {
    FS = "\t"
    page = -1
    summary[""] = "a dry run for docker-build autoscaling"
}
$1 == "page" {
    finish()
    page = $2
    n_commands = n_options = 0
    doc = args = end = ""
}
$1 == "doc" { doc = $2 }
$1 == "args" { args = $2 }
$1 == "end" { end = $2 }
$1 == "command" {
    command[++n_commands] = $2
    summary[page (page == "" ? "" : " ") $2] = $3
}
$1 == "option" {
    n_options++
    long[n_options] = $2
    letter[n_options] = $3
    arg[n_options] = $4
    how[n_options] = $5
    about[n_options] = $6
}
END { finish() }
