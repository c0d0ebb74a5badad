#!/usr/bin/env python3
"""How the cost of Kith grows: with parents, depth, width, links, threads and models, a curve for each.

`./dev bench --growth` calls it; bench/README.md explains the figures. Needs only the standard library.
"""

import argparse
import dataclasses
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

import compile as compiling
import figures
import growth_chart
import run

HERE = pathlib.Path(__file__).resolve().parent
LIBRARIES = ["-lsqlite3", "-lfmt", "-lpcre2-8", "-lpq", "-lmariadb", "-pthread"]
BEND = 1.2  # the exponent of a step that costs more than its share: 2.3 times for twice the size


@dataclasses.dataclass(frozen=True)
class Axis:
    name: str
    sizes: tuple
    quick: tuple
    titles: dict  # of what is drawn, by its key in a report
    generated: bool = False  # a generated program measures it rather than kith_bench_growth


AXES = [
    Axis("parents", (1000, 10_000, 100_000, 1_000_000, 10_000_000), (1000, 10_000, 100_000),
         {"processor_seconds": "parents, streamed with a child each", "kb": "parents, streamed: peak memory"}),
    Axis("depth", (1, 2, 4, 8, 16, 32, 64), (1, 4, 16, 64), {"processor_seconds": "steps of a lookup, 1,000 rows each"}),
    Axis("width", (1, 2, 4, 8, 16, 32, 63), (1, 8, 63), {"processor_seconds": "lookups side by side, 1,000 rows each"}),
    Axis("links", (1, 10, 100, 1000, 10_000), (1, 10, 100, 1000), {"processor_seconds": "links of each of 20 parents"}),
    Axis("threads", (1, 2, 4, 8, 16, 32, 64), (1, 8, 64),
         {"seconds": "threads over 8 connections, per load"}),
    Axis("models", (10, 20, 50, 100, 200, 500), (10, 20),
         {"processor_seconds": "models: compiling the program", "kb": "models: memory of the compiler",
          "start_seconds": "models: setting them up at the start"}, generated=True),
]


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench --growth",
                                     description="Measures on SQLite how cost grows, and fits a line to each curve.")
    names = [axis.name for axis in AXES]
    parser.add_argument("--only", metavar="LIST", help=f"only these curves, of {', '.join(names)}")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="number of rounds over all points (3)")
    parser.add_argument("--quick", action="store_true", help="few and small sizes, in about a minute")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all measurements")
    parser.add_argument("--svg", type=pathlib.Path, metavar="FILE", help="draw the curves with their lines")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE",
                        help="write the tables into a page, and replace those that are there")
    parser.add_argument("--note", default="", help="a sentence for the page, for example about the machine")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build" / "bench", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("at least one round is needed")
    arguments.names = arguments.only.split(",") if arguments.only else names
    for name in arguments.names:
        if name not in names:
            parser.error(f"there is no curve '{name}', only {', '.join(names)}")
    return arguments


# --- What is run -----------------------------------------------------------------------------------------------------


class Data:
    """The file that kith_bench_growth loads from; made once for each size."""

    def __init__(self, program, folder, parents):
        self.path = folder / f"growth-{parents}.db"
        if self.path.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        run.show_progress(f"Making {self.path.name}")
        unfinished = self.path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        subprocess.run([program, "--make", unfinished, str(parents)], check=True)
        unfinished.rename(self.path)

    def processor_seconds(self):
        return 0  # SQLite runs within the program


MAIN = """#include <chrono>
#include <cstdio>

int main() {
    const auto db = kith::connect("sqlite::memory:");
    const auto began = std::chrono::steady_clock::now();
    (void)db.objects<shop::M0>();
    std::printf("%.9f\\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
}
"""


