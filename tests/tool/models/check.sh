#!/usr/bin/env bash
# check.sh DIRECTORY: makes a database of foreign.sql in DIRECTORY (emptied first), lets `kith models` write a header for it,
# compiles main.cpp with that, runs it and compares what it prints.
# From the environment: KITH_TOOL, CXX, CXXFLAGS, LIBRARIES and INCLUDE.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$1
rm -rf "$work"
mkdir -p "$work"

python3 - "$here/foreign.sql" "$work/foreign.db" <<'END'
import sqlite3, sys
with open(sys.argv[1], encoding="utf-8") as script:
    sqlite3.connect(sys.argv[2]).executescript(script.read().replace("<U+202E>", "\u202e"))
END

"$KITH_TOOL" models "$work/foreign.db" --namespace foreign >"$work/foreign.hpp"
# Unquoted: these are words for the compiler.
# shellcheck disable=SC2086
"$CXX" -std=c++20 $CXXFLAGS -Wall -Wextra -Wpedantic -Werror -I"$INCLUDE" -I"$work" "$here/main.cpp" $LIBRARIES -o "$work/foreign"
"$work/foreign" "sqlite:$work/foreign.db" >"$work/printed.txt"
diff "$here/expected.txt" "$work/printed.txt"
