# shellcheck shell=dash
# A smarthost that misbehaves on demand (faultsmtp.py says how; its port is $FAULT_PORT), and a store
# that somebody else is writing to.
# SPDX-License-Identifier: GPL-3.0-or-later

FAULT_PID=
HOLDER_PID=

# fault_start [OPTION...]: starts it with the script `ok`; options of faultsmtp.py: --tls,
# --no-auth. For the conf: C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none, or smtps://
# with --tls.
fault_start() {
	mkdir -p "$T/srv/fault"
	rm -f "$T/srv/fault/up"
	[ -e "$T/srv/fault/script" ] || fault ok
	"$PYTHON" -I "$E2E/faultsmtp.py" --port "$FAULT_PORT" --dir "$T/srv/fault" \
		--password "$DESK_PASSWORD" --chain "$T/srv/tls/chain.pem" "$@" \
		>>"$T/srv/fault/out" 2>&1 </dev/null &
	FAULT_PID=$!
	wait_for 5 '[ -e "$T/srv/fault/up" ]' 'the faulty SMTP server'
}

# fault LINE...: what it does from now on: one line for each message in turn, the last for ever.
fault() {
	mkdir -p "$T/srv/fault"
	printf '%s\n' "$@" >"$T/srv/fault/script.new"
	mv "$T/srv/fault/script.new" "$T/srv/fault/script"
}

# fault_count [accepted|unanswered|refused]: how many messages it received whole, all kinds if none
# is named. fault_mails [KIND]: their files, in the order in which they came.
fault_count() {
	fault_mails "$@" | wc -l
}

fault_mails() {
	find "$T/srv/fault" -name "*.${1:-*}.eml" 2>/dev/null | sort
}

# fault_letters ADDRESS: the files of the mails to that recipient that it took, in order.
fault_letters() {
	for _file in $(fault_mails accepted); do
		if grep -qiF "RCPT TO:<$1>" "${_file%.accepted.eml}.env"; then echo "$_file"; fi
	done
}

# fault_tries: how often a message was tried (MAIL FROM), however it ended.
fault_tries() {
	grep -ciE '^[0-9.]+ MAIL FROM' "$T/srv/fault/log" 2>/dev/null || :
}

# store_hold: nothing can be committed to the store until store_free, or until $T/own/held is
# removed and the holder has seen it.
store_hold() {
	"$PYTHON" -I -c '
import os, sqlite3, sys, time
store = sqlite3.connect(sys.argv[1] + "/state/cases.db", isolation_level=None)
store.execute("BEGIN IMMEDIATE")
open(sys.argv[1] + "/own/held", "w").close()
while os.path.exists(sys.argv[1] + "/own/held"):
    time.sleep(0.05)
' "$T" &
	HOLDER_PID=$!
	wait_for 5 '[ -e "$T/own/held" ]' 'the lock on the store'
}

store_free() {
	rm -f "$T/own/held"
	wait "$HOLDER_PID"
}

# fault_stop: ends it; fault_start brings it back on the same port with what it has stored.
fault_stop() {
	fault_end
}

fault_end() {
	[ -n "$FAULT_PID" ] || return 0
	pid_end 2 "$FAULT_PID"
	wait "$FAULT_PID" 2>/dev/null || :
	FAULT_PID=
}
