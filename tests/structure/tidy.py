#!/usr/bin/env python3
"""Runs clang-tidy over src/, and remembers what passed: a file whose text and headers are as before costs nothing.

Takes a build directory of Clang with the library built, and the number of processes. A file has passed
when its hash is in the cache: of its own text, of the headers of this repository that it includes, of its compile
command, of .clang-tidy and of the version of clang-tidy. The cache is in $KITH_TIDY_CACHE, or in the user's cache.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIDY = "clang-tidy-19"


def cache_folder():
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME") or "/tmp", ".cache")
    folder = pathlib.Path(os.environ.get("KITH_TIDY_CACHE") or os.path.join(home, "kith-tidy"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def headers_of(build):
    """The headers of this repository that each object was made from, as ninja noted them."""
    text = subprocess.run(["ninja", "-C", build, "-t", "deps"], check=True, capture_output=True, text=True).stdout
    headers = {}
    target = None
    for line in text.splitlines():
        if line and not line.startswith(" "):
            target = line.split(":", 1)[0]
            headers[target] = []
        elif line.strip():
            path = (pathlib.Path(build) / line.strip()).resolve()
            if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / "build"):
                headers[target].append(path)
    return headers


def key_of(entry, headers, common):
    digest = hashlib.sha256(common)
    digest.update(entry["command"].replace(str(ROOT), "").encode())
    for path in sorted({pathlib.Path(entry["file"]), *headers}):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def check(build, file):
    run = subprocess.run([TIDY, "-p", build, "--quiet", file], capture_output=True, text=True)
    return run.returncode == 0, run.stdout


def main():
    build, processes = sys.argv[1], int(sys.argv[2])
    version = subprocess.run([TIDY, "--version"], check=True, capture_output=True, text=True).stdout
    common = version.encode() + (ROOT / ".clang-tidy").read_bytes()
    headers = headers_of(build)
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    entries = [e for e in entries if pathlib.Path(e["file"]).is_relative_to(ROOT / "src")]
    cache = cache_folder()
    waiting = {}
    for entry in entries:
        words = entry["command"].split()
        stamp = cache / key_of(entry, headers[words[words.index("-o") + 1]], common)
        if not stamp.exists():
            waiting[entry["file"]] = stamp
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(processes) as pool:
        runs = {pool.submit(check, build, file): stamp for file, stamp in waiting.items()}
        for run in concurrent.futures.as_completed(runs):
            passed, text = run.result()
            if passed:
                runs[run].touch()
            else:
                failed += 1
                print(text, end="", flush=True)
    print(f"clang-tidy: {len(entries)} files, {len(waiting)} looked at, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
