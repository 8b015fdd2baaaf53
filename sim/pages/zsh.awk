# zsh.awk - completion for zsh.

function quote(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/\[/, "\\[", text)
    gsub(/\]/, "\\]", text)
    gsub(/:/, "\\:", text)
    gsub(/'/, "'\\''", text)
    return text
}

function action(arg) {
    if (arg ~ /^(FILE|PATH)$/)
        return "_files"
    if (arg == "DIR")
        return "_files -/"
    if (arg ~ /^KEY=/)
        return page == "trace synth" ? "_drydock_synth" : "_drydock_keys"
    if (arg == "KEY")
        return "_drydock_words"
    if (arg ~ /^[a-z][a-z0-9|]*$/) {
        gsub(/\|/, " ", arg)
        return "(" arg ")"
    }
    return " "
}

BEGIN { FS = "\t" }
$1 == "page" { page = $2; pages[++n] = page }
$1 == "args" && $2 ~ /^\[[a-z|]+\]$/ {
    word = substr($2, 2, length($2) - 2)
    gsub(/\|/, " ", word)
    rest[page] = "(" word ")"
}
$1 == "command" {
    commands[page] = commands[page] "        '" $2 ":" quote($3) "'\n"
}
$1 == "option" {
    value = $5 == "none" ? "" : ($5 == "optional" ? "::" : ":") \
        quote(tolower($4)) ":" action($4)
    text = "[" quote($6) "]"
    if ($2 != "-")
        options[page] = options[page] "        '*--" $2 \
            (value == "" ? "" : $5 == "optional" ? "=-" : "=") text value "'\n"
    if ($3 != "-")
        options[page] = options[page] "        '*-" $3 \
            (value == "" ? "" : "+") text value "'\n"
}
$1 == "key" { keys = keys " " $2 }
$1 == "synth" { synth = synth " " $2 }
$1 == "hazard" { hazards = hazards " " $2 }

function name_of(page) {
    gsub(/ /, "_", page)
    return "_drydock" (page == "" ? "" : "_" page)
}

END {
    print "#compdef drydock"
    print "\n_drydock_keys() { compadd -S = --" keys "; }"
    print "_drydock_synth() { compadd -S = --" synth "; }"
    print "_drydock_words() { compadd -- hazards" keys hazards "; }"
    for (i = n; i >= 1; i--) {
        print "\n" name_of(pages[i]) "() {"
        if (commands[pages[i]] == "") {
            print "    local -a options=(\n" options[pages[i]] "    )"
            print "    _arguments -s $options '(- *)--help[print the options]' \\"
            print "        '*:argument:" (pages[i] in rest ? rest[pages[i]] \
                : "_files") "'"
        } else {
            print "    local -a commands=(\n" commands[pages[i]] "    )"
            print "    if ((CURRENT == 2)); then"
            print "        _describe command commands"
            print "        return"
            print "    fi"
            print "    local name=" name_of(pages[i]) "_$words[2]"
            print "    shift words"
            print "    ((CURRENT--))"
            print "    if (($+functions[$name])); then $name; fi"
        }
        print "}"
    }
    print "\n_drydock \"$@\""
}
