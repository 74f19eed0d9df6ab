#!/bin/sh
# Runs the rooms that were taken over on the golden messages' scene.
exec env GOLDEN_PROGRAM=takeover sh "$(dirname "$0")/golden.sh"
