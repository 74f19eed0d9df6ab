#!/bin/sh
# A folder is deleted and made anew, and the server numbers the inbox afresh, as after a restore from
# its backup: UIDVALIDITY is another (RFC 3501, 2.3.1.1). Everything is read again, and nothing is
# filed, told or answered twice.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# inbox_renumbered: the same mails in the inbox, with new UIDs and another UIDVALIDITY.
inbox_renumbered() {
	imap_stop
	rm "$(folder_path desk INBOX)"/dovecot*
	echo "3 V1000000 N1000" >"$(folder_path desk INBOX)/dovecot-uidlist"
	chown "$MAIL_UID:$MAIL_GID" "$(folder_path desk INBOX)/dovecot-uidlist"
	imap_start
}

# counts: mails on record, answers, alerts, copies in Sent.
counts() {
	echo "$(message_get 'sum(m["direction"] == "in" for m in d)') $(inbox_count ipa)" \
		"$(inbox_count officer) $(inbox_count desk Sent)"
}

desk_begin 'the mailbox is numbered afresh'
desk_keys
desk_conf
one=$(mk_contact 10000001)
two=$(mk_contact 10000002)
mail_put INBOX "$one"
mail_put Junk "$two"
daemon_start
inbox_wait desk 2 10 Sent
inbox_wait officer 2
check_eq 'two mails, two answers, two alerts' "$(counts)" '2 2 2 2'

# While the daemon reads it. The server makes the folder by itself when the daemon asks for it in between.
imap desk delete Junk
imap desk create Junk 2>/dev/null || :
mail_put Junk "$two"
mail_put Junk "$(mk_contact 10000003)"
inbox_wait desk 3 10 Sent
inbox_wait officer 3
check_eq 'a folder made anew brings its new mail alone' "$(counts)" '3 3 3 3'

# While the daemon is connected, and goes on with what comes after.
lines=$(log_lines)
inbox_renumbered
wait_for 20 'log_since "$lines" "mailbox read, waiting"' 'the mailbox to be read again'
check_eq 'an inbox numbered afresh brings nothing' "$(counts)" '3 3 3 3'
mail_put INBOX "$(mk_contact 10000004)"
inbox_wait desk 4 15 Sent
inbox_wait officer 4
check_eq 'and then its new mail' "$(counts)" '4 4 4 4'

# While the daemon is away.
daemon_stop
inbox_renumbered
lines=$(log_lines)
daemon_start
wait_for 20 'log_since "$lines" "mailbox read, waiting"' 'the mailbox to be read'
check_eq 'the same after a rest' "$(counts)" '4 4 4 4'
check_eq 'four cases' "$(case_list 'len(d)')" 4
story_end
