#!/bin/sh
# Two cases turn out to be one, and one turns out to be two. Whatever a person joins and parts, while
# the daemon goes on: a stage of a case has one acknowledgement and no second.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# states CASE KIND: the states of its deadlines of that kind.
states() {
	case_get "$1" "[x['state'] for x in d['deadlines'] if x['kind'] == '$2']"
}

# logged CASE: who and what of its log, a line each.
logged() {
	case_get "$1" '"\n".join(x["who"] + ": " + x["what"] for x in d["log"])'
}

# acknowledged: case, stage and state of every acknowledgement that was not dropped.
acknowledged() {
	_all=
	for _state in held queued sent; do
		_all="$_all $(outbox_get '" ".join("%s:%s:%s" % (x["case"], x["stage"], x["state"])
			for x in d if x["kind"] == "acknowledgement")' --state "$_state")"
	done
	echo $_all
}

desk_begin 'cases are merged and split'
desk_keys
C_SITES='["https://www.example.co.jp/", "https://shop.example.co.jp/"]'
desk_conf
daemon_start
shop=https://shop.example.co.jp/

# An unverified mail claims the number, then a believed one gets its own case: a person knows that
# both are genuine.
mail_send "$(mk_contact 10000001 --auth-results '' --message-id '<first@ipa.go.jp>')"
outbox_wait 1 held
mail_send "$(mk_contact 10000001 --message-id '<second@ipa.go.jp>')"
inbox_wait ipa 1
check_eq 'two cases, the answer of the first held' "$(acknowledged)" '1:contact:held 2:contact:sent'
check_status 'a case is not merged into itself' 65 tool case merge 2 IPA#10000001
tool case merge 1 2 --as officer
check_eq 'one acknowledgement is left: the one that went out' "$(acknowledged)" '2:contact:sent'
check_status 'the other one cannot be let go any more' 65 tool outbox release 1
check_eq 'the first id means the second case' "$(case_get 1 'd["id"]')" 2
check_eq 'which holds both mails and our answer' \
	"$(case_get 2 '(d["messages"], d["beside"], d["number_bound"])')" '[3, [], true]'
check_eq 'nothing is owed twice' "$(states 2 acknowledge)" '["cancelled", "met"]'
check_eq 'there is one case in the list' "$(case_list '[x["id"] for x in d]')" '[2]'
check_has 'its log tells of the other' "$(logged 2)" '^officer: case 1 merged into this one, messages: 1$'
check_eq 'the other'"'"'s log is there too, and ends with the merging' \
	"$(case_get 2 '[(m["id"], m["log"][-1]["what"]) for m in d["merged"]]')" '[[1, "merged into case 2"]]'
check_status 'what was merged is merged no more' 65 tool case merge 1 2
check_status 'nor closed' 65 tool case close 1 --why gone
tool case note 1 'written on the old id' --as officer
check_has 'a note on the old id stands in the other' "$(logged 2)" 'note: written on the old id$'
mail_send "$(mk_contact 10000001)"
mail_send "$(mk_encryption 10000001 --references '<first@ipa.go.jp>')"
inbox_wait ipa 2
check_eq 'what comes later joins it: one answer for each stage' \
	"$(case_list '[x["id"] for x in d]') $(acknowledged)" '[2] 2:contact:sent 2:encryption:sent'

# Two numbers are two matters to their coordinator, unless a person says why not.
mail_send "$(mk_contact 20000002 --site "$shop")"
inbox_wait ipa 3
check_status 'two numbers are not merged' 65 tool case merge 3 2
check_has 'and why not is told' "$(cat "$T/own/.check")" 'case 3 bears IPA#20000002, case 2 bears IPA#10000001'
check_eq 'nothing was changed by it' "$(case_list '[x["id"] for x in d]')" '[2, 3]'
tool case merge 3 2 --why 'IPA says so on the telephone' --as officer
check_eq 'with a reason they are' "$(case_get 2 '(d["number"], d["numbers"], d["number_bound"])')" \
	'["IPA#10000001", ["IPA#10000001", "IPA#20000002"], true]'
check_eq 'both answers had gone out before' "$(acknowledged)" \
	'2:contact:sent 2:encryption:sent 2:contact:sent'
