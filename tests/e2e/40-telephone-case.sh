#!/bin/sh
# A coordinator rings up before it writes. A person opens the case; the mail that comes later joins
# it, by number or by site. The case is taken, talked about, closed, and goes on when it must.
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

desk_begin 'a case that came by telephone'
desk_keys
C_SITES='["https://www.example.co.jp/", "https://shop.example.co.jp/"]'
C_DETAILS=hold
C_STAFF_MORE='dev: { address = "dev@example.co.jp"; role = "implementer"; key = ""; digest_at = ""; alerts = false; };'
desk_conf
daemon_start

# The call. Any spelling of the number, any URL of the site; the conf's own strings are kept.
check_eq 'the new case'"'"'s id is printed' \
	"$(tool case open --desk www --number 'ipa＃12345678' --title '電話での第一報' \
		--site 'www.example.co.jp/search?q=1' --as officer)" 1
check_eq 'it is staff'"'"'s own, its number is bound, its site the conf'"'"'s' \
	"$(case_get IPA#12345678 '[d[x] for x in ("id", "title", "origin", "number", "number_bound",
		"coordinator", "sites", "stage", "phase", "trust", "messages")]')" \
	'[1, "電話での第一報", "staff", "IPA#12345678", true, "IPA", ["https://www.example.co.jp/"], null, "receive", "unverified", 0]'
check_has 'the log tells who' "$(logged 1)" '^officer: case opened by hand: IPA$'
check 'no path of a URL is kept' no_leak 'search?q=1'
check_status 'a number has one case' 65 tool case open --desk www --number IPA#12345678
check_has 'which is told' "$(cat "$T/own/.check")" 'IPA#12345678 is the number of case 1$'
check_status 'a mask is no number' 65 tool case open --desk www --number 'IPA#XXXXXXXX'
check_status 'a site is one of the desk'"'"'s' 65 tool case open --desk www --site https://example.com/
check_has 'which are told' "$(cat "$T/own/.check")" 'https://www.example.co.jp/, https://shop.example.co.jp/'
check_status 'a desk is one of the conf' 64 tool case open --desk shop

# What was mistyped is named, and last.
check_status 'no such command' 64 tool frob
check_eq 'which is all that is said' "$(cat "$T/own/.check")" \
	'madoguchi: frob: no such command; madoguchi --help tells all'
check_status 'nor of a case' 64 tool case frob 1
check_has 'after those that there are' "$(tail -n 1 "$T/own/.check")" '^madoguchi: case frob: no such command'
check_has 'of a case alone' "$(grep -c '^  madoguchi case ' "$T/own/.check") $(grep -c '^  madoguchi outbox ' "$T/own/.check" || :)" \
	'^[1-9][0-9]* 0$'
check_status 'one word of two' 64 tool case
check_has 'is not enough' "$(tail -n 1 "$T/own/.check")" '^madoguchi: case: say which of these$'
check_status 'and must be told' 64 tool case open --number IPA#10000009
check_status 'nothing is due yet' 65 tool case call 1 'rang back' --meets acknowledge
check_eq 'what was refused has left no trace' "$(case_list 'len(d)') $(case_get 1 'len(d["log"])')" '1 3'

# Its mail comes, and knows nothing of the call but the number.
mail_send "$(mk_contact 12345678)"
inbox_wait ipa 1
check_eq 'it joins the case and is acknowledged' \
	"$(case_get 1 '(d["messages"], d["stage"], d["trust"], d["origin"])')" \
	'[2, "contact", "authenticated", "staff"]'
check_eq 'there is no other case' "$(case_list 'len(d)')" 1

# Another call, without a number: the mail is joined by the site.
check_eq 'the second case, as JSON' \
	"$(tool case open --desk www --site https://shop.example.co.jp/ --json |
		json '(d["id"], d["number"], d["coordinator"], d["title"])')" \
	'[2, null, "IPA", "https://shop.example.co.jp/ staff"]'
mail_send "$(mk_details 20000002 --site https://shop.example.co.jp/)"
outbox_wait 3 held
check_eq 'the details join it by their site, and bring the number' \
	"$(case_get 2 '(d["messages"], d["number"], d["number_bound"], d["stage"])')" \
	'[1, "IPA#20000002", true, "details"]'

# Who sees to it.
check_status 'to take it one must be staff' 64 tool case take 2
tool case take 2 --as officer
check_eq 'taken' "$(case_get 2 'd["assignee"]')" officer
tool case assign IPA#20000002 dev --as officer
check_eq 'given to someone else' "$(case_get 2 'd["assignee"]')" dev
check_status 'who is no staff gets nothing' 64 tool case assign 2 nobody
check_has 'the log tells both' "$(logged 2)" '^officer: assigned to dev, before: officer$'

