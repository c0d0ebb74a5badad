#!/usr/bin/env python3
"""Runs the fuzzers, as many at a time as there are processors. `./dev fuzz MINUTES` calls it.

Each starts from its inputs in tests/fuzz/corpus and from what earlier runs found, which is in the build directory. With
--keep, the fewest inputs that reach as much code are written to tests/fuzz/corpus.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
STATISTIC = re.compile(r"^stat::(\w+):\s+(\d+)$", re.M)
REACHED = re.compile(r"\bft: (\d+)")


class Fuzzer:
    def __init__(self, build, name):
        self.name = name
        self.program = build / "tests/fuzz" / f"kith_fuzz_{name}"
        self.found = build / "tests/fuzz/found" / name
        self.corpus = HERE / "corpus" / name
        self.faults = build / "tests/fuzz/faults" / name
        for folder in (self.found, self.corpus, self.faults):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self, seconds, longest):
        command = [self.program, self.found, self.corpus, f"-max_total_time={seconds}", "-timeout=120",
                   "-rss_limit_mb=4096", "-print_final_stats=1", f"-artifact_prefix={self.faults}/"]
        if longest:
            command.append(f"-max_len={longest}")
        return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)

    def keep(self):
        """The smallest corpus that reaches what all inputs together reach."""
        smallest = self.corpus.with_name(self.name + ".new")
        shutil.rmtree(smallest, ignore_errors=True)  # of a run that was ended
        smallest.mkdir()
        subprocess.run([self.program, "-merge=1", smallest, self.corpus, self.found], capture_output=True, check=True)
        for file in self.corpus.iterdir():
            file.unlink()
        self.corpus.rmdir()
        smallest.rename(self.corpus)
        return len(list(self.corpus.iterdir()))


def report(fuzzer, run, keep):
    """Prints the fuzzer's line. Returns whether it found a fault."""
    statistics = dict(STATISTIC.findall(run.stderr))
    reached = REACHED.findall(run.stderr)
    line = f"{fuzzer.name:<18}{int(statistics.get('number_of_executed_units', 0)):>14,} inputs"
    line += f"{int(reached[-1]) if reached else 0:>9,} features reached"
    if run.returncode:
        print(f"{line}   FAULT\n{run.stderr[-6000:]}\nThe input is in {fuzzer.faults}; {fuzzer.program} FILE runs it again.",
              flush=True)
        return True
    print(line + (f"   {fuzzer.keep()} inputs kept" if keep else ""), flush=True)
    return False


def main():
    programs = sorted(path.name.removesuffix("_fuzz.cpp") for path in HERE.glob("*_fuzz.cpp"))
    parser = argparse.ArgumentParser(prog="./dev fuzz", description="Runs the fuzzers.")
    parser.add_argument("minutes", type=float, help="for each fuzzer")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these, of " + ", ".join(programs))
    parser.add_argument("--keep", action="store_true", help="write the inputs that reach most code to tests/fuzz/corpus")
    parser.add_argument("--longest", type=int, metavar="BYTES", help="of an input; by default as in the corpus")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parents[1] / "build/fuzz", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in programs]:
        parser.error(f"there is no fuzzer {', '.join(unknown)}, only {', '.join(programs)}")
    # Some need a client library, and are not built without it.
    built = [name for name in programs if (arguments.build / f"tests/fuzz/kith_fuzz_{name}").exists()]
    fuzzers = [Fuzzer(arguments.build, name) for name in arguments.names or built]
    seconds = round(arguments.minutes * 60)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {pool.submit(fuzzer.run, seconds, arguments.longest): fuzzer for fuzzer in fuzzers}
        found = [report(runs[run], run.result(), arguments.keep) for run in concurrent.futures.as_completed(runs)]
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
