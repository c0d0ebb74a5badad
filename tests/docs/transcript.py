#!/usr/bin/env python3
"""transcript.py KITH TRAVEL: runs the commands in docs/cli.md and writes what they print into the page.

A block with the line `<!-- transcript -->` above it holds commands, lines that begin with `$ `; what stands behind each is
replaced. KITH is the program, TRAVEL the travel example, which makes its database. The other databases are made here: the one
of Debian's package kstars-data, which is only unpacked, and one of pgbench on the server in KITH_TEST_POSTGRESQL
(tests/servers.sh starts one). docs/trace-page.png is the trace page that one of the commands writes. Needs apt, dpkg, Chromium, and what
belongs to PostgreSQL.
"""

import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "cli.md"
SHOWN_URL = "postgresql://reader@localhost/bench"


def run(*command, cwd=None):
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def make_databases(folder, travel, server):
    run(travel, "--people", "20000", str(folder / "cast.db"))
    (folder / "cast-world.db").rename(folder / "travel.db")
    run("apt-get", "-qq", "download", "kstars-data", cwd=folder)
    (package,) = folder.glob("kstars-data*.deb")
    run("dpkg", "-x", str(package), str(folder / "kstars"))
    shutil.copy(folder / "kstars/usr/share/kstars/citydb.sqlite", folder)
    host = re.search("host=([^&]*)", server).group(1)
    (pgbench,) = sorted(glob.glob("/usr/lib/postgresql/*/bin/pgbench"))[-1:]
    subprocess.run([pgbench, "--initialize", "--foreign-keys", "--quiet", "-h", host, "-U", "kith", "postgres"],
                   check=True, capture_output=True)


def printed_by(command, folder, kith, server):
    """The command's whole output. `kith` is the program at hand, and the URL in the page leads to the server at hand."""
    (folder / "bin").mkdir(exist_ok=True)
    if not (folder / "bin/kith").exists():
        (folder / "bin/kith").symlink_to(kith)
    environment = dict(os.environ, PATH=f"{folder / 'bin'}:{os.environ['PATH']}")
    real = command.replace(SHOWN_URL, f"'{server}'")
    result = subprocess.run(real, shell=True, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, timeout=600)
    return result.stdout.rstrip("\n")


def photograph(page, picture):
    """The page as it looks in Chromium."""
    run("chromium", "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1240,960", "--virtual-time-budget=2000",
        f"--user-data-dir={page.parent / 'chromium'}", f"--screenshot={picture}", page.as_uri())


def main():
    kith, travel = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
    server = os.environ["KITH_TEST_POSTGRESQL"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)  # apt downloads as a user of its own
        make_databases(folder, travel, server)

        def fill(block):
            commands = [line for line in block.group(2).splitlines() if line.startswith("$ ")]
            parts = ["\n".join(filter(None, [line, printed_by(line[2:], folder, kith, server)])) for line in commands]
            return block.group(1) + "\n\n".join(parts) + "\n```"

        page = PAGE.read_text(encoding="utf-8")
        page = re.sub(r"(<!-- transcript -->\n```text\n)(.*?)\n```", fill, page, flags=re.DOTALL)
        PAGE.write_text(page, encoding="utf-8")
        for picture in folder.glob("*.svg"):
            shutil.copy(picture, PAGE.parent / picture.name)
        photograph(folder / "trace.html", PAGE.parent / "trace-page.png")


if __name__ == "__main__":
    main()
