#!/bin/sh
# A person answers from a mail client. The desk sees the mail in Sent, threads it and knows that the
# coordinator has been answered; it takes it for nobody's question.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# due CASE: states of its acknowledge deadlines.
due() {
	case_get "$1" '[x["state"] for x in d["deadlines"] if x["kind"] == "acknowledge"]'
}

desk_begin 'staff answer by hand'
desk_keys
C_DETAILS=hold
desk_conf
daemon_start
mail_send "$(mk_details 12345678 --message-id '<three@ipa.go.jp>')"
outbox_wait 1 held
check_eq 'the receipt is still due' "$(due 1)" '["pending"]'

# A letter to the vendor about the case is no answer to the coordinator.
mail_put Sent "$(mk_plain '[IPA#12345678] please look' 'Can you reproduce this?' 'security@example.co.jp' \
	--to vendor@vendor.example.jp)"
wait_for 10 '[ "$(case_get 1 "d[\"messages\"]")" = 2 ]' 'the letter to be joined'
check_eq 'the receipt is due as before' "$(due 1)" '["pending"]'

# Sealed by the client, with its own outer Subject: References alone tell where it belongs.
mail_put Sent "$(mk_plain 'details' 'We have received the details.' 'security@example.co.jp' \
	--to vuln-contact@ipa.go.jp --in-reply-to '<three@ipa.go.jp>' --message-id '<hand@example.co.jp>' \
	--sign-with "$DESK_HOME:$DESK_FPR" --encrypt-to "$IPA_FPR" --encrypt-to "$DESK_FPR")"
wait_for 10 '[ "$(due 1)" = "[\"met\"]" ]' 'the receipt to be known'
check_eq 'it is in the case, as mail that staff sent' \
	"$(case_get 1 '[(m["direction"], m["kind"]) for m in d["message_list"] if
		m["message_id"] == "<hand@example.co.jp>"]')" '[["out", "staff"]]'
check_eq 'and is what met the deadline' "$(case_get 1 '[x["met_by"] for x in d["deadlines"]
	if x["kind"] == "acknowledge"][0] == [m["id"] for m in d["message_list"] if
	m["message_id"] == "<hand@example.co.jp>"][0]')" true
check_eq 'nobody is told of it' "$(inbox_count officer)" 1
tool outbox drop 1 --why 'answered by hand' --as officer

# In clear, with the number in the Subject alone; and a private letter that is nobody's case.
mail_put Sent "$(mk_plain '[IPA#12345678] thank you' 'We shall write again on Monday.' \
	'Officer <security@example.co.jp>' --to vuln-contact@ipa.go.jp)"
mail_put Sent "$(mk_plain 'Lunch' 'At one o clock?' 'security@example.co.jp' --to friend@example.org)"
wait_for 10 '[ "$(case_get 1 "d[\"messages\"]")" = 4 ]' 'the second to be joined'
wait_for 10 '[ "$(grep -c " message=" "$T/log")" = 5 ]' 'the third to be read'
check_eq 'a private letter opens no case' "$(case_list 'len(d)')" 1
check_eq 'nothing is answered or sent' "$(inbox_count ipa) $(outbox_get 'len(d)')" '0 0'
story_end
