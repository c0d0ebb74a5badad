"""The names of the workloads, and the tables of the measurements."""

import dataclasses
import os
import pathlib
import platform
import re
import statistics


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    title: str
    database: str = "travel.db"
    per_parent: bool = False  # the time is per parent
    at_small_scale: bool = True  # works on part of the data
    on_servers: bool = True
    by_peers: bool = True
    writes: bool = False  # on servers it gets a copy of the database


WORKLOADS = [
    Workload("W1", "forward foreign key: people → hometown"),
    Workload("W2", "reverse foreign key: provinces → city_set"),
    Workload("W3", "many-to-many: people → visitation"),
    Workload("W4", "two levels: people → visitation → province"),
    Workload("W5", "W3 streamed, 2,000 people at a time"),
    Workload("W6", "select_related: people, hometown, its province"),
    Workload("W7", "people alone"),
    Workload("W8", "small loads: W4 for ten people, each"),
    Workload("W8b", "the same for one person, each", by_peers=False),
    Workload("W9", "bulk create of 100,000 people", at_small_scale=False, writes=True),
    Workload("W10a", "10,000 parents, each", "keys.db", True, False, False),
    Workload("W10b", "100,000 parents, each", "keys.db", True, False, False),
    Workload("W10c", "1,000,000 parents, each", "keys.db", True, False, False),
    Workload("W11", "100,000 links: five people visit every city", at_small_scale=False, by_peers=False, writes=True),
    Workload("W12", "100,000 people changed and saved", at_small_scale=False, by_peers=False, writes=True),
]


def chosen_workloads(names, fail):
    if names is None:
        return WORKLOADS
    chosen = []
    for name in names.split(","):
        found = [w for w in WORKLOADS if w.name == name or re.fullmatch(rf"{re.escape(name)}[abc]", w.name)]
        if not found:
            fail(f"there is no workload '{name}', only {', '.join(w.name for w in WORKLOADS)}")
        chosen += found
    return chosen


# --- Numbers as text -------------------------------------------------------------------------------------------------


def digits(value):
    """Three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{digits(seconds / size)} {unit}"
    return f"{digits(seconds / 1e-9)} ns"


def quartile_range(values):
    if len(values) < 2:
        return None
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return high - low


# --- The machine -----------------------------------------------------------------------------------------------------


def cores():
    return len(os.sched_getaffinity(0))


def line_of(path, pattern):
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
    except OSError:
        return None
    return found.group(1) if found else None


@dataclasses.dataclass
class Circumstances:
    compiler: str
    database: str  # its name and version
    scale: float
    rounds: int
    other_work: float | None  # the share of processor time that other work used
    note: str

    def machine(self):
        virtual = "virtual " if line_of("/proc/cpuinfo", r"^flags.*\b(hypervisor)\b") else ""
        parts = [f"{cores()} {virtual}{platform.machine()} cores"]
        memory = line_of("/proc/meminfo", r"^MemTotal: +(\d+)")
        if memory:
            parts.append(f"{int(memory) / 2**20:.0f} GiB")
        system = line_of("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)')
        parts.append(re.sub(r" \(.*\)", "", system) if system else platform.system())
        parts.append(self.compiler.replace("GNU", "GCC"))
        parts.append(self.database)
        return ", ".join(parts)

    def sentences(self):
        scale = "" if self.scale == 1 else f", {self.scale:g} times the data"
        rounds = "one round" if self.rounds == 1 else f"{self.rounds} rounds"
        said = [f"{self.machine()}{scale}; {rounds}."]
        if self.other_work is not None:
            said.append("Nothing else ran." if self.other_work < 0.02 else
                        f"Other work used {self.other_work:.0%} of the processors meanwhile.")
        if self.note:
            said.append(self.note)
        return " ".join(said)


# --- The results -----------------------------------------------------------------------------------------------------


class Row:
    """The result of all rounds of one workload with one variant."""

    def __init__(self, workload, variant, reports, floor):
        self.workload = workload
        self.variant = variant
        divisor = reports[0]["rows"] if workload.per_parent else 1
        self.seconds = [report["seconds"] / divisor for report in reports]
        self.median = statistics.median(self.seconds)
        self.spread = quartile_range(self.seconds)
        self.memory_kb = statistics.median(max(0, report["peak_kb"] - report["idle_kb"]) for report in reports)
        self.statements = reports[-1]["statements"]
        self.allocations = reports[-1].get("allocations")
        self.ratio = self.memory_ratio = None
        if floor:
            # The ratio within each round, then the median: whatever slows down a round slows down both.
            self.ratio = statistics.median(a["seconds"] / b["seconds"] for a, b in zip(reports, floor))
            floor_kb = statistics.median(max(1, report["peak_kb"] - report["idle_kb"]) for report in floor)
            self.memory_ratio = self.memory_kb / floor_kb

    def cells(self):
        return [
            self.variant.title,
            duration(self.median),
            "" if self.spread is None else duration(self.spread),
            "" if self.ratio is None else f"{self.ratio:.2f} ×",
            f"{self.memory_kb / 1024:.1f} MB",
            "" if self.memory_ratio is None else f"{self.memory_ratio:.2f} ×",
            f"{self.statements:,}",
            "" if self.allocations is None else f"{self.allocations:,}",
        ]


HEADINGS = ["", "median", "spread", "to by hand", "memory", "to by hand", "statements", "allocations"]


PAGE = """# Results

