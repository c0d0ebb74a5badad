#!/usr/bin/env python3
"""Checks that the files and folders exist that CONTRIBUTING.md and the pages of docs/design name or link to."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs/design").glob("*.md"))]
NAMED = re.compile(r"`((?:bench|cmake|docs|examples|include|src|tests|tools)/[\w./-]+)`")
LINKED = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")

missing = 0
for page in PAGES:
    for number, line in enumerate(page.read_text().splitlines(), 1):
        paths = [(name, ROOT / name) for name in NAMED.findall(line)]
        paths += [(name, page.parent / name) for name in LINKED.findall(line)]
        for name, path in paths:
            if not path.exists():
                missing += 1
                print(f"{page.relative_to(ROOT)}:{number}: {name} does not exist")
sys.exit(1 if missing else 0)
