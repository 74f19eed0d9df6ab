#!/bin/sh
# A first contact may bear no number yet. What follows is joined to it by the site that both name, if
# just one open case can be meant; else it opens a new one, and staff see the doubt.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a mail is joined by its site'
desk_keys
C_SITES='["https://www.example.co.jp/", "https://shop.example.co.jp/", "https://other.example.co.jp/"]'
desk_conf
daemon_start
www=https://www.example.co.jp/
shop=https://shop.example.co.jp/

mail_send "$(mk_contact '')"
inbox_wait ipa 1
check_eq 'without a number the answer bears a neutral word alone' \
	"$(mail_header "$(inbox_last ipa)" Subject)" 'Re: ご連絡'
check_eq 'the case knows its site' "$(case_get 1 '(d["number"], d["sites"])')" \
	'[null, ["https://www.example.co.jp/"]]'
mail_send "$(mk_details 10000001)"
inbox_wait ipa 2
check_eq 'the details of that site join it, and bring the number' \
	"$(case_get 1 '(d["number"], d["number_bound"], d["stage"])')" '["IPA#10000001", true, "details"]'

# Two more first contacts without a number, one for each site; then details that name both.
mail_send "$(mk_contact '')"
mail_send "$(mk_contact '' --site "$shop")"
inbox_wait ipa 4
check_eq 'a case that has its number is joined by site no more' "$(case_list 'len(d)')" 3
mail_send "$(mk_details 10000002 --site "$www $shop")"
inbox_wait ipa 5
check_eq 'where two cases may be meant, a new one is opened' \
	"$(case_get IPA#10000002 '(d["id"], sorted(d["sites"]))')" \
	'[4, ["https://shop.example.co.jp/", "https://www.example.co.jp/"]]'
check_has 'and why' "$(tool message why "$(case_get 4 'd["message_list"][0]["id"]')")" 'Against that: several open cases are about its site\.'
check_has 'and the doubt is shown' "$(case_get 4 'd["message_list"][0]["problems"]')" 'by the site'
mail_send "$(mk_details 10000003 --site "$shop")"
inbox_wait ipa 6
check_eq 'one that names one site alone finds its case' "$(case_get IPA#10000003 'd["id"]')" 3
check_eq 'no text of it lies in clear: the site is the conf'"'"'s own string' \
	"$(case_get 3 'd["sites"]')" '["https://shop.example.co.jp/"]'

# A forger came first, without a number: the true contact joins by site too, and is answered. When the
# forged one is called so, the true one stays, though its site leads to a case with a number no more.
C_CASES=$(case_list 'len(d)')
mail_send "$(mk_contact '' --site https://other.example.co.jp/ --auth-results '' --message-id '<forged@ipa.go.jp>')"
wait_for 10 '[ "$(outbox_get "len(d)" --state held)" = 1 ]' 'an answer to be held'
mail_send "$(mk_contact '' --site https://other.example.co.jp/ --message-id '<true@ipa.go.jp>')"
inbox_wait ipa 7
check_eq 'the answer that was held gives way' "$(outbox_get 'len(d)' --state held)" 0
mail_send "$(mk_details 10000004 --site https://other.example.co.jp/)"
inbox_wait ipa 8
other=$(case_get IPA#10000004 'd["id"]')
check_eq 'all three are in one case' "$(case_list 'len(d)') $(case_get "$other" 'sum(m["direction"] == "in" for m in d["message_list"])')" \
	"$((C_CASES + 1)) 3"
tool message forged "$(message_get '[m["id"] for m in d if m["message_id"] == "<forged@ipa.go.jp>"][0]')" \
	--why 'they know nothing of it' --as officer >"$T/own/said"
check_eq 'the true ones stay in it, the forged one has its own' \
	"$(case_list '[(c["number"], c["trust"]) for c in d if c["id"] >= '"$other"']')" \
	'[["IPA#10000004", "verified"], [null, "suspect"]]'
check_eq 'and each is in one case' "$(message_get '[len([n for n in d if n["id"] == m["id"]]) for m in d if m["message_id"] == "<true@ipa.go.jp>"]') $(case_get "$other" 'sum(m["direction"] == "in" for m in d["message_list"])')" '[1] 2'
check_has 'why it stays is told' "$(tool message why "$(message_get '[m["id"] for m in d if m["message_id"] == "<true@ipa.go.jp>"][0]')")" 'it was there already'
check 'no path of a URL is kept' no_leak 'search?q=1'
story_end
