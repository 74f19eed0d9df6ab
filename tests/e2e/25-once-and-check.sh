#!/bin/sh
# For cron, and for a person who changes the conf: one pass whose exit status says how it went, and
# a check that names every mistake at once.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# mistake PATTERN WHAT: a line of the form FILE:LINE: path.of.the.key: what is wrong.
mistake() {
	check "$2" grep -qE "^[^ ]*madoguchi\.conf:[0-9]+: $1" "$T/own/mistakes"
}

desk_begin 'one pass, and a check of the conf'
desk_keys
fault_start
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none
desk_conf
mail_put INBOX "$(mk_contact 10000001)"
check_status 'a pass over a mailbox' 0 daemon_once
check_eq 'has sent answer and alert' "$(fault_count accepted)" 2
check_eq 'and put the copy into Sent' "$(inbox_count desk Sent)" 1
check_eq 'and left nothing to do' "$(outbox_get 'd')" '[]'
check_status 'a pass without news' 0 daemon_once

# What fails in a pass makes it fail; what failed before does not.
fault 'rcpt 451 4.3.0 try later' ok
mail_put INBOX "$(mk_contact 10000002)"
check_status 'an answer that is deferred in this pass' 1 daemon_once
check_status 'the same answer, not due yet, in the next' 0 daemon_once
C_FOLDERS='["INBOX", "NoSuchFolder"]'
desk_conf
mail_put INBOX "$(mk_contact 10000003)"
check_status 'a folder that is not there' 1 daemon_once
check_eq 'does not keep the others from being read' "$(case_list 'len(d)')" 3
C_FOLDERS='["INBOX"]'
desk_conf
imap_stop
check_status 'a server that is not there' 1 daemon_once
imap_start

# Two at a time would be one too many.
daemon_start
check_status 'another one runs' 75 daemon_once
check 'and is named' grep -q 'another daemon holds .*: process' "$T/log"
daemon_stop

# The check: fine; then every mistake at once.
check_status 'a good conf' 0 "$MADOGUCHID" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" --check
C_HOURS=9-to-5 C_POLL_INTERVAL='"often"' C_MORE='colour = "blue"' C_IPA_NUMBER='IPA#([0-9]{8}' \
	C_FOLDERS='["INBOX\nX"]' C_PASSPHRASE_FILE=$T/nowhere C_MAX_SIZE=0 \
	C_IPA_KEYS='["0000000000000000000000000000000000000000"]'
desk_conf
chmod 644 "$T/imap.password"
check_status 'a bad conf' 78 "$MADOGUCHID" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" --check
"$MADOGUCHID" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" --check 2>"$T/own/mistakes" || :
mistake 'hours: ' 'a wrong value'
mistake 'desk\.www\.imap\.poll_interval: ' 'a wrong type'
mistake 'desk\.www\.imap\.max_size: ' 'a value out of bounds'
mistake 'colour: ' 'an unknown key'
mistake 'coordinator\.IPA\.number: ' 'a bad pattern'
mistake 'desk\.www\.imap\.folders' 'a folder with a control character'
mistake 'desk\.www\.pgp\.passphrase_file: ' 'a missing file'
mistake 'desk\.www\.imap\.password_file: ' 'a secret that the world may read'
mistake 'coordinator\.IPA\.keys: 0* is not in the keyring' 'a key that is not in the keyring'
check_status 'a daemon that would start on it' 78 daemon_once
check_status 'an unknown option' 64 "$MADOGUCHID" --no-such-option
story_end
