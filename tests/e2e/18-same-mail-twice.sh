#!/bin/sh
# The same mail comes twice, by two roads and into two folders, and is moved about: it is one message
# with several places, and gets one answer. What only looks the same is another mail.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# incoming: how many mails are on record; places ID: where one of them lies.
incoming() {
	message_get 'sum(m["direction"] == "in" for m in d)'
}

desk_begin 'one mail, several places'
desk_keys
desk_conf
mail=$(mk_contact 12345678 --message-id '<one@ipa.go.jp>')
mail_put INBOX "$mail"
mail_put Junk "$mail"
mail_put INBOX "$mail"
daemon_start
inbox_wait ipa 1
check_eq 'it is one message' "$(incoming)" 1
check_eq 'in one case' "$(case_list '[c["number"] for c in d]')" '["IPA#12345678"]'

# Staff drag it to another folder that is read, and back; the daemon is started anew.
imap desk empty Junk
mail_put Junk "$mail"
daemon_stop
daemon_start
wait_for 10 'log_since 0 "mailbox read, waiting"' 'the folders to be read'
check_eq 'nothing is told twice' "$(inbox_count officer)" 1

# The same text under another Message-ID, and another text under the same one: both are new mail.
mail_put INBOX "$(mk_contact 12345678 --message-id '<two@ipa.go.jp>')"
mail_put INBOX "$(mk_encryption 12345678 --message-id '<one@ipa.go.jp>')"
inbox_wait ipa 2
inbox_wait officer 3
check_eq 'other bytes are other mail, whatever the Message-ID' "$(incoming)" 3
check_eq 'a stage is acknowledged once, however often its mail comes' \
	"$(outbox_get '[x["stage"] for x in d if x["kind"] == "acknowledgement"]' --state sent)" \
	'["contact", "encryption"]'
check_eq 'the coordinator has just these two' "$(inbox_count ipa)" 2
story_end
