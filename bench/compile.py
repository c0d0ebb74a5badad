#!/usr/bin/env python3
"""Measures the cost of compiling programs that use Kith: processor seconds and peak memory of one translation unit.

`./dev bench --compile` prints the table; `--check`, which the tests run, fails if the memory exceeds the budget. The
memory of a compiler is the same in every run, so it can have a limit; the time depends on the machine and is only
printed.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLAGS = ["-std=c++20", "-O2", f"-I{ROOT / 'include'}"]
SKIPPED = 77
MB = 1_000_000
COMPILERS = {"g++": "GCC", "clang++-19": "Clang"}  # by command
QUERIES_IN_A_FUNCTION = 10


class Unit:
    """A translation unit and its budget, in seconds of one processor and in bytes."""

    def __init__(self, title, source, seconds, memory):
        self.title = title
        self.source = source
        self.seconds = seconds
        self.memory = memory


# --- The generated program -------------------------------------------------------------------------------------------


def model(number, count):
    """Seven members: a key, three columns, a relation to the previous model, one to another, and a reverse end."""
    before = f"kith::ForeignKey<M{number - 1}>" if number else "kith::ForeignKey<M0, kith::null>"
    last = number + 1 == count
    after = "bool is_last{}" if last else f'kith::ReverseSet<M{number + 1}, "parent"> children{{}}'
    return f"""struct M{number} {{
    kith::PrimaryKey<> id{{}};
    std::string name{{}};
    std::int64_t amount{{}};
    std::optional<double> ratio{{}};
    {before} parent{{}};
    kith::ManyToMany<M{(number * 37 + 11) % count}> others{{}};
    {after};
}};
"""


def query(number, models):
    """A query of seven lookups on a model that has children."""
    on = number * 7 % (models - 1)
    return f"""    auto rows{number} = db.objects<M{on}>()
        .filter("parent__parent__name__icontains"_f = "a", "amount__gte"_f = {number})
        .exclude("children__ratio__isnull"_f = true)
        .order_by("-parent__name", "id")
        .select_related("parent__parent")
        .prefetch_related("others__parent", "children__others");
    for (const M{on}& row : rows{number}) total += row.parent->amount + row.amount;
