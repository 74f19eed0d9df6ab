#!/bin/sh
# A hand-over is cut: the daemon is killed while the server has the letter, and before it heard of
# it; the mail is too large for the server, or for a letter. The same bytes go again, or the person
# is told by numbers alone; nobody counts as told who was not, and nothing opened is left behind. What
# was sealed and could not go yet is no longer sent as it is when the mail in it turned out to be
# forged, or its reader has another key.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

done_by() {
	case_get "$1" "[x['done_by'] for x in d['checklist'] if x['item'] == '$2'][0]"
}

log_of() {
	case_get "$1" '"\n".join(x["what"] for x in d["log"])'
}

# alerts STATE: how many alerts are so.
alerts() {
	outbox_get 'sum(x["kind"] == "alert" for x in d)' --state "$1"
}

# deferred KIND: the ids of such entries.
deferred() {
	outbox_get "' '.join(str(x['id']) for x in d if x['kind'] == '$1')" --state deferred
}

# bytes_of ENTRY: how many sealed letters the store holds of it.
bytes_of() {
	sqlite3 "$T/state/cases.db" "SELECT count(*) FROM outbox_bytes WHERE outbox_id = $1"
}

# dev_has KEY: dev, who has that key, is the one who is alerted.
dev_has() {
	C_ALERTS=false C_STAFF_MORE="dev: { address = \"finder@example.org\"; role = \"implementer\";
		key = \"$1\"; digest_at = \"\"; alerts = true; language = \"en\"; };"
	desk_conf
}

desk_begin 'a hand-over is cut'
desk_keys
fault_start
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none C_DETAILS=off C_OFFICER_LANGUAGE=en
desk_conf

# The server has it all, and says nothing: killed then, the same bytes go again.
fault 'dot stall'
daemon_start
mark=$(new_mark)
mail_send "$(mk_details 12345678 --mark "$mark" --attach-mark)"
wait_for 20 '[ "$(fault_count)" = 1 ]' 'the letter to be with the server'
check_eq 'while nobody knows, nothing is ticked' "$(done_by 1 1.1)" null
daemon_kill9
# shellcheck disable=SC2046
check 'what was killed leaves nothing opened' no_leak $(marks_sealed "$mark")
fault ok
daemon_start
wait_for 20 '[ "$(alerts sent)" = 1 ]' 'the letter to be taken'
check 'the same bytes went again' cmp "$(fault_mails unanswered)" "$(fault_mails accepted)"
check_has 'the log says what goes again' "$(log_of 1)" \
	"^outbox [0-9]+: an attempt was cut, it goes again, sealed anew if its addressee's key is another$"
check_eq 'and now it is ticked' "$(done_by 1 1.1)" madoguchid
check_has 'they hold the mail' "$(open_brought "$OFFICER_HOME" "$(fault_mails accepted)")" "MARK-ATT-$mark"

# Ten kills at random while mails come: each is told, with its mail. There are few enough of them
# that none waits to be told together with others.
daemon_stop
for number in 20000001 20000002; do
	mail_drop desk INBOX "$(mk_details "$number" --mark "$mark")"
done
for life in 0.2 0.5 0.3 0.6 0.4 0.7 0.25 0.8 0.35 0.9; do
	daemon_begin
	sleep "$life"
	kill -9 "$DAEMON_PID"
	daemon_reap
done
daemon_start
wait_for 30 '[ "$(case_list "len(d)")" = 3 ] && [ "$(alerts sent)" = 3 ]' 'all to be told'
check_eq 'and all are handed over' "$(for id in 1 2 3; do done_by "$id" 1.1; done | sort | uniq -c | tr -s ' ')" \
	' 3 madoguchid'
bad=0
for letter in $(fault_letters officer@example.co.jp); do
	open_brought "$OFFICER_HOME" "$letter" | grep -q "MARK-BODY-$mark" || bad=$((bad + 1))
