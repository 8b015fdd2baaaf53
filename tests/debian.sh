#!/bin/sh
# debian.sh - builds the Debian package from a clean copy of what is committed,
# without its tests, and shows it to lintian. Takes minutes.
set -eu
for tool in dpkg-buildpackage dh lintian; do
    command -v $tool >/dev/null || {
        echo "skip: no $tool; 'sh tests/packages.sh debian' installs it"
        exit 0
    }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/drydock"
git archive HEAD | tar -x -C "$work/drydock"
cd "$work/drydock"
DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
    dpkg-buildpackage -us -uc >"$work/log" 2>&1 || {
    tail -n 40 "$work/log"
    exit 1
}
cd "$work"
lintian --allow-root --fail-on error ./*.changes
dpkg-deb -c drydock_*.deb >files
for file in usr/bin/drydock usr/share/man/man1/drydock-run.1.gz \
    usr/share/man/man5/drydock-scenario.5.gz \
    usr/share/bash-completion/completions/drydock \
    usr/share/zsh/vendor-completions/_drydock \
    usr/share/drydock/schemas/scenario.schema.json; do
    grep -q "$file\$" files || {
        echo "the package lacks $file"
        exit 1
    }
done
ls ./*.deb ./*.dsc
