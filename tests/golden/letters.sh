#!/bin/sh
# What becomes of the letters of tests/letters: of each set how many reports and other letters open a
# case, are shown, or are nobody's. The sets that the recogniser learned from must all but be told
# apart; of those in `new`, which it never learned from, no report may be nobody's and one in fifty
# others in a case.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
source=${MADOGUCHI_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${MADOGUCHI_BUILD:-$source/build/gcc}
# shellcheck source=tests/golden/scene.sh
. "$source/tests/golden/scene.sh"
program=$build/madoguchi
[ -x "$program" ] || program=$build/src/madoguchi
for set in "$source"/tests/letters/set-* "$source"/tests/letters/new; do
	for label in reports others; do
		"$program" -c "$folder/golden.conf" --data-dir "$source/conf" --json \
			replay "$set/$label" >"$folder/json"
		python3 - "${set##*/}" "$label" "$folder/json" <<'PYTHON'
import collections, json, sys

name, label, path = sys.argv[1:]
mails = json.load(open(path))["messages"]
places = collections.Counter({"none": "nobody's", "beside": "shown"}.get(m["case"], "case") for m in mails)
print("%-6s %-8s %4d letters: %4d in a case, %3d shown, %4d nobody's" % (
    name, label, len(mails), places["case"], places["shown"], places["nobody's"]))
wrong = places["nobody's"] if label == "reports" else places["case"]
most = 0 if label == "reports" else len(mails) // 50
if not mails or wrong > most:
    print("FAIL: %d wrong, at most %d" % (wrong, most))
    sys.exit(1)
PYTHON
	done
done
