#!/bin/sh
# What it costs to know what is owed, and to make a digest, with 10,000 and 100,000 open cases
# (CASES says otherwise).
set -eu
build=${MADOGUCHI_BUILD:?the folder where make ran}
folder=$(mktemp -d "${TMPDIR:-/tmp}/owed.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
echo "== what is owed"
for cases in ${CASES:-10000 100000}; do
	mkdir "$folder/$cases"
	"$build/tests/bench/bench_owed" "$folder/$cases" "$cases"
done
