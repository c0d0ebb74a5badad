"""Compares what the scenarios gave in Kith and in Django: results and numbers of statements.

usage: compare.py kith.jsonl django.jsonl differences.txt

Prints a line for each scenario. A difference passes only when differences.txt lists exactly that one, and everything
that it lists has to differ.
"""

import json
import sys


def read(path):
    with open(path, encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return {scenario["name"]: scenario for scenario in found}


def read_allowed(path):
    """name -> (what differs, rule, reason); what differs is `result` or `statements KITH DJANGO`, or both.

    The rule is a number of docs/django.md, or the page docs/from-django.md.
    """
    allowed = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            name, what, rule, reason = [part.strip() for part in line.split("|")]
            assert (rule.isdigit() or rule == "docs/from-django.md") and reason, line
            allowed[name] = (what, rule, reason)
    return allowed


def differences(kith, django):
    found = []
    if kith["result"] != django["result"]:
        found.append("result")
    if kith["statements"] != django["statements"]:
        found.append(f"statements {kith['statements']} {django['statements']}")
    return ", ".join(found)


def show(scenario, whose):
    print(f"    {whose}: {json.dumps(scenario['result'])}, {scenario['statements']} statements")
    for sql in scenario["sql"]:
        print(f"        {sql}")


def main():
    kith, django, allowed = read(sys.argv[1]), read(sys.argv[2]), read_allowed(sys.argv[3])
    failures = [name for name in kith.keys() ^ django.keys()]
    for name in failures:
        print(f"FAILED {name}: only on one side")
    failures += [name for name in allowed if name not in kith]
    for name in [name for name in kith if name in django]:
        found = differences(kith[name], django[name])
        expected, rule, reason = allowed.get(name, ("", "", ""))
        if found != expected:
            failures.append(name)
            print(f"FAILED {name}: {found or 'no difference'}; listed: {expected or 'none'}")
            show(kith[name], "Kith")
            show(django[name], "Django")
        elif found:
            print(f"ok     {name}: {found} ({rule}: {reason})")
        else:
            print(f"ok     {name}: {kith[name]['statements']} statements")
    print(f"{len(kith)} scenarios, {len(allowed)} listed differences, {len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())
