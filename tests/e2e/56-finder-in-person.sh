#!/bin/sh
# A finder and the desk write to each other directly. The coordinator has every letter of ours in
# copy, sealed under its own key; of what the finder writes staff are told when the coordinator has
# none. A finder who came to us by himself is answered the same way, without a coordinator.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# write TEXT ARGS...: the tool's `reply` with that text from a pipe.
write() {
	_words=$1
	shift
	printf '%s\n' "$_words" | tool reply "$@" --body - --as officer
}

# told N: the Subject of the officer's N-th mail, opened.
told() {
	inbox_wait officer "$1"
	open_text "$OFFICER_HOME" "$(inbox_mails officer | sed -n "$1p")" | sed -n 's/^Subject: //p'
}

# record MESSAGE-ID: under which id it is on record, once it came.
record() {
	wait_for 10 "[ \"\$(message_get \"sum(m['message_id'] == '$1' for m in d)\")\" = 1 ]" "$1 to be on record"
	message_get "[m['id'] for m in d if m['message_id'] == '$1'][0]"
}

# pass_at_terminal ARGS...: `forward 1 --to coordinator` at a terminal; what is said is $T/own/talk.
pass_at_terminal() {
	"$PYTHON" -I "$E2E/terminal.py" "$T/own/screen" "$MADOGUCHI" -c "$T/madoguchi.conf" \
		--data-dir "$SRC/conf" forward 1 --to coordinator "$@" <"$T/own/talk"
}

# deadline KIND: states of case 1's deadlines of that kind.
deadline() {
	case_get 1 "[x['state'] for x in d['deadlines'] if x['kind'] == '$1']"
}

desk_begin 'a finder is written to directly'
desk_keys
FINDER_PASSING='mx.example.co.jp; dmarc=pass header.from=example.org'
FINDER_HOME=$T/finder-gnupg
FINDER_FPR=$(key_new "$FINDER_HOME" 'Finder <finder@example.org>')
key_copy "$FINDER_HOME" "$FINDER_FPR" "$DESK_HOME"
key_copy "$DESK_HOME" "$DESK_FPR" "$FINDER_HOME"
desk_conf
daemon_start
mail_send "$(mk_details 12345678 --message-id '<details@ipa.go.jp>')"
inbox_wait ipa 1
inbox_wait officer 1
check_status 'no finder has agreed' 65 write hello 1 --to finder
tool case finder 1 finder@example.org --consented --as officer

# Our letter, and the copy.
mark=$(new_mark)
write "再現の条件について。MARK-BODY-$mark" 1 --to finder --kind question --json >"$T/own/entry"
check_eq 'two letters are queued' "$(json '(d["to"], d["kind"], [(x["to"], x["kind"]) for x in d["copies"]])' "$T/own/entry")" \
	'["finder@example.org", "question", [["vuln-contact@ipa.go.jp", "question"]]]'
inbox_wait finder 1
inbox_wait ipa 2
ours=$(inbox_last finder) copy=$(inbox_last ipa)
check 'the finder'"'"'s is sealed to the finder' sealed_to "$FINDER_HOME" "$ours" "$FINDER_FPR" "$DESK_FPR"
check 'and signed' signed_by "$FINDER_HOME" "$ours" "$DESK_FPR"
check 'the copy to the coordinator' sealed_to "$IPA_HOME" "$copy" "$IPA_FPR" "$DESK_FPR"
check_eq 'both say whom they are for' "$(mail_header "$ours" To) $(mail_header "$ours" Cc)|$(mail_header "$copy" To) $(mail_header "$copy" Cc)" \
	'finder@example.org vuln-contact@ipa.go.jp|finder@example.org vuln-contact@ipa.go.jp'
