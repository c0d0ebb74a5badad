#!/usr/bin/env python3
"""Checks that the files of src/ and include/ include the headers whose names they use, themselves or through our own:
standard headers, and our own for our types and for functions named with their folder. Where headers are precompiled or
files compiled together, the compiler does not see what is missing.

Takes the folder of a repository; this one, if none is given.
"""

import functools
import pathlib
import re
import sys

# The headers that declare a name, any of which will do: C++20 says so (each container brings begin, end and size).
HEADERS = {
    "algorithm": "all_of any_of none_of count_if find_if copy_if sort stable_sort lower_bound upper_bound equal_range max "
    "min clamp fill_n remove_if unique reverse rotate partition ranges::all_of ranges::any_of ranges::none_of "
    "ranges::find ranges::find_if ranges::sort ranges::stable_sort ranges::lower_bound ranges::upper_bound "
    "ranges::copy ranges::count ranges::count_if ranges::equal ranges::contains ranges::max ranges::min ranges::unique "
    "ranges::transform ranges::fill ranges::reverse ranges::adjacent_find ranges::binary_search ranges::max_element "
    "ranges::min_element ranges::move ranges::is_sorted ranges::equal_range ranges::mismatch ranges::search",
    "any": "any any_cast",
    "array": "array to_array",
    "atomic": "atomic atomic_flag atomic_ref atomic_thread_fence memory_order memory_order_relaxed",
    "bit": "bit_cast bit_ceil bit_width countr_zero countl_zero endian has_single_bit popcount",
    "charconv": "from_chars to_chars chars_format",
    "chrono": "chrono",
    "cmath": "isfinite isnan isinf ldexp nextafter trunc signbit fabs",
    "compare": "strong_ordering weak_ordering partial_ordering",
    "concepts": "same_as derived_from convertible_to integral floating_point invocable default_initializable",
    "condition_variable": "condition_variable condition_variable_any",
    "cstddef": "size_t ptrdiff_t byte max_align_t nullptr_t",
    "cstdint": "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t intptr_t",
    "cstdlib": "getenv strtod strtol abort",
    "cstring": "memcpy memmove memcmp memset strlen strcmp strerror",
    "deque": "deque",
    "exception": "exception exception_ptr current_exception rethrow_exception uncaught_exceptions make_exception_ptr",
    "filesystem": "filesystem",
    "forward_list": "forward_list",
    "functional": "function hash less greater equal_to plus invoke reference_wrapper ref cref identity",
    "initializer_list": "initializer_list",
    "iterator": "back_inserter make_move_iterator input_iterator_tag forward_iterator_tag random_access_iterator_tag "
    "default_sentinel default_sentinel_t istreambuf_iterator next prev distance reverse_iterator",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "unique_ptr shared_ptr weak_ptr make_unique make_shared enable_shared_from_this addressof construct_at "
    "destroy_at allocator",
    "memory_resource": "pmr",
    "mutex": "mutex lock_guard unique_lock scoped_lock call_once once_flag recursive_mutex",
    "new": "bad_alloc align_val_t launder nothrow",
    "numeric": "accumulate iota reduce",
    "optional": "optional nullopt nullopt_t make_optional",
    "queue": "queue priority_queue",
    "random": "mt19937 mt19937_64 random_device uniform_int_distribution",
    "regex": "regex regex_match",
    "set": "set multiset",
    "source_location": "source_location",
    "span": "span as_bytes",
    "sstream": "ostringstream istringstream stringstream",
    "stdexcept": "runtime_error logic_error invalid_argument out_of_range",
    "stop_token": "stop_token stop_source stop_callback",
    "string": "string to_string stoi basic_string",
    "string_view": "string_view",
    "thread": "thread this_thread jthread",
    "tuple": "tuple tie make_tuple apply tuple_size tuple_element forward_as_tuple",
    "type_traits": "is_same_v remove_cvref_t decay_t conditional_t enable_if_t is_base_of_v underlying_type_t true_type "
    "false_type is_constructible_v is_enum_v remove_const_t is_integral_v is_const_v void_t",
    "typeinfo": "type_info bad_cast",
    "unordered_map": "unordered_map unordered_multimap",
    "unordered_set": "unordered_set",
    "utility": "move forward exchange pair make_pair swap as_const declval in_place index_sequence make_index_sequence "
    "index_sequence_for to_underlying cmp_less cmp_greater in_range unreachable",
    "variant": "variant monostate visit get_if holds_alternative variant_size_v in_place_type",
    "vector": "vector erase_if",
}
# Names that more than one header declares.
ALSO = {
    "move": {"algorithm"},
    "swap": {"vector", "string", "memory"},
    "size_t": {"cstring", "cstdlib", "cstdio"},
    "hash": {"string", "string_view", "optional", "memory", "variant"},
    "erase_if": {"string", "map", "deque", "list", "set", "unordered_map", "unordered_set"},
    "pair": {"map", "unordered_map"},
    "tuple_size": {"array", "utility"},
    "tuple_element": {"array", "utility"},
    "exception": {"stdexcept", "new"},
    "initializer_list": {"vector", "string", "map", "utility"},
    "declval": {"type_traits"},
    "less": {"map", "set"},
    "in_place": {"optional", "variant"},
    "in_place_type": {"utility"},
    "default_sentinel": {"ranges"},
    "default_sentinel_t": {"ranges"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])'|"(?:\\.|[^"\\\n])*\"""", re.S)
