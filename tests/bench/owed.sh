#!/bin/sh
# What it costs to know what is owed, with 100,000 open cases (CASES says otherwise).
set -eu
build=${MADOGUCHI_BUILD:?the folder where make ran}
folder=$(mktemp -d "${TMPDIR:-/tmp}/owed.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
echo "== what is owed"
"$build/tests/bench/bench_owed" "$folder" "${CASES:-100000}"
