#!/bin/sh
# Mail that comes by another way than a mailbox: an MTA's pipe, files, an mbox, a Maildir. It is
# filed as any other, once, while the daemon runs and while it does not; and what the store cannot
# take at the moment, the MTA keeps.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# tool ARGS...: as the desk's user.
tool() {
	desk_tool "$@"
}

# pipe_postfix FLAGS: mail to the window goes down a pipe to `ingest`, as a user of Postfix would set
# it up.
pipe_postfix() {
	postfix_master >"$T/srv/postfix/etc/master.cf"
	cat >>"$T/srv/postfix/etc/master.cf" <<-END
		window unix - n n - 1 pipe
		  flags=$1 user=$DESK_USER argv=$T/bin/madoguchi -c $T/madoguchi.conf --data-dir $T/data ingest
	END
	echo 'security@example.co.jp window:' >"$T/srv/postfix/etc/transport"
	postfix_reload
}

# on_record: how many messages came in; known: how many lines of $T/own/out say so.
on_record() {
	message_get 'len(d)' --in
}

known() {
	grep -c 'known already' "$T/own/out" || :
}

# distinct FILE...: how many different messages these are, as a mail server would give them.
distinct() {
	"$PYTHON" -I -c '
import re, sys
mails = {re.sub(rb"(?<!\r)\n", b"\r\n", re.sub(rb"^From [^\n]*\n", b"", open(name, "rb").read()))
         for name in sys.argv[1:]}
print(len(mails - {b""}))' "$@"
}

# put FILE...: the mails in $T/in, the desk's user's.
put() {
	cp "$@" "$T/in/"
	hand_over "$T/in"
}

desk_begin 'mail from a pipe, files, an mbox, a Maildir'
desk_keys
mkdir -m 700 "$T/in"
desk_user games
conf_now

# --- an MTA's pipe, while the daemon runs ---

daemon_start
pipe_postfix Rq.
mail_send "$(mk_contact 10000001)"
inbox_wait ipa 1
check_eq 'what came down the pipe is answered' "$(case_list 'd[0]["number"]')" 'IPA#10000001'
check 'signed by the desk' signed_by "$IPA_HOME" "$(inbox_last ipa)" "$DESK_FPR"
mark=$(new_mark)
mail_send "$(mk_details 10000001 --mark "$mark")"
inbox_wait ipa 2
check_eq 'sealed mail is opened as it is from a mailbox' "$(message_get '[x["kind"] + " " + x["trust"] for x in d][-1]' --in)" \
	'details verified'
check 'no word of it lies on disk' no_leak $(marks_sealed "$mark")
check_eq 'it lies in no folder' "$(message_get 'd[0]["folder"]' --in)" null
# An MTA that writes a "From " line first, and quotes such lines of the text.
pipe_postfix F
mail_send "$(mk_contact 10000002)"
inbox_wait ipa 3
check_eq 'a "From " line before it does no harm' "$(message_get 'd[-1]["kind"]' --in)" contact-request
check_eq 'the mailbox saw none of it' "$(inbox_count desk)" 0
check_has 'the log of the case tells who brought it' "$(case_get 1 '[x["who"] + ": " + x["what"] for x in d["log"]]')" \
	"$DESK_USER: message 1: ingested"

# What cannot be recorded now stays with the MTA, which tries again; then it is there once.
store_hold
mail_send "$(mk_contact 10000003)"
wait_for 20 'grep -q "to=<security@example.co.jp>.*status=deferred" "$T/srv/postfix/log"' 'the MTA to put it off'
store_free
inbox_wait ipa 4 30
check_eq 'once it can be, it is recorded, and once' "$(on_record)" 4
mv "$T/madoguchi.conf" "$T/madoguchi.conf.good"
echo 'colour = "blue"' >"$T/madoguchi.conf"
hand_over
deferred=$(grep -c 'status=deferred' "$T/srv/postfix/log")
mail_send "$(mk_encryption 10000003)"
wait_for 20 '[ "$(grep -c "status=deferred" "$T/srv/postfix/log")" -gt "$deferred" ]' 'the MTA to put it off'
mv "$T/madoguchi.conf.good" "$T/madoguchi.conf"
inbox_wait ipa 5 30
check_eq 'a mistake in the conf bounces nothing' "$(grep -c 'status=bounced' "$T/srv/postfix/log" || :)" 0
mail_refuse_none

# --- the statuses, one by one ---

contact=$(mk_contact 10000004)
put "$contact"
file=$T/in/$(basename "$contact")
daemon_stop
check_status 'a file, while no daemon runs' 0 tool ingest "$file"
check_eq 'its answer waits for the daemon' "$(outbox_get '[x["state"] for x in d if x["kind"] == "acknowledgement"]')" '["queued"]'
tool ingest "$file" >"$T/own/out"
check_has 'the same again is known' "$(cat "$T/own/out")" ': known already: message [0-9]+, contact-request, authenticated, case 4$'
check_status 'and well' 0 tool ingest "$file"
# The same mail, as the MTA's own line ends have it, and as it lies in the mailbox.
tr -d '\r' <"$contact" >"$T/own/unix"
tool ingest <"$T/own/unix" >"$T/own/out"
check_eq 'with other line ends it is known too' "$(known)" 1
mail_put INBOX "$contact"
daemon_start
inbox_wait ipa 6
check_eq 'nor does it come twice by the mailbox' "$(on_record)" 6
store_hold
late=$(mk_contact 10000005)
put "$late"
check_status 'a store that is held' 75 tool ingest "$T/in/$(basename "$late")"
store_free
check_eq 'nothing half of it is on record' "$(on_record)" 6
check_status 'later it is taken' 0 tool ingest "$T/in/$(basename "$late")"
check_status 'no such file' 66 tool ingest "$T/in/none"
check_status 'no such desk' 64 tool ingest --desk nowhere "$file"
check_status 'a time to come' 64 tool ingest --received '2099-01-01 00:00' "$file"
: >"$T/own/empty"
tool ingest <"$T/own/empty" >"$T/own/out" 2>&1 || status=$?
check_eq 'an empty mail' "${status:-0}" 65

