#!/usr/bin/env python3
"""public_comments.py [REPOSITORY]: checks the comments of the public names in include/kith.

Every class, struct, enum, alias, function and variable that a program can name needs a comment: `///` lines directly
above it, or `///<` behind it. Overloads that follow each other share the comment of the first. Functions that query the
database, or look as if they might, also say how many statements they cost, in their own comment or in that of their
class. Exempt are constructors, destructors, operators, friends, the names of standard containers, and what a comment
marks as Internal. Prints each name that lacks something with its place.
"""

import dataclasses
import pathlib
import re
import sys

# Functions that say how many statements they cost.
QUERYING = set(
    "add aggregate all atomic bulk_create bulk_update clear connect contains count create create_tables drop_tables empty exists"
    " explain explain_loading first get get_if get_or_create holds in_bulk insert is_loaded is_null is_prefetched"
    " iterator key last loading_plan objects prefetch_related_objects raw refresh remove rows save set set_key update"
    " update_or_create value values_list visit".split())
# Functions that do so in classes of rows.
RANGE = {"begin", "end", "size", "front", "back"}
CLASSES_OF_ROWS = {"QuerySet", "RawQuerySet", "RowRange", "Stream", "PrefetchedSet"}
# Classes in namespace detail whose members programs call: bases of public classes, and the type of kith::Count.
PUBLIC_DETAIL = {"BulkWrites", "ToOne", "RelatedSet", "RowRange", "MarkedValue", "Aggregate"}
STANDARD = {"iterator", "value_type", "difference_type"}  # as aliases
ONE_GROUP = {("begin", "end"), ("front", "back")}
ACCESS = {"public", "protected", "private"}
BRACKETS = {"(": ")", "[": "]", "{": "}"}
ANGLES = {"<": ">"}


@dataclasses.dataclass
class Scope:
    name: str
    is_visible: bool  # to programs
    is_public: bool  # what is declared next
    comment: str = ""
    is_class: bool = True
    last: tuple = ("", "")  # name and comment of the declaration before


def code_of(text):
    """The text with blanks in place of comments, literals and preprocessor lines."""
    return re.sub(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|^[ \t]*#[^\n]*',
                  lambda match: " " * len(match.group()), text, flags=re.M)


def closing(code, begin, pairs=BRACKETS):
    """The place of the bracket that closes the one at `begin`."""
    expected = []
    for place in range(begin, len(code)):
        if code[place] in pairs:
            expected.append(pairs[code[place]])
        elif expected and code[place] == expected[-1]:
            expected.pop()
            if not expected:
                return place
    raise ValueError("a bracket is not closed")


def without_head(text):
    """A declaration without `template <…>`, attributes and a leading `requires (…)`."""
    text = re.sub(r"\[\[.*?\]\]", "", re.sub(r"decltype\s*\(auto\)", "auto", text)).strip()
    while head := re.match(r"template\s*<|requires\s*\(", text):
        begin = head.end() - 1
        text = text[closing(text, begin, ANGLES if text[begin] == "<" else BRACKETS) + 1:].strip()
    return text


def name_of(text):
    """The name that a declaration declares, and its kind: function, variable or alias. ("", "") for all others."""
    if re.match(r"(friend|static_assert|typedef|class|struct|enum|using namespace)\b", text):
        return "", ""
    if "operator" in text or re.search(r"=\s*delete$", text):
        return "", ""
    if alias := re.match(r"using\s+(\w+)\s*=", text):
        return alias.group(1), "alias"
    depth, end, kind = 0, len(text), "variable"
    for place, sign in enumerate(text):
        depth += {"<": 1, ">": -1}.get(sign, 0) if text[place - 1:place + 1] != "->" else 0
        if depth == 0 and sign in "(=":
            end, kind = place, "function" if sign == "(" else "variable"
            break
    name = re.search(r"([\w:~]+)\s*$", text[:end])
    return (name.group(1), kind) if name and "::" not in name.group(1) and "~" not in name.group(1) else ("", "")