open_text "$FINDER_HOME" "$ours" >"$T/own/ours"
open_text "$IPA_HOME" "$copy" >"$T/own/copy"
check_has 'the finder is greeted' "$(cat "$T/own/ours")" '^ご報告者様$'
check_not 'and nobody else' grep -q 'ご担当者様' "$T/own/ours"
check_has 'asked what a finder is asked' "$(cat "$T/own/ours")" 'この問題を公表されるご予定'
check_has 'and told of the copy' "$(cat "$T/own/ours")" '写しを IPA にもお送りしています'
check_eq 'the text is the same' "$(sed '1,/^$/d' "$T/own/ours")" "$(sed '1,/^$/d' "$T/own/copy")"
check_has 'and what was written' "$(cat "$T/own/copy")" "MARK-BODY-$mark"
check_eq 'the finder is told no Message-ID of the coordinator'"'"'s' \
	"$(mail_header "$ours" In-Reply-To)$(mail_header "$ours" References)" ''
check_eq 'the copy stands in the coordinator'"'"'s thread' "$(mail_header "$copy" In-Reply-To)" '<details@ipa.go.jp>'
wait_for 10 '[ "$(deadline their-answer)" = "[\"pending\"]" ]' 'an answer to be owed, once'
wait_for 10 '[ "$(case_get 1 "d[\"messages\"]")" = 4 ]' 'both on record'

# The finder answers us alone: staff owe a copy. With the coordinator in Cc they owe none.
mail_send "$(mk_plain 'Re: your question' "I told nobody else. MARK-BODY-$mark" 'Finder <finder@example.org>' \
	--message-id '<answer@example.org>' --in-reply-to "$(mail_id "$ours")" --encrypt-to "$DESK_FPR" \
	--sign-with "$FINDER_HOME:$FINDER_FPR" --auth-results "$FINDER_PASSING")"
check_has 'staff are told to pass it on' "$(told 2)" '発見者とのメールの写しを調整機関へ'
answer=$(message_get '[m["id"] for m in d if m["message_id"] == "<answer@example.org>"][0]')
check_has 'and how' "$(open_text "$OFFICER_HOME" "$(inbox_last officer)")" \
	"madoguchi forward 1 --to coordinator --message $answer\$"
check_eq 'it joined the case' "$(case_get 1 '[m["kind"] for m in d["message_list"] if m["message_id"] == "<answer@example.org>"]')" '["correspondence"]'
check_eq 'and was the answer' "$(deadline their-answer)" '["met"]'
check_has 'the log has it' "$(case_get 1 '"\n".join(x["what"] for x in d["log"])')" 'the coordinator is owed a copy'
mail_send "$(mk_plain 'Re: your question' 'One thing more.' 'Finder <finder@example.org>' \
	--header 'Cc: vuln-contact@ipa.go.jp' --in-reply-to "$(mail_id "$ours")" \
	--auth-results "$FINDER_PASSING")"
check_has 'with the coordinator among its addressees it is a mail as any' "$(told 3)" '新しいメールが届きました（案件 1）'

# The next letter answers the finder's newest mail.
check_status 'a letter' 0 write 'ありがとうございました。' 1 --to finder@example.org
inbox_wait finder 2
inbox_wait ipa 3
check_has 'goes on in the finder'"'"'s thread' "$(mail_header "$(inbox_last finder)" References)" '<answer@example.org>'
check_not 'and names no mail of the coordinator'"'"'s' eval 'mail_header "$(inbox_last finder)" References | grep -q ipa'

# From a mail client: the same.
mail_put Sent "$(mk_plain '[IPA#12345678] hello' 'By hand.' security@example.co.jp --to finder@example.org)"
check_has 'a letter of staff'"'"'s without the coordinator' "$(told 4)" '写しを調整機関へ'
open_text "$OFFICER_HOME" "$(inbox_last officer)" >"$T/own/alert" || :
check_has 'goes on from the mail client' "$(cat "$T/own/alert")" 'メールソフト'
check_not 'for no command of ours passes it on' grep -q -e '--to coordinator' "$T/own/alert"
mail_put Sent "$(mk_plain '[IPA#12345678] hello' 'By hand.' security@example.co.jp --to finder@example.org \
	--header 'Cc: vuln-contact@ipa.go.jp')"
