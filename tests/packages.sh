#!/bin/sh
# packages.sh [build] [test] [bench] [race] [lint] [fuzz] [drive] [tools]
# [mpi] [debian] [cache] - installs the distribution packages that are missing, and
# says which. Debian 12 and Ubuntu 22.04 or newer.
set -eu

build='gcc make pkg-config libc6-dev libgsl-dev libjansson-dev libfyaml-dev
       libcsv-dev libmicrohttpd-dev libnghttp2-dev zlib1g-dev gnuplot-nox
       fonts-dejavu-core'
test='libcmocka-dev strace'
bench='valgrind'
race='g++ libns3-dev libsimgrid-dev python3-venv'
lint='clang-format clang-tidy cppcheck shellcheck'
fuzz='clang libclang-rt-14-dev'
drive='haproxy net-tools'
debian='dpkg-dev debhelper lintian'
mpi='libopenmpi-dev openmpi-bin'
cache='ccache'
tools='prometheus python3-jsonschema python3-yaml mandoc zsh chromium'

wanted=
for group in "$@"; do
    case $group in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    bench) wanted="$wanted $bench" ;;
    race) wanted="$wanted $race" ;;
    lint) wanted="$wanted $lint" ;;
    fuzz) wanted="$wanted $fuzz" ;;
    drive) wanted="$wanted $drive" ;;
    tools) wanted="$wanted $tools" ;;
    mpi) wanted="$wanted $mpi" ;;
    cache) wanted="$wanted $cache" ;;
    debian) wanted="$wanted $debian" ;;
    *) echo "packages.sh: no group '$group'" >&2; exit 2 ;;
    esac
done

missing=
for package in $wanted; do
    # Ubuntu has it as a snap only; the tests say that they skip it.
    [ "$package" = chromium ] && grep -qs '^ID=ubuntu' /etc/os-release &&
        continue
    state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$state" = 'install ok installed' ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing distribution packages:$missing" >&2
if ! command -v apt-get >/dev/null; then
    echo "packages.sh: this is no Debian or Ubuntu; please install them" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null || {
        echo "packages.sh: not root and no sudo; please install them" >&2
        exit 1
    }
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# haproxy and prometheus are wanted as programs: no service is started for them.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$log"; $as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod +x "$policy"
fi
# shellcheck disable=SC2086 # words on purpose
if ! { $as_root apt-get update &&
    $as_root apt-get install -y --no-install-recommends $missing; } \
    >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "packages.sh: could not install:$missing" >&2
    exit 1
fi
