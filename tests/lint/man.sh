#!/bin/sh
# The man pages are well-formed mdoc and say what the programs say: every option and command of
# --help stands in its page and no other does; so do the conf's keys with their defaults
# (conf-keys.sh compares the keys with the sample).
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
LC_ALL=C
export LC_ALL
pages=${MADOGUCHI_SOURCE:-$(dirname "$0")/../..}/doc/man
build=${MADOGUCHI_BUILD:-.}
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
bad=0

# same WHAT PROGRAM-LIST PAGE-LIST: both hold the same lines, and some.
same() {
	sort -u "$scratch/$2" >"$scratch/one"
	sort -u "$scratch/$3" >"$scratch/two"
	[ -s "$scratch/one" ] || { echo "$1: nothing was found in the program"; bad=1; }
	cmp -s "$scratch/one" "$scratch/two" && return
	bad=1
	echo "$1: in the program and not in the page, then the other way round:"
	comm -3 "$scratch/one" "$scratch/two"
}

# options_of_help: the options in a text, one a line.
options_of_help() {
	grep -oE -e '(^|[^A-Za-z-])--?[a-z][a-z-]*' | sed 's/^[^-]*//'
}

options_of_page() {
	grep -oE 'Fl (Fl )?[a-z][a-z-]*' | sed 's/^Fl Fl /--/; s/^Fl /-/'
}

# commands START OPTIONS: of lines that begin with START, the words of a command and its options.
commands() {
	sed -n "s/^$1//p" | while read -r line; do
		words=$(echo "$line" | sed 's/ *\(^\| \)[^a-z ].*//')
		echo "$words $(echo "$line" | "$2" | sort | tr '\n' ' ')"
	done
}

compare_program() {
	"$build/$1" --help >"$scratch/help"
	options_of_help <"$scratch/help" >"$scratch/program"
	options_of_page <"$pages/$2" >"$scratch/page"
	same "options of $2" program page
}

compare_program madoguchid madoguchid.8
compare_program madoguchi madoguchi.1
commands '  madoguchi ' options_of_help <"$scratch/help" >"$scratch/program"
commands '\.It Cm ' options_of_page <"$pages/madoguchi.1" >"$scratch/page"
same 'commands of madoguchi.1' program page

if [ -x "$build/tests/unit/test_conf" ]; then
	"$build/tests/unit/test_conf" --keys | sed 's/	-$/	(must be given)/' >"$scratch/program"
	sed -n 's/\\(dq/"/g; s/ No = Li / No /; s/^\.It Ic \([^ ]*\) No /\1	/p' \
		"$pages/madoguchi.conf.5" >"$scratch/page"
	same 'defaults in madoguchi.conf.5' program page
fi

if ! command -v mandoc >/dev/null; then
	[ $bad -eq 0 ] || exit 1
	echo 'the package mandoc is missing'
	exit 77
fi
for page in "$pages"/*.[158]; do
	mandoc -T lint -W warning "$page" || bad=1
done
exit $bad
