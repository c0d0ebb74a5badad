#!/usr/bin/env python3
"""Counts the processor's instructions of some workloads, stage by stage, with callgrind.

Unlike time, the counts hardly change from run to run (less than 0.1 %) and do not depend on other work of the machine.
Counted is one load of a tenth of the data, without the program around it. `./dev bench --instructions` prints the
counts; `--write` stores them in instructions.json; `--check`, which the tests run, compares with those.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import posixpath
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
KEPT = HERE / "instructions.json"
WORKLOADS = ["W1", "W2", "W3", "W4", "W6", "W8"]
SCALE = "0.1"
MEASURED = "bench_measured"  # the function in common/measure.cpp within which a workload's load runs
NOTABLE, TOO_MUCH = 0.03, 0.10
SKIPPED = 77

# Stages outside of Kith: printed, but not compared, because they depend on the installed versions.
SQLITE, LIBRARIES, PROGRAM = "SQLite", "other libraries", "the benchmark itself"
FOREIGN = [SQLITE, LIBRARIES, PROGRAM]


def fail(message):
    sys.exit(f"instructions: {message}")


# --- Reading callgrind's output --------------------------------------------------------------------------------------


def place_in_repository(path):
    """`src/rows/page.cpp` for any form in which the compiler may have written the path; None for files elsewhere."""
    found = re.match(r"(?:.*/)?((?:src|include/kith|bench)/.*)", posixpath.normpath(path))
    return found.group(1) if found else None


def stage_of(program, object_file, file, function_file):
    """The stage of an instruction of `object_file` in `file`, which may have been inlined into `function_file`."""
    if pathlib.Path(object_file).name != program:
        return SQLITE if "sqlite3" in object_file else LIBRARIES
    place = place_in_repository(file) or place_in_repository(function_file)
    if place is None:
        return "templates"  # of the standard library, with our types in them
    if place.startswith("bench/"):
        return PROGRAM
    parts = place.split("/")
    if parts[0] == "include":
        return "public headers"
    return parts[1] if len(parts) > 2 else "values"


def count(profile, program):
    """Instructions by stage. A profile lists, for each function of each file of each object, lines with their cost."""
    stages = {}
    object_file = file = function_file = ""
    inclusive = False  # the next line is the cost of a called function, which is listed there
    with open(profile) as lines:
        for line in lines:
            key, equals, value = line.rstrip("\n").partition("=")
            if equals and key.isalpha():
                if key == "ob":
                    object_file = value
                elif key == "fl":
                    file = function_file = value
                elif key in ("fi", "fe"):
                    file = value
                elif key == "calls":
                    inclusive = True
            elif line[0].isdigit():
                if not inclusive:
                    stage = stage_of(program, object_file, file, function_file)
                    stages[stage] = stages.get(stage, 0) + int(line.split()[1])
                inclusive = False
    return stages


def run_workload(program, workload, database, folder):
    profile = folder / f"{workload}.callgrind"
    process = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--toggle-collect={MEASURED}", f"--callgrind-out-file={profile}",
         "--compress-strings=no", "--compress-pos=no", program, workload, database], capture_output=True, text=True)
    if process.returncode != 0:
        fail(f"{workload} failed under valgrind:\n{process.stderr.strip()}")
    stages = count(profile, program.name)
    if not any(stage in stages for stage in ("prefetch", PROGRAM)):
        fail(f"{program} has no line numbers: build the preset `costs`, which has them")
    return dict(sorted(stages.items(), key=lambda item: -item[1]))


def own(stages):
    return {stage: n for stage, n in stages.items() if stage not in FOREIGN}


# --- Reporting -------------------------------------------------------------------------------------------------------


def print_table(counts, what, by_hand):
    aside = [SQLITE, LIBRARIES] if by_hand else FOREIGN
    stages = sorted({stage for workload in counts.values() for stage in workload if stage not in aside},
                    key=lambda stage: -max(workload.get(stage, 0) for workload in counts.values()))
    total = "by hand in all" if by_hand else "Kith in all"
    width = max(len(stage) for stage in stages + FOREIGN + [total]) + 2

    def print_line(label, numbers):
        print(label.ljust(width) + "".join(f"{round(n / 1000):>14,}" for n in numbers))

    print(f"Thousands of instructions, {what}\n")
    print(" " * width + "".join(f"{workload:>14}" for workload in counts))
    for stage in stages:
        print_line(stage, [workload.get(stage, 0) for workload in counts.values()])
    print_line(total, [sum(workload.get(stage, 0) for stage in stages) for workload in counts.values()])
    print()
    for stage in aside:
        print_line(stage, [workload.get(stage, 0) for workload in counts.values()])
    print_line("everything", [sum(workload.values()) for workload in counts.values()])


def compare(kept, counts):
    """Prints what became more expensive. Returns the workloads that became too expensive."""
    too_dear = []
    for workload, stages in counts.items():
        before, after = own(kept.get(workload, {})), own(stages)
        if not before:
            print(f"{workload}: no stored count; store one with ./dev bench --instructions --write")
            continue
        total_before, total = sum(before.values()), sum(after.values())
        change = total / total_before - 1
        print(f"{workload}: {total:,} instructions in Kith, {change:+.1%}")
        for stage, n in after.items():
            was = before.get(stage, 0)
            # A very small stage may double without effect.
            if n > was * (1 + NOTABLE) and n - was > total_before / 200:
                print(f"    {stage} costs more: {was:,} before, {n:,} now" + (f" ({n / was - 1:+.1%})" if was else ""))
        if change > TOO_MUCH:
            too_dear.append(workload)
        elif change < -NOTABLE:
            print("    cheaper than the stored count: store the new one with ./dev bench --instructions --write")
    return too_dear


def check(counts, about):
    kept = json.loads(KEPT.read_text())
    too_dear = compare(kept["workloads"], counts)
    if kept["sqlite"] != about["sqlite"]:
        print(f"(stored with SQLite {kept['sqlite']}, now {about['sqlite']}: this may cause small changes)")
    if too_dear:
        fail(f"{', '.join(too_dear)} needs over {TOO_MUCH:.0%} more instructions. If this is intended, store the new "
             "counts: ./dev bench --instructions --write")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --instructions", description="Counts instructions by stage.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--write", action="store_true", help="store the counts for the tests")
    choice.add_argument("--check", action="store_true", help="compare with the stored counts")
    parser.add_argument("--only", metavar="W1,W3", help="only these workloads, of " + ", ".join(WORKLOADS))
    parser.add_argument("--hand", action="store_true", help="count the variant by hand, for comparison")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build" / "costs", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    workloads = arguments.only.split(",") if arguments.only else WORKLOADS
    if unknown := [w for w in workloads if w not in WORKLOADS]:
        parser.error(f"no count for {', '.join(unknown)}, only for {', '.join(WORKLOADS)}")
    if arguments.hand and (arguments.write or arguments.check):
        parser.error("counts of the variant by hand are not stored")

    programs = arguments.build / "bench"
    program = programs / ("kith_bench_hand" if arguments.hand else "kith_bench_kith")
    about = json.loads(subprocess.run([program, "--about"], check=True, capture_output=True, text=True).stdout)
    if arguments.check:
        kept = json.loads(KEPT.read_text())
        if kept["compiler"] != about["compiler"]:
            print(f"Skipped: the stored counts are those of {kept['compiler']}, and this is {about['compiler']}, "
                  "which generates different code.")
            sys.exit(SKIPPED)

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([programs / "kith_bench_data", folder, SCALE], check=True)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = {w: pool.submit(run_workload, program, w, folder / "travel.db", folder) for w in workloads}
            counts = {workload: run.result() for workload, run in runs.items()}
    if arguments.check:
        return check(counts, about)
    print_table(counts, f"{about['compiler']}, SQLite {about['sqlite']}, {float(SCALE):g} of the data",
                arguments.hand)
    if arguments.write:
        KEPT.write_text(json.dumps({"compiler": about["compiler"], "sqlite": about["sqlite"], "workloads": counts},
                                   indent=1) + "\n")


if __name__ == "__main__":
    main()
