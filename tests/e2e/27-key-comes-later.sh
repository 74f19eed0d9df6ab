#!/bin/sh
# Mail that a missing key kept from being opened, or believed: when the key is imported it is judged
# again by itself; what was asked is dropped, what was withheld is held for a person to release.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a key comes later'
desk_keys
# The coordinator renews its key each year; the root key that certifies them is the one that is pinned.
root=$(key_new "$IPA_HOME" 'Coordinator root')
key_copy "$IPA_HOME" "$root" "$DESK_HOME"
sleep 1 # a key's age is told in seconds
year=$(key_new "$IPA_HOME" 'Coordinator of next year <vuln-contact@ipa.go.jp>')
key_certify "$IPA_HOME" "$root" "$year"
key_export "$IPA_HOME" "$year" >"$T/own/year.asc"
# The window has had a key before, which stands in the coordinator's address book still.
old=$(key_new "$T/old-gnupg" 'Window of last year <security@example.co.jp>')
key_copy "$T/old-gnupg" "$old" "$IPA_HOME"
# A key that the root vouches for, of which the window has an old copy that ends very soon.
ending=$(key_new "$IPA_HOME" 'Coordinator, key renewed <vuln-contact@ipa.go.jp>' seconds=2)
key_certify "$IPA_HOME" "$root" "$ending"
key_copy "$IPA_HOME" "$ending" "$DESK_HOME"
story_gpg "$IPA_HOME" --quick-set-expire "$ending" 2y
key_export "$IPA_HOME" "$ending" >"$T/own/renewed.asc"
# And one that the window has already, but without the root's word for it.
bare=$(key_new "$IPA_HOME" 'Coordinator, key not vouched for yet <vuln-contact@ipa.go.jp>')
key_copy "$IPA_HOME" "$bare" "$DESK_HOME"
key_certify "$IPA_HOME" "$root" "$bare"
key_export "$IPA_HOME" "$bare" >"$T/own/vouched.asc"
C_IPA_ROOT_KEY=$root
desk_conf
daemon_start

# Sealed to the old key: unreadable, and a question is held.
sent=$(mk_ipa details 10000001 --sign-with "$IPA_HOME:$IPA_FPR" --encrypt-to "$old" \
	--message-id '<old@ipa.go.jp>')
mail_send "$sent"
outbox_wait 1 held
inbox_wait officer 1
check_eq 'it cannot be opened' "$(message_get '[m["kind"] for m in d if m["message_id"] == "<old@ipa.go.jp>"]')" \
	'["unreadable"]'
check_eq 'a question to send it again is held' "$(outbox_field 1 held kind)" question
check_has 'the reason is shown, and the key that it was sealed to' "$(message_get '[m["problems"] for m in d
	if m["message_id"] == "<old@ipa.go.jp>"]')" \
	"keys that are not here.*sealed to key $(key_subkey "$T/old-gnupg" "$old")"
tool message show 1 --raw | tr -d '\r' >"$T/own/raw"
sed -n '/BEGIN PGP/,/END PGP/p' "$sent" | tr -d '\r' >"$T/own/armour"
check 'it is kept as it came' sh -c 'sed -n "/BEGIN PGP/,/END PGP/p" "$1" | cmp -s - "$2"' - "$T/own/raw" "$T/own/armour"
check_eq 'staff were told once' "$(inbox_count officer)" 1

# Sealed to the same key, and not even that is said (gpg -R).
mail_send "$(mk_ipa details 10000003 --sign-with "$IPA_HOME:$IPA_FPR" --encrypt-to "$old" \
	--gpg-option=--throw-keyids --message-id '<hidden@ipa.go.jp>')"
inbox_wait officer 2
check_has 'whose key it needs cannot be told' "$(message_get '[m["problems"] for m in d
	if m["message_id"] == "<hidden@ipa.go.jp>"]')" 'sealed to a key that is not named'

# Signed by a key that is not here: suspect, and staff are told what it may be.
mail_send "$(mk_ipa details 10000002 --sign-with "$IPA_HOME:$year" --encrypt-to "$DESK_FPR" \
	--message-id '<year@ipa.go.jp>')"
inbox_wait officer 3
check_eq 'it is not believed' "$(case_get IPA#10000002 '(d["trust"], d["number_bound"])')" '["suspect", false]'
check_has 'the reason is shown' "$(case_get IPA#10000002 'd["message_list"][0]["problems"]')" 'unknown key'
check_has 'the alert says what to do' "$(open_text "$OFFICER_HOME" "$(inbox_last officer)")" 'keys import'