wait_for 10 '[ "$(case_get 1 "d[\"messages\"]")" = 10 ]' 'the last letter to be joined'
check_eq 'with the coordinator nobody is told' "$(inbox_count officer)" 4

# Told to the finder, a day counts when the coordinator's copy is taken.
later=$(($(date +%Y) + 1))-12-01
check_status 'an extension' 0 write 'もう少しお待ちください。' 1 --to finder --kind extension --until "$later"
wait_for 10 '[ "$(deadline remediation)" = "[\"cancelled\", \"pending\"]" ]' 'remediation to move, once'
inbox_wait ipa 4

# All or nothing: a key is missing on either side.
tool case finder 1 second@example.org --consented --as officer
check_status 'of two finders one is named' 65 write hello 1 --to finder
check_status 'one without a key' 65 write hello 1 --to second@example.org
check_has 'is not written to' "$(cat "$T/own/.check")" 'there is no usable key of second@example.org'
check_status 'one who is no finder of the case neither' 65 write hello 1 --to third@example.org
daemon_stop
C_IPA_KEYS=[]
desk_conf
check_status 'without a key for the copy there is no letter' 65 write hello 1 --to finder@example.org
check_status 'nor is a mail passed on' 77 tool forward 1 --to coordinator --as officer
check_eq 'nothing waits' "$(outbox_get 'len(d)')" 0
unset C_IPA_KEYS
desk_conf

# Where the copy does not go, the coordinator was told nothing.
write '修正しました。' 1 --kind completion --to finder@example.org --json >"$T/own/entry"
tool outbox drop "$(json 'd["copies"][0]["id"]' "$T/own/entry")" --why 'by telephone' --as officer
daemon_start
inbox_wait finder 4
wait_for 10 '[ "$(outbox_get "len(d)")" = 0 ]' 'the letter to be on record'
check_eq 'what the coordinator is owed is owed still' "$(deadline remediation)" '["cancelled", "pending"]'
check_eq 'and nothing is ticked for it' \
	"$(case_get 1 '[x["done_by"] for x in d["checklist"] if x["item"] == "6.1"][0]')" null

# A finder who wrote to us alone.
mail_send "$(mk_finder --message-id '<report@example.org>')"
wait_for 10 '[ "$(case_list "len(d)")" = 2 ]' 'the second case'
check_eq 'it has no coordinator' "$(case_get 2 '(d["coordinator"], d["origin"], d["numbers"])')" '[null, "finder", []]'
check_status 'is told that it is done, without a number' 0 write '修正しました。' 2 --kind completion
inbox_wait finder 5
check_eq 'and alone' "$(mail_header "$(inbox_last finder)" To)$(mail_header "$(inbox_last finder)" Cc)" finder@example.org
check_eq 'in answer to the report' "$(mail_header "$(inbox_last finder)" In-Reply-To)" '<report@example.org>'
check_eq 'outside stands a neutral word' "$(mail_header "$(inbox_last finder)" Subject)" 'Re: ご連絡'
check_has 'inside what it is' "$(open_text "$FINDER_HOME" "$(inbox_last finder)")" '^Subject: 修正完了のご報告$'
wait_for 10 '[ "$(case_get 2 "[x[\"state\"] for x in d[\"deadlines\"] if x[\"kind\"] == \"finder\"]")" = "[\"met\"]" ]' 'the finder to be answered'
check_status 'no coordinator is there to write to' 65 write hello 2 --to coordinator
check_eq 'the coordinator has nothing of it' "$(inbox_count ipa)" 4

# What is owed of what the finder wrote is passed on: the newest first, each once, sealed to the
# coordinator's key. A comma in the name makes nobody another.
mail_send "$(mk_plain 'Re: your question' 'One word more.' '"Finder, The" <finder@example.org>' \
	--message-id '<word@example.org>' --in-reply-to "$(mail_id "$ours")" --auth-results "$FINDER_PASSING")"
record '<word@example.org>' >"$T/own/word"
check_has 'a mail is passed on' "$(tool forward 1 --to coordinator --as officer)" \
	"^outbox [0-9]+: message [0-9]+ for IPA, under $IPA_FPR\$"
