#!/bin/sh
# The same with a desk's key that is locked with a passphrase: the backup holds it locked, and the
# file that unlocks it.
# SPDX-License-Identifier: GPL-3.0-or-later
exec sh "$(dirname "$0")/61-backup-and-restore.sh" 'the words that lock it'
