#!/bin/sh
# Each person's digest comes at that person's hour, once a day whatever restarts: sealed to the one
# who has a key, in clear to the other, none on a holiday, and one line a week when all is quiet.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# count USER: how many digests that person has; alerts are not counted.
count() {
	digests "$1" | wc -l
}

digests() {
	inbox_mails "$1" | while read -r _mail; do grep -l '^X-Madoguchi: digest;' "$_mail" || :; done
}

last_digest() {
	digests "$1" | tail -n 1
}

# look WHEN OFFICER BOSS: a pass at that time in Japan, and how many digests each has then.
look() {
	daemon_once --now "$1:00+09:00"
	# The server has taken them; it may not have delivered them yet.
	for _try in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(count officer) $(count finder)" = "$2 $3" ] && break
		sleep 0.3
	done
	check_eq "$1" "$(count officer) $(count finder)" "$2 $3"
}

desk_begin 'digests'
desk_keys
C_DIGEST_AT=09:00 C_ALERTS=false
C_STAFF_MORE='boss: { address = "finder@example.org"; role = "decision-maker"; key = ""; digest_at = "10:30"; digest_days = "every"; alerts = false; language = "en"; };
	dev: { address = "vendor@vendor.example.jp"; role = "implementer"; key = ""; digest_at = ""; alerts = false; };'
desk_conf

# Monday, 1 December 2025 (a server takes no mail of a day to come): nothing has happened yet, and both are told that the desk lives.
look 2025-12-01T08:59 0 0
look 2025-12-01T09:00 1 0
look 2025-12-01T10:30 1 1
line=$(open_text "$DESK_HOME" "$(last_digest finder)" | sed '1,/^$/d')
check_has 'one line' "$line" '^Nothing is owed, and nothing has come since .* Hash of the log: [0-9a-f]{64}$'
check_eq 'and no other' "$(echo "$line" | grep -c .)" 1

# The days after are silent, though nothing restarts the desk but these looks.
look 2025-12-02T09:00 1 1
look 2025-12-05T12:00 1 1

# Friday's mail is told on Monday, to the one who reads on open days; on Saturday to the other.
mark=$(new_mark)
mail_put INBOX "$(mk_details 12345678 --mark "$mark")" '2025-12-05 15:00 +0900'
# With it come one that a server's clock dates ahead, and one that lay elsewhere for long.
mail_put INBOX "$(mk_contact 30000001)" '2025-12-09 15:00 +0900'
mail_put INBOX "$(mk_contact 30000002)" '2025-10-01 15:00 +0900'
daemon_once --now '2025-12-05T15:01:00+09:00'
look 2025-12-06T10:30 1 2
look 2025-12-07T10:29 1 2
tool --now '2025-12-08T08:30:00+09:00' case open --desk www --number IPA#20000001 --as officer >/dev/null
tool --now '2025-12-08T08:30:00+09:00' case due IPA#20000001 investigation 2025-12-12 --as officer
look 2025-12-08T09:00 2 2
look 2025-12-08T09:01 2 2
look 2025-12-08T10:30 2 3

digest=$(last_digest officer)
check 'the officer has a key: it is sealed to it' sealed_to "$OFFICER_HOME" "$digest" "$OFFICER_FPR" "$DESK_FPR"
check 'and signed' signed_by "$OFFICER_HOME" "$digest" "$DESK_FPR"
check_has 'outside stands nothing' "$(mail_header "$digest" Subject)" '^Re: ご連絡$'
check_has 'it says what it is' "$(mail_header "$digest" X-Madoguchi)" '^digest; desk=www$'
check_has 'and that a program made it' "$(mail_header "$digest" Auto-Submitted)" '^auto-generated$'
check_has 'it is text and HTML' "$(open_ack "$OFFICER_HOME" "$digest" 2>/dev/null)" 'multipart/alternative'
text=$(open_text "$OFFICER_HOME" "$digest")
check_has 'inside stands the day and how much is owed' "$text" '^Subject: .*対応状況 2025-12-08（要対応 [0-9]+ 件）'
check_has 'what is owed, and how much of the time is gone' "$text" 'IPA#20000001 .*調査結果の報告 .*\[[#.]+\] [0-9]+ % .*あと4日 .*2025-12-12'
check_has 'what came' "$text" 'IPA#12345678 .*脆弱性の詳細 .*2025-12-05 15:00 .*送信者を確認済み .*暗号化'
check_has 'though it is dated ahead' "$text" 'IPA#30000001 .*2025-12-09 15:00'
check_has 'or long ago' "$text" 'IPA#30000002 .*2025-10-01 15:00'
check_has 'what was answered, and its proof' "$text" 'IPA#12345678 .*受領の連絡 .*2025-12-05 15:01 .*[0-9a-f]{16} .*250 2'
check_has 'the keys' "$text" '窓口 .*無期限'
check_has 'the folders' "$text" 'INBOX .*正常 .*最終確認 2025-12-08 09:00'
check_has 'the head of the log' "$text" '記録のハッシュ: [0-9a-f]{64}$'
html=$(open_part "$OFFICER_HOME" "$digest" text/html)
check_has 'the HTML says the same' "$html" 'IPA#20000001'
check_has 'in the same words' "$html" '調査結果の報告'
check_not 'the HTML fetches nothing' sh -c 'printf %s "$1" | grep -iE "://|<(script|link|img|style)"' - "$html"

digest=$(last_digest finder)
check 'the other has none: it is in clear, and signed' signed_by "$DESK_HOME" "$digest" "$DESK_FPR"
check_has 'with the same news' "$(cat "$digest")" 'IPA#12345678'
check 'no word of the mail is in it' no_leak_mail finder $(marks_sealed "$mark")
check 'no word of the mail lies on disk' no_leak $(marks_sealed "$mark")

# The daemon was off over the hour of the officer's: the same day is still his, the next is not.
look 2025-12-09T23:59 3 4
look 2025-12-11T00:01 3 4
text=$(open_text "$OFFICER_HOME" "$(last_digest officer)")
check_not 'what was told is not told again' sh -c 'echo "$1" | grep -E "IPA#.* 15:00"' - "$text"
# A holiday of the house (from 29 December): the officer has none, the other one has.
look 2025-12-29T10:30 3 5
look 2025-12-30T12:00 3 6
# The clock goes back and comes again.
look 2026-01-05T09:10 4 6
look 2026-01-05T08:00 4 6
look 2026-01-05T09:20 4 6
# A clock that was years ahead silences nobody when it is right again.
look 2026-01-06T10:30 5 7
look 2030-01-07T09:30 6 7
look 2026-01-07T10:30 7 8
check_status 'what was sent is on record whole' 0 tool verify
story_end
