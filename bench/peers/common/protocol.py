"""The protocol of the benchmark for the peers written in Python: time, memory, and the line of JSON."""

import atexit
import json
import os
import shutil
import sys
import tempfile
import time

PEOPLE_CREATED = 100_000
PEOPLE_BEFORE = 100_000  # the checksum of W9 is over those with an id above
CHUNK = 2_000

SMALL_WARMUP = 50
SMALL_CHECKED = 300


def small_range(i, people):
    """The first and last id of the ten people of the i-th small load, out of `people` people."""
    k = i * 37 % min(9000, people * 9 // 100)
    return 10 * k + 1, 10 * k + 10


def utf8(text):
    return len(text.encode())


def database_for(workload, database):
    """The database itself, or for W9 a copy to write to: in the same folder, so on one file system, removed at exit."""
    if workload != "W9":
        return database
    handle, path = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(database)), suffix=".db")
    os.close(handle)
    shutil.copyfile(database, path)
    atexit.register(os.remove, path)
    return path


def _memory_kb(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    raise RuntimeError(f"no {field} in /proc/self/status")


def _reset_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass  # The peak then includes the start of the program.


class Measurement:
    """Measures a `with` block, and prints its cost.

    count_statements: returns the number of statements that the library has sent so far.
    """

    def __init__(self, workload, count_statements):
        self.workload = workload
        self.count_statements = count_statements

    def __enter__(self):
        self.statements_before = self.count_statements()
        self.idle_kb = _memory_kb("VmRSS")
        _reset_peak()
        self.start = time.perf_counter()
        return self

    def __exit__(self, kind, error, trace):
        self.seconds = time.perf_counter() - self.start
        self.peak_kb = _memory_kb("VmHWM")
        self.statements = self.count_statements() - self.statements_before

    def report(self, rows, checksum):
        json.dump(
            {
                "workload": self.workload,
                "seconds": self.seconds,
                "statements": self.statements,
                "rows": rows,
                "checksum": str(checksum),
                "peak_kb": self.peak_kb,
                "idle_kb": self.idle_kb,
            },
            sys.stdout,
        )
        print()


def measure_small_loads(load, checksum, loads, people, count_statements):
    """W8: measures one small load, out of `people` people.

    load(first, last) returns the people with these ids; their `checksum` is computed outside of the measured time.
    """
    for i in range(SMALL_WARMUP):
        load(*small_range(i, people))
    total = seconds = rows = 0
    measurement = Measurement("W8", count_statements)
    with measurement:
        for i in range(loads):
            first, last = small_range(i, people)
            start = time.perf_counter()
            loaded = load(first, last)
            seconds += time.perf_counter() - start
            rows += len(loaded)
            if i < SMALL_CHECKED:
                total += checksum(loaded)
    measurement.seconds = seconds / loads
    measurement.statements //= loads
    measurement.report(rows, total)


def run(runners, workload, error_class):
    """Runs a workload. If the database refuses a statement of the library (too many variables), that is reported."""
    if workload not in runners:
        print_skipped(workload, "not written for this peer")
        return
    try:
        runners[workload]()
    except error_class as error:
        print_skipped(workload, f"{type(error).__name__}: {error}")


def print_skipped(workload, reason):
    print(json.dumps({"workload": workload, "skipped": reason}))
