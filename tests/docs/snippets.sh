#!/usr/bin/env bash
# snippets.sh [--write] [--program NAME=PATH]...
#
# Compares the code blocks of README.md and docs/*.md with the sources that the tests compile and run; with --write, puts
# what the sources say into the pages. A block is tied to its source by the comment in the line above it:
#
#   <!-- snippet: GUIDE/NAME -->   lines of tests/docs/GUIDE_test.cpp, or of GUIDE.hpp
#   <!-- output: GUIDE/NAME -->    a raw string of the same file, which its test compares with what the code gives
#   <!-- wrong: NAME -->           lines of tests/docs/wrong/NAME.cpp, a program that must not compile
#   <!-- error: NAME -->           what GCC says about it: its EXPECT and EXPECT-GCC lines
#   <!-- file: PATH -->            a whole file of the repository
#   <!-- printed: NAME -->         what the program NAME prints; only looked at when --program says where it is
#
# In a source, `// [snippet NAME]` (or `# [snippet NAME]`) to `[/snippet]` are such lines, without their common
# indentation, and `// [output NAME]` stands before the raw string. Every block of cpp needs one of these comments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

write=false
declare -A programs=()
while (($#)); do
    case $1 in
        --write) write=true ;;
        --program)
            programs[${2%%=*}]=${2#*=}
            shift
            ;;
        *)
            echo "snippets.sh: unknown argument '$1'" >&2
            exit 2
            ;;
    esac
    shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# region FILE NAME: the lines of a snippet.
region() {
    awk -v name="$2" '
        index($0, "[/snippet]") { inside = 0; next }
        inside && /\[(snippet|output) / { next }
        inside { lines[++count] = $0 }
        index($0, "[snippet " name "]") { inside = found = 1 }
        END {
            if (!found) exit 1
            least = -1
            for (i = 1; i <= count; i++) {
                if (lines[i] ~ /^ *$/) continue
                match(lines[i], /^ */)
                if (least < 0 || RLENGTH < least) least = RLENGTH
            }
            for (i = 1; i <= count; i++) print substr(lines[i], least + 1)
        }' "$1"
}

# raw_string FILE NAME: what stands in the raw string behind [output NAME].
raw_string() {
    awk -v name="$2" '
        waiting && index($0, "R\"(") {
            waiting = 0; inside = found = 1
            print substr($0, index($0, "R\"(") + 3)
            next
        }
        inside && /^\)"/ { exit }
        inside { print }
        index($0, "[output " name "]") { waiting = 1 }
        END { if (!found) exit 1 }' "$1"
}

guide_source() { if [[ -f tests/docs/$1_test.cpp ]]; then echo "tests/docs/$1_test.cpp"; else echo "tests/docs/$1.hpp"; fi; }

# source_of KIND NAME: what the block should hold. Fails when there is no such source.
source_of() {
    local kind=$1 name=$2
    case $kind in
        snippet) region "$(guide_source "${name%%/*}")" "${name#*/}" ;;
        output) raw_string "$(guide_source "${name%%/*}")" "${name#*/}" ;;
        wrong) region "tests/docs/wrong/$name.cpp" wrong ;;
        error) sed -nE "s|^// EXPECT(-GCC)?: *||; T; p" "tests/docs/wrong/$name.cpp" | grep . ;;
        file) cat "$name" ;;
        printed) "${programs[$name]}" ;;
        *) return 1 ;;
    esac
}

# rewrite PAGE: the page with every tied block as its source says; complains about blocks that cannot be.
rewrite() {
    local page=$1 line kind='' name='' number=0
    while IFS= read -r line || [[ -n $line ]]; do
        number=$((number + 1))
        if [[ $line == '```'* ]]; then
            local language=${line#\`\`\`} closed=false
            printf '%s\n' "$line"
            : >"$work/old"
            while IFS= read -r line; do
                number=$((number + 1))
                if [[ $line == '```' ]]; then
                    closed=true
                    break
                fi
                printf '%s\n' "$line" >>"$work/old"
            done
            $closed || complain "$page: a block is not closed"
            if [[ -z $kind && $language == cpp ]]; then
                complain "$page:$number: this block of cpp is tied to no source"
            fi
            if [[ -n $kind && ! ($kind == printed && -z ${programs[$name]:-}) ]]; then
                blocks=$((blocks + 1))
                if ! source_of "$kind" "$name" >"$work/old" 2>"$work/why"; then
                    complain "$page:$number: there is no $kind '$name' $(head -n 1 "$work/why")"
                fi
            fi
            cat "$work/old"
            echo '```'
            kind=''
        elif [[ $line =~ ^'<!-- '(snippet|output|wrong|error|file|printed)': '([^ ]+)' -->'$ ]]; then
            if [[ -n $kind ]]; then complain "$page:$number: no block follows the comment before this one"; fi
            kind=${BASH_REMATCH[1]} name=${BASH_REMATCH[2]}
            printf '%s\n' "$line"
        else
            if [[ -n $kind && -n $line ]]; then
                complain "$page:$number: a block should follow '<!-- $kind: $name -->'"
                kind=''
            fi
            printf '%s\n' "$line"
        fi
    done <"$page"
}

complain() {
    echo "$*" >&2
    status=1
}

status=0 blocks=0
for page in README.md docs/*.md; do
    rewrite "$page" >"$work/new"
    if cmp -s "$page" "$work/new"; then continue; fi
    if $write; then
        cat "$work/new" >"$page"
        echo "rewritten: $page"
    else
        diff -u --label "$page" --label "what the sources say" "$page" "$work/new" || true
        status=1
    fi
done
if ((status)); then
    echo "tests/docs/snippets.sh --write, or the target docs_write, puts the sources into the pages." >&2
    exit 1
fi
echo "$blocks blocks are as their sources."