class Header:
    def __init__(self, path, shown):
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines()
        self.code = code_of(self.text)
        self.shown = shown
        self.scopes = [Scope("", False, False, is_class=False)]
        self.faults = []
        self.checked = set()

    def line_of(self, place):
        return self.text.count("\n", 0, place)

    def comment(self, begin, end):
        line = self.line_of(begin)
        above = []
        while line > 0 and self.lines[line - 1].strip().startswith("///"):
            line -= 1
            above.insert(0, self.lines[line].strip().removeprefix("///").strip())
        behind = re.search(r"///<\s*(.*)", self.lines[self.line_of(end)])
        return " ".join(above) or (behind.group(1) if behind else "")

    def check(self, begin, end, name, kind):
        """Returns the comment of a public name."""
        scope = self.scopes[-1]
        comment = self.comment(begin, end)
        if not name or not scope.is_public or name == scope.name or (kind == "alias" and name in STANDARD):
            return comment
        before, shared = scope.last
        if not comment and kind == "function" and (before == name or (before, name) in ONE_GROUP):
            comment = shared
        scope.last = (name, comment)
        full_name = f"{scope.name}::{name}" if scope.is_class else name
        place = f"{self.shown}:{self.line_of(begin) + 1}: {full_name}"
        if not comment:
            self.faults.append(f"{place} has no comment")
        elif kind == "function" and not comment.startswith("Internal"):
            self.checked.add(name)
            asked = name in QUERYING or (name in RANGE and scope.name in CLASSES_OF_ROWS)
            if asked and "statement" not in comment + scope.comment:
                self.faults.append(f"{place}: the comment does not say how many statements it costs")
        return comment

    def open(self, begin, brace):
        """Opens the scope at `brace`. False if the brace belongs to a function, a variable or an enum."""
        head = without_head(self.code[begin:brace])
        outer = self.scopes[-1]
        if namespace := re.match(r"(?:inline\s+)?namespace\s+([\w:]+)", head):
            name = namespace.group(1)
            is_public = name == "kith" or (outer.is_public and name != "detail")
            self.scopes.append(Scope(name, is_public, is_public, is_class=False))
            return True
        found = re.match(r"(class|struct|enum(?:\s+class)?)\s+([\w:]+)", head)
        if not found:
            return False
        kind, name = found.groups()
        comment = self.check(begin, brace, name, "type")
        is_visible = (outer.is_public and not comment.startswith("Internal")) or name in PUBLIC_DETAIL
        if kind.startswith("enum"):
            return False
        self.scopes.append(Scope(name, is_visible, is_visible and kind == "struct", comment))
        return True

    def read(self):
        code, place, begin = self.code, 0, None
        while place < len(code):
            sign = code[place]
            if begin is None and (sign.isspace() or sign in ";}"):
                if sign == "}":
                    self.scopes.pop()
                place += 1
                continue
            begin = place if begin is None else begin
            text = code[begin:place].strip()
            if sign in "([":
                place = closing(code, place)
            elif sign == "<" and text.endswith("template"):
                place = closing(code, place, ANGLES)
            elif sign == ":" and text in ACCESS:
                self.scopes[-1].is_public = text == "public" and self.scopes[-1].is_visible
                begin = None
            elif sign == "{" and re.search(r"(&&|=|requires)\s*requires(\s*\([^{}]*\))?$", text):
                place = closing(code, place)
            elif sign == "{" and self.open(begin, place):
                begin = None
            elif sign in "{;":
                end = closing(code, place) if sign == "{" else place
                self.check(begin, end, *name_of(without_head(text)))
                begin, place = None, end
            place += 1


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    faults, checked = [], set()
    for path in sorted(root.glob("include/kith/**/*.hpp")):
        header = Header(path, path.relative_to(root))
        header.read()
        faults += header.faults
        checked |= header.checked
    faults += [f"QUERYING names {name}, which no public header declares" for name in sorted(QUERYING - checked)]
    print("\n".join(faults) or f"{len(checked)} names of functions, all with comments")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
