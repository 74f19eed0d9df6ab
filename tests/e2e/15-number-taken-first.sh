#!/bin/sh
# A forger names a number before the coordinator does. That takes nothing from the true mail: it opens
# a case of its own, gets its answer, and the two cases stand beside each other.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a forger names the number first'
desk_keys
desk_conf
daemon_start

# By a look-alike address; and by the coordinator's own address that nothing vouches for.
mail_send "$(mk_forged 10000001 --message-id '<forged-one@ipa-go.jp>')"
mail_send "$(mk_contact 10000002 --auth-results '' --message-id '<forged-two@ipa.go.jp>')"
inbox_wait officer 2
check_eq 'the forgers have cases, and no answer' "$(case_list 'len(d)') $(inbox_count ipa)" '2 0'

# Then the true ones, the first of which even refers to the forged mail.
mail_send "$(mk_contact 10000001 --references '<forged-one@ipa-go.jp>')"
mail_send "$(mk_contact 10000002)"
inbox_wait ipa 2
check_eq 'the true mails have cases of their own, to which the numbers are bound' \
	"$(case_list '[(c["id"], c["number"], c["number_bound"], c["trust"]) for c in d if c["id"] > 2]')" \
	'[[3, "IPA#10000001", true, "authenticated"], [4, "IPA#10000002", true, "authenticated"]]'
check_eq 'each stands beside the one that claims its number' \
	"$(case_list '[c["beside"] for c in d]')" '[[3], [4], [1], [2]]'
check_eq 'the number names the bound one' "$(case_get IPA#10000001 'd["id"]')" 3
check_eq 'the forged mail stays alone' "$(case_get 1 'len(d["message_list"])')" 1

# What comes later goes to the true case: the details, and a second forgery to none.
mail_send "$(mk_details 10000001)"
inbox_wait ipa 3
check_eq 'the details join it' "$(case_get IPA#10000001 '(d["stage"], d["trust"])')" '["details", "verified"]'
mail_send "$(mk_forged 10000001)"
alerts_wait 6
check_eq 'a forgery that comes after it opens another of its own' \
	"$(case_list '[(c["id"], c["trust"], c["stage"]) for c in d if 3 in c["beside"]]')" \
	'[[1, "suspect", "contact"], [5, "suspect", "contact"]]'
check_eq 'three answers went out, none to a forger' "$(inbox_count ipa) $(inbox_count sink)" '3 0'

# The second one turns out to be theirs after all: what was its own case owes nobody anything.
check_eq 'its case owes an answer' "$(case_get 2 '[x["state"] for x in d["deadlines"] if x["kind"] == "acknowledge"]')" '["pending"]'
tool message trust "$(case_get 2 'd["message_list"][0]["id"]')" --why 'they sent it twice' --as officer >"$T/own/said"
check_eq 'judged again, it is in the case of its number' "$(case_get 2 '(d["state"], d["messages"])')" '["closed", 0]'
check_eq 'and the case that it left owes nothing' "$(case_get 2 '[x["state"] for x in d["deadlines"] if x["kind"] == "acknowledge"]')" '["cancelled"]'

# A forger who knows the number asks before they do: what is held for it takes nothing from their own.
mail_send "$(mk_contact 10000007)"
inbox_wait ipa 4
alerts_wait 7
mail_send "$(mk_ipa details 10000007 --auth-results '' --message-id '<forged-three@ipa.go.jp>')"
alerts_wait 8
check_eq 'the forged details join, and their answer is held' \
	"$(outbox_get '[(x["kind"], x["case"]) for x in d]' --state held)" \
	"[[\"acknowledgement\", $(case_get IPA#10000007 'd["id"]')]]"
mail_send "$(mk_details 10000007)"
inbox_wait ipa 5
check_eq 'the true ones get their answer' "$(mail_header "$(inbox_last ipa)" Subject)" '[IPA#10000007] ご連絡'
check_eq 'and what was held is dropped' "$(outbox_get 'len(d)' --state held)" 0
check_has 'with the reason' "$(case_get IPA#10000007 '[x["what"] for x in d["log"]]')" \
	"dropped: the coordinator's own mail of this stage came"
check_eq 'what they ask for is owed to them' \
	"$(case_get IPA#10000007 '[m["trust"] for m in d["message_list"] for x in d["deadlines"]
		if x["state"] == "pending" and x["from_message"] == m["id"]]')" '["verified", "verified", "verified"]'
tool message forged "$(case_get IPA#10000007 '[m["id"] for m in d["message_list"] if m["trust"] == "unverified"][0]')" \
	--why 'they know nothing of it' --as officer >"$T/own/said"
check_eq 'also when the forged ones are called so' \
	"$(case_get IPA#10000007 '(d["stage"], d["trust"], d["messages"], d["next_deadline"]["kind"],
		[x["kind"] for x in d["deadlines"] if x["state"] == "pending"])')" \
	'["details", "verified", 4, "investigation", ["investigation", "requested", "remediation"]]'
check_eq 'and no letter goes twice' "$(inbox_count ipa) $(outbox_get 'len(d)' --state held)" '5 0'
check 'nothing of this is an alteration' tool verify
story_end
