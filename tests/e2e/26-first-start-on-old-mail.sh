#!/bin/sh
# The first start on a mailbox that has been in use for years. What is older than max_age is filed like
# any other mail; its answers are held, and one summary tells staff instead of an alert for each.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a first start on old mail'
desk_keys
C_CLOSED='["01-01..12-31"]'	# no working hours: what is overdue has its own story
desk_conf
mail_put INBOX "$(mk_contact 10000001 --date '-400 days')" '400 days ago'
mail_put INBOX "$(mk_details 10000001 --date '-390 days')" '390 days ago'
mail_put Junk "$(mk_contact 10000002 --date '-30 days')" '30 days ago'
mail_put INBOX "$(mk_unrelated --date '-20 days')" '20 days ago'
mail_put INBOX "$(mk_contact 10000003 --date '-2 days')" '2 days ago'
daemon_start
inbox_wait ipa 1
inbox_wait officer 2
wait_for 10 '[ "$(message_get "sum(m[\"direction\"] == \"in\" for m in d)")" = 5 ]' 'all mails on record'

check_eq 'old mail has its cases' "$(case_list '[(c["number"], c["stage"]) for c in d]')" \
	'[["IPA#10000001", "details"], ["IPA#10000003", "contact"], ["IPA#10000002", "contact"]]'
check_eq 'its answers are held' "$(outbox_get '[(x["case"], x["stage"]) for x in d]' --state held)" \
	'[[1, "contact"], [1, "details"], [3, "contact"]]'
check_has 'and the reason is told' "$(outbox_get 'd[0]["hold_why"]' --state held)" max_age
check_eq 'the mail of the week is answered at once' \
	"$(mail_header "$(inbox_last ipa)" Subject)" '[IPA#10000003] ご連絡'
check_eq 'deadlines run from the day on which the mail came' \
	"$(case_list '[c["next_deadline"]["overdue"] for c in d if c["id"] != 2]')" '[true, true]'
check_eq 'staff get one alert and one summary' "$(inbox_count officer)" 2
for alert in $(inbox_mails officer); do
	open_text "$OFFICER_HOME" "$alert" | grep '^Subject: '
done >"$T/own/alerts"
check 'the summary counts three' grep -q ' 3 通' "$T/own/alerts"

# A restart is no first start; a folder that is added later is.
daemon_stop
imap desk create Archive
mail_put Archive "$(mk_contact 10000004 --date '-300 days')" '300 days ago'
C_FOLDERS='["INBOX", "Junk", "Archive"]'
desk_conf
daemon_start
inbox_wait officer 3
check_eq 'the added folder'"'"'s old mail is held too' "$(outbox_get 'len(d)' --state held)" 4
check_eq 'nothing is answered that was not before' "$(inbox_count ipa)" 1
story_end
