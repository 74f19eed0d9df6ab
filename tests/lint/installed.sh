#!/bin/sh
# Every template and every other file of conf/ is one that `make install` or the distribution has:
# a program that is installed reads them there, and does not begin without one.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
cd "${MADOGUCHI_SOURCE:-$(dirname "$0")/../..}"
# Lines that go on are one line; what stands in none of a list is in no list at all.
lists=$(sed -e ':a' -e '/\\$/{N;s/\\\n//;ba;}' Makefile.am | grep -E '^(dist_[a-z]+_DATA|EXTRA_DIST) *[+]?=')
status=0
for file in conf/templates/*/* conf/*.phrases conf/*.tsv conf/*.sample; do
	case " $(echo "$lists" | tr '\t\n' '  ') " in
	*" $file "*) ;;
	*)
		echo "$file is in no list of Makefile.am"
		status=1
		;;
	esac
done
exit $status
