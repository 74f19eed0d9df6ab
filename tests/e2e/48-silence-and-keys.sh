#!/bin/sh
# Silence is an alarm: a mailbox that is not read is told after an hour, in steps that double, and
# once when it is read again.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# at TIME: a pass at that time in Japan, of a Monday.
at() {
	daemon_once --now "2024-06-03T$1+09:00" || :
}

# letters WHAT COUNT: that the officer has so many.
letters() {
	check_eq "$1" "$(officer | wc -l)" "$2"
}

# officer: the files of the letters that the officer has.
officer() {
	fault_letters officer@example.co.jp
}

# newest: the newest letter's text, opened.
newest() {
	open_text "$OFFICER_HOME" "$(officer | tail -n 1)"
}

desk_begin 'silence, and keys that end'
desk_keys
# Postfix asks Dovecot for passwords: what goes out takes another way, while Dovecot is away.
fault_start
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none C_POLL_INTERVAL=300 C_OFFICER_LANGUAGE=en
desk_conf

# The mailbox's server is away.
at 10:00:00
imap_stop
at 10:30:00
at 10:59:00
check_eq 'an hour is waited' "$(officer | wc -l)" 0
at 11:01:00
letters 'then it is told' 1
check_has 'since when' "$(newest | head -n 1)" '^Subject: Please act: the mailbox is not read \(since 2024-06-03T10:00:..\+09:00\)$'
check_has 'which folders' "$(newest)" '^  Folders: INBOX, Junk, Sent$'
check_status 'status ends with 1' 1 tool --now 2024-06-03T11:02:00+09:00 status
check_has 'and says why' "$(tool --now 2024-06-03T11:02:00+09:00 status)" 'folder INBOX was last read: 2024-06-03 10:00'
at 12:30:00
letters 'not again' 1
at 13:01:00
letters 'but after two hours more' 2
at 16:00:00
letters 'and then after four' 2
imap_start
at 16:10:00
letters 'that it is read again is told' 3
check_has 'so' "$(newest | head -n 1)" '^Subject: The mailbox is read again$'
at 17:00:00
letters 'once' 3
check_status 'and status is fine' 0 tool --now 2024-06-03T17:00:30+09:00 status
check_status 'all of it is on record whole' 0 tool verify
story_end
