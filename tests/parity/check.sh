#!/usr/bin/env bash
# Runs the scenarios in Kith and in Django on the same SQLite file and compares them.
#
# usage: check.sh KITH_PARITY FOLDER
#
# Django comes from PyPI into a virtual environment in FOLDER, once; later runs need no network. Where PyPI cannot be
# reached, the test is skipped: exit code 77.
set -euo pipefail

program=$1
folder=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$folder/venv

if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    ${PYTHON:-python3} -m venv "$venv" || {
        echo "no virtual environment: install python3-venv" >&2
        exit 1
    }
    "$venv/bin/pip" install --quiet --no-input --disable-pip-version-check --retries 1 --timeout 20 \
        --requirement "$here/requirements.txt" || {
        echo "SKIPPED: PyPI did not give Django, so nothing was compared" >&2
        exit 77
    }
    cp "$here/requirements.txt" "$venv/requirements.txt"
fi

mkdir -p "$folder"
"$program" "$folder/press.db" >"$folder/kith.jsonl"
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/scenarios.py" "$folder/press.db" >"$folder/django.jsonl"
"$venv/bin/python" "$here/compare.py" "$folder/kith.jsonl" "$folder/django.jsonl" "$here/differences.txt"