inbox_wait ipa 5
passed=$(inbox_last ipa)
check_has 'the newest' "$(open_brought "$IPA_HOME" "$passed")" 'One word more\.'
tool forward 1 --to coordinator --as officer >/dev/null
inbox_wait ipa 6
passed=$(inbox_last ipa)
check 'the next, sealed to the coordinator and the desk' sealed_to "$IPA_HOME" "$passed" "$IPA_FPR" "$DESK_FPR"
check 'and signed' signed_by "$IPA_HOME" "$passed" "$DESK_FPR"
check_has 'opened' "$(open_brought "$IPA_HOME" "$passed")" "MARK-BODY-$mark"
check_has 'with a covering letter' "$(open_text "$IPA_HOME" "$passed")" '発見者との直接のやりとりの写し'
check_has 'that bears the number' "$(open_text "$IPA_HOME" "$passed")" '取扱番号: IPA#12345678'
check_eq 'outside stands no more than that' "$(mail_header "$passed" Subject)" '[IPA#12345678] ご連絡'
check_eq 'in the coordinator'"'"'s thread' "$(mail_header "$passed" In-Reply-To)" '<details@ipa.go.jp>'
check_has 'the log tells who passed it on' "$(case_get 1 '"\n".join(x["who"] + ": " + x["what"] for x in d["log"])')" \
	"^officer: message $answer passed on to IPA, to be sealed to $IPA_FPR: outbox"
check_status 'nothing more is to be passed on' 65 tool forward 1 --to coordinator --as officer
check_status 'but what is named, once more' 0 tool forward 1 --to coordinator --message "$answer" --as officer
inbox_wait ipa 7
check_status 'and of the coordinator'"'"'s own nothing' 65 tool forward 1 --to coordinator --as officer \
	--message "$(message_get '[m["id"] for m in d if m["kind"] == "details"][0]')"
check_status 'where there is no coordinator' 65 tool forward 2 --to coordinator --as officer
check_eq 'nothing is owed or met by it' "$(deadline vendor-receipt) $(deadline remediation)" '[] ["cancelled", "pending"]'
printf 'Pass it on, opened\tn\n' >"$T/own/talk"
check_status 'at a terminal it is asked first' 1 pass_at_terminal --message "$answer"
check_has 'showing whose mail goes to whom' "$(tr -d '\r' <"$T/own/screen")" "^to vuln-contact@ipa.go.jp, under $IPA_FPR\$"
check_eq 'and does not go' "$(outbox_get 'sum(x["kind"] == "forward" for x in d)')" 0

# By itself goes nothing that staff were not told to pass on: what a program answered, what the
# finder wrote before both agreed. Who bears the finder's address for a name is not the finder.
mail_send "$(mk_autoreply --from 'Finder <finder@example.org>' --message-id '<away@example.org>' \
	--in-reply-to "$(mail_id "$ours")" --auth-results "$FINDER_PASSING")"
mail_send "$(mk_plain 'Hello' 'An earlier word.' 'Third <third@example.org>' \
	--message-id '<earlier@example.org>' --auth-results "$FINDER_PASSING")"
mail_send "$(mk_plain 'Hello' 'From mallory.' '"finder@example.org, a" <mallory@example.net>' \
	--message-id '<mallory@example.net>' --auth-results 'mx.example.co.jp; dmarc=pass header.from=example.net')"
away=$(record '<away@example.org>') earlier=$(record '<earlier@example.org>') mallory=$(record '<mallory@example.net>')
for id in "$away" "$earlier" "$mallory"; do
	tool message file "$id" 1 --as officer >"$T/own/filed" 2>&1 || :
done
check_eq 'of a program'"'"'s answer no copy is owed' \
	"$(case_get 1 "sum(x['what'].startswith('message $away is the finder') for x in d['log'])")" 0
