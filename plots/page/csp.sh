#!/bin/sh
# csp.sh - the content security policy of report.html: no network, no frame, no
# form; only the scripts and the style that are part of the program, known by
# their hash. Run from the root of the tree.
set -eu

# hashes FILE...: 'sha256-...' of each.
hashes() {
    for file in "$@"; do
        hex=$(sha256sum "$file" | cut -c1-64 | tr a-f A-F)
        text=$(printf %s "$hex" | basenc -d --base16 | base64)
        printf " 'sha256-%s'" "$text"
    done
}

uplot=plots/vendor/uplot/uPlot
page=plots/page/page
printf "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:"
printf "; script-src%s" "$(hashes $uplot.iife.min.js $page.js)"
printf "; style-src%s" "$(hashes $uplot.min.css $page.css)"
