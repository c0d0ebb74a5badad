"""The protocol of the benchmark for the peers written in Python: `run QUERY URL IDS LOADS SECONDS`."""

import asyncio
import json
import multiprocessing
import pathlib
import resource
import sys
import time
from urllib.parse import parse_qsl, urlsplit

CONNECTIONS = 8
WARM_UP = 25  # loads of each connection before the throughput is measured


class Task:
    def __init__(self):
        self.query, url, ids, loads, seconds = sys.argv[1:]
        self.ids = [int(line) for line in pathlib.Path(ids).read_text().split()]
        self.loads = int(loads)
        self.seconds = float(seconds)
        parts = urlsplit(url)
        # The folder of a socket, or an address.
        self.host = parts.hostname or dict(parse_qsl(parts.query))["host"]
        self.port = parts.port or 5432
        self.user = parts.username
        self.database = parts.path.strip("/")

    def id(self, turn):
        return self.ids[turn % len(self.ids)]

    def first_turn(self, connection):
        return connection * len(self.ids) // CONNECTIONS

    def report(self, checksum, latencies, processor, throughput):
        json.dump({"query": self.query, "checksum": str(checksum), "cpu_us": processor / max(self.loads, 1) * 1e6,
                   "loads_per_second": throughput, "latencies_us": [round(each * 1e6, 1) for each in latencies]},
                  sys.stdout)
        print()

    def skip(self):
        print(json.dumps({"query": self.query, "skipped": "not written for this peer"}))


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run_async(task, queries, connect):
    """queries: {name: (load, checksum)}, with `await load(connection, id)`; connect: `await connect(task)`."""
    if task.query not in queries:
        task.skip()
        return
    load, checksum = queries[task.query]

    async def throughput():
        connections = [await connect(task) for _ in range(CONNECTIONS)]

        async def loads(number, connection, first, until):
            turn = first
            while until(turn - first):
                await load(connection, task.id(turn))
                turn += 1
            return turn - first

        async def all_loads(until):
            return await asyncio.gather(
                *(loads(i, connection, task.first_turn(i), until) for i, connection in enumerate(connections)))

        await all_loads(lambda count: count < WARM_UP)
        began = time.perf_counter()
        counts = await all_loads(lambda _: time.perf_counter() - began < task.seconds)
        return sum(counts) / (time.perf_counter() - began)

    async def work():
        connection = await connect(task)
        total = 0
        for number in task.ids:
            total += checksum(await load(connection, number))
        latencies = []
        processor = processor_seconds()
        for turn in range(task.loads):
            began = time.perf_counter()
            await load(connection, task.id(turn))
            latencies.append(time.perf_counter() - began)
        processor = processor_seconds() - processor
        task.report(total, latencies, processor, await throughput() if task.seconds > 0 else 0)

    asyncio.run(work())


def run_processes(task, queries, connect, disconnect):
    """The same for a library that blocks, with a process for each connection: `connect()` runs in it, before its loads,
    and `disconnect()` before processes are forked."""
    if task.query not in queries:
        task.skip()
        return
    load, checksum = queries[task.query]

    def loads(number, ready, counts):
        connect()
        turn = task.first_turn(number)
        for _ in range(WARM_UP):
            load(task.id(turn))
            turn += 1
        ready.wait()
        began = time.perf_counter()
        count = 0
        while time.perf_counter() - began < task.seconds:
            load(task.id(turn))
            turn += 1
            count += 1
        counts.put(count / (time.perf_counter() - began))

    def throughput():
        context = multiprocessing.get_context("fork")
        ready, counts = context.Barrier(CONNECTIONS), context.Queue()
        workers = [context.Process(target=loads, args=(i, ready, counts)) for i in range(CONNECTIONS)]
        for worker in workers:
            worker.start()
        total = sum(counts.get(timeout=60 + task.seconds) for _ in workers)
        for worker in workers:
            worker.join()
        return total

    connect()
    total = sum(checksum(load(number)) for number in task.ids)
    latencies = []
    processor = processor_seconds()
    for turn in range(task.loads):
        began = time.perf_counter()
        load(task.id(turn))
        latencies.append(time.perf_counter() - began)
    processor = processor_seconds() - processor
    disconnect()
    task.report(total, latencies, processor, throughput() if task.seconds > 0 else 0)
