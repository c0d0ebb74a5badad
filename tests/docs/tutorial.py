#!/usr/bin/env python3
"""tutorial.py [--write] FOLDER: follows docs/tutorial.md in FOLDER, which is emptied first.

Writes the files of the page as they come, runs the commands of the blocks below `<!-- run -->`, and compares what they
print with the page, or with --write puts it there. Kith is installed from the build KITH_BUILD. The commands run as
they are written, but for the port, which is any that is free, and curl, which this program is itself.
"""

import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

root = pathlib.Path(__file__).resolve().parents[2]
page = root / "docs/tutorial.md"
sources = "tests/docs/tutorial/"
earlier = ("first/", "products/")  # folders with earlier forms of a file

write = sys.argv[1] == "--write"
work = pathlib.Path(sys.argv[-1])
project = work / "shop"
prefix = work / "kith"


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


port = free_port()
server = None
following = ""  # the token of the last page


def run(command):
    command = command.replace("~/kith", str(prefix))
    done = subprocess.run(command, shell=True, cwd=project, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"{command}\n{done.stdout}")
    return "" if command.startswith("cmake") else done.stdout


def start(command):
    global server
    server = subprocess.Popen([*shlex.split(command), "sqlite:shop.db", str(port)], cwd=project,
                              stdout=subprocess.DEVNULL)
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return ""
        except OSError:
            time.sleep(0.05)
    sys.exit("the server does not listen")


def stop():
    server.terminate()
    server.wait()
    return ""


def curl(arguments):
    global following
    method, body, url = None, None, None
    rest = iter(arguments)
    for argument in rest:
        if argument == "-X":
            method = next(rest)
        elif argument == "--json":
            body = next(rest).encode()
        else:
            url = argument.replace("localhost:8080", f"127.0.0.1:{port}").replace("=NEXT", "=" + following)
    request = urllib.request.Request("http://" + url, data=body, method=method,
                                     headers={"Content-Type": "application/json"} if body else {})
    try:
        text = urllib.request.urlopen(request).read().decode()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
    if found := re.search('"next":"([^"]+)"', text):
        following = found[1]
    return text


def result_of(command):
    if command.startswith("curl "):
        return curl(shlex.split(command)[1:])
    if command == "kill %1":
        return stop()
    if command.endswith(" &"):
        return start(command.removesuffix(" &"))
    return run(command)


def follow(lines):
    """Yields the lines of the page, with what the commands print."""
    running = False
    rest = iter(lines)
    for line in rest:
        yield line
        if found := re.fullmatch(rf"<!-- file: {sources}(\S+) -->", line):
            name = found[1]
            for folder in earlier:
                name = name.removeprefix(folder)
            (project / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(root / sources / found[1], project / name)
        running = running or line == "<!-- run -->"
        if running and line == "```console":
            for command in rest:
                if command == "```":
                    break
                if command.startswith("$ "):
                    yield command
                    yield from result_of(command.removeprefix("$ ")).splitlines()
            yield "```"
            running = False


shutil.rmtree(work, ignore_errors=True)
project.mkdir(parents=True)
subprocess.run([os.environ.get("CMAKE", "cmake"), "--install", os.environ["KITH_BUILD"], "--prefix", prefix],
               check=True, stdout=subprocess.DEVNULL)
old = page.read_text()
try:
    new = "\n".join(follow(old.splitlines())) + "\n"
finally:
    if server is not None and server.poll() is None:
        stop()
if new != old and write:
    page.write_text(new)
elif new != old:
    (work / "tutorial.md").write_text(new)
    subprocess.run(["diff", "-u", page, work / "tutorial.md"], check=False)
    sys.exit("tests/docs/tutorial.py --write puts what the commands print into the page")
print("the tutorial works as it says")