done
check_eq 'each letter holds its mail' "$bad" 0
# shellcheck disable=SC2046
check 'after ten kills nothing opened is left' no_leak $(marks_sealed "$mark")

# The server wants no mail of that size: the person hears of it by numbers alone.
fault 'dot 552 5.3.4 too big' 'ok'
before=$(fault_letters officer@example.co.jp | wc -l)
mark=$(new_mark)
mail_send "$(mk_details 30000003 --mark "$mark" --attach-mark)"
wait_for 20 '[ "$(alerts sent)" = 4 ]' 'the letter that goes instead'
check_eq 'it is one' "$(($(fault_letters officer@example.co.jp | wc -l) - before))" 1
letter=$(fault_letters officer@example.co.jp | tail -n 1)
check 'sealed all the same' sealed_to "$OFFICER_HOME" "$letter" "$OFFICER_FPR" "$DESK_FPR"
check_has 'and says that the mail is not in it' "$(open_text "$OFFICER_HOME" "$letter")" 'is not in this one'
check_not 'nor is it' open_brought "$OFFICER_HOME" "$letter"
id=$(case_list '[c["id"] for c in d if c["number"] == "IPA#30000003"][0]')
check_eq 'so nothing is ticked' "$(done_by "$id" 1.1)" null
check_has 'the log says what became of the first' "$(log_of "$id")" \
	'^outbox [0-9]+ dropped, the same goes without the mail: '

# Larger than a letter can be.
head -c 19000000 /dev/urandom | base64 >"$T/own/large"
mail_drop desk INBOX "$(mk_ipa contact 40000004 --attach "$T/own/large:text/plain:large.txt")"
wait_for 40 '[ "$(alerts sent)" = 5 ]' 'the letter about the large one'
letter=$(fault_letters officer@example.co.jp | tail -n 1)
check_has 'a large mail is not brought either' "$(open_text "$OFFICER_HOME" "$letter")" 'is not in this one'
check_eq 'nothing waits' "$(outbox_get '[x["kind"] for x in d if x["state"] != "held"]')" '[]'

# The server is busy, and meanwhile dev has a new key: nothing more is sealed to the old one.
daemon_stop
DEV_HOME=$T/dev-gnupg LATER_HOME=$T/later-gnupg
DEV_FPR=$(key_new "$DEV_HOME" 'Dev <finder@example.org>')
LATER_FPR=$(key_new "$LATER_HOME" 'Dev, later <finder@example.org>')
key_copy "$DEV_HOME" "$DEV_FPR" "$DESK_HOME"
key_copy "$LATER_HOME" "$LATER_FPR" "$DESK_HOME"
key_copy "$DESK_HOME" "$DESK_FPR" "$LATER_HOME"
dev_has "$DEV_FPR"
fault 'rcpt 450 4.3.2 busy'
daemon_start
mark=$(new_mark)
mail_drop desk INBOX "$(mk_details 50000005 --mark "$mark" --attach-mark)"
wait_for 20 '[ -n "$(deferred alert)" ]' 'the letter to be deferred'
id=$(deferred alert)
check_eq 'it waits, sealed' "$(bytes_of "$id")" 1
daemon_stop
dev_has "$LATER_FPR"
fault ok
daemon_start
tool outbox retry "$id" --as officer
outbox_wait "$id" sent
letter=$(fault_letters finder@example.org | tail -n 1)
check 'it is sealed anew, to the new key' sealed_to "$LATER_HOME" "$letter" "$LATER_FPR" "$DESK_FPR"
check_has 'and brings the mail' "$(open_brought "$LATER_HOME" "$letter")" "MARK-ATT-$mark"

