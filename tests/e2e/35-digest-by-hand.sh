#!/bin/sh
# Staff ask for a digest: on the screen, as of another day, or by mail at once, whatever the hour
# and whether the conf gives them one; what was sent by hand is the day's.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# digests USER: how many that person has.
digests() {
	inbox_mails "$1" | while read -r _mail; do
		grep -l '^X-Madoguchi: digest;' "$_mail" || :
	done | wc -l
}

# digests_are OFFICER DEV: the server has taken them; it may not have delivered them yet.
digests_are() {
	for _try in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(digests officer) $(digests vendor)" = "$1 $2" ] && break
		sleep 0.3
	done
	check_eq "$3" "$(digests officer) $(digests vendor)" "$1 $2"
}

now() {
	_now=$1
	shift
	tool --now "$_now:00+09:00" "$@"
}

# get EXPRESSION ARGS...: over what `digest --json` says on Wednesday, 3 December 2025, at ten.
get() {
	_get=$1
	shift
	now 2025-12-03T10:00 digest --json "$@" >"$T/own/.digest" && json "$_get" "$T/own/.digest"
}

desk_begin 'digests by hand'
desk_keys
C_DIGEST_AT=09:00 C_ALERTS=false C_OFFICER_LANGUAGE=en C_POLL_INTERVAL=3600 C_WARN_BEFORE='3 business days'
C_STAFF_MORE='dev: { address = "vendor@vendor.example.jp"; role = "implementer"; key = ""; digest_at = ""; alerts = false; language = "en"; };
	other: { address = "finder@example.org"; role = "officer"; desks = ["shop"]; key = ""; digest_at = "09:00"; alerts = false; language = "en"; };'
desk_conf
C_DESKS_MORE="shop: {
	$(C_ADDRESS=shop@example.co.jp C_FOLDERS='["Shop"]' C_SENT_FOLDER='' C_SAVE_SENT=false C_NAME='Shop desk' conf_desk)
	}"
imap desk create Shop
desk_conf
daemon_once --now '2025-12-01T08:00:00+09:00'

now 2025-12-01T10:00 case open --desk www --number IPA#10000001 --as officer >/dev/null
now 2025-12-01T10:01 case due IPA#10000001 investigation 2025-12-05 --as officer
now 2025-12-01T10:02 case open --desk shop --number IPA#10000002 --as officer >/dev/null
now 2025-12-01T10:03 case due IPA#10000002 investigation 2025-12-02 --as officer
now 2025-12-01T10:04 case tick IPA#10000001 1.4 --as officer

# On the screen: one for each desk that a person serves.
check_eq 'each person, each of his desks' "$(get '[x["staff"] + " " + x["desk"] for x in d]')" \
	'["officer www", "dev www", "officer shop", "dev shop", "other shop"]'
check_eq 'one person' "$(get '[x["staff"] + " " + x["desk"] for x in d]' --staff other)" '["other shop"]'
check_eq 'what is owed' "$(get '[d[0]["owed"], d[0]["overdue"], d[0]["due_soon"]]' --staff dev)" '[1, 0, 1]'
check_eq 'and overdue' "$(get '[d[1]["owed"], d[1]["overdue"], d[1]["due_soon"]]' --staff dev)" '[1, 1, 0]'
check_has 'from when on' "$(get 'd[0]["since"]' --staff dev)" '^2025-12-02T10:0'
text=$(now 2025-12-03T10:00 digest --staff officer)
check_has 'with a bar' "$text" 'IPA#10000001  result of the investigation  \[####......\] [0-9]+ %  2 days  +2025-12-05  nobody  1'
check_has 'one that is over' "$text" 'IPA#10000002  result of the investigation  \[##########\] 100 %  1 day over  2025-12-02  nobody  2'
check_has 'phases with the checklist' "$text" '1\. Receive  1  +\[\.+\] [0-9]+ %'
check_has 'no other desk is in it' "$(now 2025-12-03T10:00 digest --staff other | grep -c 'IPA#10000001')" '^0$'
head=$(get 'd[0]["log_head"]' --staff dev)
check_has 'the head of the log' "$text" "$head"

# As of another day.
check_has 'before it' "$(now 2025-12-03T10:00 digest --staff other --date 2025-12-01)" 'What is owed \(0\)'
check_eq 'at the hour of that day' "$(get 'd[0]["as_of"]' --staff officer --date 2025-12-02)" 2025-12-02T09:00:00+09:00
check_eq 'or at a time' "$(get 'd[0]["as_of"]' --staff officer --date '2025-12-02 17:00')" 2025-12-02T17:00:00+09:00
check_has 'today is now' "$(get 'd[0]["as_of"]' --staff officer --date 2025-12-03)" '^2025-12-03T10:0'
check_eq 'on a day to come it is over' "$(get 'd[0]["overdue"]' --staff dev --date 2025-12-08)" 1
check_status 'no day' 64 tool digest --date 2025-13-01
check_status 'nobody of that name' 64 tool digest --staff nobody

# By mail, without a daemon: this very command sends it, and it is the day's.
now 2025-12-04T07:00 digest --staff dev --send >"$T/own/sent"
check_has 'it says what it did' "$(cat "$T/own/sent")" '^outbox [0-9]+: digest of desk www for dev$'
digests_are 0 2 'one without an hour has it all the same, for each desk'
now 2025-12-04T07:10 digest --send --staff officer >/dev/null
digests_are 2 2 'and the officer before the hour'
daemon_once --now '2025-12-04T09:30:00+09:00'
sleep 1
digests_are 2 2 'so that none comes at the hour'
check_eq 'but to the one who was not asked for' "$(digests finder)" 1
check_has 'the next tells what is new since' "$(get 'd[0]["since"]' --staff officer --date 2025-12-05)" '^2025-12-04T07:1'

# One for a day that is over settles that day alone.
now 2025-12-05T08:00 digest --send --staff officer --date 2025-12-03 >/dev/null
digests_are 4 2 'one of another day'
daemon_once --now '2025-12-05T09:00:00+09:00'
digests_are 6 2 'leaves the day its own'

# With the daemon at work it is the daemon that sends it.
daemon_start
tool digest --staff dev --send >/dev/null
wait_for 20 '[ "$(digests vendor)" -eq 4 ]' 'the daemon to send it'
check_status 'what was sent is on record whole' 0 tool verify
story_end
