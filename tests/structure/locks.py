#!/usr/bin/env python3
"""Checks that src/ takes its locks and starts its threads by src/base, where a scheduler of the tests can decide."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OWN = re.compile(r"std::(\w*mutex|condition_variable\w*|j?thread|call_once|latch|barrier|\w*semaphore)\b")

faults = [f"{path.relative_to(ROOT)}:{number}: {found[0]}: use base/mutex.hpp, condition.hpp or thread.hpp"
          for path in sorted(ROOT.glob("src/**/*.[ch]pp")) if path.parent.name != "base"
          for number, line in enumerate(path.read_text().splitlines(), 1)
          for found in [OWN.search(line.partition("//")[0])] if found and "this_thread" not in line]
print(*faults, sep="\n", end="\n" if faults else "")
sys.exit(bool(faults))
