#!/bin/sh
# Makes the pictures of the hand-over sheet anew, doc/screenshots/sheet-LANGUAGE-PAGE.png, as it comes
# out of a printer; fails unless it has two pages in both languages. No part of `make check`: it needs
# the packages chromium, poppler-utils and fonts-noto-cjk.
#	MADOGUCHI_BUILD=$PWD/build/gcc sh tests/e2e/screenshots-sheet.sh [FOLDER]
# SPDX-License-Identifier: GPL-3.0-or-later
pictures=${1:-}
. "$(dirname "$0")/lib.sh"
: "${pictures:=$SRC/doc/screenshots}"

for program in chromium pdftoppm; do
	command -v "$program" >/dev/null || skip "needs $program"
done
desk_begin 'pictures of the sheet'
desk_keys
. "$E2E/lib/handover.sh"
handover_desk
handover_case
W=$T/own

# picture LANGUAGE [OPTION...]
picture() {
	_language=$1
	shift
	tool sheet 1 "$@" >"$W/sheet-$_language.html"
	HOME=$W chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
		--user-data-dir="$W/chromium" --print-to-pdf="$W/$_language.pdf" \
		"$W/sheet-$_language.html" >/dev/null 2>&1
	check_eq "$_language: A4, two pages" \
		"$(pdfinfo "$W/$_language.pdf" | sed -n 's/^Pages: *//p; s/^Page size: .*(\(A4\))$/\1/p' | tr '\n' ' ')" '2 A4 '
	pdftoppm -r 88 -gray -png "$W/$_language.pdf" "$pictures/sheet-$_language"
}

mkdir -p "$pictures"
picture ja
picture en --staff dev
story_end
