#!/bin/sh
# Cases are merged while an acknowledgement is on its way, and the server has not said yet whether it
# took it. It may be out: nothing is merged by which a second one of its stage could follow.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# under_way TRIES: waits until so many mails were begun and the server keeps silent about the last.
under_way() {
	_tries_wanted=$1
	wait_for 10 '[ "$(fault_tries)" = "$_tries_wanted" ] && [ "$(fault_count)" = "$_tries_wanted" ]' \
		'the letter to be with the server'
}

desk_begin 'cases are merged while a letter is being sent'
desk_keys
fault_start
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none C_ALERTS=false
desk_conf
daemon_start

# One held, one under way: the held one goes, and what is under way belongs to the case that is left.
mail_send "$(mk_contact 10000001 --auth-results '')"
outbox_wait 1 held
fault 'dot stall'
mail_send "$(mk_contact 10000001)"
under_way 1
tool case merge 2 1 --as officer
check_eq 'the held one is dropped' "$(outbox_get '[x["id"] for x in d]' --state dropped)" '[1]'
daemon_kill9
fault ok
daemon_start
outbox_wait 2 sent
check 'the same bytes went again after the crash' \
	cmp "$(fault_mails unanswered)" "$(fault_mails accepted)"
check_eq 'the letter is the merged case'"'"'s, whose number is bound' \
	"$(outbox_field 2 sent case) $(case_get 1 '(d["messages"], d["number"], d["number_bound"])')" \
	'1 [3, "IPA#10000001", true]'
check_has 'and so is its proof' "$(case_get 1 'd["log"][-1]["what"]')" '^outbox 2 .* taken by the server: 250'
check_eq 'its deadline is met' "$(case_get 1 'sorted(x["state"] for x in d["deadlines"] if x["kind"] == "acknowledge")')" '["cancelled", "met"]'

# One is out and one is under way: both would stand for the same stage.
fault 'dot stall'
mail_send "$(mk_contact 20000002)"
under_way 3
check_status 'while it is under way they are not merged' 75 tool case merge 3 1 --why 'they are one'
check_eq 'and nothing has changed' "$(case_list '[x["id"] for x in d]')" '[1, 3]'
daemon_kill9
fault ok
daemon_start
outbox_wait 3 sent
tool case merge 3 1 --why 'they are one' --as officer
mail_send "$(mk_contact 20000002)"
wait_for 10 '[ "$(case_get 1 "d[\"messages\"]")" = 6 ]' 'a further mail to be joined'
check_eq 'afterwards they are, and nothing more goes out' \
	"$(outbox_get 'len(d)') $(fault_letters vuln-contact@ipa.go.jp | wc -l)" '0 2'
check 'nothing of this is an alteration' tool verify
story_end
