#!/usr/bin/env bash
# check.sh find_package|pkg_config DIRECTORY
#
# Installs kith below DIRECTORY (emptied first), builds project/ against what was installed, runs it and compares what
# it prints. From the environment: CXX and CXXFLAGS for the program, CMAKE, KITH_BUILD (the build to install),
# KITH_LINKAGE (static or shared) and KITH_HAS_TOOL (ON or OFF).
set -euo pipefail

way=$1
work=$2
project=$(cd "$(dirname "$0")" && pwd)/project

rm -rf "$work"
mkdir -p "$work"
"$CMAKE" --install "$KITH_BUILD" --prefix "$work/prefix" >"$work/install.log"

with_find_package() {
    "$CMAKE" -S "$project" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix"
    "$CMAKE" --build "$work/build"
    program=$work/build/outside
}

with_pkg_config() {
    PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name kith.pc)")
    export PKG_CONFIG_PATH
    local static=() flags
    if [[ $KITH_LINKAGE == static ]]; then static=(--static); fi
    flags=$(pkg-config "${static[@]}" --cflags --libs kith)
    echo "pkg-config says: $flags"
    # Unquoted: these are words for the compiler.
    # shellcheck disable=SC2086
    "$CXX" -std=c++20 $CXXFLAGS "$project/main.cpp" $flags -Wl,-rpath,"$(pkg-config --variable=libdir kith)" -o "$work/outside"
    program=$work/outside
}

"with_$way"

# The program, where this build has it.
if [[ $KITH_HAS_TOOL == ON ]]; then
    "$work/prefix/bin/kith" --version
    for file in man/man1/kith.1 bash-completion/completions/kith zsh/site-functions/_kith fish/vendor_completions.d/kith.fish; do
        [[ -s $work/prefix/share/$file ]] || {
            echo "share/$file was not installed"
            exit 1
        }
    done
    bash -n "$work/prefix/share/bash-completion/completions/kith"
fi

expected=$(cat "$project/expected.txt")
printed=$("$program")
if [[ $printed != "$expected" ]]; then
    printf 'expected:\n%s\nprinted:\n%s\n' "$expected" "$printed"
    exit 1
fi
