#!/usr/bin/env python3
"""Lets docs/design/picture.py and headers.py look at small trees with one fault each: they must name the fault,
and nothing else."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DESIGN = HERE.parents[1] / "docs/design"
ROOMS = """
0  include/kith/detail/core  values

0  include/kith  headers

1* src/low  low

1  src/left  left
2  src/right  right
"""
TREE = {
    "docs/design/rooms.txt": ROOMS,
    "include/kith/detail/core/value.hpp": "#include <kith/error.hpp>",
    "include/kith/error.hpp": "",
    "src/low/low.hpp": "#include <kith/detail/core/value.hpp>",
    "src/left/left.hpp": '#include "low/low.hpp"',
    "src/right/right.hpp": "  #  include \"low/low.hpp\"  // by spaces",
}
LISTED = "but docs/design/rooms.txt has"
FAULTS = [  # what is changed in the tree, and what the check says
    ({}, ""),
    ({"src/low/up.hpp": '\n#include "left/left.hpp"'},
     f"src/low/up.hpp:2: includes src/left/left.hpp, {LISTED} src/left above src/low"),
    ({"src/left/beside.cpp": '#include "right/right.hpp"'},
     f"src/left/beside.cpp:1: includes src/right/right.hpp, {LISTED} src/right beside src/left"),
    ({"include/kith/error.hpp": '#include "low/low.hpp"', "src/low/low.hpp": ""},
     f"include/kith/error.hpp:1: includes src/low/low.hpp, {LISTED} src/low above include/kith\n"
     "include/kith/error.hpp:1: names low/low.hpp, a header of src/"),
    ({"include/kith/error.hpp": "/// see src/low/low.hpp"},
     "include/kith/error.hpp:1: names src/low/low.hpp, a header of src/"),
    ({"include/kith/error.hpp": "#include <kith/detail/core/value.hpp>"},
     "include/kith/error.hpp:1: closes a circle: include/kith/detail/core/value.hpp → include/kith/error.hpp → "
     "include/kith/detail/core/value.hpp"),
    ({"src/new/new.hpp": ""}, "src/new: this room is missing in docs/design/rooms.txt"),
    ({"docs/design/rooms.txt": ROOMS + "1  src/gone  gone"}, "docs/design/rooms.txt: src/gone has no sources"),
]
STALE = [  # what is changed after the picture was made
    ({"src/right/right.hpp": ""}, "docs/design/architecture.dot: the includes have changed; run ./dev picture"),
    ({"docs/design/architecture.css": ""},
     "docs/design/architecture.svg: drawn from another .dot or .css; run ./dev picture"),
]
HEADERS = [  # what is changed in the tree, and what the check of the headers that are needed says
    ({"src/low/low.cpp": '#include "low/low.hpp"\nstd::vector<int> numbers; // std::string'},
     "src/low/low.cpp: uses std::vector and does not include <vector>"),
    ({"src/low/low.cpp": "#include <cstring>\nconst char quote = '\"'; std::size_t size = strlen(\"std::string\");"}, ""),
    ({"src/low/low.cpp": '#include "low/low.hpp"\nstd::vector<int> numbers;', "include/kith/error.hpp": "#include <vector>"},
     ""),
    ({"include/kith/error.hpp": "inline auto text = fmt::format(\"\");"},
     "include/kith/error.hpp: uses fmt::format and does not include <fmt/format.h>"),
    ({"src/low/low.hpp": "struct Low {};", "src/left/left.cpp": '#include "right/right.hpp"\nLow low; // Lower'}, ""),
    ({"src/low/low.hpp": "struct Low {};\nvoid sink();", "src/left/left.cpp": "Low low = low::sink();"},
     'src/left/left.cpp: uses Low and does not include "src/low/low.hpp"\n'
     'src/left/left.cpp: uses low::sink and does not include "src/low/low.hpp"'),
    ({"src/low/low.hpp": "struct Low {};", "src/left/left.cpp": "struct Low;\nLow* low;"}, ""),
]


def write(root, tree):
    for file, text in tree.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text + "\n")


def said_of(before, after):
    """What the check says of a tree with the changes `before` and `after` the picture was made."""
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        write(root, TREE | before)
        for file in ("picture.py", "architecture.css"):
            shutil.copy(DESIGN / file, root / "docs/design")
        (root / "dot").write_text("#!/bin/sh\necho '<svg></svg>'\n")  # stands in for Graphviz
        (root / "dot").chmod(0o755)
        command = [sys.executable, "-B", root / "docs/design/picture.py"]
        subprocess.run(command, env={"PATH": f"{root}:/usr/bin:/bin"}, capture_output=True, check=False)
        write(root, after)
        check = subprocess.run([*command, "--check"], capture_output=True, text=True, check=False)
        return check.stderr.strip() if check.returncode else ""


def said_of_headers(changes):
    with tempfile.TemporaryDirectory() as name:
        write(pathlib.Path(name), TREE | changes)
        command = [sys.executable, "-B", HERE / "headers.py", name]
        check = subprocess.run(command, capture_output=True, text=True, check=False)
        return check.stdout.strip() if check.returncode else ""


cases = [(before, {}, expected) for before, expected in FAULTS] + [({}, after, expected) for after, expected in STALE]
results = [(before | after, said_of(before, after), expected) for before, after, expected in cases]
results += [(changes, said_of_headers(changes), expected) for changes, expected in HEADERS]
wrong = 0
for changed, said, expected in results:
    if said != expected:
        wrong += 1
        print(f"Changed: {', '.join(changed)}\nThe check says:\n{said}\nExpected:\n{expected}\n")
sys.exit(f"{wrong} of {len(results)} trees" if wrong else 0)
