#!/usr/bin/env python3
"""opentelemetry.py PROGRAM: runs the example and reads the file that it writes, as OpenTelemetry's collector would."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "trace.jsonl"
    subprocess.run([sys.argv[1], path], check=True, stdout=subprocess.DEVNULL)
    lines = [json.loads(line) for line in path.read_text().splitlines()]

spans = []
for line in lines:
    (resource,) = line["resourceSpans"]
    (service,) = resource["resource"]["attributes"]
    assert service == {"key": "service.name", "value": {"stringValue": "kith-example"}}
    (scope,) = resource["scopeSpans"]
    assert scope["scope"]["name"] == "kith"
    spans += scope["spans"]

by_id = {span["spanId"]: span for span in spans}
assert len(by_id) == len(spans), "every span has an id of its own"
for span in spans:
    assert re.fullmatch("[0-9a-f]{32}", span["traceId"]) and re.fullmatch("[0-9a-f]{16}", span["spanId"])
    assert span["kind"] in (1, 3)
    assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
    span["attributes"] = {a["key"]: next(iter(a["value"].values())) for a in span["attributes"]}
    if parent := span["parentSpanId"]:
        assert by_id[parent]["traceId"] == span["traceId"], "a span is in the trace of the one that holds it"
        assert by_id[parent]["kind"] == 1, "statements hold nothing"


def children(parent):
    return [span for span in spans if span["parentSpanId"] == parent["spanId"]]


roots = [span["name"] for span in spans if not span["parentSpanId"]]
assert roots == ["evaluate Person", "atomic", "save City"], roots
(evaluation,) = [span for span in spans if span["name"] == "evaluate Person"]
names = [span["name"] for span in children(evaluation)]
assert names == ["BEGIN", "SELECT person", "SELECT city", "SELECT province", "COMMIT"], names
(cities,) = [span for span in children(evaluation) if span["name"] == "SELECT city"]
assert cities["attributes"]["db.system.name"] == "sqlite"
assert cities["attributes"]["kith.lookup"] == "visitation"
assert cities["attributes"]["db.response.returned_rows"] == "3"
assert cities["attributes"]["code.file.path"].endswith("main.cpp")
(block,) = [span for span in spans if span["name"] == "atomic"]
assert [span["name"] for span in children(block)] == ["BEGIN", "update City", "count City", "COMMIT"]
failed = [span for span in spans if span["status"].get("code") == 2]
assert [span["name"] for span in failed] == ["INSERT city", "save City"]
assert failed[0]["attributes"]["error.type"] == "kith::IntegrityError"
assert "Shiyan" not in json.dumps(lines), "no parameter is in the file"
