#!/usr/bin/env bash
# Compares the table of docs/django.md with the contract tests: 231 rules in order, a test RuleNNN_… for each that is the
# same or differs, no test for one that is marked as missing, and a reason for what cannot apply.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

failures=0
fail() {
    echo "docs/django.md: $*" >&2
    failures=$((failures + 1))
}

mapfile -t tests < <(grep -rhoE '^TEST(_F|_P)?\([A-Za-z]+, Rule[0-9]{3}_[A-Za-z0-9]+' tests/contract | sed -E 's/.*Rule([0-9]{3})_.*/\1/' | sort -u)
declare -A has_test=()
for number in "${tests[@]}"; do has_test[$((10#$number))]=1; done

expected=0
while IFS=$'\t' read -r number verdict kith; do
    expected=$((expected + 1))
    [[ $number == "$expected" ]] || fail "rule $expected is missing, or rule $number is out of order"
    expected=$number
    case $verdict in
        same | differs) [[ -n ${has_test[$number]:-} ]] || fail "rule $number is '$verdict', but there is no test of its name" ;;
        'not yet') [[ -z ${has_test[$number]:-} ]] || fail "rule $number is 'not yet', but has a test" ;;
        n/a)
            [[ -z ${has_test[$number]:-} ]] || fail "rule $number is 'n/a', but has a test"
            [[ -n $kith ]] || fail "rule $number is 'n/a' without a reason"
            ;;
        *) fail "rule $number has the verdict '$verdict'" ;;
    esac
    [[ $verdict != differs || -n $kith || -n ${has_test[$number]:-} ]] || fail "rule $number differs, but how is not said"
    unset "has_test[$number]"
done < <(sed -nE 's/\\\|/or/g; s/^\| ([0-9]+) \| (.*) \| (same|differs|not yet|n\/a|[^|]*) \| ?(.*) ?\|$/\1\t\3\t\4/p' docs/django.md)

((expected == 231)) || fail "there are 231 rules, and the table ends with $expected"
for number in "${!has_test[@]}"; do fail "there is a test of rule $number, which is not in the table"; done
((failures == 0)) || exit 1
echo "231 rules, ${#tests[@]} of them with tests"
