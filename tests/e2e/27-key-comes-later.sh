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
C_IPA_ROOT_KEY=$root
desk_conf
daemon_start

# Sealed to the old key: unreadable, and a question is held.
mail_send "$(mk_ipa details 10000001 --sign-with "$IPA_HOME:$IPA_FPR" --encrypt-to "$old" \
	--message-id '<old@ipa.go.jp>')"
outbox_wait 1 held
check_eq 'it cannot be opened' "$(message_get '[m["kind"] for m in d if m["message_id"] == "<old@ipa.go.jp>"]')" \
	'["unreadable"]'
check_eq 'a question to send it again is held' "$(outbox_field 1 held kind)" question

# Signed by a key that is not here: suspect, and staff are told what it may be.
mail_send "$(mk_ipa details 10000002 --sign-with "$IPA_HOME:$year" --encrypt-to "$DESK_FPR" \
	--message-id '<year@ipa.go.jp>')"
inbox_wait officer 2
check_eq 'it is not believed' "$(case_get IPA#10000002 '(d["trust"], d["number_bound"])')" '["suspect", false]'
check_has 'the reason is shown' "$(case_get IPA#10000002 'd["message_list"][0]["problems"]')" 'unknown key'
check_has 'the alert says what to do' "$(open_text "$OFFICER_HOME" "$(inbox_last officer)")" 'keys import'

# A stranger's key changes nothing.
stranger=$(key_new "$T/stranger-gnupg" 'Stranger <stranger@example.net>')
key_export "$T/stranger-gnupg" "$stranger" >"$T/own/stranger.asc"
tool keys import "$T/own/stranger.asc" --as officer >"$T/own/said"
check_eq 'a stranger'"'"'s key opens and proves nothing' "$(message_get '[(m["kind"], m["trust"]) for m in d
	if m["message_id"] == "<year@ipa.go.jp>"]')" '[["details", "suspect"]]'

tool keys import "$T/own/year.asc" --as officer >"$T/own/said"
wait_for 10 '[ "$(case_get IPA#10000002 "d[\"trust\"]")" = verified ]' 'the mail to be judged again'
check_eq 'the number is bound' "$(case_get IPA#10000002 'd["number_bound"]')" true
check_eq 'its receipt is held' "$(outbox_get '[x["stage"] for x in d if x["kind"] == "acknowledgement"]' \
	--state held)" '["details"]'
check_eq 'nothing went out by itself' "$(inbox_count ipa)" 0
tool outbox release "$(outbox_get '[x["id"] for x in d if x["kind"] == "acknowledgement"][0]' --state held)"
inbox_wait ipa 1
check 'it is sealed to the newest of the keys that the root vouches for' \
	sealed_to "$IPA_HOME" "$(inbox_last ipa)" "$year" "$DESK_FPR"

story_gpg "$T/old-gnupg" --export-secret-keys --armor "$old" >"$T/own/old.asc"
tool keys import "$T/own/old.asc" --as officer >"$T/own/said"
wait_for 10 '[ "$(case_list "[c[\"stage\"] for c in d]")" = "[\"details\", \"details\"]" ]' 'the mail to be opened'
check_eq 'the question is dropped, with the reason' "$(outbox_field 1 dropped last_error)" 'the mail was judged again'
check_eq 'it is believed now' "$(case_get IPA#10000001 'd["trust"]')" verified
check_eq 'its receipt is held' "$(outbox_get '[x["kind"] for x in d]' --state held)" '["acknowledgement"]'
check 'no text of it lies in clear' no_leak 'クロスサイト' '第三者のスクリプト'
story_end