mail_send "$(mk_contact 20000002 --site "$shop")"
wait_for 10 '[ "$(case_get 2 "d[\"messages\"]")" = 9 ]' 'a mail with the second number to be joined'
check_eq 'and no further one follows' "$(inbox_count ipa)" 3

# It was wrong: the two mails about the shop are another matter.
moved=$(case_get 2 '" ".join(str(m["id"]) for m in d["message_list"] if m["direction"] == "in"
	and "20000002" in m["subject"])')
answer=$(case_get 2 '[m["id"] for m in d["message_list"] if m["direction"] == "out"][-1]')
check_status 'an answer does not go without its question' 65 tool case split 2 "$answer"
check_status 'what is not in the case cannot leave it' 65 tool case split 2 99
check_eq 'the new case'"'"'s id is printed' "$(tool case split 2 $moved --as officer)" 4
check_eq 'it has the mails, the number, the site and the answer' \
	"$(case_get 4 '(d["messages"], d["numbers"], d["number_bound"], d["sites"], d["stage"], d["coordinator"])')" \
	'[3, ["IPA#20000002"], true, ["https://shop.example.co.jp/"], "contact", "IPA"]'
check_eq 'and the other has what was its own' \
	"$(case_get 2 '(d["messages"], d["numbers"], d["number_bound"], d["sites"], d["stage"])')" \
	'[6, ["IPA#10000001"], true, ["https://www.example.co.jp/"], "encryption"]'
check_eq 'each stage of each has its answer' "$(acknowledged)" \
	'2:contact:sent 2:encryption:sent 4:contact:sent'
mail_send "$(mk_contact 20000002 --site "$shop")"
wait_for 10 '[ "$(case_get 4 "d[\"messages\"]")" = 4 ]' 'what comes then to join the new case'
mail_send "$(mk_details 20000002 --site "$shop")"
inbox_wait ipa 4
check_eq 'its next stage is answered, and nothing twice' "$(acknowledged)" \
	'2:contact:sent 2:encryption:sent 4:contact:sent 4:details:sent'
check_eq 'four answers to eight mails' "$(inbox_count ipa)" 4

# A person's word outlives another judgement of the mail.
first=${moved%% *}
tool message trust "$first" --why 'asked them' --as officer >"$T/own/told"
check_has 'judged again, it stays where it was put' "$(cat "$T/own/told")" 'case 4$'
check_eq 'with its number' "$(case_get IPA#20000002 'd["id"]')" 4
check_status 'all mails of a case are the case' 65 tool case split 4 $(case_get 4 '" ".join(str(m["id"])
	for m in d["message_list"] if m["direction"] == "in")')
tool case close 4 --why 'fixed' --as officer
details=$(case_get 4 '[m["id"] for m in d["message_list"] if m["kind"] == "details"][0]')
check_eq 'a closed case is split too' "$(tool case split 4 "$details" --as officer 2>"$T/own/told")" 5
check_eq 'the other matter is open, and its deadline goes on' \
	"$(case_get 5 '(d["state"], d["stage"], d["numbers"], d["number_bound"])') $(states 5 remediation)" \
	'["open", "details", ["IPA#20000002"], false] ["pending"]'
check_eq 'the number is bound where it was' "$(case_get IPA#20000002 '(d["id"], d["state"])')" '[4, "closed"]'
check_eq 'each case'"'"'s chain holds, that of the merged ones too' \
	"$(tool verify --json | json '[x["fine"] for x in d if x["what"].startswith("logs of")]')" '[true]'
check 'nothing of this is an alteration' tool verify

# Behind the desk's back: the last entry of all, after which no other hash stands.
daemon_stop
check_eq 'the daemon stops with 0' "$DAEMON_STATUS" 0
tool case note 4 'the last word' --as officer
"$PYTHON" -I -c '
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("DELETE FROM log WHERE id = (SELECT max(id) FROM log)")
' "$T/state/cases.db"
check_status 'what was taken out shows' 1 tool verify --all
check_has 'in the log' "$(cat "$T/own/.check")" '^ALTERED  tally of log: rows that were written: [0-9]+, that are there: [0-9]+$'
story_end
