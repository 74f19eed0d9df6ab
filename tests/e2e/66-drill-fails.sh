#!/bin/sh
# A drill that cannot pass ends with 1, says at which step and what to do, and staff are told; nothing
# of it goes out later. What pretends to be a drill's mail gets no answer.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a drill fails'
desk_keys
good=${C_SMTP_URL-}
C_SMTP_URL=smtps://127.0.0.1:9
desk_conf
daemon_start

drill_json() {
	tool drill --json --timeout "$@" >"$T/own/drill"
}

# steps EXPRESSION: over the JSON of the last drill.
steps() {
	json "$1" "$T/own/drill"
}

# failed_at: its first step that failed.
failed_at() {
	steps '[s["step"] for s in d[0]["steps"] if s["result"] == "failed"][0]'
}

# waiting: what of a drill waits to be sent.
waiting() {
	outbox_get "len([x for x in d if x['to'] == 'security@example.co.jp'])"
}

# alerts [PATTERN]: how many of the officer's mails are about a drill, or say that.
alerts() {
	for _mail in $(inbox_mails officer); do open_text "$OFFICER_HOME" "$_mail"; done |
		grep -cE "${1:-madoguchi drill}" || :
}

# mk_drill NUMBER MESSAGE-ID: what the drill sends, by someone who has every key but the drill's own.
mk_drill() {
	mk_plain "[DRILL#$1]" "DRILL#$1 SQL injection" security@example.co.jp --message-id "$2" \
		--sign-with "$OFFICER_HOME:$OFFICER_FPR" --encrypt-to "$DESK_FPR"
}

# nothing_judged: whether no mail has become a case, and nobody but the officer was written to.
nothing_judged() {
	[ "$(case_list 'len(d)') $(inbox_count ipa)" = '0 0' ]
}

# The smarthost is not there.
check_status 'without a smarthost it fails' 1 drill_json $((3 * ${E2E_SLOW:-1}))
check_eq 'at sending' "$(steps 'd[0]["result"]') $(failed_at)" 'failed send'
check_has 'why, and what to do' "$(steps '[s["what"] + " -> " + s["todo"] for s in d[0]["steps"] if s["result"] == "failed"][0]')" \
	'^not within [0-9]+ s: .*127\.0\.0\.1.* -> see the lines of smtp in: madoguchi doctor$'
