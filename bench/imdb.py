#!/usr/bin/env python3
"""IMDBench on PostgreSQL: one page of a movie website at a time, with every variant, without and with network delay.

`./dev bench --imdb` calls it; bench/README.md explains the figures. Needs only the standard library.
"""

import argparse
import dataclasses
import hashlib
import os
import pathlib
import random
import statistics
import subprocess
import sys

import databases
import figures
import run

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE / "imdb"
IDS = 250  # rows that are asked for, at random
TRIPS_OVER = 40  # loads over which round trips are counted


@dataclasses.dataclass(frozen=True)
class Query:
    name: str
    title: str
    table: str  # whose ids it takes
    writes: bool = False


QUERIES = [
    Query("get_movie", "a movie with directors, cast and reviews", "movies"),
    Query("get_user", "a user with the ten latest reviews and their movies", "users"),
    Query("get_person", "a person with the movies acted in and directed", "persons"),
    Query("insert_movie", "a new movie with its director and cast", "persons", True),
]


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench --imdb",
        description="Runs IMDBench's queries on PostgreSQL with Kith, with libpq by hand, and with other libraries.")
    parser.add_argument("--runs", type=int, default=5, metavar="N",
                        help="number of rounds over all queries, delays and variants (5)")
    parser.add_argument("--only", metavar="LIST", help="only these queries, such as get_movie,get_user")
    parser.add_argument("--delays", default="0,1", metavar="LIST", help="milliseconds there and back (0,1)")
    parser.add_argument("--loads", type=int, default=500, metavar="N", help="loads whose latency is measured (500)")
    parser.add_argument("--seconds", type=float, default=1.5, metavar="S",
                        help="time for which the throughput is measured, 0 for not at all (1.5)")
    parser.add_argument("--scale", type=float, default=1, help="size of the data, 0.1 to 1 (1)")
    parser.add_argument("--peers", nargs="?", const="all", metavar="LIST",
                        help="set up the libraries in bench/imdb, all or those named, and run them too")
    parser.add_argument("--peer-runs", type=int, default=3, metavar="N", help="number of rounds for the peers (3)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all measurements")
    parser.add_argument("--svg", type=pathlib.Path, metavar="FILE", help="write a bar chart of the latencies")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE",
                        help="write the tables into a page, and replace those that are there")
    parser.add_argument("--note", default="", help="a sentence for the page, for example about the machine")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build" / "bench", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.runs < 1 or arguments.peer_runs < 1 or arguments.loads < 2:
        parser.error("at least one round and two loads are needed")
    if not 0.1 <= arguments.scale <= 1:
        parser.error("the scale must be between 0.1 and 1")
    try:
        arguments.delays = [float(delay) for delay in arguments.delays.split(",")]
    except ValueError:
        parser.error("--delays takes numbers, such as 0,1")
    return arguments


# --- What is run -----------------------------------------------------------------------------------------------------


class Database(databases.Postgresql):
    """The server of tests/servers.sh with the rows of kith_bench_imdb_data. They stay as long as the server runs."""

    def __init__(self, programs, scale):
        self.url = os.environ[self.variable]
        self.folder = self.url[self.url.index(self.place) + len(self.place):]
        self.title = self.version()
        files = [FOLDER / "schema.sql", FOLDER / "data.cpp", FOLDER / "indexes.sql"]
        stamp = hashlib.sha256(b"".join(file.read_bytes() for file in files) + str(scale).encode()).hexdigest()
        if self.asked("SELECT obj_description(to_regclass('movies'), 'pg_class')") != stamp:
            databases.say(f"Making the data in {self.title} …")
            self.fill([programs / "kith_bench_imdb_data", scale])
            self.asked(f"COMMENT ON TABLE movies IS '{stamp}'")
        self.sizes = {query.table: int(self.asked(f"SELECT max(id) FROM {query.table}")) for query in QUERIES}

    def asked(self, sql):
        command = self.client("--tuples-only", "--no-align", f"--command={sql}")
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def fill(self, command):
        self.asked("DROP TABLE IF EXISTS reviews, actors, directors, movies, persons, users")
        with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE) as rows:
            databases.run_command(
                self.client(f"--file={FOLDER / 'schema.sql'}", "--file=-", f"--file={FOLDER / 'indexes.sql'}"),
                stdin=rows.stdout, stdout=subprocess.DEVNULL)
        if rows.returncode != 0:
            sys.exit("bench: the data could not be made")

    def remove_new_movies(self):
        self.asked(f"DELETE FROM movies WHERE id > {self.sizes['movies']}")


