#!/bin/sh
# Programs read what the tool prints: cases of every kind, as export and the lists tell them, hold to
# the JSON schema in doc/.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

"$PYTHON" -c 'import jsonschema' 2>/dev/null || skip 'needs the package python3-jsonschema'
desk_begin 'JSON by its schema'
desk_keys
C_MAX_SIZE=65536
C_KEEP_UNRELATED=true
C_STAFF_MORE='vendor: { address = "vendor@vendor.example.jp"; role = "vendor"; key = ""; digest_at = ""; alerts = false; };'
desk_conf
daemon_start
W=$T/own

# fits DEFINITION FILE, bites DEFINITION FILE: as schema.py says.
fits() {
	"$PYTHON" "$E2E/schema.py" "$SRC/doc/case.schema.json" "$1" "$2"
}

bites() {
	"$PYTHON" "$E2E/schema.py" --bites "$SRC/doc/case.schema.json" "$1" "$2"
}

# A notification in three mails, with files; the coordinator asks again.
mail_send "$(mk_contact 12345678)"
inbox_wait ipa 1
mail_send "$(mk_encryption 12345678)"
inbox_wait ipa 2
mail_send "$(mk_details 12345678 --mark "$(new_mark)" --attach-mark)"
inbox_wait ipa 3
mail_send "$(mk_reminder 12345678)"
# One that is only claimed, and held; a look-alike's; the true one beside it.
mail_send "$(mk_contact 20000002 --auth-results '')"
mail_send "$(mk_forged 30000003)"
wait_for 10 '[ "$(case_list "len(d)")" = 3 ]' 'the forged one'
mail_send "$(mk_contact 30000003)"
# Finders, directly and by the form; what cannot be read; what is nobody's; a stranger's word.
mail_send "$(mk --template "$E2E/mail/finder.txt" --from 'finder@example.org')"
mail_send "$(mk --template "$E2E/mail/finder-form.txt" --from 'www@example.co.jp')"
mail_send "$(mk_details 40000004 --tamper)"
mail_send "$(mk_unrelated)"
mail_send "$(mk_autoreply)"
mail_send "$(mk_plain 'Your IPA#12345678' 'I know all about it.' 'stranger@example.net')"
wait_for 20 '[ "$(message_get "len(d)" --in)" = 13 ]' 'all thirteen mails'
# By telephone, with all that a person does; one merged into it.
mail_send "$(mk_contact '' --message-id '<bare@ipa.go.jp>' --drop-header Date --subject '')"
wait_for 10 '[ "$(message_get "len(d)" --in)" = 14 ]' 'the fourteenth'
told=$(tool case open --desk www --title 'by telephone' --as officer)
tool case tick 1 2.1 --as officer
tool case incident 1 --as officer
tool case due 1 authority-report 2031-12-03 --as officer
tool case tick 1 stop-site --as officer
tool case incident "$told" --as officer
tool case due "$told" tell-users 2031-12-03 --as officer
check_eq 'an item may be what is due next' "$(case_get "$told" 'd["next_deadline"]["kind"]')" tell-users
tool case due 1 investigation '2031-12-10 17:00' --as officer
tool case done 1 investigation --as officer
tool case finder 1 finder@example.org --consented --as officer
tool case take 1 --as officer
tool case merge "$told" 1 --as officer
tool case close 1 --why 'fixed' --as officer
outbox_wait 1 sent
daemon_stop

# Everything that is on record, by export and by the lists.
tool case list --state all --json >"$W/cases"
check 'the list of cases' fits caseList "$W/cases"
kinds=
for id in $(json '" ".join(str(c["id"]) for c in d)' "$W/cases"); do
	tool export "$id" --format json >"$W/case.$id"
	check "case $id" fits caseWhole "$W/case.$id"
	kinds="$kinds $(json '" ".join(m["kind"] for m in d["message_list"])' "$W/case.$id")"
done
check_eq 'export says what case show says' "$(cat "$W/case.1")" "$(tool case show 1 --json)"
tool case show 1 --json --decrypt >"$W/opened"
check 'so it does with the texts' fits caseWhole "$W/opened"
check_eq 'which are there' "$(json 'all(m["text"] for m in d["message_list"])' "$W/opened")" true
tool message list --json >"$W/messages"
check 'the list of messages' fits messageList "$W/messages"
tool message show 1 --json >"$W/message"
check 'one of them' fits messageListed "$W/message"
for state in held queued deferred sent failed dropped; do
	tool outbox list --state "$state" --json >"$W/outbox.$state"
	check "the outbox: $state" fits outboxList "$W/outbox.$state"
done

# It was something that was looked at.
check_eq 'kinds of cases' "$(json 'sorted(set(c["origin"] for c in d))' "$W/cases")" \
	'["coordinator", "finder", "form"]'
check_eq 'and trust' "$(json 'sorted(set(c["trust"] for c in d))' "$W/cases")" \
	'["authenticated", "suspect", "unverified", "verified"]'
for kind in contact-request encryption-check details reminder finder-report acknowledgement; do
	check_has "mail of the kind $kind" "$kinds" "(^| )$kind( |\$)"
done
check_eq 'no member is empty that could be' \
	"$(json 'sorted(k for k in ("message_list", "unfiled", "deadlines", "checklist", "incident", "finders", "log", "merged") if not d[k])' "$W/case.1")" '[]'
check_eq 'nor the lists of what was sent and is held' \
	"$(json 'len(d) > 0' "$W/outbox.sent") $(json 'len(d) > 0' "$W/outbox.held")" 'true true'

# And the schema sees what is not so.
check 'a member that lacks, is wrong or is new is told' bites caseWhole "$W/case.1"
check 'in the list of cases too' bites caseList "$W/cases"
check 'of messages' bites messageList "$W/messages"
check 'and in the outbox' bites outboxList "$W/outbox.sent"
story_end
