#!/bin/sh
# A build without --enable-test-hooks holds no trigger and no pretended clock.
set -eu
build=${MADOGUCHI_BUILD:-.}
daemon=$build/madoguchid
[ -x "$daemon" ] || { echo "no $daemon"; exit 1; }
if grep -q '^#define ENABLE_TEST_HOOKS 1' "$build/config.h"; then
	# The other way round: the test can only fail if the words are the right ones.
	grep -q 'X-Madoguchi-Test' "$daemon" || { echo "a test build without its triggers"; exit 1; }
	exit 0
fi
bad=0
for word in 'X-Madoguchi-Test' 'MADOGUCHI_TEST' '--now wants' 'stop-after'; do
	if grep -q -e "$word" "$daemon" "$build/madoguchi"; then
		echo "$word stands in a normal build"
		bad=1
	fi
done
exit $bad
