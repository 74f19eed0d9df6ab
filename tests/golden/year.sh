#!/bin/sh
# A year of reminders under a false clock, on the golden messages' scene.
exec env GOLDEN_PROGRAM=year sh "$(dirname "$0")/golden.sh"