# --- when it came ---

old=$(mk_contact 10000006)
put "$old"
touch -d '30 days ago' "$T/in/$(basename "$old")"
tool ingest --json "$T/in/$(basename "$old")" >"$T/own/json"
id=$(json 'd[0]["message"]' "$T/own/json")
check_eq 'a file is as old as its date' "$(message_get "[x['received_at'][:10] for x in d if x['id'] == $id][0]")" \
	"$(TZ=Asia/Tokyo date -d '30 days ago' +%Y-%m-%d)"
check_has 'old mail is filed, its answer held' "$(tool message why "$id")" 'older than max_age'
again=$(mk_contact 10000007)
put "$again"
tool ingest --json --received '2026-01-05 09:30' "$T/in/$(basename "$again")" >"$T/own/json"
id=$(json 'd[0]["message"]' "$T/own/json")
check_eq 'or as old as one says' "$(message_get "[x['received_at'] for x in d if x['id'] == $id][0]" --in)" '2026-01-05T09:30:00+09:00'
{
	echo 'From vuln-contact@ipa.go.jp Mon Jan  5 00:30:00 2026'
	tr -d '\r' <"$(mk_contact 10000008)"
	printf '\nFrom news@shop.example.net Tue Jan  6 09:30:00 2026 +0900\n'
	tr -d '\r' <"$(mk_unrelated)"
	echo
} >"$T/in/box.mbox"
tool ingest --json "$T/in/box.mbox" >"$T/own/json"
check_eq 'an mbox holds several' "$(json '[x["file"][-6:] + " " + x["kind"] for x in d]' "$T/own/json")" \
	'["mbox:1 contact-request", "mbox:2 unrelated"]'
check_eq 'each as old as its own line says' "$(message_get '[x["received_at"] for x in sorted(d, key=lambda x: x["id"])][-2:]' --in)" \
	'["2026-01-05T09:30:00+09:00", "2026-01-06T09:30:00+09:00"]'
# Nobody's case: it lies on no server that could be asked again, so it is here.
id=$(json 'd[1]["message"]' "$T/own/json")
check_has 'mail of nobody is kept whole' "$(tool message show "$id")" '当店の急須がすべて半額'

# --- too large ---

daemon_stop
C_MAX_SIZE=20000
conf_now
{
	cat "$(mk_contact 10000009)"
	yes 'a long line of nothing at all' | head -n 2000
} >"$T/own/large"
tool ingest <"$T/own/large" >"$T/own/out" || :
check_has 'what is larger than max_size is on record by its header fields' "$(cat "$T/own/out")" 'standard input: message [0-9]+, '
check_has 'and that is told' "$(message_get '"\n".join(d[-1]["problems"])' --in)" 'large|header'
C_MAX_SIZE=52428800
conf_now

# --- a Maildir of all the golden messages, killed in the middle ---

mkdir -p "$T/in/Maildir/cur" "$T/in/Maildir/new" "$T/in/Maildir/tmp"
n=0
for eml in "$SRC"/tests/messages/*/*.eml; do
	[ -s "$eml" ] || continue
	n=$((n + 1))
	where=cur
	[ $((n % 2)) -eq 0 ] || where=new
	cp "$eml" "$T/in/Maildir/$where/$(printf '%04d' "$n").story"
done
touch -d '40 days ago' "$T"/in/Maildir/*/*
hand_over "$T/in"
before=$(on_record)
tool ingest "$T/in/Maildir" >"$T/own/out" 2>&1 &
killed=$!
wait_for 60 '[ "$(on_record)" -ge $((before + 64)) ]' 'the first batch'
for pid in $(story_pids); do
	[ "$(readlink "/proc/$pid/exe")" != "$T/bin/madoguchi" ] || kill -9 "$pid" 2>/dev/null || :
done
wait "$killed" || :
half=$(on_record)
check 'it was killed in the middle' [ "$half" -lt $((before + n - 20)) ]
check_status 'the rest at a second time' 0 tool ingest "$T/in/Maildir"
all=$(on_record)
tool ingest "$T/in/Maildir" >"$T/own/out"
check_eq 'at a third, all are known' "$(known)" "$n"
check_eq 'and nothing is new' "$(on_record)" "$all"
check_eq 'every one is on record, once' $((all - before)) "$(distinct "$SRC"/tests/messages/*/*.eml)"
echo "# $n golden messages: $((half - before)) on record when it was killed, $((all - before)) at the end"
check_status 'the store is whole' 0 tool verify
mkdir -m 755 "$T/in/nothing"
check_status 'a folder without mail' 66 tool ingest "$T/in/nothing"
check_status 'a folder of files, an mbox and a Maildir' 0 tool ingest "$T/in"
check_eq 'of which nothing is new' "$(on_record)" "$all"

# --- a full disk ---

if small_disk 900k; then
	C_STATE_DIR=$T/small/state
	conf_now
	head -c 400000 /dev/urandom | base64 >"$T/own/noise"
	cat "$(mk_contact 10000010)" "$T/own/noise" >"$T/in/large.eml"
	check_status 'a store that has no room' 75 tool ingest "$T/in/large.eml"
	check_eq 'has nothing of it' "$(on_record)" 0
	mount -o remount,size=20m "$T/small"
	check_status 'once there is room, it is taken' 0 tool ingest "$T/in/large.eml"
	small_disk_end
fi
story_end
