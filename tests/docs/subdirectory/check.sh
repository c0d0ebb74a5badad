#!/usr/bin/env bash
# check.sh DIRECTORY
#
# Configures a project below DIRECTORY (emptied first) that holds kith in a folder of its own, as README says.
set -euo pipefail

work=$1
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$work"
mkdir -p "$work/project/third_party"
ln -s "$(cd "$here/../../.." && pwd)" "$work/project/third_party/kith"
cp "$here/CMakeLists.txt" "$here/../../../examples/quickstart/main.cpp" "$work/project/"
"$CMAKE" -S "$work/project" -B "$work/build"
# Nothing of kith's own tests and examples comes with it.
targets=$("$CMAKE" --build "$work/build" --target help)
if [[ $targets != *journey* ]]; then
    echo "the outer project has no target of its own"
    exit 1
fi
if [[ $targets == *kith_docs* || $targets == *quickstart* ]]; then
    echo "kith's tests or examples became targets of the outer project"
    exit 1
fi
