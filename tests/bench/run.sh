#!/bin/sh
# The figures, one script after the other. Needs root, as the stories do.
set -eu
cd "$(dirname "$0")"
for script in latency.sh backlog.sh sealing.sh keybox.sh replay.sh owed.sh peers.sh; do
	sh "$script" || [ $? -eq 77 ]
done