# The receipt is given by telephone; the letter that waited is not needed.
tool case call 2 '03-5978-7527 に電話、受領を伝えた' --meets acknowledge --as officer
check_eq 'a conversation meets the deadline' "$(states 2 acknowledge)" '["met"]'
check_status 'once' 65 tool case call 2 'again' --meets acknowledge
tool outbox drop 3 --why 'told by telephone' --as officer
tool case note 2 '担当者は
来週まで不在' --as officer
check_has 'a note stands in the log, in one line' "$(logged 2)" '^officer: note: 担当者は 来週まで不在$'
check_status 'an empty note is none' 64 tool case note 2 '  '
tool case set 2 phase investigate --as officer
tool case set 2 phase investigate --as officer
check_eq 'a change is logged as old and new, once' \
	"$(logged 2 | grep -c 'phase: receive -> investigate$')" 1
check_status 'a phase is one of six' 64 tool case set 2 phase later
check_status 'a number that is another case'"'"'s stays there' 65 tool case set 2 number IPA#12345678
tool case set 2 number ＩＰＡ＃２０００００９９ --as officer
check_eq 'a number was wrong' "$(case_get 2 '(d["number"], d["numbers"], d["number_bound"])')" \
	'["IPA#20000099", ["IPA#20000099"], true]'
tool case set 2 number IPA#20000002 --as officer

# A finder who agreed writes about it, and is no stranger.
check_status 'without consent nobody is written to' 64 tool case finder 2 finder@example.org
check_status 'nor is what is no address' 65 tool case finder 2 'finder@example.org>, x@y.jp' --consented
check_status 'nor is the coordinator' 65 tool case finder 2 vuln-contact@ipa.go.jp --consented
tool case finder 2 finder@example.org --consented --as officer
check_eq 'the finder is known' "$(case_get 2 '[x["address"] for x in d["finders"]]')" '["finder@example.org"]'
check_eq 'but not in the log' "$(logged 2 | grep -c finder@)" 0
mail_send "$(mk_plain 'IPA#20000002' 'More of it.' 'finder@example.org')"
wait_for 10 '[ "$(case_get 2 "d[\"messages\"]")" = 2 ]' 'the finder'"'"'s mail to be joined'

# It is over, and then it is not.
check_status 'closing wants a reason' 64 tool case close 2
check_status 'which is kept whole or not at all' 65 tool case close 2 \
	--why "$(printf '%01501d' 0)"
check_eq 'the fix is due' "$(states 2 remediation)" '["pending"]'
tool case close 2 --why 'fixed and reported by telephone' --as officer
check_eq 'closed, its deadline is over' "$(case_get 2 'd["state"]') $(states 2 remediation)" 'closed ["cancelled"]'
check_has 'the log tells of each' "$(logged 2)" '^officer: deadline remediation, due [-0-9]+ 23:59, cancelled$'
check_status 'it is closed once' 65 tool case close 2 --why again
check_eq 'it stands in no list of open cases' "$(tool case list --json | json '[x["id"] for x in d]')" '[1]'
mail_send "$(mk_closing 20000002)"
wait_for 10 '[ "$(case_get 2 "d[\"messages\"]")" = 3 ]' 'the closing mail to be joined'
check_eq 'thanks and farewell leave it closed' "$(case_get 2 'd["state"]')" closed
mail_send "$(mk_reminder 20000002)"
wait_for 10 '[ "$(case_get 2 "d[\"messages\"]")" = 4 ]' 'the reminder to be joined'
check_eq 'whoever asks again opens it, and its deadline goes on' \
	"$(case_get 2 'd["state"]') $(states 2 remediation)" 'open ["pending"]'
check_has 'the log tells why' "$(logged 2)" '^madoguchid: case reopened by message [0-9]+ \(reminder\)$'
check_status 'what is open is not reopened' 65 tool case reopen 2
tool case close 1 --why 'no problem found' --as officer
tool case reopen 1 --why 'there is one' --as officer
check_eq 'a person reopens one' "$(case_get 1 'd["state"]')" open

# A number that an unverified mail claims is anybody's word. A person asked: the case that they open
# has it, and the believed mail joins that one.
mail_send "$(mk_contact 30000003 --auth-results '')"
wait_for 10 '[ "$(case_list "len(d)")" = 3 ]' 'the claiming mail'
check_eq 'the number is given' "$(tool case open --desk www --number IPA#30000003 2>"$T/own/told")" 4
check_has 'who else claims it is told' "$(cat "$T/own/told")" 'IPA#30000003 is claimed by others too: case 3$'
mail_send "$(mk_contact 30000003)"
inbox_wait ipa 2
check_eq 'the believed mail joins the person'"'"'s case' \
	"$(case_get IPA#30000003 '(d["id"], d["messages"], d["beside"])') $(case_get 3 'd["messages"]')" \
	'[4, 2, [3]] 1'

check 'nothing of this is an alteration' tool verify
check_status 'a --as that is nobody'"'"'s is refused' 64 tool case note 1 x --as stranger
story_end
