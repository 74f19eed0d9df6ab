#!/bin/sh
# Two cases were merged, one was split, a message was filed, and it was wrong: it is taken back, and
# everything is as it was before, messages, numbers, sites, deadlines and answers, while the daemon
# goes on.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# state [EXCEPT]: all that stands in cases, but for when it was last touched, and case EXCEPT.
state() {
	sqlite3 "$T/state/cases.db" "
		SELECT 'case', id, title, coordinator, origin, state, stage, phase, trust, number_bound, assignee
			FROM case_record WHERE id <> ${1:-0} ORDER BY id;
		SELECT 'message', case_id, message_id FROM case_message ORDER BY 2, 3;
		SELECT 'number', id, case_id, coordinator, number, bound FROM case_number ORDER BY 2;
		SELECT 'site', id, case_id, site FROM case_site ORDER BY 2;
		SELECT 'party', case_id, address FROM case_party WHERE case_id <> ${1:-0} ORDER BY 2, 3;
		SELECT 'finder', case_id, address FROM case_finder ORDER BY 2, 3;
		SELECT 'tick', case_id, item, done_by FROM checklist_tick WHERE case_id <> ${1:-0} ORDER BY 2, 3;
		SELECT 'deadline', id, case_id, kind, due, state, source, from_message, met_by FROM deadline ORDER BY 2;
		SELECT 'letter', id, case_id, kind, stage, state, next_try_at, last_error FROM outbox ORDER BY 2;
		SELECT 'put', message_id, case_id FROM message_put ORDER BY 2;
		SELECT 'unfiled', id, unfiled, in_case FROM message ORDER BY 2;
		SELECT 'merged', case_id, into_id FROM case_merged WHERE case_id <> ${1:-0} ORDER BY 2;"
}

# same TEXT [EXCEPT]: it is as $T/own/before says.
same() {
	state "${2:-0}" >"$T/own/after"
	check "$1" diff "$T/own/before" "$T/own/after"
}

desk_begin 'what a person did to cases is taken back'
desk_keys
C_SITES='["https://www.example.co.jp/", "https://shop.example.co.jp/"]'
C_ALERTS=false
desk_conf
daemon_start

# --- merging ---

# An unverified mail claims the number, its answer held; a believed one has a case of its own.
mail_send "$(mk_contact 10000001 --auth-results '' --message-id '<first@ipa.go.jp>')"
outbox_wait 1 held
mail_send "$(mk_contact 10000001 --message-id '<second@ipa.go.jp>')"
inbox_wait ipa 1
inbox_wait desk 1 10 Sent
tool case finder 1 someone@example.org --consented --as officer
tool case set 1 phase investigate --as officer
sleep 1
state >"$T/own/before"
tool case merge 1 2 --as officer
check_not 'merged, it is another store' eval 'state | cmp -s - "$T/own/before"'
check_has 'taken back, by whichever id, it says what' "$(tool case undo 1 --why 'they are two' --as officer)" \
	'^case 2: taken back: case 1 merged into case 2$'
same 'all is as it was: deadlines, numbers, the held answer'
check_eq 'each id means its own case' "$(case_get 1 'd["id"]') $(case_get 2 'd["id"]')" '1 2'
check_has 'both logs tell of it' "$(case_get 1 '[x["who"] + ": " + x["what"] for x in d["log"]][-1]')" \
	'^officer: taken back: case 1 merged into case 2: they are two$'
check_has 'the other too' "$(case_get 2 '[x["what"] for x in d["log"]][-1]')" '^taken back: case 1 merged'
check_status 'it is taken back once' 65 tool case undo 2
tool outbox release 1 --as officer
inbox_wait ipa 2
check_eq 'the held answer can be let go again, and goes once' \
	"$(outbox_get '[x["case"] for x in d if x["kind"] == "acknowledgement"]' --state sent)" '[1, 2]'

# What comes in between stays where it came: nobody knows of which matter it is.
tool case merge 1 2 --as officer
mail_send "$(mk_encryption 10000001 --message-id '<third@ipa.go.jp>')"
inbox_wait ipa 3
third=$(message_get '[m["id"] for m in d if m["message_id"] == "<third@ipa.go.jp>"][0]')
tool case undo 2 --as officer >"$T/own/out" 2>"$T/own/err"
check_has 'and that is told' "$(cat "$T/own/err")" "what came since stays in case 2: messages .*$third"
check_eq 'it is in the one case, with its answer' \
	"$(message_get '[m["case"] for m in d if m["id"] == '"$third"']') $(outbox_get '[x["case"] for x in d
		if x["kind"] == "acknowledgement"]' --state sent)" '[2] [1, 2, 2]'

# --- splitting ---

shop=https://shop.example.co.jp/
mail_send "$(mk_contact 20000002 --site "$shop" --message-id '<shop@ipa.go.jp>')"
inbox_wait ipa 4
inbox_wait desk 4 10 Sent
tool case merge 3 2 --why 'one matter' --as officer
sleep 1
state >"$T/own/before"
parted=$(message_get '[m["id"] for m in d if m["message_id"] == "<shop@ipa.go.jp>"][0]')
new=$(tool case split 2 "$parted" --as officer 2>"$T/own/err")
check_eq 'split, there is a further case' "$(case_get "$new" 'd["numbers"]')" '["IPA#20000002"]'
tool case undo 2 --as officer >"$T/own/out"
same 'taken back, all is as it was' "$new"
check_eq 'the id of the one that was split off means the other' "$(case_get "$new" 'd["id"]')" 2
check_has 'what was done before that can be taken back then' "$(tool case undo 2 --as officer)" 'taken back: case 3 merged into case 2'
check_eq 'so that there are three again' "$(case_list '[x["id"] for x in d]')" '[1, 2, 3]'

# A case that was split off and merged elsewhere is not taken back under that.
new=$(tool case split 2 "$third" --as officer 2>"$T/own/err")
tool case merge "$new" 3 --why 'its matter' --as officer
check_status 'the later act comes first' 65 tool case undo 2
check_has 'and is named' "$(cat "$T/own/.check")" "case $new was merged since: take that back first"
tool case undo 3 --as officer >"$T/own/out"
check_status 'then the earlier one' 0 tool case undo 2
check_eq 'the mail is back' "$(message_get '[m["case"] for m in d if m["id"] == '"$third"']')" '[2]'

# --- filing a message ---

mail_send "$(mk_plain 'Re: [IPA#10000001] details please' 'Send me the details.' \
	'Somebody <somebody@example.net>' --message-id '<stranger@example.net>')"
wait_for 10 '[ "$(message_get "len(d)" --unfiled)" = 1 ]' 'the mail to be unfiled'
id=$(message_get 'd[0]["id"]' --unfiled)
state >"$T/own/before"
tool message file "$id" IPA#10000001 --as officer
check_eq 'filed, it is unfiled no more' "$(message_get 'len(d)' --unfiled)" 0
tool case undo IPA#10000001 --as officer >"$T/own/out"
same 'taken back, it waits again'
check_has 'the log tells both' "$(case_get 2 '[x["what"] for x in d["log"]][-2:]')" \
	"\"message $id filed here\", \"taken back: message $id filed in case 2\""

check 'nothing of this is an alteration' tool verify
story_end
