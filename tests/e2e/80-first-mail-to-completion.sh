#!/bin/sh
# A case as it goes: from the first mail to the completion report, first with the commands, then once
# more by mail alone, by people who never see a terminal. What each of them gets, what they do, and
# what the desk makes of it.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# ticked CASE: the items that are done, in order; deadline CASE KIND: the states of those of that kind.
ticked() {
	case_get "$1" '" ".join(x["item"] for x in d["checklist"] if x["done_at"])'
}
deadline() {
	case_get "$1" "' '.join(x['state'] for x in d['deadlines'] if x['kind'] == '$2')"
}

# alert: what the newest mail to the officer says.
alert() {
	open_text "$OFFICER_HOME" "$(inbox_last officer)"
}

# from_desk SUBJECT TEXT ARGUMENT...: staff write as the desk, from their own mail client, and it lies in Sent.
from_desk() {
	_subject=$1
	_words=$2
	shift 2
	mail_put Sent "$(mk_plain "$_subject" "$_words" security@example.co.jp --to vuln-contact@ipa.go.jp "$@")"
}

desk_begin 'from the first mail to the completion report'
desk_keys
VENDOR_HOME=$T/vendor-gnupg
VENDOR_FPR=$(key_new "$VENDOR_HOME" 'Vendor <vendor@vendor.example.jp>')
key_copy "$DESK_HOME" "$DESK_FPR" "$VENDOR_HOME"
key_copy "$VENDOR_HOME" "$VENDOR_FPR" "$DESK_HOME"
C_STAFF_MORE="maker: { address = \"vendor@vendor.example.jp\"; role = \"vendor\"; key = \"$VENDOR_FPR\"; digest_at = \"\"; alerts = false; };
	dev: { address = \"dev@example.co.jp\"; role = \"implementer\"; key = \"\"; digest_at = \"\"; alerts = false; };"
desk_conf
daemon_start

# --- with the commands ---

# The first mail: it is answered, and the officer reads it where the officer is.
clear=$(new_mark) mark=$(new_mark)
mail_send "$(mk_contact 12345678 --message-id '<one@ipa.go.jp>' --mark "$clear")"
inbox_wait ipa 1
inbox_wait officer 1
check_has 'the officer is told' "$(alert)" 'IPA#12345678'
check_has 'and has the mail itself' "$(open_brought "$OFFICER_HOME" "$(inbox_last officer)")" "$clear"
check_status 'the officer takes it' 0 tool case take 1 --as officer

# Encryption is agreed on, the details come.
mail_send "$(mk_encryption 12345678 --message-id '<two@ipa.go.jp>')"
inbox_wait ipa 2
mail_send "$(mk_details 12345678 --message-id '<three@ipa.go.jp>' --mark "$mark")"
inbox_wait ipa 3
wait_for 10 '[ "$(ticked 1)" = "1.1 1.2 1.3" ]' 'the first items to be ticked'
check_eq 'three stages, three receipts' "$(case_get 1 'sum(m["kind"] == "acknowledgement" for m in d["message_list"])')" 3
check_eq 'the case is in the first phase still' "$(case_get 1 'd["stage"], d["phase"]')" '["details", "receive"]'

# The vendor gets the details, and confirms.
check_status 'handed to the vendor' 0 tool forward 1 --to maker --as officer
inbox_wait vendor 1 20
check_has 'opened for the vendor' "$(open_brought "$VENDOR_HOME" "$(inbox_last vendor)")" "$mark"
wait_for 10 '[ "$(deadline 1 vendor-receipt)" = pending ]' 'the receipt to be owed'
mail_send "$(mk_plain 'Re: [IPA#12345678]' '確かに受領いたしました。調査いたします。' vendor@vendor.example.jp \
	--in-reply-to "$(mail_header "$(inbox_last vendor)" Message-ID)" --message-id '<receipt@vendor.example.jp>')"
wait_for 10 '[ "$(deadline 1 vendor-receipt)" = met ]' 'the receipt to be seen'

# It is so; it takes longer; it is done.
echo '検索欄で再現いたしました。' | tool reply 1 --kind finding --result confirmed --body - --as officer >/dev/null
inbox_wait ipa 4
wait_for 10 '[ "$(deadline 1 investigation)" = met ]' 'the finding to count'
for item in 2.1 2.2 2.3 2.4 3.1 3.2; do
	check_status "item $item is done" 0 tool case tick 1 "$item" --as dev
done
until=$(case_get 1 '[x["due"] for x in d["deadlines"] if x["kind"] == "remediation"][0][:4]')
until=$((until + 1))-03-31
tool reply 1 --kind extension --until "$until" --as officer </dev/null >/dev/null
inbox_wait ipa 5
wait_for 10 '[ "$(deadline 1 remediation)" = "cancelled pending" ]' 'remediation to move'
check_eq 'to the day that was told' \
	"$(case_get 1 '[x["due"][:10] for x in d["deadlines"] if x["kind"] == "remediation" and x["state"] == "pending"]')" \
	"[\"$until\"]"
check_status 'a report that says nothing of what was done' 64 tool reply 1 --kind completion --as officer </dev/null
echo '入力値のエスケープ処理を修正し、公開しました。' | tool reply 1 --kind completion --body - --as officer >/dev/null
inbox_wait ipa 6
report=$(open_text "$IPA_HOME" "$(inbox_last ipa)")
check_has 'the report names the number' "$report" '取扱番号: IPA#12345678'
check_has 'the site' "$report" 'https://www.example.co.jp/'
check_has 'and what was done' "$report" 'エスケープ処理を修正し'
wait_for 10 '[ "$(deadline 1 remediation)" = "cancelled met" ]' 'the report to count'
check_eq 'the last phase is reached' "$(case_get 1 'd["phase"]')" report
check_status 'a case is not closed without a word' 64 tool case close 1 --as officer
check_status 'it is closed' 0 tool case close 1 --why '修正完了' --as officer
check_eq 'nothing is owed any more' \
	"$(case_get 1 'd["state"], [x["kind"] for x in d["deadlines"] if x["state"] == "pending"]')" '["closed", []]'

# --- by mail alone ---

mail_send "$(mk_contact 20000002 --message-id '<a@ipa.go.jp>')"
inbox_wait ipa 7
wait_for 10 '[ "$(case_get 2 "d[\"number\"]")" = IPA#20000002 ]' 'the second case'
mail_send "$(mk_details 20000002 --message-id '<b@ipa.go.jp>' --mark "$mark")"
inbox_wait ipa 8
wait_for 10 '[ "$(ticked 2)" = "1.1 1.2 1.3" ]' 'its first items'

# The officer sends the mail on from a mail client; so does the vendor answer, to the window.
from_desk '[IPA#20000002] 検証結果のご報告' 'ご指摘の問題を確認いたしました。' \
	--in-reply-to '<b@ipa.go.jp>' --message-id '<c@example.co.jp>'
wait_for 10 '[ "$(case_get 2 "sum(m[\"kind\"] == \"staff\" for m in d[\"message_list\"])")" = 1 ]' 'the letter in Sent'
check_eq 'a program does not decide what it reported' "$(deadline 2 investigation)" pending
mail_send "$(mk_letter 20000002 --message-id '<d@ipa.go.jp>' --in-reply-to '<c@example.co.jp>')"
wait_for 10 '[ "$(case_get 2 "d[\"messages\"]")" = 6 ]' 'their answer'
from_desk '[IPA#20000002] 修正完了のご報告' '取扱番号 IPA#20000002、https://www.example.co.jp/ の修正が完了しました。' \
	--in-reply-to '<d@ipa.go.jp>' --message-id '<e@example.co.jp>'
wait_for 10 '[ "$(case_get 2 "d[\"messages\"]")" = 7 ]' 'the letter in Sent'
mail_send "$(mk_ipa closing 20000002 --message-id '<f@ipa.go.jp>' --in-reply-to '<e@example.co.jp>' \
	--sign-with "$IPA_HOME:$IPA_FPR")"
wait_for 15 '[ "$(case_get 2 "d[\"messages\"]")" = 8 ]' 'the last mail'
check_eq 'all of it is one case' \
	"$(case_get 2 '[m["kind"] for m in d["message_list"] if m["kind"] != "acknowledgement"]')" \
	'["contact-request", "details", "staff", "correspondence", "staff", "closing"]'
check_status 'each person has a digest of it' 0 tool digest --send --staff officer
wait_for 15 '[ -n "$(inbox_find officer "^X-Madoguchi: digest")" ]' 'the digest'
check_has 'that says what is owed still' \
	"$(open_text "$OFFICER_HOME" "$(inbox_find officer '^X-Madoguchi: digest' | tail -n 1)")" 'IPA#20000002'
tool sheet 2 >"$T/own/sheet.html"
check_has 'the sheet for whoever goes on' "$(cat "$T/own/sheet.html")" 'IPA#20000002'

# Nothing of what was sealed lies anywhere, and the record is whole.
# shellcheck disable=SC2046
check 'nothing of the details lies on disk' no_leak $(marks_sealed "$mark")
check_status 'the records are whole' 0 tool verify
story_end
