# Sourced by `setup` and `run` of each peer, from the peer's folder:
#
#     source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"
#
# Sets `here` (the peer's folder) and `build` (where everything goes that is installed or compiled: for a peer in
# bench/imdb, build/bench/peers/imdb-NAME). The standard output of a setup is for one line at most: why the peer is
# skipped (exit status 77). All else goes to standard error.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
peers=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bench=$(cd "$peers/.." && pwd)
build=${here#"$bench"/}
build=${build#peers/}
build=${bench%/bench}/build/bench/peers/${build//\//-}

# skip REASON: ends the setup; the benchmark names the peer as skipped, with this reason.
skip() {
    echo "$*"
    exit 77
}

# quietly COMMAND…: runs it, and shows what it wrote only if it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if ((status)); then cat "$log" >&2; fi
    rm -f "$log"
    return "$status"
}

is_installed() { [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# need PACKAGE…: installs the Debian packages that are missing; touches neither network nor apt when none is.
need() {
    local package missing=() as_root=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null || skip "no apt here to install ${missing[*]}"
    if ((EUID != 0)); then
        command -v sudo >/dev/null || skip "neither root nor sudo here to install ${missing[*]}"
        as_root=(sudo)
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300)
    quietly "${apt[@]}" update || true
    quietly "${apt[@]}" install --no-install-recommends "${missing[@]}" || skip "apt could not install ${missing[*]}"
}

# at_least WANTED VERSION: is VERSION, such as 1.26.8, at least WANTED?
at_least() { printf '%s\n%s\n' "$1" "$2" | sort --check=quiet --version-sort; }

# What the peer is built from, and the scripts that build it.
sources=("$here" "$peers/setup.sh" "$peers/common")
fingerprint() { find "${sources[@]}" -type f -exec sha256sum {} + | sort | sha256sum; }

# unless_current COMMAND…: ends the setup if an earlier one built exactly these sources, and COMMAND still works.
unless_current() {
    if [[ $(cat "$build/current" 2>/dev/null) == "$(fingerprint)" ]] && "$@" >/dev/null 2>&1; then exit 0; fi
    mkdir -p "$build"
    rm -f "$build/current"
}

# The last line of a setup.
done_setup() { fingerprint >"$build/current"; }
