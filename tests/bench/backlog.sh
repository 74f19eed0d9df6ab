#!/bin/sh
# A backlog of sealed and clear mail: from the daemon's start until all of it is
# on record, and the peak memory of each room. SEALED and CLEAR say how many.
set -eu
E2E=$(cd "$(dirname "$0")/../e2e" && pwd)
. "$E2E/lib.sh"
desk_begin 'backlog'
desk_keys
C_ALERTS=false
C_FOLDERS='["INBOX"]'
desk_conf
sealed=${SEALED:-1000}
clear=${CLEAR:-5000}

# Each copy differs in a header field, so each is a message of its own and is opened on its own.
details=$(mk_details 12345678 --header 'X-Copy: @N@')
letter=$(mk_plain 'お知らせ @N@' 'いつもお世話になっております。 @N@' 'news@example.net')
[ "$sealed" -eq 0 ] || mail_many "$sealed" "$details"
[ "$clear" -eq 0 ] || mail_many "$clear" "$letter"
total=$((sealed + clear))

on_record() {
	sqlite3 "$T/state/cases.db" 'SELECT count(*) FROM message WHERE direction = 0' 2>/dev/null || echo 0
}
began=$(date +%s%N)
daemon_start
while [ "$(on_record)" -lt "$total" ]; do
	alive "$DAEMON_PID" || story_fail 'the daemon ended'
	sleep 0.05
done
ended=$(date +%s%N)
awk -v n="$total" -v s="$sealed" -v c="$clear" -v ns=$((ended - began)) 'BEGIN {
	printf "%d mails (%d sealed, %d clear) on record in %.2f s: %.0f a second\n", n, s, c, ns / 1e9, n / (ns / 1e9)
}'
for pid in $DAEMON_PID $(daemon_rooms); do
	awk '/^Name:/ { name = $2 } /^VmHWM:/ { printf "%-12s VmHWM %6.1f MB\n", name, $2 / 1024 }' \
		"/proc/$pid/status" 2>/dev/null || true
done
story_end
