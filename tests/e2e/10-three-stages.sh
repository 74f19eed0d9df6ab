#!/bin/sh
# A coordinator's notification in its three stages: asked where to write, then how to encrypt, then
# told the details. Each mail is acknowledged within seconds; the answers are opened here with
# GnuPG alone, as the coordinator would. The case shows how far it has come and what is due.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'three stages come in, three acknowledgements go out'
desk_keys
C_MAX_AGE='1000 months' # stage 3 bears a date of its own below
desk_conf
daemon_start

mail_send "$(mk_contact 12345678 --message-id '<one@ipa.go.jp>')"
inbox_wait ipa 1
mail_send "$(mk_encryption 12345678 --message-id '<two@ipa.go.jp>' --references '<one@ipa.go.jp>')"
inbox_wait ipa 2
mail_put INBOX "$(mk_details 12345678 --message-id '<three@ipa.go.jp>' \
	--date 'Sun, 30 Nov 2025 10:00:00 +0900')" '2025-11-30 10:00 +0900'
inbox_wait ipa 3
inbox_wait desk 3 10 Sent

# What the coordinator gets: nobody but they and the desk can open it, and it is the desk's.
for n in 1 2 3; do
	answer=$(inbox_mails ipa | sed -n "${n}p")
	check "answer $n is sealed to the coordinator and the desk alone" \
		sealed_to "$IPA_HOME" "$answer" "$IPA_FPR" "$DESK_FPR"
	check "answer $n is signed by the desk" signed_by "$IPA_HOME" "$answer" "$DESK_FPR"
	check_eq 'outside stand the number and a neutral word' \
		"$(mail_header "$answer" Subject)" '[IPA#12345678] ご連絡'
	check_eq 'it says that a program wrote it' "$(mail_header "$answer" Auto-Submitted)" auto-replied
	check_eq 'and which' "$(mail_header "$answer" X-Madoguchi)" 'acknowledgement; desk=www'
	check_eq 'a failure report comes back to the desk' \
		"$(mail_header "$answer" Return-Path)" '<security@example.co.jp>'
	check_has 'the inner header fields are protected (RFC 9788)' \
		"$(open_ack "$IPA_HOME" "$answer" 2>/dev/null)" '^HP-Outer: Subject: '
	check_has 'the receipt names the number' "$(open_text "$IPA_HOME" "$answer")" 'IPA#12345678'
	check_has 'whom it is for' "$(open_text "$IPA_HOME" "$answer")" '^IPA ご担当者様$'
	check_has 'and when the mail came, as people write it' "$(open_text "$IPA_HOME" "$answer")" \
		'^  受領日時: 20[0-9][0-9]年[0-9]+月[0-9]+日 [0-9]+:[0-9][0-9]$'
	check_eq 'the copy in Sent is the same mail' \
		"$(inbox_mails desk Sent | xargs cat | grep -cFi "Message-ID: $(mail_id "$answer")")" 1
done
answer=$(inbox_mails ipa | sed -n 2p)
check_eq 'the second answers the second mail' "$(mail_header "$answer" In-Reply-To)" '<two@ipa.go.jp>'
check_eq 'within its thread' "$(mail_header "$answer" References)" '<one@ipa.go.jp> <two@ipa.go.jp>'
check_has 'it names the fingerprint' "$(open_text "$IPA_HOME" "$answer" | tr -d ' ')" "$DESK_FPR"
open_part "$IPA_HOME" "$answer" application/pgp-keys >"$T/own/desk.asc"
check_has 'and brings the key' "$(story_gpg "$IPA_HOME" --show-keys --with-colons "$T/own/desk.asc")" "^fpr:.*:$DESK_FPR:"

# What the desk has on record.
check_eq 'it is one case' "$(case_list '[(c["number"], c["number_bound"], c["stage"], c["trust"])
	for c in d]')" '[["IPA#12345678", true, "details", "verified"]]'
check_eq 'of three mails and three answers' \
	"$(case_get 1 '" ".join(sorted(m["kind"] for m in d["message_list"]))')" \
	"acknowledgement acknowledgement acknowledgement contact-request details encryption-check"
check_eq 'each receipt was in time' \
	"$(case_get 1 '{x["state"] for x in d["deadlines"] if x["kind"] == "acknowledge"} == {"met"}')" true
check_eq 'what the first mail asked for by a day stood in its acknowledgement, what the third asks for waits' \
	"$(case_get 1 'sorted((x["from_message"], x["state"]) for x in d["deadlines"] if x["kind"] == "requested")')" \
	'[[1, "met"], [5, "pending"]]'
check_eq 'the fix is due three months from the details, 31 days or not' \
	"$(case_get 1 '[x["due"] for x in d["deadlines"] if x["kind"] == "remediation"][0]')" \
	2026-02-28T23:59:59+09:00
check_eq 'the receipts and the channel are ticked off' \
	"$(case_get 1 '" ".join(x["item"] for x in d["checklist"] if x["done_at"])')" '1.1 1.2 1.3'
check_eq 'each answer has its proof' \
	"$(outbox_get 'sum(bool(x["sha256"] and x["smtp_reply"].startswith("250")
		and x["keys"] == ["'"$IPA_FPR"'", "'"$DESK_FPR"'"])
		for x in d if x["kind"] == "acknowledgement")' --state sent)" 3

# Why the third was taken for what it was, as an officer would read it aloud. Its words are cut out
# of the mail for the screen, and kept nowhere.
third=$(message_get '[m["id"] for m in d if m["kind"] == "details"][0]')
tool message why "$third" >"$T/own/why"
why=$(tr '\n' ' ' <"$T/own/why" | tr -s ' ')
check_has 'who it says it is from' "$why" 'It says that it is from vuln-contact@ipa.go.jp, an address of IPA in the conf\.'
check_has 'what proves it' "$why" "Signature: good; key $IPA_FPR, pinned for IPA; it covers the sealed part\\."
check_has 'by which row of the rules' "$why" 'So it is verified, good signature by a pinned key \[RULES 1, row 2\]\.'
check_has 'which part of it counts' "$why" 'Part: layer 1, the sealed part: this one counts\.'
check_has 'its words, as they stand there' "$why" 'In the text of layer 1, for giving details \(IPA\): .*「発見者から次の報告」'
check_has 'what that makes it' "$why" 'So it is: details, of stage details'
check_has 'why this case' "$why" 'It joins case 1: its number IPA#12345678 is bound to that case'
check_has 'why this answer' "$why" 'Answer: acknowledgement of stage details, queued: by the conf.s rule'
check_has 'until when' "$why" 'Deadline: remediation, due 2026-02-28 23:59'
check_eq 'within 80 columns' "$("$PYTHON" -I -c 'import sys, unicodedata
print(max(sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line.rstrip("\n"))
	for line in open(sys.argv[1], encoding="utf-8")) <= 80)' "$T/own/why")" True
tool message why --json "$third" >"$T/own/json"
check_has 'JSON has the same' "$(json '[x["words"] for x in d["argument"]["quotes"] if x["what"] == "IPA details"]' "$T/own/json")" \
	'発見者から次の報告'
check_not 'on record stands none of its words' \
	eval 'sqlite3 "$T/state/cases.db" "SELECT why FROM message" | grep -q "発見者\|クロスサイト"'
check 'nor anywhere else' no_leak '発見者から次の報告'
story_end
