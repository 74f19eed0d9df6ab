#!/bin/sh
# A case from the details to the completion report, answered with `reply`: what each letter says, to
# whom and under which keys it goes, what it answers, and what it meets, moves and ticks, once the
# server took it and not before.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# deadline CASE KIND: states and sources of its deadlines of that kind.
deadline() {
	case_get "$1" "[(x['state'], x['source']) for x in d['deadlines'] if x['kind'] == '$2']"
}

# ticked ITEM: who did it in case 1, or null.
ticked() {
	case_get 1 "[x['done_by'] for x in d['checklist'] if x['item'] == '$1'][0]"
}

# reply_text TEXT ARGS...: the tool's `reply` with that text from a pipe.
reply_text() {
	_words=$1
	shift
	printf '%s\n' "$_words" | tool reply "$@" --body - --as officer
}

# field NAME: of the newest mail to the coordinator. inside: what the coordinator reads in it.
field() {
	mail_header "$(inbox_last ipa)" "$1"
}
inside() {
	open_text "$IPA_HOME" "$(inbox_last ipa)"
}

desk_begin 'a case is answered from details to completion'
desk_keys
C_ALERTS=false
desk_conf
daemon_start
mail_send "$(mk_details 12345678 --message-id '<details@ipa.go.jp>')"
inbox_wait ipa 1
receipt=$(field Message-ID)
daemon_stop

# What is not whole is refused, and nothing is written.
check_status 'a kind that is none' 64 reply_text x 1 --kind nonsense
check_status 'a finding without a result' 64 reply_text x 1 --kind finding
check_status 'a result that is none' 64 reply_text x 1 --kind finding --result perhaps
check_status 'a result of something else' 64 reply_text x 1 --kind progress --result known
check_status 'an extension without a day' 64 reply_text x 1 --kind extension
check_status 'that it is none, without the reason' 64 tool reply 1 --kind finding --result not-a-vulnerability
check_status 'a completion that does not say what was done' 64 reply_text '  ' 1 --kind completion
check_has 'it says what is missing' "$(cat "$T/own/.check")" 'completion report wants what was done'
check_status 'nor one without any text' 64 tool reply 1 --kind completion </dev/null
check_status 'an empty letter' 64 reply_text '' 1
check_status 'no text file' 66 tool reply 1 --body "$T/own/nowhere"
printf 'bell \007' >"$T/own/bell"
check_status 'no text in the file' 65 tool reply 1 --body "$T/own/bell"
check_status 'no such case' 65 reply_text x 77
check_status 'no finder to write to' 65 reply_text x 1 --to finder
check_has 'it says how there is one' "$(cat "$T/own/.check")" 'madoguchi case finder 1 ADDRESS --consented'
head -c 26000000 /dev/zero >"$T/own/large.bin"
check_status 'an attachment that is too large' 66 reply_text x 1 --attach "$T/own/large.bin"
check_has 'the limit is told' "$(cat "$T/own/.check")" 'at most 24 MiB'
rm "$T/own/large.bin"
tool case open --desk www --title 'by telephone' --coordinator IPA --as officer >/dev/null
check_status 'a completion without a number' 65 reply_text done 2 --kind completion
tool case set 2 number IPA#22222222 --as officer
check_status 'a completion without a site' 65 reply_text done 2 --kind completion
check_eq 'nothing of it waits' "$(outbox_get 'len(d)')" 0

# The result of the verification: queued, and nothing is met by that.
mark=$(new_mark)
reply_text "検索の欄で再現しました。合言葉は MARK-BODY-$mark です。" 1 --kind finding --result confirmed \
	--json >"$T/own/entry"
check_eq 'the entry is printed' "$(json '(d["case"], d["kind"], d["to"], d["state"], d["copies"])' "$T/own/entry")" \
	'[1, "finding", "vuln-contact@ipa.go.jp", "queued", []]'
