#!/bin/sh
# Programs answer programs: out-of-office replies, our own mail that comes back, failure reports,
# mailing lists. None of it is answered; a failure report makes its outbox entry a failed one, and
# staff are told.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'no answer to robots'
desk_keys
desk_conf
daemon_start
mail_send "$(mk_contact 10000001)"
inbox_wait ipa 1
answer=$(inbox_last ipa)

# The coordinator's own robot answers our acknowledgement; so does a stranger's.
mail_send "$(mk_autoreply --from 'vuln-contact@ipa.go.jp' --auth-results "$PASSING" \
	--subject 'Re: [IPA#10000001] out of office' --in-reply-to "$(mail_id "$answer")")" '' '<>'
mail_send "$(mk_autoreply --in-reply-to "$(mail_id "$answer")")" '' '<>'
# Our own mail comes back, by a list and by a forwarder's mistake.
mail_send "$answer" security@example.co.jp list@example.net
# A list, and a notification that says it was made by a program.
mail_send "$(mk_unrelated --header 'List-Id: <news.shop.example.net>' --header 'Precedence: bulk')"
mail_send "$(mk_contact 10000002 --header 'Auto-Submitted: auto-generated')"
wait_for 10 '[ "$(grep -c " message=" "$T/log")" -eq 6 ]' 'the mails to be read'
check_eq 'the robots are known as such' \
	"$(message_get 'sum(m["kind"] == "auto-reply" for m in d)')" 4
check_eq 'our own mail likewise' "$(message_get 'sum(m["kind"] == "own" for m in d)')" 1
check_eq 'the robot of the coordinator joins its case' \
	"$(case_get 1 '[m["kind"] for m in d["message_list"]].count("auto-reply")')" 1
check_eq 'none opens a case' "$(case_list 'len(d)')" 1
check_eq 'none is answered' "$(inbox_count ipa) $(inbox_count sink) $(inbox_count vendor)" '1 0 0'

# An answer of ours cannot be delivered after the smarthost took it.
mail_refuse vuln-contact@ipa.go.jp 'mailbox has moved'
mail_send "$(mk_encryption 10000001)"
wait_for 15 '[ "$(outbox_get "len(d)" --state failed)" = 1 ]' 'the failure report to be read'
check_eq 'the outbox entry has failed' \
	"$(outbox_get '[(x["stage"], x["case"]) for x in d]' --state failed)" '[["encryption", 1]]'
check_eq 'the report joins the case' \
	"$(case_get 1 '[m["kind"] for m in d["message_list"]].count("bounce")')" 1
failed=$(outbox_get 'd[0]["id"]' --state failed)
wait_for 10 'open_text "$OFFICER_HOME" "$(inbox_last officer)" | grep -q "outbox list --state failed"' \
	'the officer to be told of the failure'
sleep 1
check_eq 'once: case, mail, and failure are three letters' "$(inbox_count officer)" 3
check_has 'which names the entry' "$(open_text "$OFFICER_HOME" "$(inbox_last officer)")" ": $failed\$"
mail_refuse_none
tool outbox retry "$failed" --as officer
inbox_wait ipa 2
check_eq 'tried again, it reaches them' "$(mail_header "$(inbox_last ipa)" Subject)" '[IPA#10000001] ご連絡'

# An alert that comes back is no reason for another: the two would go on for ever.
mail_refuse officer@example.co.jp 'mailbox is full'
made=$(alerts_made)
mail_send "$(mk_letter 10000001)"
wait_for 15 '[ "$(outbox_get "[x[\"kind\"] for x in d]" --state failed)" = "[\"alert\"]" ]' 'the alert to come back'
sleep 2
check_eq 'no alert tells of an alert' "$(alerts_made)" $((made + 1))
mail_refuse_none
story_end
