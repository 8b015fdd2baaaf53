# bash.awk - completion for bash. Needs no other package of completions.

function add(list, word) {
    return list (list == "" ? "" : " ") word
}

# What can be the value of an option, as words of the function below.
function kind(arg) {
    if (arg ~ /^(FILE|PATH|DIR)$/)
        return "file"
    if (arg ~ /^KEY=/)
        return page == "trace synth" ? "synth" : "key"
    if (arg == "KEY")
        return "explain"
    if (arg ~ /^[a-z][a-z0-9|]*$/) {
        gsub(/\|/, " ", arg)
        return arg
    }
    return "nothing"
}

BEGIN { FS = "\t" }
$1 == "page" { page = $2; pages[++n] = page }
$1 == "args" && $2 ~ /^\[[a-z|]+\]$/ {
    words[page] = substr($2, 2, length($2) - 2)
    gsub(/\|/, " ", words[page])
}
$1 == "command" { words[page] = add(words[page], $2); above[page] = 1 }
$1 == "option" {
    if ($2 != "-")
        options[page] = add(options[page], "--" $2)
    if ($3 != "-")
        options[page] = add(options[page], "-" $3)
    if ($5 == "none")
        next
    values[page] = values[page] "    " \
        ($2 == "-" ? "" : "'" page ":--" $2 "'") \
        ($3 == "-" || $5 != "needed" ? "" \
            : ($2 == "-" ? "" : " | ") "'" page ":-" $3 "'") \
        ") _drydock_value " kind($4) "; return ;;\n"
}
$1 == "key" { keys = add(keys, $2) }
$1 == "synth" { synth = add(synth, $2) }
$1 == "hazard" { hazards = add(hazards, $2) }
END {
    print "# bash completion for drydock(1)"
    print "\n# _drydock_value KIND|WORD...: values of an option, for $cur."
    print "_drydock_value() {"
    print "    local keys='" keys "'"
    print "    case $1 in"
    print "    file) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
    print "        compopt -o filenames 2>/dev/null ;;"
    print "    nothing) ;;"
    print "    key) mapfile -t COMPREPLY < <(compgen -S = -W \"$keys\" -- \"$cur\")"
    print "        compopt -o nospace 2>/dev/null ;;"
    print "    synth) mapfile -t COMPREPLY < <(compgen -S = -W '" synth "' \\"
    print "            -- \"$cur\")"
    print "        compopt -o nospace 2>/dev/null ;;"
    print "    explain) mapfile -t COMPREPLY < <(compgen -W \"$keys hazards" \
        " " hazards "\" \\"
    print "            -- \"$cur\") ;;"
    print "    *) mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$cur\") ;;"
    print "    esac"
    print "}\n"
    print "_drydock() {"
    print "    local cur=${COMP_WORDS[COMP_CWORD]} prev= page= options= words="
    print "    local i word"
    print "    COMPREPLY=()"
    print "    for ((i = 1; i < COMP_CWORD; i++)); do"
    print "        word=${COMP_WORDS[i]}"
    print "        case $page:$word in"
    for (i = 1; i <= n; i++)
        if (pages[i] != "") {
            split(pages[i], part, " ")
            print "        " (pages[i] ~ / / ? part[1] ":" part[2] \
                : ":" pages[i]) ") page='" pages[i] "' ;;"
        }
    print "        esac"
    print "    done"
    print "    # The shell takes --set=KEY apart: --set = KEY."
    print "    [[ $cur == = ]] && cur="
    print "    prev=${COMP_WORDS[COMP_CWORD - 1]}"
    print "    [[ $prev == = && COMP_CWORD -ge 2 ]] &&"
    print "        prev=${COMP_WORDS[COMP_CWORD - 2]}"
    print "    [[ ${COMP_WORDS[COMP_CWORD]} == = && $prev != -* ]] && return"
    print "    case $page:$prev in"
    for (i = 1; i <= n; i++)
        printf "%s", values[pages[i]]
    print "    esac"
    print "    case $page in"
    for (i = 1; i <= n; i++)
        print "    '" pages[i] "') options='" options[pages[i]] \
            "' words='" words[pages[i]] "' ;;"
    print "    esac"
    print "    if [[ $cur == -* ]]; then"
    print "        mapfile -t COMPREPLY < <(compgen -W \"$options --help" \
        " --version\" -- \"$cur\")"
    print "    elif [[ $words ]]; then"
    print "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")"
    print "    else"
    print "        _drydock_value file"
    print "    fi"
    print "}"
    print "complete -F _drydock drydock"
}
