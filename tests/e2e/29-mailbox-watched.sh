#!/bin/sh
# What it costs the mail server to be watched, how soon a mail is seen, and what happens when the
# server goes away: the daemon comes back to it, with growing pauses, and does its other work meanwhile.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# commands WORD: how many of the recorded IMAP commands begin so.
commands() {
	grep -c "^$1" "$T/own/commands" || :
}

# milliseconds: a clock's hand, for differences.
milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

# troubles: how often the mailbox could not be reached.
troubles() {
	grep -c 'mailbox cannot be reached' "$T/log" || :
}

# unnumbered: how many folders are on record without their UIDVALIDITY.
unnumbered() {
	"$PYTHON" -I -c '
import sqlite3, sys
store = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
store.create_function("row_digest", -1, lambda *_: b"", deterministic=True)
print(store.execute("SELECT count(*) FROM mailbox WHERE uid_validity = 0").fetchone()[0])
' "$T/state/cases.db"
}

desk_begin 'the mailbox is watched'
desk_keys
fault_start
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none C_DETAILS=hold C_ALERTS=false
desk_conf
mail_put INBOX "$(mk_details 10000001)"
imap_record
daemon_start
outbox_wait 1 held

# Nothing new: a look at each of the three folders (INBOX, which is selected, by NOOP) and no more.
wait_for 10 '[ "$(imap_commands | grep -c "^STATUS Sent")" -ge 3 ]' 'three passes'
daemon_stop
check_eq 'folders that were always empty are known too' "$(unnumbered)" 0
imap_commands | sed '1,/^IDLE/d;/^IDLE/d' | tac | sed '1,/^STATUS Sent/d' >"$T/own/commands"
looks=$(commands 'STATUS Sent')
check_eq 'one STATUS a folder and pass' "$(commands 'STATUS Junk')" $((looks + 1))
check 'for the selected one a NOOP' [ "$(commands NOOP)" -le $((looks + 2)) ]
check_eq 'and nothing else' "$(grep -cvE '^(STATUS (Junk|Sent)|NOOP)' "$T/own/commands")" 0

# IDLE: the next pass is ten minutes away, the mail is seen now.
C_POLL_INTERVAL=600
desk_conf
lines=$(log_lines)
daemon_start
wait_for 10 'log_since "$lines" "mailbox read, waiting"' 'the first pass'
mail_send "$(mk_contact 10000002)"
outbox_wait 2 sent
check_eq 'IDLE tells of a mail at once' "$(fault_letters vuln-contact@ipa.go.jp | wc -l)" 1

# The server is away. Its absence is told, and what needs no mailbox is done; the release also makes
# the daemon look at the mailbox once more, without waiting.
lines=$(log_lines)
imap_stop &
stopping=$!
wait_for 10 '[ "$(troubles)" -ge 1 ]' 'the loss to be seen'
tool outbox release 1 --as officer
outbox_wait 1 sent
check_eq 'other work goes on' "$(fault_letters vuln-contact@ipa.go.jp | wc -l)" 2
wait_for 10 '[ "$(troubles)" -ge 2 ]' 'the second try'
tried_at=$(milliseconds)
wait "$stopping"
mail_send "$(mk_contact 10000003)"
imap_start
wait_for 15 'log_since "$lines" "mailbox read, waiting"' 'the mailbox to be read again'
# The first pause lasts one second, up to 1.2 s by jitter; the second one twice that.
check 'the pauses grow' [ $(($(milliseconds) - tried_at)) -ge 1500 ]
outbox_wait 3 sent
check_eq 'what came meanwhile is answered' "$(fault_letters vuln-contact@ipa.go.jp | wc -l)" 3
inbox_wait desk 3 10 Sent
check_eq 'and the copies that could not be made are made' "$(inbox_count desk Sent)" 3

# A server or a conf without IDLE: the poll alone.
daemon_stop
idles=$(imap_commands | grep -c IDLE)
C_IDLE=false C_POLL_INTERVAL=1
desk_conf
lines=$(log_lines)
daemon_start
wait_for 10 'log_since "$lines" "mailbox read, waiting"' 'the first pass'
mail_send "$(mk_contact 10000004)"
outbox_wait 4 sent
check_eq 'a mail is seen at the next poll' "$(imap_commands | grep -c IDLE)" "$idles"
story_end
