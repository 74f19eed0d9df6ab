#!/bin/sh
# A coordinator asks for an answer by a day, inside a sealed mail. The day is owed from then on, and is
# met by a person's letter, not by the acknowledgement; a day that is only quoted is not owed anew.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# asked: state and source of the days that were asked for in case 1.
asked() {
	case_get 1 '[(x["state"], x["source"]) for x in d["deadlines"] if x["kind"] == "requested"]'
}

desk_begin 'asked by a day'
desk_keys
desk_conf
daemon_start
mark=$(new_mark)
cat >"$T/own/body" <<END
このメールは、取扱い番号 IPA#12345678 に関する連絡です。

対象のURL: https://www.example.co.jp/
脆弱性の種類: クロスサイト・スクリプティング
検証の結果を、5 営業日を
目処にご連絡ください。
なお、修正の予定は 3 ヶ月以内と伺っております。
合言葉は $mark です。
END
mail_send "$(mk_plain 'IPA#12345678' "$(cat "$T/own/body")" vuln-contact@ipa.go.jp \
	--message-id '<asked@ipa.go.jp>' --sign-with "$IPA_HOME:$IPA_FPR" --encrypt-to "$DESK_FPR" \
	--encrypt-to "$IPA_FPR")"
inbox_wait ipa 1
check_eq 'the day is owed, by the word of the mail' "$(asked)" '[["pending", "mail"]]'
check_eq 'and lies where five business days end' \
	"$(case_get 1 '[x["due"] for x in d["deadlines"] if x["kind"] == "requested"][0]')" \
	"$(tool case open --desk www --title count --as officer >/dev/null &&
		tool case due 2 requested '5 business days' --as officer &&
		case_get 2 '[x["due"] for x in d["deadlines"]][0]')"
check_has 'why tells that the text asks for it' "$(tool message why 1)" '^ *Deadline: requested, due .*, asked for in its text'
check 'nothing of the text lies on disk' no_leak "$mark"

# The acknowledgement went out and met its own deadline; this one waits for a person.
check_eq 'a receipt is not what was asked for' \
	"$(case_get 1 '[x["state"] for x in d["deadlines"] if x["kind"] == "acknowledge"]') $(asked)" \
	'["met"] [["pending", "mail"]]'
mail_send "$(mk_plain 'Re: IPA#12345678' '> 5 営業日を目処にご連絡ください。

よろしくお願いいたします。' vuln-contact@ipa.go.jp --in-reply-to '<asked@ipa.go.jp>' \
	--message-id '<again@ipa.go.jp>' --auth-results 'mx.example.co.jp; dmarc=pass header.from=ipa.go.jp')"
wait_for 10 '[ "$(case_get 1 "d[\"messages\"]")" = 3 ]' 'the second mail to be joined'
check_eq 'what is quoted is not asked for anew' "$(asked)" '[["pending", "mail"]]'
mail_put Sent "$(mk_plain '[IPA#12345678] 検証結果' '再現しました。' security@example.co.jp \
	--to vuln-contact@ipa.go.jp --in-reply-to '<asked@ipa.go.jp>')"
wait_for 10 '[ "$(asked)" = "[[\"met\", \"mail\"]]" ]' 'the letter to meet it'

# A day in a year of which nobody knows the holidays yet: the alert says so.
before=$(inbox_count officer)
mail_send "$(mk_plain 'IPA#12345678' '2100年3月5日までにご返答ください。' vuln-contact@ipa.go.jp \
	--message-id '<far@ipa.go.jp>' --auth-results 'mx.example.co.jp; dmarc=pass header.from=ipa.go.jp')"
inbox_wait officer $((before + 1))
check_has 'staff are told that the calendar does not know that day' \
	"$(open_text "$OFFICER_HOME" "$(inbox_last officer)")" \
	'期日についての注意: 期限が、まだ祝日の決まっていない先の日付です'
check_status 'the store is whole' 0 tool verify
story_end
