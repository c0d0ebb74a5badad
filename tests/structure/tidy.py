#!/usr/bin/env python3
"""Runs clang-tidy over src/, and remembers what passed: a folder whose files and headers are as before costs nothing.

Takes a build directory of Clang with the library built, and the number of processes. The files of a folder are
compiled together (KITH_UNITY), and the folders are looked at together, in one part for each process: most of the time
goes into what they all include. A folder has passed when its hash is in the cache: of the files of this repository that
were read for it, of its compile command, of .clang-tidy and of the version of clang-tidy. The cache is in
$KITH_TIDY_CACHE, or in the user's cache.
"""

import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIDY = "clang-tidy-19"

# What the files of a folder are compiled as: the file that includes them, its command, their bytes, and their stamp.
Folder = collections.namedtuple("Folder", "file command size stamp")


def cache_folder():
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME") or "/tmp", ".cache")
    folder = pathlib.Path(os.environ.get("KITH_TIDY_CACHE") or os.path.join(home, "kith-tidy"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def files_of(build):
    """The files of this repository that each object was made from, as ninja noted them."""
    text = subprocess.run(["ninja", "-C", build, "-t", "deps"], check=True, capture_output=True, text=True).stdout
    files = {}
    target = None
    for line in text.splitlines():
        if line and not line.startswith(" "):
            target = line.split(":", 1)[0]
            files[target] = []
        elif line.strip():
            path = (pathlib.Path(build) / line.strip()).resolve()
            if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / "build"):
                files[target].append(path)
    return files


def key_of(command, files, common):
    digest = hashlib.sha256(common)
    digest.update(command.replace(str(ROOT), "").encode())
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def parts_of(folders, count):
    """The folders in at most so many parts of about the same size; neighbors stay together."""
    total = sum(folder.size for folder in folders)
    parts = [[] for _ in range(count)]
    before = 0
    for folder in folders:
        parts[before * count // total].append(folder)
        before += folder.size
    return [part for part in parts if part]


def check(build, number, part):
    """Looks at the folders of a part as at one file, compiled like the first of them."""
    together = pathlib.Path(build).resolve() / f"tidy_{number}.cpp"
    together.write_text("".join(f'#include "{folder.file}"\n' for folder in part))
    words = part[0].command.replace(part[0].file, str(together)).split()
    # Only a file that includes the folders' own files is suspicious for doing so.
    checks = "--checks=-bugprone-suspicious-include"
    run = subprocess.run([TIDY, "--quiet", checks, str(together), "--", *words[1:]], capture_output=True, text=True)
    return run.returncode == 0, run.stdout


def main():
    build, processes = sys.argv[1], int(sys.argv[2])
    version = subprocess.run([TIDY, "--version"], check=True, capture_output=True, text=True).stdout
    common = version.encode() + (ROOT / ".clang-tidy").read_bytes()
    files = files_of(build)
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    cache = cache_folder()
    waiting = []
    looked_at = set()
    for entry in entries:
        words = entry["command"].split()
        read = files.get(words[words.index("-o") + 1], [])
        own = {path for path in read if path.is_relative_to(ROOT / "src") and path.suffix == ".cpp"}
        if not own:
            continue
        looked_at |= own
        stamp = cache / key_of(entry["command"], read, common)
        if not stamp.exists():
            size = sum(path.stat().st_size for path in own)
            waiting.append(Folder(entry["file"], entry["command"], size, stamp))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(processes) as pool:
        parts = parts_of(waiting, processes)
        runs = [pool.submit(check, build, number, part) for number, part in enumerate(parts)]
        for part, run in zip(parts, runs):
            passed, text = run.result()
            if passed:
                for folder in part:
                    folder.stamp.touch()
            else:
                failed += 1
                print(text, end="", flush=True)
    missed = sorted(str(path) for path in set((ROOT / "src").rglob("*.cpp")) - looked_at)
    for path in missed:
        print(f"clang-tidy: {path} is not part of the library")
    print(f"clang-tidy: {len(looked_at)} files, {len(waiting)} folders looked at, {'findings' if failed else 'no finding'}")
    return 1 if failed or missed else 0


if __name__ == "__main__":
    sys.exit(main())
