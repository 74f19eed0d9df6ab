#!/bin/sh
# The letters that the recogniser learns from, a line each: "report|other SET PATH". Those of the
# sets beside this file, and the golden messages that the list `golden` names. What
# lies in a set named new is for a test alone, and is never learned from.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for set in "$here"/set-*; do
	for file in "$set"/reports/*.eml; do
		echo "report ${set##*/} $file"
	done
	for file in "$set"/others/*.eml; do
		echo "other ${set##*/} $file"
	done
done
messages=$(cd "$here/../messages" && pwd)
sed -n "s#^\(report\|other\) #\1 golden $messages/#p" "$here/golden"
