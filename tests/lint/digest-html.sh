#!/bin/sh
# A digest's HTML is what mail clients know: these elements with these attributes, each closed in
# its order, styles inline, and nothing that would be fetched or run, or that a style sheet or a
# script could take hold of.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
LC_ALL=C
export LC_ALL
build=${MADOGUCHI_BUILD:-.}
[ -x "$build/tests/unit/test_digest" ] || { echo 'test_digest was not built'; exit 77; }
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
bad=0

elements='html head meta title body table tr td h1 h2 p b br span'
attributes='lang http-equiv content name style width height cellpadding cellspacing border align valign bgcolor'
styles='margin padding padding-left font-family font-size font-weight line-height color background-color border-top max-width word-break'

# strange WHAT WORDS: says which lines of standard input are none of the words.
strange() {
	sort -u >"$scratch/found"
	[ -s "$scratch/found" ] || { echo "$1: no $2 was found"; bad=1; return; }
	# shellcheck disable=SC2086
	printf '%s\n' $3 | sort -u >"$scratch/known"
	comm -23 "$scratch/found" "$scratch/known" >"$scratch/strange"
	[ -s "$scratch/strange" ] || return 0
	echo "$1: $2 that may not be there: $(tr '\n' ' ' <"$scratch/strange")"
	bad=1
}

# forbid WHAT PATTERN
forbid() {
	if grep -nEi -e "$2" "$scratch/page"; then
		echo "$1: $2"
		bad=1
	fi
}

# nested: whether each element is closed in its order; br and meta have no end.
nested() {
	sed 's/<!DOCTYPE[^>]*>//' "$scratch/page" | grep -oE '</?[a-z0-9]+' | awk '
		$0 == "<br" || $0 == "<meta" { next }
		/^<\// { if (stack[depth--] != substr($0, 3)) { print "out of order: " $0; exit 1 } next }
		{ stack[++depth] = substr($0, 2) }
		END { if (depth != 0) { print depth " left open"; exit 1 } }'
}

lint() {
	"$build/tests/unit/test_digest" --print "$1" "$2" >"$scratch/page"
	page="$1 $2"
	sed 's/<!DOCTYPE[^>]*>//' "$scratch/page" | tr '\n' ' ' | grep -oE '<[^>]*>' >"$scratch/tags"
	grep -oE '^</?[^ >]*' "$scratch/tags" | tr -d '</' | strange "$page" elements "$elements"
	sed 's/="[^"]*"/=/g' "$scratch/tags" | grep -oE '[^ ]*=' | tr -d = |
		strange "$page" attributes "$attributes"
	grep -oE 'style="[^"]*"' "$scratch/tags" | sed 's/^style="//; s/"$//' | tr ';' '\n' |
		sed 's/:.*//' | strange "$page" 'style properties' "$styles"
	# An attribute without quotes, or a single "<" of a text, would have been missed above.
	if [ "$(tr -cd '<' <"$scratch/page" | wc -c)" -ne "$(($(wc -l <"$scratch/tags") + 1))" ]; then
		echo "$page: a < that begins no element"
		bad=1
	fi
	forbid "$page" '[a-z]+://'
	forbid "$page" 'url *\(|expression|@import|javascript|data:|cid:'
	forbid "$page" ' on[a-z]+ *='
	nested || { echo "$page: elements are not nested"; bad=1; }
	# A colour of letters has its own ground: the client's may be light or dark.
	if grep -oE 'style="[^"]*"' "$scratch/tags" | grep -E '[";]color:' | grep -v 'background-color:'; then
		echo "$page: coloured letters without a ground of their own"
		bad=1
	fi
}

for language in ja en; do
	lint "$language" html
done
"$build/tests/unit/test_digest" --print en line >"$scratch/page"
forbid line '<(table|tr|td)[^>]*class=|[a-z]+://|<(script|style|link|img)'
exit $bad