def models_report(models, build, folder):
    """Compiles and starts a program of so many models."""
    source, compiled, program = (folder / f"models{end}" for end in (".cpp", ".o", ""))
    source.write_text(compiling.generate(models, 2 * models) + MAIN)
    seconds, _, peak = compiling.compile_once("g++", source, compiled)
    subprocess.run(["g++", compiled, "-o", program, build / "libkith.a", *LIBRARIES], check=True)
    started = [float(subprocess.run([program], check=True, capture_output=True, text=True).stdout) for _ in range(25)]
    return {"processor_seconds": seconds, "kb": peak // 1024, "start_seconds": min(started)}


def load_report(program, axis, size, data):
    report = run.report_of([program, axis.name, size, data.path], f"{size} {axis.name}")
    report["kb"] = report["peak_kb"]
    return report


def measure(arguments, axes):
    """All reports: {(axis, size): [report, …]}. Each round measures all points, so that noise affects all alike."""
    program = arguments.build / "bench" / "kith_bench_growth"
    parents = max(sizes(arguments, AXES[0]))
    data = Data(program, arguments.build / "data", parents)
    others = run.OtherWork(data)
    reports = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.runs):
            for axis, size in ((axis, size) for axis in axes for size in sizes(arguments, axis)):
                run.show_progress(f"Round {number + 1} of {arguments.runs}: {size:,} {axis.name}")
                if not axis.generated:
                    report = load_report(program, axis, size, data)
                elif number == 0:  # many models take minutes to compile
                    report = models_report(size, arguments.build, pathlib.Path(folder))
                else:
                    continue
                reports.setdefault((axis.name, size), []).append(report)
    run.show_progress("")
    return reports, others.share()


def sizes(arguments, axis):
    return axis.quick if arguments.quick else axis.sizes


# --- The results -----------------------------------------------------------------------------------------------------


class Curve:
    """The points of one figure, and the line that fits their logarithms: cost = factor · size ^ exponent. A point is the
    least of all rounds: other work on the machine only adds."""

    def __init__(self, axis, key, reports, chosen):
        self.key, self.title = key, axis.titles[key]
        self.points = [(size, min(report[key] for report in reports[axis.name, size])) for size in chosen]
        xs, ys = ([math.log(point[i]) for point in self.points] for i in (0, 1))
        self.exponent, offset = statistics.linear_regression(xs, ys)
        self.factor = math.exp(offset)
        self.steps = [(y2 - y1) / (x2 - x1) for x1, y1, x2, y2 in zip(xs, ys, xs[1:], ys[1:])]

    def bends(self):
        """Whether a step costs more than its share."""
        return any(step > BEND for step in self.steps)

    def text_of(self, value):
        return f"{value / 1024:,.1f} MB" if self.key == "kb" else figures.duration(value)

    def cells(self):
        first, last = self.points[0], self.points[-1]
        return [self.title, f"{first[0]:,} … {last[0]:,}", self.text_of(first[1]), self.text_of(last[1]),
                f"{self.exponent:.2f}", f"{max(self.steps):.2f}", "yes" if self.bends() else "no"]


HEADINGS = ["cost over", "sizes", "at the first", "at the last", "exponent", "of the steepest step", "bends upward"]


class Results:
    def __init__(self, curves, reports, circumstances):
        self.curves = curves
        self.reports = reports
        self.circumstances = circumstances

    def text(self):
        lines = figures.aligned([HEADINGS] + [curve.cells() for curve in self.curves])
        return "\n".join(lines + ["", self.circumstances.sentences()])

    def markdown(self):
        out = ["## Growth", "", self.circumstances.sentences(), "", "| " + " | ".join(HEADINGS) + " |",
               "|---" + "|--:" * (len(HEADINGS) - 1) + "|"]
        out += ["| " + " | ".join(curve.cells()) + " |" for curve in self.curves]
        for curve in self.curves:
            points = [f"{size:,}: {curve.text_of(cost)}" for size, cost in curve.points]
            out += ["", f"{curve.title[0].upper()}{curve.title[1:]}: " + "; ".join(points) + "."]
        return "\n".join(out) + "\n"

    def as_json(self):
        return {"machine": self.circumstances.machine(), "rounds": self.circumstances.rounds,
                "other_work": self.circumstances.other_work, "note": self.circumstances.note,
                "curves": [{"title": curve.title, "points": curve.points, "exponent": curve.exponent,
                            "steps": curve.steps, "bends_upward": curve.bends()} for curve in self.curves],
                "runs": {f"{name} {size}": reports for (name, size), reports in self.reports.items()}}


def main():
    arguments = parse_arguments()
    axes = [axis for axis in AXES if axis.name in arguments.names]
    reports, other_work = measure(arguments, axes)
    about = run.about(arguments.build / "bench" / "kith_bench_growth")
    circumstances = figures.Circumstances(about["compiler"], f"SQLite {about['sqlite']}", 1, arguments.runs, other_work,
                                          arguments.note)
    curves = [Curve(axis, key, reports, sizes(arguments, axis)) for axis in axes for key in axis.titles]
    run.show(Results(curves, reports, circumstances), arguments, "growth", growth_chart.draw)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
