#!/bin/sh
# A smarthost that says "later", breaks off, is away, wants another password, or refuses for good:
# an answer goes out once, late rather than never, and what cannot go is told to the officer. What
# is held waits for a person's word.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# wait_of ID CASE TRY: seconds between that failed try, as the case's log has it, and the next one.
wait_of() {
	_next=$(outbox_field "$1" deferred next_try_at)
	_at=$(case_get "$2" "[x['at'] for x in d['log'] if 'outbox $1 deferred after try $3' in x['what']][0]")
	echo $(($(date -d "$_next" +%s) - $(date -d "$_at" +%s)))
}

between() {
	[ "$2" -ge "$1" ] && [ "$2" -le "$3" ]
}

desk_begin 'a smarthost fails in every way'
desk_keys
fault_start
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none C_ALERTS=false
desk_conf
daemon_start

# "Later", at the recipient and after the text: tried again after half a minute, then after one.
fault 'rcpt 451 4.3.0 try later' 'dot 452 4.2.2 no room' ok
mail_send "$(mk_contact 10000001)"
outbox_wait 1 deferred
check_has 'the reason is shown' "$(outbox_field 1 deferred last_error)" '451 4.3.0 try later'
check 'the next try is half a minute away' between 29 "$(wait_of 1 1 1)" 37
tool outbox retry 1
wait_for 10 'log_since 0 "outbox=1 .*deferred, try 2"' 'the second try'
check 'then a whole one' between 59 "$(wait_of 1 1 2)" 73
tool outbox retry 1
outbox_wait 1 sent
check_eq 'the server took it once' "$(fault_count accepted)" 1

# The line breaks after the final dot: nobody knows whether the server has it.
fault 'dot cut' ok
mail_send "$(mk_contact 10000002)"
outbox_wait 2 deferred
tool outbox retry 2
outbox_wait 2 sent
check 'the same bytes go again' cmp "$(fault_mails unanswered)" "$(fault_mails accepted | tail -n 1)"
check_eq 'and the record shows two tries' "$(outbox_field 2 sent tries)" 2

# The server is away; then it wants another password, which staff write into the file.
fault_stop
mail_send "$(mk_contact 10000003)"
outbox_wait 3 deferred
fault ok
fault_start
tool outbox retry 3
outbox_wait 3 sent
daemon_stop
echo not-the-password >"$T/smtp.password"
daemon_start
mail_send "$(mk_contact 10000004)"
outbox_wait 4 deferred
check_has 'that the login failed is shown' "$(outbox_field 4 deferred last_error)" 535
echo "$DESK_PASSWORD" >"$T/smtp.password"
tool outbox retry 4
outbox_wait 4 sent
check 'no password lies on disk' no_leak not-the-password "$DESK_PASSWORD"

# "Never": failed, the officer is told, and a person may try again.
daemon_stop
C_ALERTS=true C_DETAILS=hold
desk_conf
daemon_start
fault 'rcpt 550 5.1.1 no such user' ok
mail_send "$(mk_encryption 10000004)"
outbox_wait 5 failed
wait_for 10 '[ "$(fault_letters officer@example.co.jp | wc -l)" -eq 2 ]' 'the officer to be told'
last=$(fault_letters officer@example.co.jp | tail -n 1)
check_has 'the officer is told why' "$(open_text "$OFFICER_HOME" "$last")" '550 5.1.1 no such user'
tool outbox retry 5
outbox_wait 5 sent

# Held: a person lets it go, or drops it.
mail_send "$(mk_details 10000004)"
mail_send "$(mk_details 10000003)"
wait_for 10 '[ "$(outbox_get "len(d)" --state held)" = 2 ]' 'both answers to be held'
held=$(outbox_get '" ".join(str(x["id"]) for x in d)' --state held)
tool outbox release "${held% *}" --as officer
outbox_wait "${held% *}" sent
tool outbox drop "${held#* }" --why 'answered by telephone' --as officer
check_eq 'it waits no more' "$(outbox_get '[x["last_error"] for x in d]' --state dropped)" \
	'["answered by telephone"]'
check_eq 'the coordinator got the six answers that were to go' \
	"$(fault_letters vuln-contact@ipa.go.jp | wc -l)" 6
check_eq 'the log says who dropped what, and why' \
	"$(case_get 3 '[x["who"] for x in d["log"] if "answered by telephone" in x["what"]]')" '["officer"]'
story_end
