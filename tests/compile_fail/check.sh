#!/usr/bin/env bash
# check.sh PROGRAM.cpp COMPILER FLAG...
#
# Compiles a program that must not compile, and looks for what it says the compiler should say:
#
#   // EXPECT: text         both compilers' messages contain it
#   // EXPECT-GCC: text     GCC's do
#   // EXPECT-CLANG: text   Clang's do
#   // EXPECT-OK            the program compiles instead, without a warning
#
# Runs of white space, line ends included, count as one space on both sides. Only messages are searched, not the source
# lines that compilers quote below them.
set -euo pipefail

program=$1
shift
compiler=("$@")

case $("${compiler[0]}" --version) in
    *clang*) family=CLANG messages_only=-fno-caret-diagnostics ;;
    *) family=GCC messages_only=-fno-diagnostics-show-caret ;;
esac

one_line() { tr -s '[:space:]' ' ' | sed 's/^ //; s/ $//'; }

mapfile -t expected < <(sed -nE "s|^[[:space:]]*// EXPECT(-$family)?: *||p" "$program")
expect_ok=false
if grep -qE '^[[:space:]]*// EXPECT-OK[[:space:]]*$' "$program"; then expect_ok=true; fi

if $expect_ok; then
    if ((${#expected[@]})); then
        echo "$program: EXPECT-OK does not go with other expectations"
        exit 1
    fi
    exec "${compiler[@]}" -Wall -Wextra -Werror "$program"
fi
if ((${#expected[@]} == 0)); then
    echo "$program: says neither EXPECT-OK nor what $family should say"
    exit 1
fi

status=0
output=$(LC_ALL=C "${compiler[@]}" \
    -fdiagnostics-color=never "$messages_only" "$program" 2>&1) || status=$?
first_lines() { printf '%s\n' "--- the first 40 lines of the compiler's output:" "$(head -n 40 <<<"$output")"; }

if ((status == 0)); then
    echo "$program: compiled, but should not"
    first_lines
    exit 1
fi

said=$(one_line <<<"$output")
missing=0
for text in "${expected[@]}"; do
    wanted=$(one_line <<<"$text")
    if [[ -z $wanted || $said != *"$wanted"* ]]; then
        echo "$program: expected, but not said: $wanted"
        missing=1
    fi
done
if ((missing)); then
    first_lines
    exit 1
fi
