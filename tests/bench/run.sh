#!/bin/sh
# The figures, one script after the other. Needs root, as the stories do.
set -eu
cd "$(dirname "$0")"
for script in latency.sh backlog.sh; do
	sh "$script"
done