# The server is busy, and meanwhile a person finds that the mail is forged: it goes to nobody, and
# lies sealed for nobody.
fault 'rcpt 450 4.3.2 busy'
mark=$(new_mark)
mail_drop desk INBOX "$(mk_details 60000006 --mark "$mark" --attach-mark)"
wait_for 20 '[ -n "$(deferred alert)" ]' 'the next letter to be deferred'
alert=$(deferred alert)
case=$(case_list '[c["id"] for c in d if c["number"] == "IPA#60000006"][0]')
tool forward "$case" --to dev --as officer >"$T/own/forward"
forward=$(sed 's/^outbox \([0-9]*\):.*/\1/' "$T/own/forward")
wait_for 20 '[ "$(deferred forward)" = "$forward" ]' 'what is forwarded to be deferred'
check_eq 'both wait, sealed' "$(bytes_of "$alert") $(bytes_of "$forward")" '1 1'
message=$(message_get '[m["id"] for m in d if m["direction"] == "in"][-1]')
tool message forged "$message" --as officer >"$T/own/forged"
fault ok
tool outbox retry "$alert" --as officer
tool outbox retry "$forward" --as officer
outbox_wait "$forward" held
check_has 'what was forwarded is held, with the reason' "$(tool outbox list --state held)" \
	"^ *$forward .*stays here: it is suspect"
outbox_wait "$alert" dropped
# One tells of the mail, one that something is held.
wait_for 20 '[ "$(fault_letters finder@example.org | wc -l)" = 3 ]' 'the letters without it'
: >"$T/own/told"
for letter in $(fault_letters finder@example.org | tail -n 2); do
	open_text "$LATER_HOME" "$letter" >"$T/own/letter" || :
	check_has 'each is of that case' "$(cat "$T/own/letter")" '^Subject: \[IPA#60000006\] '
	cat "$T/own/letter" >>"$T/own/told"
	check_not 'none brings it' open_brought "$LATER_HOME" "$letter"
done
check_has 'one says that it has not got the mail' "$(cat "$T/own/told")" '^The mail that came is not in this one'
check_has 'and that nobody believes it now' "$(cat "$T/own/told")" '^  Trust: suspect'
check_has 'one why what was to be forwarded is held' "$(cat "$T/own/told")" '^  Held because: .*stays here: it is suspect'
check_eq 'and none lies sealed' "$(bytes_of "$alert") $(bytes_of "$forward")" '0 0'
tool outbox release "$forward" --as officer
wait_for 20 '[ "$(fault_letters finder@example.org | wc -l)" = 4 ]' 'it to be told that it is held again'
letter=$(fault_letters finder@example.org | tail -n 1)
check_has 'released, it is held once more' "$(open_text "$LATER_HOME" "$letter")" \
	'^  Held because: .*stays here: it is suspect'
check_not 'and does not go' open_brought "$LATER_HOME" "$letter"
check_has 'the log tells what was thrown away' "$(log_of "$case")" \
	"^outbox $forward: what was sealed for it is thrown away, sha256 [0-9a-f]{64}"
check 'the store is whole' tool verify

# A new key again, and the mail cannot be opened any more: the row tells of no bytes that are gone.
fault 'rcpt 450 4.3.2 busy'
case=$(case_list '[c["id"] for c in d if c["number"] == "IPA#50000005"][0]')
tool forward "$case" --to dev --as officer >"$T/own/forward"
forward=$(sed 's/^outbox \([0-9]*\):.*/\1/' "$T/own/forward")
wait_for 20 '[ "$(deferred forward)" = "$forward" ]' 'the last one to be deferred'
daemon_stop
dev_has "$DEV_FPR"
message=$(message_get "[m[\"id\"] for m in d if m[\"case\"] == $case and m[\"direction\"] == \"in\"][0]")
sqlite3 "$T/state/cases.db" "DELETE FROM message_raw WHERE message_id = $message"
fault ok
daemon_start
tool outbox retry "$forward" --as officer
outbox_wait "$forward" held
check_eq 'it is held, with nothing sealed' "$(bytes_of "$forward") $(sqlite3 "$T/state/cases.db" \
	"SELECT sha256 IS NULL, keys IS NULL FROM outbox WHERE id = $forward")" '0 1|1'
story_end