# Signed by a key that ended here, and by one that nobody vouched for here.
mail_send "$(mk_ipa details 10000004 --sign-with "$IPA_HOME:$ending" --encrypt-to "$DESK_FPR" \
	--message-id '<ending@ipa.go.jp>')"
mail_send "$(mk_ipa details 10000005 --sign-with "$IPA_HOME:$bare" --encrypt-to "$DESK_FPR" \
	--message-id '<bare@ipa.go.jp>')"
inbox_wait officer 5
check_eq 'neither is believed' "$(message_get 'sorted(m["trust"] for m in d
	if m["message_id"] in ("<ending@ipa.go.jp>", "<bare@ipa.go.jp>"))')" '["suspect", "suspect"]'
check_has 'the one is told from the other' "$(case_get IPA#10000004 'd["message_list"][0]["problems"]')" 'had expired'

# A stranger's key changes nothing.
stranger=$(key_new "$T/stranger-gnupg" 'Stranger <stranger@example.net>')
key_export "$T/stranger-gnupg" "$stranger" >"$T/own/stranger.asc"
tool keys import "$T/own/stranger.asc" --as officer >"$T/own/said"
check_has 'the tool says that the key is nobody'"'"'s' "$(cat "$T/own/said")" "$stranger, pinned for nobody"
check_eq 'a stranger'"'"'s key opens and proves nothing' "$(message_get '[(m["kind"], m["trust"]) for m in d
	if m["message_id"] == "<year@ipa.go.jp>"]')" '[["details", "suspect"]]'

tool keys import "$T/own/year.asc" --as officer >"$T/own/said"
check_has 'the tool says whose it is' "$(cat "$T/own/said")" "$year, certified by the root of IPA"
check_has 'and lists it so' "$(tool keys list)" "$year +good .*certified by the root of IPA"
wait_for 10 '[ "$(case_get IPA#10000002 "d[\"trust\"]")" = verified ]' 'the mail to be judged again'
check_eq 'the number is bound' "$(case_get IPA#10000002 'd["number_bound"]')" true
check_eq 'its receipt is held' "$(outbox_get '[x["stage"] for x in d if x["kind"] == "acknowledgement"]' \
	--state held)" '["details"]'
check_eq 'nothing went out by itself' "$(inbox_count ipa)" 0
tool outbox release "$(outbox_get '[x["id"] for x in d if x["kind"] == "acknowledgement"][0]' --state held)"
inbox_wait ipa 1
check 'it is sealed to the newest of the keys that the root vouches for' \
	sealed_to "$IPA_HOME" "$(inbox_last ipa)" "$year" "$DESK_FPR"

# The key's new end, and the root's word for the other: the same keys, which now count.
cat "$T/own/renewed.asc" "$T/own/vouched.asc" >"$T/own/both.asc"
tool keys import "$T/own/both.asc" --as officer >"$T/own/said"
wait_for 10 '[ "$(case_get IPA#10000004 "d[\"trust\"]")" = verified ]' 'the renewed key to count'
wait_for 10 '[ "$(case_get IPA#10000005 "d[\"trust\"]")" = verified ]' 'the word of the root to count'
check_eq 'their receipts are held' "$(outbox_get 'sorted(x["stage"] for x in d if x["kind"] == "acknowledgement")' \
	--state held)" '["details", "details"]'

story_gpg "$T/old-gnupg" --export-secret-keys --armor "$old" >"$T/own/old.asc"
tool keys import "$T/own/old.asc" --as officer >"$T/own/said"
wait_for 10 '[ "$(case_list "sorted(c[\"stage\"] for c in d) == [\"details\"] * 5")" = true ]' 'the mails to be opened'
check_eq 'the questions are dropped, with the reason' "$(outbox_get '[x["last_error"] for x in d]' --state dropped)" \
	'["the mail was judged again", "the mail was judged again"]'
check_eq 'they are believed now' "$(case_list '[(c["trust"], c["number_bound"]) for c in d] == [("verified", True)] * 5')" true
check_eq 'their receipts are held' "$(outbox_get '[x["kind"] for x in d]' --state held)" \
	'["acknowledgement", "acknowledgement", "acknowledgement", "acknowledgement"]'
check_eq 'and deadlines run' "$(case_get IPA#10000003 'sorted(x["kind"] for x in d["deadlines"] if x["state"] == "pending")')" \
	'["acknowledge", "investigation", "remediation", "requested"]'
check_eq 'nothing more went out by itself' "$(inbox_count ipa)" 1
check 'no text of it lies in clear' no_leak 'クロスサイト' '第三者のスクリプト'
story_end