USED = re.compile(r"\bstd::((?:ranges::)?\w+)")
# Our own types at the beginning of a line, those inside of others, and what a template calls its parameters.
TYPE = re.compile(r"^(?:struct|class|enum class) (?:alignas\(\w+\) )?([A-Z]\w*)\b[^;{]*\{|^using ([A-Z]\w*) =", re.M)
INNER = re.compile(
    r"^[ \t]+(?:struct|class|enum class|using|enum) ([A-Z]\w*)"
    r"|(?:\b(?:class|typename|auto)(?:\.\.\.)?|[<,] ?[\w:]+) ([A-Z]\w*)", re.M)
DECLARED = re.compile(r"\b(?:struct|class|enum class|using|concept) ([A-Z]\w*)")
WORD = re.compile(r"\b[A-Z]\w*\b")
CALLED = re.compile(r"\b([a-z]+)::([a-z]\w*)\s*\(")
FMT = re.compile(r"\bfmt::(format|join|format_to|to_string)\b")


def declared_by():
    headers = {}
    for header, names in HEADERS.items():
        for name in names.split():
            headers.setdefault(name, set()).add(header)
    for name, more in ALSO.items():
        headers.setdefault(name, set()).update(more)
    return headers


class Tree:
    def __init__(self, root):
        self.root = root
        self.files = sorted(path for top in ("include", "src") for path in (root / top).rglob("*.[hc]pp"))
        self.code = {path: NO_CODE.sub(" ", path.read_text()) for path in self.files}
        self.reached = {}
        self.ours = {}
        for path, code in self.code.items():
            if path.suffix == ".hpp":
                for name in TYPE.findall(code):
                    self.ours.setdefault("".join(name), set()).add(path)
        # A name with other meanings says nothing.
        for code in self.code.values():
            for name in INNER.findall(code):
                self.ours.pop("".join(name), None)

    def find(self, name):
        for top in ("include", "src"):
            if (self.root / top / name).is_file():
                return self.root / top / name
        return None

    def headers(self, path):
        """All headers that `path` includes, directly or through our own: the names of others, the paths of ours."""
        if path not in self.reached:
            self.reached[path] = set()  # a circle adds nothing
            found = set()
            for name in INCLUDE.findall(path.read_text()):
                ours = self.find(name)
                found |= {ours} | self.headers(ours) if ours else {name}
            self.reached[path] = found
        return self.reached[path]

    def short(self, paths):
        return " or ".join(sorted(f'"{path.relative_to(self.root)}"' for path in paths))

    def is_private(self, path):
        return self.root / "src" in path.parents

    @functools.cache
    def declaring(self, folder, function):
        """The headers of a folder of src/ in which a function of that name is declared."""
        room = self.root / "src" / folder
        named = re.compile(rf"(?<!::)\b{function}\(")
        headers = (path for path in self.files if room in path.parents and path.suffix == ".hpp")
        return {path for path in headers if named.search(self.code[path])}

    def missing_of_ours(self, path):
        text = self.code[path]
        headers = self.headers(path) | {path}
        here = set(DECLARED.findall(text))
        is_private = self.is_private(path)
        for name in sorted(set(WORD.findall(text)) - here):
            known = self.ours.get(name)
            if known and not known & headers and (is_private or not all(map(self.is_private, known))):
                yield name, self.short(known)
        for folder, name in sorted(set(CALLED.findall(text))):
            known = self.declaring(folder, name)
            if known and not known & headers:
                yield f"{folder}::{name}", self.short(known)

    def missing(self, path, declared):
        text = self.code[path]
        headers = {header for header in self.headers(path) if isinstance(header, str)}
        yield from self.missing_of_ours(path)
        for name in sorted(set(USED.findall(text))):
            known = declared.get(name)
            if known and not known & headers:
                yield f"std::{name}", " or ".join(f"<{header}>" for header in sorted(known))
        if FMT.search(text) and not any(header.startswith("fmt/") for header in headers):
            yield "fmt::" + FMT.search(text)[1], "<fmt/format.h>"


def main():
    tree = Tree(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
    declared = declared_by()
    failed = 0
    for path in tree.files:
        for name, headers in tree.missing(path, declared):
            failed += 1
            print(f"{path.relative_to(tree.root)}: uses {name} and does not include {headers}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
