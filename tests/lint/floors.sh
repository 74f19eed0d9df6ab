#!/bin/sh
# A file may include its own floor and lower ones, never a higher one.
set -eu
cd "${MADOGUCHI_SOURCE:-$(dirname "$0")/../..}"
floors="base mail rule view port room flow cli"
rank() {
	n=0
	for floor in $floors; do
		n=$((n + 1))
		[ "$floor" = "$1" ] && echo $n && return
	done
	echo 0
}
bad=0
checked=0
for file in $(find src include -name '*.[ch]'); do
	dir=${file#*/}
	own=$(rank "${dir%%/*}")
	# The programs at the top of src/ stand on everything.
	[ "$own" -gt 0 ] || continue
	for included in $(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file"); do
		other=$(rank "${included%%/*}")
		checked=$((checked + 1))
		if [ "$other" -eq 0 ] && [ -e "$(dirname "$file")/$included" ]; then
			continue
		fi
		if [ "$other" -eq 0 ] || [ "$other" -gt "$own" ]; then
			echo "$file includes $included"
			bad=1
		fi
	done
done
[ "$checked" -gt 100 ] || { echo "only $checked includes were seen"; bad=1; }
exit $bad