check_eq 'and listed' "$(outbox_get '[(x["kind"], x["state"]) for x in d]')" '[["finding", "queued"]]'
check_eq 'what waits has met nothing' "$(deadline 1 investigation) $(ticked 2.5)" '[["pending", "rule"]] null'
check 'its text lies nowhere but sealed' no_leak "MARK-BODY-$mark"
check_not 'nor does what came of it' eval 'sqlite3 "$T/state/cases.db" .dump | grep -q confirmed'
daemon_start
inbox_wait ipa 2
check 'signed by the window, sealed to both' sealed_to "$IPA_HOME" "$(inbox_last ipa)" "$IPA_FPR" "$DESK_FPR"
check 'and validly' signed_by "$IPA_HOME" "$(inbox_last ipa)" "$DESK_FPR"
check_eq 'outside stand the number and a neutral word' "$(field Subject)" '[IPA#12345678] ご連絡'
check_has 'inside the true Subject' "$(inside)" '^Subject: \[IPA#12345678\] 検証結果のご報告（問題の存在を確認）$'
check_has 'the text' "$(inside)" "合言葉は MARK-BODY-$mark です。"
check_has 'in its letter' "$(inside)" '^IPA ご担当者様$'
check_has 'with the number' "$(inside)" '取扱番号: IPA#12345678'
check_has 'and the site' "$(inside)" '^    https://www.example.co.jp/$'
check_eq 'it answers the details' "$(field In-Reply-To)" '<details@ipa.go.jp>'
check_eq 'in their thread' "$(field References)" "$receipt <details@ipa.go.jp>"
check_eq 'it is a person'"'"'s' "$(field X-Madoguchi)|$(field Auto-Submitted)" 'reply; desk=www|'
wait_for 10 '[ "$(deadline 1 investigation)" = "[[\"met\", \"rule\"]]" ]' 'the finding to meet the investigation'
check_eq 'and what the mail asked for by a day' "$(deadline 1 requested)" '[["met", "mail"]]'
check_eq 'it ticks its item, and the phase follows' "$(ticked 2.5) $(case_get 1 'd["phase"]')" 'madoguchid investigate'
check_eq 'remediation is still owed' "$(deadline 1 remediation)" '[["pending", "rule"]]'
check_eq 'it stands among the mails of the case' \
	"$(case_get 1 '[(m["direction"], m["kind"]) for m in d["message_list"]]')" \
	'[["in", "details"], ["out", "acknowledgement"], ["out", "finding"]]'
inbox_wait desk 2 10 Sent
check_has 'the copy in Sent is the same' "$(open_text "$DESK_HOME" "$(inbox_last desk Sent)")" "MARK-BODY-$mark"

# They write, and the next letter answers that; a question of ours is owed an answer.
finding=$(field Message-ID)
mail_send "$(mk_letter 12345678 --message-id '<second@ipa.go.jp>' --in-reply-to "$finding")"
wait_for 10 '[ "$(case_get 1 "d[\"messages\"]")" = 4 ]' 'their letter'
check_status 'a question' 0 tool reply 1 --kind question --as officer </dev/null
inbox_wait ipa 3
check_eq 'answers the newest of theirs' "$(field In-Reply-To)" '<second@ipa.go.jp>'
check_eq 'in the whole thread' "$(field References)" \
	"<details@ipa.go.jp> $receipt $finding <second@ipa.go.jp>"
check_has 'it asks who else knows' "$(inside)" '知っている方の範囲'
check_has 'and when it is published' "$(inside)" '公表される可能性'
wait_for 10 '[ "$(deadline 1 their-answer)" = "[[\"pending\", \"rule\"]]" ]' 'their answer to be owed'
mail_send "$(mk_letter 12345678 --message-id '<third@ipa.go.jp>' --in-reply-to "$(field Message-ID)")"
wait_for 10 '[ "$(deadline 1 their-answer)" = "[[\"met\", \"rule\"]]" ]' 'their answer'

# What the server refuses, or a person drops, has told nobody anything.
due=$(case_get 1 '[x["due"] for x in d["deadlines"] if x["kind"] == "remediation"][0]')
daemon_stop
check_status 'an extension to an earlier day is none' 65 reply_text 'too early' 1 --kind extension \
	--until '5 business days'
check_status 'nor to a day that has passed' 65 reply_text 'too early' 1 --kind extension --until 2020-01-01
later=$(($(date +%Y) + 2))-04-03
fault_start
fault 'rcpt 550 5.1.1 no such user'
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none
desk_conf
check_status 'an extension' 0 reply_text '外部委託先との契約が必要です。' 1 --kind extension --until "$later"
refused=$(outbox_get 'd[0]["id"]')
daemon_start
outbox_wait "$refused" failed
check_eq 'that was refused moves nothing' "$(deadline 1 remediation)" '[["pending", "rule"]]'
daemon_stop
unset C_SMTP_URL C_SMTP_TLS
desk_conf
tool outbox drop "$refused" --why 'to be written again' --as officer
daemon_start
inbox_wait ipa 3
check_status 'written again' 0 reply_text '外部委託先との契約が必要です。' 1 --kind extension --until "$later"
inbox_wait ipa 4
check_has 'it says the day' "$(inside)" "対応完了の見込み: $(echo "$later" | sed 's/-04-03/年4月3日/')$"
wait_for 10 '[ "$(deadline 1 remediation)" = "[[\"cancelled\", \"rule\"], [\"pending\", \"staff\"]]" ]' \
	'the extension to move remediation'
check_eq 'the old day stays on record, the new one is owed' \
	"$(case_get 1 '[x["due"][:10] for x in d["deadlines"] if x["kind"] == "remediation"]')" \
	"[\"$(echo "$due" | cut -c1-10)\", \"$later\"]"
check_has 'the log tells it' "$(case_get 1 '"\n".join(x["what"] for x in d["log"])')" \
	"^deadline remediation moved to $later.* as outbox"

