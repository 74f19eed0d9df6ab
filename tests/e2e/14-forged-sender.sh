#!/bin/sh
# Anybody can write the coordinator's name into From. Such mail is never answered by itself and binds
# no number; the alert tells staff whom to ask; what a person then says of it, holds.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# trust_of NUMBER: the trust of the cases that claim it, and whether it is bound to one.
trust_of() {
	case_list '[(c["trust"], c["number_bound"]) for c in d if c["number"] == "IPA#'"$1"'"]'
}

# alert_of NUMBER: the text of the last alert about it, as the officer reads it.
alert_of() {
	open_text "$OFFICER_HOME" "$(inbox_find officer "\[IPA#$1\]" | tail -n 1)"
}

desk_begin 'forged senders get no answer'
desk_keys
desk_conf
daemon_start

# DMARC failed; no result at all; a result that the sender wrote; a look-alike with a good DMARC of
# its own; the coordinator's name before a stranger's address.
mail_send "$(mk_contact 10000001 --auth-results 'mx.example.co.jp; dmarc=fail header.from=ipa.go.jp')"
mail_send "$(mk_contact 10000002 --auth-results '')"
mail_send "$(mk_contact 10000003 --auth-results 'mx.ipa.go.jp; dmarc=pass header.from=ipa.go.jp')"
mail_send "$(mk_forged 10000004)"
mail_send "$(mk_contact 10000005 --from 'vuln-contact@ipa.go.jp <x@mail.example.net>' \
	--auth-results 'mx.example.co.jp; dmarc=pass header.from=mail.example.net')"
inbox_wait officer 5
check_eq 'a failed DMARC makes it suspect' "$(trust_of 10000001)" '[["suspect", false]]'
check_eq 'none leaves it unverified' "$(trust_of 10000002)" '[["unverified", false]]'
check_eq 'and so does one that is not our own server'"'"'s' "$(trust_of 10000003)" '[["unverified", false]]'
check_eq 'a look-alike is suspect' "$(trust_of 10000004)" '[["suspect", false]]'
check_eq 'in name too' "$(trust_of 10000005)" '[["suspect", false]]'
for number in 10000001 10000004 10000005; do
	check_has "the alert says whom to ask about $number" "$(alert_of "$number")" 'vuln-inq@ipa\.go\.jp'
done
check_eq 'suspect mail sets no deadline' "$(case_get IPA#10000001 'd["deadlines"]')" '[]'
check_eq 'only for the unverified ones an answer is held' \
	"$(outbox_get '[(x["kind"], x["to"]) for x in d]' --state held)" \
	'[["acknowledgement", "vuln-contact@ipa.go.jp"], ["acknowledgement", "vuln-contact@ipa.go.jp"]]'
check_eq 'nothing went to the coordinator' "$(inbox_count ipa)" 0
check_eq 'nor to anybody else' "$(inbox_count sink)" 0

check_has 'why the first is suspect' "$(tool message why "$(case_get IPA#10000001 'd["message_list"][0]["id"]')" | tr '\n' ' ' | tr -s ' ')" \
	'says dmarc=fail.*So it is suspect, dmarc=fail \[RULES 1, row 6\]\..*It opens a new case: what is not believed joins none\.'

# The officer telephones: the second is genuine, the third is not.
id_of() {
	message_get '[m["id"] for m in d if m["case"] == '"$(case_get "$1" 'd["id"]')"'][0]'
}
tool message trust "$(id_of IPA#10000002)" --why 'they confirmed it by telephone' --as officer >"$T/own/said"
tool message forged "$(id_of IPA#10000003)" --why 'they know nothing of it' --as officer >"$T/own/said"
inbox_wait ipa 1
check_eq 'the genuine one is answered' "$(mail_header "$(inbox_last ipa)" Subject)" '[IPA#10000002] ご連絡'
check_eq 'and its number bound' "$(trust_of 10000002)" '[["verified", true]]'
check_eq 'the forged one is suspect now' "$(trust_of 10000003)" '[["suspect", false]]'
check_eq 'and its answer dropped' "$(outbox_get 'len(d)' --state held)" 0
check_has 'who said so is on record' "$(case_get IPA#10000003 '[x["who"] for x in d["log"]
	if "they know nothing of it" in x["what"]]')" officer

# A mail that was believed and answered proves forged later: what hung on it goes.
mail_send "$(mk_contact 10000006)"
inbox_wait ipa 2
tool message forged "$(id_of IPA#10000006)" --why 'their mail server was broken into' --as officer >"$T/own/said"
check_eq 'its case is suspect, and the number bound to none' "$(trust_of 10000006)" '[["suspect", false]]'
check_eq 'it awaits nothing any more' \
	"$(case_get IPA#10000006 '[x["state"] for x in d["deadlines"] if x["state"] == "pending"]')" '[]'

# One that was believed stood before the coordinator's own: that is owed what it asks for all the same.
mail_send "$(mk_contact 10000007)"
inbox_wait ipa 3
mail_send "$(mk_ipa details 10000007 --message-id '<broken-in@ipa.go.jp>')"
inbox_wait ipa 4
mail_send "$(mk_details 10000007)"
wait_for 10 '[ "$(case_get IPA#10000007 "d[\"messages\"]")" = 5 ]' 'the details to join'
check_eq 'the true details are answered already' "$(outbox_get 'len(d)' --state held) $(inbox_count ipa)" '0 4'
tool message forged "$(message_get '[m["id"] for m in d if m["message_id"] == "<broken-in@ipa.go.jp>"][0]')" \
	--why 'their mail server was broken into' --as officer >"$T/own/said"
check_eq 'what the true details ask for is pending' \
	"$(case_get IPA#10000007 '[(x["kind"], m["trust"]) for x in d["deadlines"] if x["state"] == "pending"
		for m in d["message_list"] if m["id"] == x["from_message"]]')" \
	'[["investigation", "verified"], ["requested", "verified"], ["remediation", "verified"]]'
check_eq 'they stay in their case; the forged one has its own' \
	"$(case_list '[(c["messages"], c["trust"], c["number_bound"]) for c in d if c["number"] == "IPA#10000007"]')" \
	'[[4, "verified", true], [1, "suspect", false]]'
check_eq 'the answer that went is not sent again' "$(outbox_get 'len(d)' --state held) $(inbox_count ipa)" '0 4'
story_end
