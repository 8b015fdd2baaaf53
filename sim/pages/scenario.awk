# scenario.awk - drydock-scenario(5) from the Markdown table of parameters.

function roff(text) {
    gsub(/^ +| +$|`/, "", text)
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    sub(/^[.']/, "\\\\\\&&", text)
    return text
}

BEGIN {
    FS = "|"
    print ".TH DRYDOCK-SCENARIO 5 " date " \"" version "\""
    print ".SH NAME\ndrydock\\-scenario \\- a question to drydock"
    print ".SH DESCRIPTION"
    print "A scenario is a YAML file: a history, the manifests that are to"
    print "serve it, the clients, what goes wrong, and what a good answer is."
    print ".PP"
    print ".EX"
    print "trace: history.csv"
    print "manifests: manifests"
    print "karpenter: {batch_idle: 45s}"
    print "targets: {p95_wait: 5m, gave_up: 0}"
    print "set: {amd64.max_replicas: 64}"
    print ".EE"
    print ".PP"
    print "The keys of the file, of faults and of targets are in its JSON"
    print "Schema, which"
    print ".B drydock check \\-\\-schema"
    print "prints and editors read."
    print ".SH PARAMETERS"
    print "What exists once a pool, a backend, a node pool, a caller or a type"
    print "is set for all of them by its key, and for one of them with that"
    print "one's name:"
    print ".IR amd64 .max_replicas,"
    print ".RI lb. bk_amd64 .slots,"
    print ".RI nodepool. NAME .weight."
}
NR > 2 {
    each = roff($3)
    print ".TP"
    print ".B " roff($2)
    print roff($6) "."
    print "Range: " roff($5) ". Default: " roff($4) "."
    print (each == "" ? "" : "Once " each ". ") "Source: " roff($7) "."
}
END {
    print ".SH SEE ALSO\n.BR drydock (1),\n.BR drydock\\-check (1)"
}