check_eq 'all are of the case' "$(case_get 1 "sum(m['id'] in ($away, $earlier, $mallory) for m in d['message_list'])")" 3
tool case finder 1 third@example.org --consented --as officer
check_status 'none of them is owed' 65 tool forward 1 --to coordinator --as officer
check_status 'named, the earlier one goes' 0 tool forward 1 --to coordinator --message "$earlier" --as officer
inbox_wait ipa 8
check_not 'of which nothing is in doubt' eval 'open_text "$IPA_HOME" "$(inbox_last ipa)" | grep -q "送信者は確認"'
check_status 'and the one of another not' 65 tool forward 1 --to coordinator --message "$mallory" --as officer

# Where nobody can tell whether the finder wrote it, a person says that it goes, and the coordinator
# is told.
mail_send "$(mk_plain 'Re: your question' 'Perhaps from me.' 'Finder <finder@example.org>' \
	--message-id '<perhaps@example.org>' --in-reply-to "$(mail_id "$ours")")"
perhaps=$(record '<perhaps@example.org>')
check_status 'an unverified mail is not taken by itself' 65 tool forward 1 --to coordinator --as officer
check_status 'named, it is asked about' 64 tool forward 1 --to coordinator --message "$perhaps" --as officer
check_has 'which needs a terminal' "$(cat "$T/own/.check")" 'sender not verified.*--yes'
printf 'Pass it on, opened\tn\n' >"$T/own/talk"
check_status 'there it may stay' 1 pass_at_terminal --message "$perhaps"
check_has 'the trust is shown' "$(tr -d '\r' <"$T/own/screen")" '^trust: sender not verified$'
printf 'Pass it on, opened\ty\n' >"$T/own/talk"
check_status 'or go' 0 pass_at_terminal --message "$perhaps"
inbox_wait ipa 9
check_has 'the letter says so' "$(open_text "$IPA_HOME" "$(inbox_last ipa)" | tr -d '\n')" \
	'送信者は確認できていません'
check_status 'said beforehand, without a terminal' 0 tool forward 1 --to coordinator --message "$perhaps" --yes --as officer
inbox_wait ipa 10

# What was shown is what goes.
mail_send "$(mk_plain 'Re: your question' 'A last word.' 'Finder <finder@example.org>' \
	--message-id '<last@example.org>' --in-reply-to "$(mail_id "$ours")" --auth-results "$FINDER_PASSING")"
record '<last@example.org>' >"$T/own/last"
printf 'Pass it on, opened\ty\t%s\n' "'$MADOGUCHI' -c '$T/madoguchi.conf' --data-dir '$SRC/conf' forward 1 --to coordinator" >"$T/own/talk"
check_status 'passed on by another while it was asked about, it stays' 75 pass_at_terminal
check_has 'which is said' "$(tr -d '\r' <"$T/own/screen")" 'has changed meanwhile'
inbox_wait ipa 11
printf 'Pass it on, opened\ty\t%s\n' "'$MADOGUCHI' -c '$T/madoguchi.conf' --data-dir '$SRC/conf' case set 1 coordinator none" >"$T/own/talk"
check_status 'so it does when the coordinator is no more' 75 pass_at_terminal --message "$answer"
tool case set 1 coordinator IPA --as officer
check_eq 'nothing goes twice' "$(outbox_get 'sum(x["kind"] == "forward" for x in d)') $(inbox_count ipa)" '0 11'

# Staff are told of one way to pass a mail on, the one that there is for it.
check_not 'of the finder'"'"'s by the command alone' eval 'open_text "$OFFICER_HOME" "$(inbox_mails officer | sed -n 2p)" |
	grep -q メールソフト'
check_has 'of one of ours from the mail client' \
	"$(open_text "$OFFICER_HOME" "$(inbox_mails officer | sed -n 4p)")" 'メールソフトから送る'

