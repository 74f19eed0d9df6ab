#!/bin/sh
# Every header can be included alone.
set -eu
cd "${MADOGUCHI_SOURCE:-$(dirname "$0")/../..}"
bad=0
seen=0
for header in $(cd include && find . -name '*.h' | sed 's|^\./||'); do
	seen=$((seen + 1))
	printf '#include "%s"\n' "$header" |
		${CC:-cc} -std=c17 -D_GNU_SOURCE -Iinclude -Wall -Wextra -Werror -fsyntax-only -x c - || {
		echo "$header cannot be included alone"
		bad=1
	}
done
[ "$seen" -gt 30 ] || { echo "only $seen headers were seen"; bad=1; }
exit $bad