# Progress, as often as need be; then the completion report, with files.
check_status 'progress' 0 reply_text '修正版を試験しています。' 1 --kind progress
check_status 'a language that is none' 64 reply_text x 1 --kind progress --lang fr
check_status 'and again, in English this once' 0 reply_text 'The tests are over.' 1 --kind progress --lang en
inbox_wait ipa 6
check_has 'the second is there too' "$(inside)" '^The tests are over\.$'
check_has 'in an English letter' "$(inside)" '^  Handling number: IPA#12345678$'
check_eq 'also outside' "$(field Subject)" '[IPA#12345678] Message'
check_eq 'remediation is owed all the same' "$(case_get 1 'd["next_deadline"]["kind"]')" remediation
echo "log of the test MARK-ATT-$mark" >"$T/own/試験記録.txt"
printf '%%PDF-1.4 none' >"$T/own/report.pdf"
check_status 'closing wants a reason' 64 tool case close 1 --as officer
check_status 'the completion report' 0 reply_text "検索の欄の出力を無害化しました。MARK-BODY-$mark" 1 \
	--kind completion --attach "$T/own/試験記録.txt" --attach "$T/own/report.pdf"
check_has 'shows the files' "$(cat "$T/own/.check")" '^Attached: +report.pdf \(13 bytes\)$'
check_has 'and under which key' "$(cat "$T/own/.check")" "under: +$IPA_FPR and the window's $DESK_FPR"
check_not 'but no text, where no person looks' grep -q 無害化 "$T/own/.check"
inbox_wait ipa 7
check_has 'it names the number' "$(inside)" '取扱番号: IPA#12345678'
check_has 'the site' "$(inside)" '^    https://www.example.co.jp/$'
check_has 'and what was done' "$(inside)" '検索の欄の出力を無害化しました。'
check_eq 'the files came inside' "$(open_part "$IPA_HOME" "$(inbox_last ipa)" application/pdf)" '%PDF-1.4 none'
wait_for 10 '[ "$(case_get 1 "d[\"phase\"]")" = report ]' 'the phase to follow'
check_eq 'remediation is met, the item ticked' "$(deadline 1 remediation) $(ticked 6.1)" \
	'[["cancelled", "rule"], ["met", "staff"]] madoguchid'
check_status 'a plain letter needs no kind' 0 reply_text 'お世話になりました。' 1
inbox_wait ipa 8
check_eq 'and is a reply' "$(outbox_get '[x["kind"] for x in d][-1]' --state sent)" reply
check_status 'an extension of the other case, in English' 0 \
	reply_text 'The contract is not signed yet.' 2 --kind extension --until "$later" --lang en
inbox_wait ipa 9
check_has 'it says the day as English does' "$(inside)" "Expected completion: $(echo "$later" | sed 's/\(.*\)-04-03/3 April \1/')$"
check_status 'the case is closed' 0 tool case close 1 --why 'reported as fixed' --as officer

# A case that is closed straight after its completion report was written, before that went out.
daemon_stop
tool case due 2 investigation 2031-12-01 --as officer
tool case site 2 https://www.example.co.jp/ --as officer
check_status 'the completion report of the other case' 0 reply_text '直しました。' 2 --kind completion
check_status 'which is closed' 0 tool case close 2 --why 'reported as fixed' --as officer
check_has 'is told to wait still' "$(cat "$T/own/.check")" 'outbox entry [0-9]+ \(completion\) is still queued'
check_eq 'what was owed has ended' "$(deadline 2 investigation) $(deadline 2 remediation)" \
	'[["cancelled", "staff"]] [["cancelled", "staff"]]'
daemon_start
inbox_wait ipa 10
wait_for 10 '[ "$(deadline 2 remediation)" = "[[\"met\", \"staff\"]]" ]' 'the report to meet remediation'
check_eq 'and what is left of the investigation' "$(deadline 2 investigation)" '[["met", "staff"]]'
check_status 'the case is reopened' 0 tool case reopen 2 --as officer
check_eq 'they stay met' "$(deadline 2 investigation) $(deadline 2 remediation)" \
	'[["met", "staff"]] [["met", "staff"]]'

# Without a usable key of theirs a letter does not go at all.
daemon_stop
C_IPA_KEYS=[]
desk_conf
check_status 'no key' 65 reply_text "MARK-BODY-$mark" 1
check_has 'what to do' "$(cat "$T/own/.check")" 'there is no usable key of vuln-contact@ipa.go.jp, .*keys import FILE'
check_eq 'nothing waits' "$(outbox_get 'len(d)')" 0
unset C_IPA_KEYS
desk_conf
check 'nothing of what was written lies on disk' no_leak "MARK-BODY-$mark" "MARK-ATT-$mark" 無害化
check 'nor can it be read in transit' no_leak_mail ipa "MARK-BODY-$mark" "MARK-ATT-$mark"
check_eq 'nor in a file in memory' \
	"$(grep -rlsF -e "MARK-BODY-$mark" -e "MARK-ATT-$mark" /dev/shm || :)" ''
check_status 'the store is whole' 0 tool verify
story_end
