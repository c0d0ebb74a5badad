#!/usr/bin/env python3
"""Runs every workload with every variant, each in a process of its own, and prints one table.

`./dev bench` calls it; bench/README.md explains the figures. Needs only the standard library.
"""

import argparse
import json
import pathlib
import resource
import subprocess
import sys
import time

import chart
import databases
import figures

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77  # the exit status of a peer's setup if its toolchain is missing
TIMEOUT = 900  # seconds for one process


class Variant:
    """One way to run the workloads: `command` takes a workload and a database and returns the command, or None."""

    def __init__(self, name, title, how, command, version="", language="C++", rounds=None):
        self.name = name
        self.title = title
        self.how = how
        self.command = command
        self.version = version
        self.language = language
        self.rounds = rounds  # None: as many as requested


def fail(message):
    sys.exit(f"bench: {message}")


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Compares Kith with hand-written code and peers.")
    parser.add_argument("--db", choices=databases.DATABASES, default="sqlite",
                        help="the database: a file (sqlite), or a server that is started for this run")
    parser.add_argument("--runs", type=int, default=7, metavar="N",
                        help="number of rounds over all workloads and variants (7)")
    parser.add_argument("--only", metavar="W1,W3", help="only these workloads")
    parser.add_argument("--scale", type=float, default=1, help="size of the travel data, 0.1 to 10 (1)")
    parser.add_argument("--variants", metavar="LIST",
                        help="some of kith, hand, range, scan and join (all but join); on servers of kith, hand and range")
    parser.add_argument("--peers", nargs="?", const="all", metavar="LIST",
                        help="set up the libraries in bench/peers, all or those named, and run them too")
    parser.add_argument("--peer-runs", type=int, default=3, metavar="N",
                        help="number of rounds for the peers, which are slow (3)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all measurements")
    parser.add_argument("--svg", type=pathlib.Path, metavar="FILE", help="write a bar chart")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE",
                        help="write the tables into a page, and replace those of the same database")
    parser.add_argument("--note", default="", help="a sentence for the page, for example about the machine")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build" / "bench", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.runs < 1 or arguments.peer_runs < 1:
        parser.error("at least one round is needed")
    if not 0.1 <= arguments.scale <= 10:
        parser.error("the scale must be between 0.1 and 10")
    return arguments


# --- What is run -----------------------------------------------------------------------------------------------------


def about(program):
    return json.loads(subprocess.run([program, "--about"], check=True, capture_output=True, text=True).stdout)


def own_variants(programs, database, names):
    hand_name = "kith_bench_hand" if database == "sqlite" else f"kith_bench_hand_{database}"
    kith, hand = programs / "kith_bench_kith", programs / hand_name

    def extra(suffix, workloads):
        return lambda workload, database: [hand, f"{workload}-{suffix}", database] if workload in workloads else None

    library = {"sqlite": "the C API of SQLite", "postgresql": "libpq, binary both ways",
               "mariadb": "libmariadb, prepared statements"}[database]
    version = about(hand)["version"] if database != "sqlite" else f"SQLite {about(hand)['version']}"
    known = {
        "kith": Variant("kith", "Kith", "the public API", lambda w, db: [kith, w, db], about(kith)["version"]),
        "hand": Variant("hand", "by hand", f"{library}, plain structs; related rows are found by key",
                        lambda w, db: [hand, w, db], version),
    }
    known["range"] = Variant("range", "by hand, ranges",
                             "as by hand, but knowing that the keys have few gaps: their first and last are sent",
                             extra("range", {"W1", "W2", "W3", "W4"}), version)
    if database == "sqlite":
        known["scan"] = Variant("scan", "by hand, whole tables",
                                "as by hand, but knowing that every row of every table is wanted",
                                extra("scan", {"W1", "W2", "W3", "W4"}), version)
        known["join"] = Variant("join", "by hand, join",
                                "as by hand, with one statement that returns a row for each link",
                                extra("join", {"W3"}), version)
    names = names.split(",") if names else [name for name in known if name != "join"]
    for name in names:
        if name not in known:
            fail(f"there is no variant '{name}', only {', '.join(known)}; peers are named after --peers")
    return [known[name] for name in names]


def set_up_peers(wanted, database, rounds, notes, folder=HERE / "peers"):
    """The peers in `folder` that can run here; `notes` gets the reasons for the others."""
    known = {path.parent: json.loads(path.read_text()) for path in sorted(folder.glob("*/about.json"))}
    folders = [folder for folder, facts in known.items() if database in facts.get("databases", ["sqlite"])]
    if wanted != "all":
        names = wanted.split(",")
        for name in names:
            if name not in [folder.name for folder in folders]:
                fail(f"there is no peer '{name}' in {folder.relative_to(HERE.parent)} for {database}")
        folders = [folder for folder in folders if folder.name in names]
    on_server = database != "sqlite"
    without = [workload.name for workload in figures.WORKLOADS
               if not workload.by_peers or (workload.writes and on_server)]
    peers = []
    for folder in folders:
        facts = known[folder]
        databases.say(f"Setting up {facts['name']} {facts['version']} …")
        setup = subprocess.run([folder / "setup", database], capture_output=True, text=True)
        if setup.returncode == 0:
            peers.append(Variant(folder.name, facts["name"], facts["how"],
                                 lambda w, *rest, run=folder / "run": [run, w, *rest] if w not in without else None,
                                 facts["version"], facts["language"], rounds))
            continue
        said = (setup.stdout if setup.returncode == SKIPPED else setup.stderr or setup.stdout).strip().splitlines()
        reason = said[-1] if said else "its setup failed"
        notes.append(f"{facts['name']} was left out: {reason}")
    return peers