Made by `./dev bench`, a section at a time; [README.md](README.md) says what is measured and how to read it.
"""


def aligned(lines):
    """The lines of a table, whose cells are given; a line of one cell is a heading."""
    table = [line for line in lines if len(line) > 1]
    widths = [max(map(len, column)) for column in zip(*table)]
    out = []
    for line in lines:
        if len(line) == 1:
            out.append(line[0])
        else:
            out.append("  ".join([line[0].ljust(widths[0])] +
                                 [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]).rstrip())
    return out


def write_section(page, name, markdown):
    """Writes the section `name` into the page, and replaces an existing one."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    text = page.read_text() if page.exists() else PAGE
    before, found, rest = text.partition(begin)
    behind = rest.partition(end)[2] if found else ""
    if not found:
        before += "\n"
    page.write_text(before + begin + "\n" + markdown + "\n" + end + behind)


class Results:
    def __init__(self, workloads, variants, reports, skipped, notes, circumstances):
        self.variants = variants
        self.circumstances = circumstances
        self.notes = notes
        self.reports = reports
        self.groups = []  # (workload, rows, sentences about variants that cannot do it)
        for workload in workloads:
            floor = reports.get((workload.name, "hand"))
            rows = [Row(workload, v, reports[workload.name, v.name], floor) for v in variants
                    if (workload.name, v.name) in reports]
            cannot = [f"{v.title}: {skipped[workload.name, v.name]}" for v in variants
                      if skipped.get((workload.name, v.name))]
            self.groups.append((workload, rows, cannot))

    def text(self):
        lines = [HEADINGS]
        for workload, rows, cannot in self.groups:
            lines += [[""], [f"{workload.name}  {workload.title}"]]
            lines += [["  " + cell if i == 0 else cell for i, cell in enumerate(row.cells())] for row in rows]
            lines += [[f"  {sentence}"] for sentence in cannot]
        out = aligned(lines)
        out += ["", self.circumstances.sentences(), *self.notes]
        return "\n".join(out)

    def markdown(self):
        """A section of the page of results."""
        out = [f"## {self.circumstances.database}", "", self.circumstances.sentences(), "", "| variant | version | what it is |", "|---|---|---|"]
        for variant in self.variants:
            out.append(f"| {variant.title} | {variant.version} | {variant.how} ({variant.language}) |")
        if self.notes:
            out += [""] + [f"{note}" for note in self.notes]
        for workload, rows, cannot in self.groups:
            out += ["", f"### {workload.name} {workload.title}", "", "| " + " | ".join(["variant"] + HEADINGS[1:]) + " |",
                    "|---" + "|--:" * (len(HEADINGS) - 1) + "|"]
            out += ["| " + " | ".join(row.cells()) + " |" for row in rows]
            if cannot:
                out += [""] + cannot
        return "\n".join(out) + "\n"

    def as_json(self):
        rows = []
        for workload, group, _ in self.groups:
            for row in group:
                rows.append({"workload": workload.name, "title": workload.title, "variant": row.variant.name,
                             "median_seconds": row.median, "spread_seconds": row.spread, "ratio": row.ratio,
                             "memory_kb": row.memory_kb, "memory_ratio": row.memory_ratio,
                             "statements": row.statements, "allocations": row.allocations,
                             "runs": self.reports[workload.name, row.variant.name]})
        return {"machine": self.circumstances.machine(), "scale": self.circumstances.scale,
                "rounds": self.circumstances.rounds, "other_work": self.circumstances.other_work,
                "note": self.circumstances.note, "left_out": self.notes,
                "variants": {v.name: {"title": v.title, "version": v.version, "language": v.language, "how": v.how}
                             for v in self.variants},
                "cannot": [sentence for _, _, cannot in self.groups for sentence in cannot], "results": rows}
