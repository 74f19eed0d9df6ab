#!/bin/sh
# What lies in the store of mail that came in clear: of nobody's the header fields, hash and place
# and no more; of a case's all of it, sealed; with keep_unrelated nobody's too, sealed.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'clear mail is sealed at rest'
desk_keys
desk_conf
daemon_start

# row MESSAGE-ID EXPRESSION: of the store, as it lies on the disk.
row() {
	sqlite3 "$T/state/cases.db" "SELECT $2 FROM message m LEFT JOIN message_raw r ON r.message_id = m.id
		WHERE m.message_id = '$1'"
}
id_of() {
	message_get "[m['id'] for m in d if m['message_id'] == '$1'][0]"
}

nobody=$(new_mark)
of_case=$(new_mark)
file=$(mk_unrelated --mark "$nobody" --attach-mark --message-id '<nobody@shop.example.net>')
mail_send "$file"
mail_send "$(mk_contact 12345678 --mark "$of_case" --attach-mark --message-id '<contact@ipa.go.jp>')"
inbox_wait ipa 1
wait_for 10 '[ "$(message_get "len(d)" --in)" = 2 ]' 'both to be on record'

check_eq 'nobody'"'"'s mail is on record' "$(message_get '[m["kind"] for m in d
	if m["message_id"] == "<nobody@shop.example.net>"]')" '["unrelated"]'
check_eq 'with its sender' "$(message_get '[m["from"] for m in d
	if m["message_id"] == "<nobody@shop.example.net>"]')" '["News <news@shop.example.net>"]'
check_has 'its subject' "$(message_get '[m["subject"] for m in d
	if m["message_id"] == "<nobody@shop.example.net>"]')" "MARK-SUBJ-$nobody"
check_eq 'its hash and size' "$(row '<nobody@shop.example.net>' 'length(sha256), size > 0')" '32|1'
check_eq 'its place' "$(sqlite3 "$T/state/cases.db" "SELECT count(*) FROM message_place p JOIN message m
	ON m.id = p.message_id WHERE m.message_id = '<nobody@shop.example.net>'")" 1
check_eq 'and not a byte of its text' "$(row '<nobody@shop.example.net>' 'kept, length(r.bytes) IS NULL')" '0|1'
check_eq 'no name of a file either' "$(message_get '[a["name"] for m in d
	if m["message_id"] == "<nobody@shop.example.net>" for a in m["attachments"]]')" '[null]'
check_status 'so it cannot be shown' 65 tool message show "$(id_of '<nobody@shop.example.net>')"
check 'nothing else of it lies on the disk' no_leak $(marks_clear "$nobody")

check_eq 'the case'"'"'s mail is kept whole, and 48 bytes longer for the seal' \
	"$(row '<contact@ipa.go.jp>' 'kept, length(r.bytes) - size')" '2|48'
check 'none of its text lies on the disk' no_leak $(marks_clear "$of_case")
check_has 'a person sees it' "$(tool message show "$(id_of '<contact@ipa.go.jp>')")" "MARK-BODY-$of_case"
check 'and it lies nowhere then' no_leak $(marks_clear "$of_case")
daemon_stop

C_KEEP_UNRELATED=true
desk_conf
daemon_start
other=$(new_mark)
mail_send "$(mk_unrelated --mark "$other" --message-id '<other@shop.example.net>')"
wait_for 10 '[ "$(message_get "len(d)" --in)" = 3 ]' 'the third to be on record'
check_eq 'with keep_unrelated nobody'"'"'s mail is kept, sealed' \
	"$(row '<other@shop.example.net>' 'kept, length(r.bytes) - size')" '2|48'
check 'none of its text lies on the disk' no_leak $(marks_clear "$other")
check_has 'a person sees it' "$(tool message show "$(id_of '<other@shop.example.net>')")" "MARK-BODY-$other"
story_end
