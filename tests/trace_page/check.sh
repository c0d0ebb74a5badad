#!/usr/bin/env bash
# Makes trace pages of real runs and looks at them in a headless Chromium.
#
# usage: check.sh KITH KITH_TRACE_PAGES FOLDER
#
# Playwright comes from npm into FOLDER, once; later runs need no network. Where Node.js, npm, Chromium or the npm registry
# is missing, the test is skipped (exit code 77), and fails where KITH_REQUIRE_BROWSER is set, as by ./dev test.
set -euo pipefail

kith=$1
pages=$2
folder=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

missing() {
    if [[ -n ${KITH_REQUIRE_BROWSER:-} ]]; then
        echo "FAILED: $*" >&2
        exit 1
    fi
    echo "SKIPPED: $*, so no page was looked at" >&2
    exit 77
}

command -v node >/dev/null || missing "Node.js is not installed (Debian's package nodejs)"
command -v npm >/dev/null || missing "npm is not installed (Debian's package npm)"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    missing "Chromium is not installed (Debian's package chromium)"

mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/node_modules/from-package-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$folder"
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --fetch-timeout=20000 --fetch-retries=1 >"$folder/npm.log" 2>&1 || {
        cat "$folder/npm.log" >&2
        missing "npm did not give Playwright"
    }
    cp "$here/package-lock.json" "$folder/node_modules/from-package-lock.json"
fi

rm -f "$folder"/*.html "$folder"/*.db
"$pages" "$folder"
table='<img src=x onerror=alert(1)>'
value='</script><img src=x onerror=alert(2)>'
"$kith" fetch "$folder/library.db" "$table" --prefetch author --stream 3 --exclude "title=$value" --format jsonl \
    --trace "$folder/fetch.html" >"$folder/books.jsonl"
"$kith" fetch "$folder/library.db" "$table" --exclude "title=$value" --trace "$folder/redacted.html" --redact >/dev/null
cp "$here/browser.mjs" "$folder"
cd "$folder"
KITH_BROWSER=$browser node browser.mjs