check_eq 'what comes behind was not reached' "$(steps 'd[0]["steps"][3]["result"]')" not-reached
check_has 'the store knows' "$(sqlite3 "$T/state/cases.db" "SELECT value FROM value WHERE name = 'drill.www'")" '^[0-9]{16} failed$'
check_eq 'its mail was dropped' "$(waiting)" 0
check_eq 'an alert waits' "$(outbox_get "[x['kind'] for x in d]")" '["alert"]'
check_has 'doctor tells' "$(tool doctor | grep 'last drill')" 'the last drill failed at'
daemon_stop
C_SMTP_URL=${good:-smtps://127.0.0.1:$SMTPS_PORT}
desk_conf
tool outbox retry "$(outbox_get 'd[0]["id"]')" --as officer
daemon_start
inbox_wait officer 1
check_eq 'and goes when it can' "$(alerts)" 1
check_eq 'nothing of the drill went with it' "$(inbox_count desk)" 0

# The mailbox is not there: the mail comes into it when it is back, and is too late.
imap_stop
check_status 'without a mailbox it fails' 1 drill_json $((4 * ${E2E_SLOW:-1}))
check_eq 'at arriving' "$(failed_at)" arrive
imap_start
inbox_wait officer 2 30
check_eq 'staff are told' "$(alerts)" 2
wait_for 30 '[ "$(message_get "len(d)")" = 1 ]' 'the late mail to be read'
check_eq 'it is nobody'"'"'s' "$(message_get '[(m["kind"], m["case"]) for m in d]')" '[["own", null]]'
cp "$(inbox_last desk)" "$T/own/late"
question=$(mail_id "$T/own/late")

# Mail that pretends to be a drill's, while none is under way: the true one once more, and others.
mail_put INBOX "$T/own/late"
mail_put Junk "$(mk_drill 12345678 "$question")"
mail_put INBOX "$(mk_plain 'DRILL#12345678' 'DRILL#12345678 please answer' mallory@example.net)"
mail_put INBOX "$(mk_plain 'DRILL#12345678' 'DRILL#12345678 please answer' security@example.co.jp)"
wait_for 20 '[ "$(message_get "len(d)")" -ge 4 ]' 'them to be read'
check 'none is answered' nothing_judged
check_eq 'nothing waits' "$(waiting)" 0

# While one is under way, by someone who knows its number and Message-ID: the key is what counts.
# The drill's own mail does not come: the smarthost is away.
smtp_stop
drill_json 300 &
drill=$!
now() {
	sqlite3 "$T/state/cases.db" "SELECT value FROM value WHERE name = 'drill.www.now'"
}
wait_for 20 '[ -n "$(now)" ]' 'the drill to begin'
number=$(now | sed -n 's/^number: //p')
entry=$(now | sed -n 's/^question: //p')
id=$(sqlite3 "$T/state/cases.db" "SELECT message_id FROM outbox WHERE id = $entry")
mail_put INBOX "$(mk_drill "$number" "$id")"
status=0
wait "$drill" || status=$?
check_eq 'it fails at once' "$status $(failed_at)" '1 arrive'
check_has 'the daemon saw why' "$(cat "$T/log")" "drill.s notification came: it does not bear the signature of the drill.s key"
check_eq 'nothing was answered' "$(outbox_get "len([x for x in d if x['kind'] == 'acknowledgement'])") $(outbox_get "len(d)" --state sent)" '0 3'
check 'no case came of it' nothing_judged

# Without a daemon it is no other: the pass that it makes itself ends, and leaves the alert for the next.
daemon_stop
check_status 'where no daemon runs it fails likewise' 1 drill_json $((3 * ${E2E_SLOW:-1}))
check_eq 'at sending' "$(failed_at)" send
check_eq 'nothing but alerts waits' "$(outbox_get "{x['kind'] for x in d} == {'alert'}")" true
smtp_start
daemon_once
check_eq 'which the next pass may send' "$(waiting)" 0

# cut_off: a drill whose tool is killed while its mail waits for the smarthost.
cut_off() {
	_before=$(waiting)
	drill_json 60 &
	_drill=$!
	wait_for 20 '[ "$(waiting)" -gt "$_before" ]' "the drill's mail to wait"
	_tools=$(pgrep -f "^$MADOGUCHI -c $T/madoguchi.conf .* drill --json --timeout 60$") ||
		story_fail 'the tool of the drill is there to be killed'
	# shellcheck disable=SC2086
	kill -9 $_tools 2>/dev/null || :
	wait "$_drill" || :
}

# later MINUTES: the time so many minutes from now.
later() {
	date -u -d "$1 minutes" +%Y-%m-%dT%H:%M:%SZ
}

# One whose tool was killed: for its time no other begins; then the daemon takes away what it left.
smtp_stop
cut_off
check_status 'while it may live no other begins' 75 drill_json 3
check_has 'and how long is told' "$(cat "$T/own/.check")" 'another drill is under way, until [0-9]{4}-'
mails=$(inbox_count desk)
smtp_start
daemon_once --now "$(later 10)"
check_eq 'the next pass drops its mail' "$(waiting)" 0
check_eq 'which does not go out' "$(inbox_count desk)" "$mails"
check_eq 'nothing stands there of it' "$(now)" ''
check_has 'it is on record' "$(sqlite3 "$T/state/cases.db" "SELECT value FROM value WHERE name = 'drill.www'")" '^[0-9]{16} failed$'
check_eq 'staff are told' "$(alerts 'was cut off')" 1

# Or the next drill does, where no daemon ran since.
smtp_stop
cut_off
left=$(outbox_get "[x['id'] for x in d if x['to'] == 'security@example.co.jp'][0]")
check_status 'the next drill' 1 drill_json 3 --now "$(later 20)"
check_eq 'begins, and drops what the dead one left' "$(outbox_field "$left" dropped state)" dropped
smtp_start
daemon_once --now "$(later 21)"
check_eq 'nothing of either goes out' "$(waiting) $(outbox_get "len([x for x in d if x['id'] >= $left and x['kind'] == 'details'])" --state sent)" '0 0'
check_eq 'the alerts do' "$(alerts 'was cut off')" 2
check 'the store is whole' tool verify
story_end