class Proxy:
    """kith_bench_imdb_proxy: delays what passes, and counts round trips."""

    def __init__(self, programs, database):
        self.process = subprocess.Popen(
            [programs / "kith_bench_imdb_proxy", f"{database.folder}/.s.PGSQL.5432"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.url = f"postgresql://kith@127.0.0.1:{int(self.answer())}/postgres?sslmode=disable"

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: the proxy has ended")
        return line.strip()

    def delay(self, milliseconds):
        self.process.stdin.write(f"delay {round(milliseconds * 500)}\n")
        self.answer()

    def trips(self):
        """Since the last call."""
        self.process.stdin.write("trips\n")
        return int(self.answer())

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Runner:
    """Runs one query with one variant, each time in a process of its own."""

    def __init__(self, database, proxy, folder, arguments):
        self.database = database
        self.proxy = proxy
        self.arguments = arguments
        folder.mkdir(parents=True, exist_ok=True)
        self.ids = {}
        for table, size in database.sizes.items():
            self.ids[table] = folder / f"{table}.ids"
            chosen = random.Random(20_000 + size).sample(range(1, size + 1), IDS)
            self.ids[table].write_text("".join(f"{number}\n" for number in chosen))

    def report(self, query, variant, url, loads, seconds):
        command = variant.command(query.name, url, self.ids[query.table], loads, seconds)
        if command is None:
            return {"skipped": None}
        report = run.report_of(command, f"{variant.name} {query.name}")
        if query.writes and "skipped" not in report:
            self.database.remove_new_movies()
        return report

    def measured(self, query, variant, delay):
        """Without a delay, through the server's socket; the proxy alone would cost as much as some of the loads."""
        self.proxy.delay(delay)
        url = self.proxy.url if delay > 0 else self.database.url
        return self.report(query, variant, url, self.arguments.loads, self.arguments.seconds)

    def trips(self, query, variant):
        """Round trips of one load: what more loads add, so that connecting and preparing do not count."""
        self.proxy.delay(0)
        counts = []
        for loads in (2, 2 + TRIPS_OVER):
            self.proxy.trips()
            self.report(query, variant, self.proxy.url, loads, 0)
            counts.append(self.proxy.trips())
        return (counts[1] - counts[0]) / TRIPS_OVER


def measure(runner, queries, delays, variants, rounds):
    """Reports {(query, delay, variant): [report, …]}, round trips {(query, variant): trips}, and what is skipped."""
    reports, trips, skipped = {}, {}, {}
    for number in range(rounds):
        for query in queries:
            for delay in delays:
                for variant in variants:
                    key = (query.name, variant.name)
                    if key in skipped or (variant.rounds is not None and number >= variant.rounds):
                        continue
                    run.show_progress(f"Round {number + 1} of {rounds}: {query.name} {variant.name}, {delay:g} ms")
                    report = runner.measured(query, variant, delay)
                    if "skipped" in report:
                        skipped[key] = report["skipped"]
                        continue
                    reports.setdefault((query.name, delay, variant.name), []).append(report)
                    if key not in trips:
                        trips[key] = runner.trips(query, variant)
    run.show_progress("")
    return reports, trips, skipped


def different_checksums(queries, reports):
    """Sentences about queries whose variants did not load the same."""
    wrong = []
    for query in queries:
        sums = {}
        for (name, _, variant), runs in reports.items():
            if name == query.name:
                for report in runs:
                    sums.setdefault(report["checksum"], set()).add(variant)
        if len(sums) > 1:
            wrong.append(f"{query.name}: " + "; ".join(f"{value} by {', '.join(sorted(who))}"
                                                       for value, who in sorted(sums.items())))
    return wrong


# --- The results -----------------------------------------------------------------------------------------------------


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ratio_text(ratio):
    return "" if ratio is None else f"{ratio:.2f} ×"


class Row:
    """The result of all rounds of one query with one variant at one delay. Times are in seconds."""

    def __init__(self, variant, reports, floor, trips):
        self.variant = variant
        self.trips = trips
        self.medians = [statistics.median(report["latencies_us"]) / 1e6 for report in reports]
        self.median = statistics.median(self.medians)
        self.spread = figures.quartile_range(self.medians)
        self.slowest = statistics.median(percentile(report["latencies_us"], 0.99) / 1e6 for report in reports)
        self.processor = statistics.median(report["cpu_us"] for report in reports) / 1e6
        self.throughput = statistics.median(report["loads_per_second"] for report in reports)
        self.ratio = self.throughput_ratio = None
        if floor:
            # The ratio within each round, then the median: whatever slows down a round slows down both.
            pairs = list(zip(reports, floor))
            self.ratio = statistics.median(
                statistics.median(a["latencies_us"]) / statistics.median(b["latencies_us"]) for a, b in pairs)
            if self.throughput > 0:
                self.throughput_ratio = statistics.median(
                    a["loads_per_second"] / b["loads_per_second"] for a, b in pairs)

    def cells(self):
        return [self.variant.title, figures.duration(self.median), figures.duration(self.slowest),
                ratio_text(self.ratio), f"{self.trips:.1f}".removesuffix(".0"),
                f"{self.throughput:,.0f}", ratio_text(self.throughput_ratio), figures.duration(self.processor)]

    def as_json(self):
        return {"variant": self.variant.name, "p50_seconds": self.median, "p50_spread_seconds": self.spread,
                "p99_seconds": self.slowest, "ratio": self.ratio, "trips": self.trips,
                "loads_per_second": self.throughput, "throughput_ratio": self.throughput_ratio,
                "processor_seconds": self.processor}


HEADINGS = ["", "p50", "p99", "to by hand", "trips", "loads/s", "to by hand", "client CPU"]


@dataclasses.dataclass(frozen=True)
class Group:
    """One table: a query at one delay."""

    query: Query
    delay: float

    @property
    def name(self):
        return self.query.name

    @property
    def title(self):
        return f"{self.query.title}, " + ("no delay" if self.delay == 0 else f"{self.delay:g} ms there and back")


class Results:
    def __init__(self, queries, delays, variants, measured, notes, circumstances):
        self.variants = variants
        self.notes = notes
        self.circumstances = circumstances
        self.reports, trips, skipped = measured
        self.groups = []  # (group, rows, sentences about variants that do not have the query)
        for query in queries:
            for delay in delays:
                floor = self.reports.get((query.name, delay, "hand"))
                rows = [Row(v, self.reports[query.name, delay, v.name], floor, trips[query.name, v.name])
                        for v in variants if (query.name, delay, v.name) in self.reports]
                cannot = [f"{v.title}: {skipped[query.name, v.name]}" for v in variants
                          if skipped.get((query.name, v.name))]
                self.groups.append((Group(query, delay), rows, cannot))

    def text(self):
        lines = [HEADINGS]
        for group, rows, cannot in self.groups:
            lines += [[""], [f"{group.name}  {group.title}"]]
            lines += [["  " + cell if i == 0 else cell for i, cell in enumerate(row.cells())] for row in rows]
            lines += [[f"  {sentence}"] for sentence in cannot]
        return "\n".join(figures.aligned(lines) + ["", self.circumstances.sentences(), *self.notes])

    def markdown(self):
        out = ["## IMDBench", "", self.circumstances.sentences(), "", "| variant | version | what it is |",
               "|---|---|---|"]
        out += [f"| {v.title} | {v.version} | {v.how} ({v.language}) |" for v in self.variants]
        out += [""] + self.notes if self.notes else []
        for group, rows, cannot in self.groups:
            out += ["", f"### {group.name}: {group.title}", "", "| " + " | ".join(["variant"] + HEADINGS[1:]) + " |",
                    "|---" + "|--:" * (len(HEADINGS) - 1) + "|"]
            out += ["| " + " | ".join(row.cells()) + " |" for row in rows]
            out += [""] + cannot if cannot else []
        return "\n".join(out) + "\n"

    def as_json(self):
        results = [{"query": group.name, "delay_ms": group.delay, **row.as_json(),
                    "runs": self.reports[group.name, group.delay, row.variant.name]}
                   for group, rows, _ in self.groups for row in rows]
        return {"machine": self.circumstances.machine(), "scale": self.circumstances.scale,
                "rounds": self.circumstances.rounds, "other_work": self.circumstances.other_work,
                "note": self.circumstances.note, "left_out": self.notes,
                "variants": {v.name: {"title": v.title, "version": v.version, "language": v.language, "how": v.how}
                             for v in self.variants},
                "results": results}


# --- The program -----------------------------------------------------------------------------------------------------


def own_variants(programs):
    kith, hand = programs / "kith_bench_imdb_kith", programs / "kith_bench_imdb_hand"

    def single(query, *rest):
        return None if query == "insert_movie" else [hand, f"{query}-single", *rest]

    return [
        run.Variant("kith", "Kith", "the public API; 8 threads", lambda *what: [kith, *what],
                    run.about(kith)["version"]),
        run.Variant("hand", "by hand", "libpq: prepared statements, one pipeline, binary both ways; 8 threads",
                    lambda *what: [hand, *what], run.about(hand)["version"]),
        run.Variant("single", "by hand, one statement",
                    "libpq: one prepared statement, related rows as arrays of records; 8 threads", single,
                    run.about(hand)["version"]),
    ]


def chosen_queries(names):
    if names is None:
        return QUERIES
    known = {query.name: query for query in QUERIES}
    for name in names.split(","):
        if name not in known:
            run.fail(f"there is no query '{name}', only {', '.join(known)}")
    return [known[name] for name in names.split(",")]


def main():
    arguments = parse_arguments()
    databases.start_server(databases.Postgresql, __file__)
    queries = chosen_queries(arguments.only)
    programs = arguments.build / "bench"
    notes = []
    variants = own_variants(programs)
    if arguments.peers:
        variants += run.set_up_peers(arguments.peers, "postgresql", arguments.peer_runs, notes, FOLDER)
    database = Database(programs, arguments.scale)
    proxy = Proxy(programs, database)
    runner = Runner(database, proxy, arguments.build / "data" / "imdb", arguments)

    others = run.OtherWork(database)  # the proxy counts as part of the database: its command names the same folder
    measured = measure(runner, queries, arguments.delays, variants, arguments.runs)
    wrong = different_checksums(queries, measured[0])
    if wrong:
        run.fail("no table, because the variants did not load the same rows:\n" + "\n".join(wrong))
    other_work = others.share()
    proxy.stop()

    compiler = run.about(programs / "kith_bench_imdb_kith")["compiler"]
    results = Results(queries, arguments.delays, variants, measured, notes,
                      figures.Circumstances(compiler, database.title, arguments.scale, arguments.runs, other_work,
                                            arguments.note))
    run.show(results, arguments, "imdb")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