# --- Running ---------------------------------------------------------------------------------------------------------


def show_progress(text):
    if sys.stderr.isatty():
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def run_once(variant, workload, database):
    """The report of one process, or None if the variant does not have the workload."""
    command = variant.command(workload.name, database.prepare(workload))
    if command is None:
        return None
    return report_of(command, f"{variant.name} {workload.name}")


def report_of(command, where):
    """The line of JSON that the process prints."""
    try:
        process = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        fail(f"{where}: not finished after {TIMEOUT} s")
    if process.returncode != 0:
        fail(f"{where}: exit status {process.returncode}\n{process.stderr.strip()}")
    try:
        return json.loads(process.stdout)
    except json.JSONDecodeError:
        fail(f"{where}: this is not the one line of JSON that bench/README.md requires:\n{process.stdout.strip()}")


def measure(workloads, variants, rounds, database):
    """All reports: {(workload, variant): [report, …]}. Each round runs everything, so that noise affects all alike."""
    reports = {}
    skipped = {}
    for number in range(rounds):
        for workload in workloads:
            for variant in variants:
                key = (workload.name, variant.name)
                if key in skipped or (variant.rounds is not None and number >= variant.rounds):
                    continue
                show_progress(f"Round {number + 1} of {rounds}: {workload.name} {variant.name}")
                report = run_once(variant, workload, database)
                if report is None:
                    skipped[key] = None
                elif "skipped" in report:
                    skipped[key] = report["skipped"]
                else:
                    reports.setdefault(key, []).append(report)
    show_progress("")
    return reports, skipped


def different_checksums(workloads, reports):
    """Sentences about workloads whose variants did not load the same rows."""
    wrong = []
    for workload in workloads:
        sums = {}
        for (name, variant), runs in reports.items():
            if name == workload.name:
                for report in runs:
                    sums.setdefault(str(report["checksum"]), set()).add(variant)
        if len(sums) > 1:
            wrong.append(f"{workload.name}: " + "; ".join(f"{value} by {', '.join(sorted(who))}"
                                                          for value, who in sorted(sums.items())))
    return wrong


class OtherWork:
    """The share of the machine's processor time used by others: neither the programs nor their database."""

    def __init__(self, database):
        self.database = database
        self.began = self.now()

    def now(self):
        try:
            fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        except (OSError, ValueError):
            return None
        own = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return fields, own + self.database.processor_seconds(), time.clock_gettime(time.CLOCK_BOOTTIME)

    def share(self):
        end = self.now()
        if self.began is None or end is None:
            return None
        ticks = [after - before for before, after in zip(self.began[0], end[0])]
        total = sum(ticks)
        if total == 0:
            return None
        elapsed = end[2] - self.began[2]
        busy = (total - ticks[3] - ticks[4]) / total  # neither idle nor waiting for the disk
        cores = figures.cores()
        return max(0.0, busy - (end[1] - self.began[1]) / elapsed / cores)


def show(results, arguments, section, draw=chart.draw):
    """Prints the results, and writes them wherever the arguments ask for them; in Markdown as `section` of the page."""
    print(results.text())
    if arguments.json:
        arguments.json.write_text(json.dumps(results.as_json(), indent=1) + "\n")
    if arguments.markdown:
        figures.write_section(arguments.markdown, section, results.markdown())
    if arguments.svg:
        arguments.svg.write_text(draw(results))


def main():
    arguments = parse_arguments()
    databases.start_server(databases.DATABASES[arguments.db], __file__)
    programs = arguments.build / "bench"
    workloads = figures.chosen_workloads(arguments.only, fail)
    if arguments.scale < 1:
        workloads = [w for w in workloads if w.at_small_scale]
    if arguments.db != "sqlite":
        workloads = [w for w in workloads if w.on_servers]
    if not workloads:
        fail(f"{arguments.only} runs only in SQLite files and on the whole data")
    notes = []
    variants = own_variants(programs, arguments.db, arguments.variants)
    if arguments.peers:
        variants += set_up_peers(arguments.peers, arguments.db, arguments.peer_runs, notes)
    folder = arguments.build / "data" / f"scale-{arguments.scale:g}"
    database = databases.DATABASES[arguments.db](programs, folder, arguments.scale)

    others = OtherWork(database)
    reports, skipped = measure(workloads, variants, arguments.runs, database)
    wrong = different_checksums(workloads, reports)
    if wrong:
        fail("no table, because the variants did not load the same rows:\n" + "\n".join(wrong))

    compiler = about(programs / "kith_bench_kith")["compiler"]
    results = figures.Results(workloads, variants, reports, skipped, notes,
                              figures.Circumstances(compiler, database.title, arguments.scale, arguments.runs,
                                                    others.share(), arguments.note))
    show(results, arguments, arguments.db)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
