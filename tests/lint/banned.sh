#!/bin/sh
# Calls that have a safer one, and the system clock outside base/clock.
set -eu
cd "${MADOGUCHI_SOURCE:-$(dirname "$0")/../..}"
bad=0
forbid() {
	if grep -rnE "(^|[^A-Za-z0-9_.>])($1)[[:space:]]*\(" src --include='*.c' | grep -vE "$2"; then
		echo "banned: $1"
		bad=1
	fi
}
nowhere='^$'
forbid 'strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|system|popen|gmtime|localtime|ctime|asctime|tmpnam|mktemp|alloca' "$nowhere"
forbid 'time|gettimeofday|clock_gettime' '^src/base/clock'
exit $bad
