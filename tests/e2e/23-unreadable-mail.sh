#!/bin/sh
# Mail that cannot be opened, or that breaks what opens it: each is kept, filed as unreadable with
# the reason and told to staff once; the coordinator's good mail between them is answered as ever.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# is_unreadable NAME REASON: of the mail with the Message-ID NAME@ipa.go.jp; where NAME is none, of
# one mail whose reader ended before it could tell even that.
is_unreadable() {
	_id='"<'$1'@ipa.go.jp>"'
	if [ "$1" = none ]; then _id=None; fi
	check_has "$1: unreadable, with the reason" "$(message_get '[(m["kind"], m["case"] > 0, m["problems"])
		for m in d if m["message_id"] == '"$_id"']')" "\[\"unreadable\", true, [^]]*$2"
}

desk_begin 'unreadable mail among good mail'
desk_keys
C_READER_TIMEOUT=8 # a loaded machine takes its time over the bomb
desk_conf
daemon_start
other=$(key_new "$T/other-gnupg" 'Somebody else <else@example.net>')
key_copy "$T/other-gnupg" "$other" "$IPA_HOME"
yes 'seventy million letters, and all of them say the same thing again' | head -c 70000000 >"$T/own/long"

mail_send "$(mk_contact 10000001)"
mail_send "$(mk_letter 10000001 --tamper --message-id '<damaged@ipa.go.jp>')"
mail_send "$(mk_ipa letter 10000001 --sign-with "$IPA_HOME:$IPA_FPR" --encrypt-to "$other" \
	--message-id '<sealed-elsewhere@ipa.go.jp>')"
mail_send "$(mk_details 10000001)"
mail_send "$(mk_ipa letter 10000001 --body-file "$T/own/long" --inline --charset us-ascii \
	--sign-with "$IPA_HOME:$IPA_FPR" --encrypt-to "$DESK_FPR" --message-id '<bomb@ipa.go.jp>')"
sed 's/^Message-ID:.*/Message-ID: <deep@ipa.go.jp>/' "$SRC/tests/messages/broken/nested-too-deep.eml" \
	>"$T/own/deep"
mail_send "$T/own/deep"
# Of this gpg takes a part, and ends: its signature cannot be checked, and it is read all the same.
yes -- '-----BEGIN PGP SIGNED MESSAGE-----' | head -n 9000 >"$T/own/begins"
mail_send "$(mk_ipa letter 10000002 --body-file "$T/own/begins" --message-id '<begins@ipa.go.jp>')"
mail_send "$(mk_contact 10000002)"
bad=4
if grep -q '^#define ENABLE_TEST_HOOKS 1' "$BUILD/config.h"; then
	for way in crash spin eat; do
		mail_send "$(mk_contact 10000003 --header "X-Madoguchi-Test: $way")"
	done
	bad=7
fi
mail_send "$(mk_encryption 10000002)"
wait_for 90 '[ "$(message_get "sum(m[\"direction\"] == \"in\" for m in d)")" -eq $((bad + 5)) ]' \
	'all mails on record'
inbox_wait ipa 4
alerts_wait $((bad + 5))

is_unreadable damaged 'could not be decrypted'
is_unreadable sealed-elsewhere "sealed to keys that are not here.*sealed to key $(key_subkey "$T/other-gnupg" "$other")"
is_unreadable bomb 'too large when unpacked'
is_unreadable deep 'nested too deep'
check_eq 'what gpg does not take whole is read' "$(message_get '[(m["kind"], m["problems"])
	for m in d if m["message_id"] == "<begins@ipa.go.jp>"]')" \
	'[["correspondence", ["a signature could not be checked"]]]'
check 'and no keyring fell over it' eval '! grep "keyring" "$T/log" | grep -q "it crashed\|it took too long"'
if [ "$bad" -eq 7 ]; then
	is_unreadable none 'reader crashed'
	is_unreadable none 'reader took too long'
	# A sanitizer's build has no limit of memory to meet: there it is the time that ends.
	grep -q __asan_init "$MADOGUCHID" || is_unreadable none 'reader ran out of memory'
fi
check 'what cannot be read is given out as it came' eval \
	'tool message show "$(message_get "[m[\"id\"] for m in d if m[\"message_id\"] == \"<deep@ipa.go.jp>\"][0]")" \
		--raw | grep -q "^Message-ID: <deep@ipa.go.jp>"'
check_eq 'the good ones are answered' "$(inbox_count ipa)" 4
check_eq 'each mail was told to staff once' "$(alerts_made)" $((bad + 5))
check_eq 'a question to the sender is held where there is one' \
	"$(outbox_get 'sum(x["kind"] == "question" for x in d)' --state held)" 4
check_eq 'the stage is what the good mail said' \
	"$(case_list '[c["stage"] for c in d if c["number"] == "IPA#10000001" and c["number_bound"]]')" \
	'["details"]'

# What opens, seals, fetches and sends are processes of their own: ended all at once, they come back.
for pid in $(daemon_rooms); do
	case $(cat "/proc/$pid/comm") in
	reader | keyring | sealer | mailbox | smarthost) kill -9 "$pid" ;;
	esac
done
mail_send "$(mk_encryption 10000001)"
inbox_wait ipa 5
check_eq 'no letter counts a failed try for it' "$(outbox_get '{x["tries"] for x in d} == {1}' --state sent)" true
check 'the daemon lives' alive "$DAEMON_PID"
story_end
