#!/bin/sh
# Mail to a person without a key bears no word of sealed text: over all golden messages.
exec sh "$(dirname "$0")/golden.sh" --withheld
