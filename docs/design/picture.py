#!/usr/bin/env python3
"""Draws docs/design/architecture.svg from the #include lines of src/, include/ and tools/, and checks these.

It fails where an include points upward, where files include each other in a circle, where include/ names a header of
src/, where the folders are not those of rooms.txt, and, with --check, where the picture is not up to date.
After a room was added, moved or removed: change rooms.txt, which has the layers and the captions, and run
`./dev picture`, which needs Graphviz. Nothing else names the rooms.
"""

import argparse
import collections
import hashlib
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DOT, SVG = HERE / "architecture.dot", HERE / "architecture.svg"
Room = collections.namedtuple("Room", "layer column number caption")
Include = collections.namedtuple("Include", "file line target here there")  # the last two are rooms
HEAD = """// Made by picture.py from the includes and from rooms.txt. Do not edit.
digraph architecture {
  graph [layout=neato splines=line outputorder=nodesfirst pad=0.1]
  node [shape=box style=rounded fixedsize=true width=1.92 height=0.5 fontname=Helvetica fontsize=10.5]
  edge [arrowsize=0.6]
  shell [shape=plaintext pos="0,56" label="compile-time shell\\ncompiled into each program"]
  core [shape=plaintext pos="308,56" label="core\\ncompiled once"]
  core -> shell
"""


def read_rooms():
    """The rooms by folder, the lowest first."""
    rooms, layer, number = {}, 0, 0
    for line in (HERE / "rooms.txt").read_text().splitlines():
        layer += not line
        if found := re.fullmatch(r"(\d)(\*?) +(\S+) +(.*)", line):
            number += bool(found[2])
            rooms[found[3]] = Room(layer, int(found[1]), number if found[2] else None, found[4])
    return rooms


def read_sources():
    """The lines of all files, and the includes that lead from one of them to another."""
    paths = (path for top in ("include", "src", "tools") for path in sorted((ROOT / top).rglob("*.[ch]pp")))
    lines = {path.relative_to(ROOT).as_posix(): path.read_text().splitlines() for path in paths}
    includes = []
    for file in lines:
        here = file.rpartition("/")[0]
        for number, line in enumerate(lines[file], 1):
            if found := re.match(r'\s*#\s*include\s*["<](.+)[">]', line):
                places = [f"{folder}/{found[1]}" for folder in (here, "src", "include")]
                targets = [place for place in places if place in lines][:1]
                includes += [Include(file, number, target, here, target.rpartition("/")[0]) for target in targets]
    return lines, includes


def undeclared(rooms, lines):
    there = {file.rpartition("/")[0] for file in lines}
    yield from (f"docs/design/rooms.txt: {room} has no sources" for room in rooms if room not in there)
    yield from (f"{room}: this room is missing in docs/design/rooms.txt" for room in sorted(there - set(rooms)))


def upward(rooms, includes):
    for file, line, target, here, there in includes:
        if here != there != "include/kith" and rooms[there].layer >= rooms[here].layer:
            place = "above" if rooms[there].layer > rooms[here].layer else "beside"
            yield f"{file}:{line}: includes {target}, but docs/design/rooms.txt has {there} {place} {here}"


def named(lines):
    """Headers of src/ that include/ names, in a comment or elsewhere."""
    for file in lines:
        for number, line in enumerate(lines[file] if file.startswith("include/") else (), 1):
            names = [name for name in re.findall(r"[\w/]+\.hpp", line) if "src/" + name.removeprefix("src/") in lines]
            yield from (f"{file}:{number}: names {name}, a header of src/" for name in names)


def circles(includes):
    files, done = sorted({it.file for it in includes}), set()
    behind = {file: [it for it in includes if it.file == file] for file in files}

    def walk(way):
        for file, line, target, *_ in behind.get(way[-1], ()) if way[-1] not in done else ():
            if target in way:
                yield f"{file}:{line}: closes a circle: {' → '.join(way[way.index(target):] + [target])}"
            else:
                yield from walk(way + [target])
        done.add(way[-1])

    for file in behind:
        yield from walk([file])


def draw(rooms, includes):
    """The text of architecture.dot, without arrows that others imply and those to headers that all rooms include."""
    text, shell = HEAD, {name for name in rooms if name.startswith("include")}
    for name, room in rooms.items():
        row = sum(layer > room.layer for layer in {rooms[it].layer for it in rooms if (it in shell) == (name in shell)})
        kind = "shell" if name in shell else "way" if room.number else "beside"
        label = re.sub("^(src|include/kith)/", "", name) + "\\n" + room.caption
        label = f"{chr(ord('①') + room.number - 1)} {label}" if room.number else label
        text += f'  "{name}" [class={kind} pos="{154 * room.column},{-68 * row}" label="{label}"]\n'
    pairs = {(it.here, it.there) for it in includes if it.here in shell or it.there not in shell}
    below = {a: {b for c, b in pairs if c == a and rooms[b].layer < rooms[a].layer} for a in rooms}

    def reach(room):
        return below[room].union(*map(reach, below[room]))

    for a, b in sorted((a, b) for a in rooms for b in below[a] - set().union(*map(reach, below[a]))):
        text += f'  "{a}" -> "{b}"\n'
    return text + "}\n"


def paint(dot, mark):
    """architecture.svg: what Graphviz draws, in the colours of architecture.css."""
    svg = subprocess.run(["dot", "-n2", "-Tsvg"], input=dot, text=True, capture_output=True, check=True).stdout
    return re.sub(r"(?s).*?<svg(.*?)>", lambda found: f'<svg role="img"{found[1]}>\n{mark}', svg, count=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; needs no Graphviz")
    arguments, rooms, (lines, includes) = parser.parse_args(), read_rooms(), read_sources()
    if faults := list(undeclared(rooms, lines)):
        sys.exit("\n".join(faults))
    faults = [*upward(rooms, includes), *named(lines), *circles(includes)]
    dot, style = draw(rooms, includes), (HERE / "architecture.css").read_text()
    made_of = hashlib.sha256((dot + style).encode()).hexdigest()
    mark = f"<!-- made of architecture.dot and .css, sha256 {made_of} -->\n<style>\n{style}</style>"
    if not arguments.check:
        DOT.write_text(dot)
        SVG.write_text(paint(dot, mark))
    elif DOT.read_text() != dot:
        faults.append("docs/design/architecture.dot: the includes have changed; run ./dev picture")
    elif mark not in SVG.read_text():
        faults.append("docs/design/architecture.svg: drawn from another .dot or .css; run ./dev picture")
    sys.exit("\n".join(faults) or None)


if __name__ == "__main__":
    main()