# Asked both, each answers for himself: neither the finder nor who writes under his address settles
# what the coordinator owes.
asked() {
	case_get 1 "[(x['state'], [m['to'] for m in d['message_list'] if m['id'] == x['from_message']])
		for x in d['deadlines'] if x['kind'] == 'their-answer'][1:]"
}
check_status 'the coordinator is asked' 0 tool reply 1 --kind question --as officer </dev/null
wait_for 10 '[ "$(asked)" = "[[\"pending\", [\"vuln-contact@ipa.go.jp\"]]]" ]' 'its answer to be owed'
check_status 'and the finder' 0 write 'もう一点お尋ねします。' 1 --to finder@example.org --kind question
wait_for 10 '[ "$(asked)" = "[[\"pending\", [\"vuln-contact@ipa.go.jp\"]], [\"pending\", [\"finder@example.org\"]]]" ]' \
	'an answer of either to be owed'
ours=$(inbox_last finder)
mail_send "$(mk_plain 'Re: your question' 'Said by somebody else.' 'Finder <finder@example.org>' \
	--message-id '<forger@example.org>' --in-reply-to "$(mail_id "$ours")" \
	--auth-results 'mx.example.co.jp; dmarc=fail header.from=example.org')"
forger=$(record '<forger@example.org>')
check_eq 'what the mail server contradicts meets nothing' "$(asked)" \
	'[["pending", ["vuln-contact@ipa.go.jp"]], ["pending", ["finder@example.org"]]]'
check_status 'until a person says that it is his' 0 tool message trust "$forger" --why 'he said so by telephone' --as officer
wait_for 10 '[ "$(asked)" = "[[\"pending\", [\"vuln-contact@ipa.go.jp\"]], [\"met\", [\"finder@example.org\"]]]" ]' \
	'the finder'"'"'s answer alone to be met'
check_status 'the finder is asked once more' 0 write 'さらに一点。' 1 --to finder@example.org --kind question
wait_for 10 '[ "$(case_get 1 "sum(x[\"state\"] == \"pending\" for x in d[\"deadlines\"] if x[\"kind\"] == \"their-answer\")")" = 2 ]' \
	'his next answer to be owed'
mail_send "$(mk_letter 12345678 --message-id '<theirs@ipa.go.jp>')"
record '<theirs@ipa.go.jp>' >/dev/null
check_eq 'the coordinator'"'"'s letter meets its own' "$(asked)" \
	'[["met", ["vuln-contact@ipa.go.jp"]], ["met", ["finder@example.org"]], ["pending", ["finder@example.org"]]]'
mail_send "$(mk_plain 'Re: your question' 'Nobody.' 'Finder <finder@example.org>' \
	--message-id '<himself@example.org>' --in-reply-to "$(mail_id "$(inbox_last finder)")")"
himself=$(record '<himself@example.org>')
check_eq 'and the finder'"'"'s his own, where no server says anything of it' "$(asked)" \
	'[["met", ["vuln-contact@ipa.go.jp"]], ["met", ["finder@example.org"]], ["met", ["finder@example.org"]]]'
check_status 'which a person finds to be forged' 0 tool message forged "$himself" --as officer
wait_for 10 '[ "$(asked)" = "[[\"met\", [\"vuln-contact@ipa.go.jp\"]], [\"met\", [\"finder@example.org\"]], [\"pending\", [\"finder@example.org\"]]]" ]' \
	'the answer to be owed again'

# One whose report came by the form: his address is what the receipt went to. One that was never
# sent, since a person knew better, makes nobody a finder.
mail_send "$(mk_form finder-form '')"
wait_for 10 '[ "$(case_list "len(d)")" = 4 ]' 'the fourth case'
receipt=$(outbox_get '[x["id"] for x in d if x["case"] == 4 and x["kind"] == "acknowledgement"][0]' --state held)
check_eq 'his receipt is held' "$(outbox_field "$receipt" held to)" finder@example.org
check_status 'before it goes he is nobody to write to' 65 write hello 4 --to finder
tool outbox drop "$receipt" --why 'the address is another person'"'"'s' --as officer
check_status 'dropped, he is still nobody' 65 write hello 4 --to finder
check_has 'which is said' "$(cat "$T/own/.check")" 'case 4 has no finder who may be written to'
check 'nothing of what was written lies on disk' no_leak "MARK-BODY-$mark"
check_status 'the store is whole' 0 tool verify
story_end
