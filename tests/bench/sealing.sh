#!/bin/sh
# What sealing at rest costs: a mail, and the intake of a mixed backlog with and without it, in turn
# on the same mailbox and the same programs (without: a preloaded library copies where libsodium
# would seal). NOBODYS, CASES and SEALED say how many mails of each kind; ROUNDS how often.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
E2E=$(cd "$(dirname "$0")/../e2e" && pwd)
. "$E2E/lib.sh"
desk_begin 'sealing at rest'
nobodys=${NOBODYS:-9000}
cases=${CASES:-900}
sealed=${SEALED:-100}
total=$((nobodys + cases + sealed))
desk_keys
C_ALERTS=false C_CONTACT=off C_DETAILS=off C_ENCRYPTION=off C_FOLDERS='["INBOX"]'
${CC:-cc} -O2 -shared -fPIC -o "$T/own/unsealed.so" "$SRC/tests/bench/unsealed.c"
text=$(head -c 1500 /dev/urandom | base64)
mail_many "$nobodys" "$(mk_plain 'News @N@' "$text @N@" 'news@example.net')"
mail_many "$cases" "$(mk_contact 12345678 --header 'X-Copy: @N@')"
mail_many "$sealed" "$(mk_details 12345678 --header 'X-Copy: @N@')"

"$BUILD/tests/bench/bench_box"

on_record() {
	sqlite3 "$T/state/cases.db" 'SELECT count(*) FROM message WHERE direction = 0' 2>/dev/null || echo 0
}

# intake: seconds from the daemon's start until all is on record, with the processor time that the
# desk itself took.
intake() {
	rm -rf "$T/state"
	mkdir -m 700 "$T/state"
	# A store with its pair first: making that is no part of it.
	mv "$T/madoguchi.conf" "$T/own/conf"
	sed 's/url = "imaps:.*/url = "imaps:\/\/127.0.0.1:1"/' "$T/own/conf" >"$T/madoguchi.conf"
	daemon_start
	daemon_stop
	mv "$T/own/conf" "$T/madoguchi.conf"
	_began=$(date +%s%N)
	daemon_start
	while [ "$(on_record)" -lt "$total" ]; do
		alive "$DAEMON_PID" || story_fail 'the daemon ended'
		sleep 0.02
	done
	_ended=$(date +%s%N)
	_ticks=$(awk '{ print $14 + $15 }' "/proc/$DAEMON_PID/stat")
	daemon_stop
	awk -v ns=$((_ended - _began)) -v ticks="$_ticks" -v hz="$(getconf CLK_TCK)" \
		'BEGIN { printf "%.3f %.2f\n", ns / 1e9, ticks / hz }'
}

middle() {
	sort -n | awk '{ v[NR] = $1; w[NR] = $2 } END { print v[int((NR + 1) / 2)], w[int((NR + 1) / 2)] }'
}

for keep in false true; do
	C_KEEP_UNRELATED=$keep
	desk_conf
	: >"$T/own/with"
	: >"$T/own/without"
	for _round in $(seq "${ROUNDS:-3}"); do
		intake >>"$T/own/with"
		LD_PRELOAD=$T/own/unsealed.so
		export LD_PRELOAD
		intake >>"$T/own/without"
		unset LD_PRELOAD
	done
	echo "$total mails ($nobodys of nobody's case, $cases clear and $sealed sealed of one), keep_unrelated = $keep:"
	echo "  sealed at rest: $(middle <"$T/own/with" | sed 's/ / s, the desk itself /') s"
	echo "  copied instead: $(middle <"$T/own/without" | sed 's/ / s, the desk itself /') s"
done
story_end
