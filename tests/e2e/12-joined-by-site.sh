#!/bin/sh
# A first contact may bear no number yet. What follows is joined to it by the site that both name, if
# just one open case can be meant; else it opens a new one, and staff see the doubt.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a mail is joined by its site'
desk_keys
C_SITES='["https://www.example.co.jp/", "https://shop.example.co.jp/"]'
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
check 'no path of a URL is kept' no_leak 'search?q=1'
story_end