"""


def generate(models, queries):
    """A program of many models, each related to the previous one, and of queries, ten per function."""
    parts = ["#include <kith/kith.hpp>\n\n#include <cstdint>\n#include <optional>\n#include <string>\n",
             "using namespace kith::literals;\n", "namespace shop {\n"]
    parts += [f"struct M{number};" for number in range(models)]
    parts += [model(number, models) for number in range(models)]
    names = ", ".join(f"M{number}" for number in range(models))
    parts.append(f"void create(const kith::Database& db) {{ db.create_tables<{names}>(); }}\n")
    for first in range(0, queries, QUERIES_IN_A_FUNCTION):
        some = range(first, min(first + QUERIES_IN_A_FUNCTION, queries))
        body = "".join(query(number, models) for number in some)
        parts.append(f"std::int64_t load{first}(const kith::Database& db) {{\n    std::int64_t total = 0;\n{body}"
                     "    return total;\n}\n")
    parts.append("} // namespace shop\n")
    return "\n".join(parts)


# --- Measuring -------------------------------------------------------------------------------------------------------


def compile_once(compiler, source, output):
    """Seconds of processor time and of wall time, and the peak memory of the largest process of the compiler."""
    command = [shutil.which(compiler), *FLAGS, "-c", source, "-o", output]
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env={**os.environ, "CCACHE_DISABLE": "1"})
    # Includes the children that the process has waited for: the driver g++ with the compiler cc1plus.
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"compile: {compiler} does not compile {source}")
    return used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss * 1024


def measure(compiler, unit, runs, folder):
    results = [compile_once(compiler, unit.source, folder / "unit.o") for _ in range(runs)]
    return {"unit": unit.title, "compiler": version(compiler), "runs": runs,
            "seconds": round(sorted(r[0] for r in results)[runs // 2], 2),
            "wall_seconds": round(sorted(r[1] for r in results)[runs // 2], 2),
            "peak_bytes": max(r[2] for r in results),
            "budget_seconds": unit.seconds, "budget_bytes": unit.memory}


def version(compiler):
    option = "-dumpfullversion" if compiler == "g++" else "-dumpversion"
    said = subprocess.run([compiler, option], check=True, capture_output=True, text=True)
    return f"{COMPILERS[compiler]} {said.stdout.strip()}"


# --- Reporting -------------------------------------------------------------------------------------------------------


def row(result):
    return [result["unit"], result["compiler"], f"{result['seconds']:.1f}", f"{result['budget_seconds']}",
            f"{result['peak_bytes'] / MB:,.0f}", f"{result['budget_bytes'] / MB:,.0f}"]


HEADERS = ["translation unit", "compiler", "processor s", "budget", "memory MB", "budget"]


def print_table(results):
    rows = [HEADERS] + [row(result) for result in results]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEADERS))]
    for cells in rows:
        aligned = [cell.ljust(width) if column < 2 else cell.rjust(width)
                   for column, (cell, width) in enumerate(zip(cells, widths))]
        print("  ".join(aligned).rstrip())


def markdown(results):
    rows = [HEADERS, ["---", "---", "---:", "---:", "---:", "---:"]] + [row(result) for result in results]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in rows)


def beyond(results):
    """A sentence for each result whose memory exceeds its budget."""
    return [f"{result['unit']} takes {result['peak_bytes'] / MB:,.0f} MB with {result['compiler']}, "
            f"more than its budget of {result['budget_bytes'] / MB:,.0f} MB"
            for result in results if result["peak_bytes"] > result["budget_bytes"]]


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench --compile",
                                     description="Measures processor time and peak memory of compiling.")
    parser.add_argument("--models", type=int, default=100, metavar="N",
                        help="number of models in the generated program (100)")
    parser.add_argument("--queries", type=int, metavar="N",
                        help="number of queries in the generated program (2 per model)")
    parser.add_argument("--runs", type=int, default=1, metavar="N",
                        help="number of runs; the median time is reported (1)")
    parser.add_argument("--compiler", choices=list(COMPILERS), help="only this one")
    parser.add_argument("--check", action="store_true", help="fail if the memory exceeds the budget")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all measurements")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="write the table in Markdown")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FILE", help="keep the generated program")
    arguments = parser.parse_args()
    if arguments.queries is None:
        arguments.queries = 2 * arguments.models
    if arguments.models < 2 or arguments.queries < 1 or arguments.runs < 1:
        parser.error("at least two models, one query and one run are needed")
    return arguments


def main():
    arguments = parse_arguments()
    wanted = [arguments.compiler] if arguments.compiler else list(COMPILERS)
    compilers = [command for command in wanted if shutil.which(command)]
    for missing in sorted(set(wanted) - set(compilers)):
        print(f"Skipped {missing}: it is not installed.")
    if not compilers:
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        generated = arguments.keep or folder / "generated.cpp"
        generated.write_text(generate(arguments.models, arguments.queries))
        # Budgets are set for a small program and for 100 models; others are interpolated.
        share = arguments.models / 100
        alone = folder / "alone.cpp"
        alone.write_text("#include <kith/kith.hpp>\n")
        units = [Unit("kith.hpp alone", alone, 1.5, 210 * MB),
                 Unit("the tour of examples/travel", ROOT / "examples" / "travel" / "prefetch_related.cpp", 5, 700 * MB),
                 Unit(f"{arguments.models} models, {arguments.queries} queries", generated,
                      round(5 + 35 * share), round((700 + 500 * share) * MB))]
        results = [measure(compiler, unit, arguments.runs, folder) for unit in units for compiler in compilers]
    print_table(results)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n")
    if arguments.markdown:
        arguments.markdown.write_text(markdown(results))
    if arguments.check and (sentences := beyond(results)):
        sys.exit("compile: " + "; ".join(sentences))


if __name__ == "__main__":
    main()
