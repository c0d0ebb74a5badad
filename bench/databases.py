"""The databases of the workloads: SQLite files, or a temporary server with the same rows.

`databases.py DATABASE PROGRAM` starts and fills a server, and runs the program of build/bench with its URL.
"""

import hashlib
import os
import pathlib
import sqlite3
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TABLES = {  # referred tables first
    "province": "id, name",
    "city": "id, name, province_id",
    "person": "id, firstname, lastname, hometown_id, living_id",
    "person_visitation": "person_id, city_id",
}
ROWS_AT_A_TIME = 2_000


def say(text):
    print(text, file=sys.stderr, flush=True)


def run_command(command, **more):
    subprocess.run([str(part) for part in command], check=True, **more)


class Sqlite:
    """The files that kith_bench_data creates."""

    name = "sqlite"

    def __init__(self, programs, folder, scale):
        self.folder = folder
        self.title = f"SQLite {sqlite3.sqlite_version}"
        stamp = hashlib.sha256((HERE / "data.cpp").read_bytes()).hexdigest()
        made = folder / "made"
        if not made.exists() or made.read_text() != stamp:
            made.unlink(missing_ok=True)
            say(f"Making the data in {folder} …")
            run_command([programs / "kith_bench_data", folder, scale])
            made.write_text(stamp)

    def prepare(self, workload):
        """The program's argument for the database; reads the file, so that the system has it in memory."""
        file = self.folder / workload.database
        file.read_bytes()
        return file

    def processor_seconds(self):
        """Processor time that the database has used outside of the programs."""
        return 0.0


class Server:
    """A server of tests/servers.sh, filled from the SQLite file. Kith creates the tables."""

    def __init__(self, programs, folder, scale):
        url = os.environ[self.variable]
        self.programs = programs
        self.folder = url[url.index(self.place) + len(self.place):].removesuffix("/mariadb.sock")
        self.url = self.make_database(url)
        self.title = self.version()
        say(f"Copying the data to {self.title} …")
        run_command([programs / "kith_bench_kith", "--create-tables", self.url])
        file = sqlite3.connect(Sqlite(programs, folder, scale).folder / "travel.db")
        client = subprocess.Popen(self.client(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                                  encoding="utf-8")
        with client.stdin as out:
            out.write(self.before)
            for table, columns in TABLES.items():
                self.copy(file, table, columns, out)
            out.write(self.behind)
        if client.wait() != 0:
            sys.exit(f"bench: the data could not be copied to {self.title}")

    def prepare(self, workload):
        return self.scratch_copy() if workload.writes else self.url

    def processor_seconds(self):
        """Of all processes of the server: the first has its folder in the command, the others are its children."""
        folder = self.folder.encode()
        times = {}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes()
                fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it has ended
            # user, system, and those of ended children
            times[int(process.name)] = (int(fields[1]), folder in command, sum(map(int, fields[11:15])))
        first = {number for number, (_, is_server, _) in times.items() if is_server}
        ticks = sum(own for number, (parent, _, own) in times.items() if number in first or parent in first)
        return ticks / os.sysconf("SC_CLK_TCK")


class Postgresql(Server):
    name = "postgresql"
    variable = "KITH_TEST_POSTGRESQL"
    place = "host="
    before = "SET session_replication_role = replica;\n"  # the rows are known to refer to each other
    behind = "VACUUM ANALYZE;\nCHECKPOINT;\n"

    def make_database(self, url):
        return url

    def client(self, *arguments, url=None):
        return ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *arguments, url or self.url]

    def scratch_copy(self):
        """The URL of a new copy of the database."""
        for statement in ("DROP DATABASE IF EXISTS scratch", "CREATE DATABASE scratch TEMPLATE postgres", "CHECKPOINT"):
            run_command(self.client(f"--command={statement}", url=self.url.replace("/postgres?", "/template1?")))
        url = self.url.replace("/postgres?", "/scratch?")
        run_command(self.client("--output=/dev/null", "--command=SELECT setval(pg_get_serial_sequence('person', 'id'), "
                                "max(id)) FROM person", url=url))  # the rows brought their keys
        return url

    def version(self):
        asked = self.client("--tuples-only", "--no-align", "--command=SHOW server_version")
        said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        return f"PostgreSQL {said.split()[0]}"

    def copy(self, file, table, columns, out):
        out.write(f"COPY {table} ({columns}) FROM STDIN;\n")
        for row in file.execute(f"SELECT {columns} FROM {table}"):
            out.write("\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n")
        out.write("\\.\n")


class Mariadb(Server):
    name = "mariadb"
    variable = "KITH_TEST_MARIADB"
    place = "socket="
    before = "SET autocommit = 0, foreign_key_checks = 0, unique_checks = 0;\n"
    behind = f"COMMIT;\nANALYZE TABLE {', '.join(TABLES)};\n"
    database = "bench"

    def make_database(self, url):
        run_command(self.client("--execute=CREATE DATABASE bench", database=""))
        return url.replace("/?", f"/{self.database}?")

    def client(self, *arguments, database=database):
        return ["mariadb", "--no-defaults", "--user=root", "--default-character-set=utf8mb4",
                f"--socket={self.folder}/mariadb.sock", *arguments, *([database] if database else [])]

    def version(self):
        asked = self.client("--skip-column-names", "--batch", "--execute=SELECT version()")
        said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        return f"MariaDB {said.split('-')[0].strip()}"

    def copy(self, file, table, columns, out):
        rows = file.execute(f"SELECT {columns} FROM {table}")
        while some := rows.fetchmany(ROWS_AT_A_TIME):
            values = ",".join("(" + ",".join(map(self.literal, row)) + ")" for row in some)
            out.write(f"INSERT INTO {table} ({columns}) VALUES {values};\n")

    def scratch_copy(self):
        """The URL of a new copy of the database."""
        run_command(self.client("--execute=DROP DATABASE IF EXISTS scratch; CREATE DATABASE scratch"))
        url = self.url.replace(f"/{self.database}?", "/scratch?")
        run_command([self.programs / "kith_bench_kith", "--create-tables", url])
        copied = "".join(f"INSERT INTO scratch.{table} ({columns}) SELECT {columns} FROM {table};"
                         for table, columns in TABLES.items())
        run_command(self.client(f"--execute={self.before}{copied}COMMIT"))
        return url

    @staticmethod
    def literal(cell):
        if isinstance(cell, str):
            return "'" + cell.replace("\\", "\\\\").replace("'", "''") + "'"
        return "NULL" if cell is None else str(cell)


DATABASES = {kind.name: kind for kind in (Sqlite, Postgresql, Mariadb)}


def start_server(kind, program):
    """Runs this program again with the server that tests/servers.sh starts, unless it is running already."""
    if kind is Sqlite or os.environ.get(kind.variable):
        return
    if os.environ.get("KITH_BENCH_SERVERS"):
        sys.exit(f"bench: {kind.name} is not installed")
    os.environ["KITH_BENCH_SERVERS"] = "started"
    servers = HERE.parent / "tests" / "servers.sh"
    os.execv(servers, [str(servers), sys.executable, "-B", str(program), *sys.argv[1:]])


def main():
    name, program = sys.argv[1:]
    kind = DATABASES[name]
    start_server(kind, __file__)
    build = HERE.parent / "build" / "bench"
    server = kind(build / "bench", build / "data" / "scale-1", 1)
    print(server.title, end="\n\n", flush=True)
    run_command([build / "bench" / program, server.url])


if __name__ == "__main__":
    main()
