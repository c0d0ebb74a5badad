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
for part in TESTS EXAMPLES BENCH; do
    if ! grep -qx "KITH_BUILD_$part:BOOL=OFF" "$work/build/CMakeCache.txt"; then
        echo "KITH_BUILD_$part is on in the outer project"
        exit 1
    fi
done
