# shellcheck shell=dash
# The programs under test: the daemon's life and the tool. Both run in $T/run with TMPDIR=$T/tmp,
# so that whatever they might drop is found by no_leak.
# SPDX-License-Identifier: GPL-3.0-or-later

DAEMON_PID=
DAEMON_STATUS=

# daemon_begin [ARGS]: starts it (log in $T/log) and does not wait for it.
daemon_begin() {
	[ -x "$MADOGUCHID" ] || story_fail "there is no $MADOGUCHID: run make first"
	(cd "$T/run" && exec env TMPDIR="$T/tmp" "$MADOGUCHID" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" "$@") \
		>>"$T/log" 2>&1 </dev/null &
	DAEMON_PID=$!
}

# daemon_start [ARGS]: daemon_begin, and returns when it says that it is ready.
daemon_start() {
	_lines=$(wc -l <"$T/log")
	daemon_begin "$@"
	wait_for 15 'log_since "$_lines" ready || ! alive "$DAEMON_PID"' 'the daemon to be ready'
	if ! alive "$DAEMON_PID"; then
		DAEMON_PID=
		story_fail 'the daemon starts'
	fi
}

# log_since LINES PATTERN: whether the log has a line that matches after its first LINES lines.
log_since() {
	tail -n "+$(($1 + 1))" "$T/log" | grep -qE -e "$2"
}

# log_lines: how long the log is now, for log_since.
log_lines() {
	wc -l <"$T/log"
}

# daemon_stop: SIGTERM; leaves its exit status in DAEMON_STATUS. It may take 10 s.
daemon_stop() {
	kill "$DAEMON_PID" 2>/dev/null || :
	wait_for 10 '! alive "$DAEMON_PID"' 'the daemon to stop after SIGTERM'
	daemon_reap
	wait_for 5 '[ -z "$(daemon_rooms)" ]' "the daemon's rooms to end with it"
}

# daemon_kill9: SIGKILL, as a crash would; returns when its rooms are gone too.
daemon_kill9() {
	kill -9 "$DAEMON_PID"
	wait_for 5 '! alive "$DAEMON_PID"' 'the daemon to die'
	daemon_reap
	wait_for 5 '[ -z "$(daemon_rooms)" ]' "the daemon's rooms to die with it"
}

# daemon_reap: takes the exit status of a daemon that has ended.
daemon_reap() {
	DAEMON_STATUS=0
	wait "$DAEMON_PID" 2>/dev/null || DAEMON_STATUS=$?
	DAEMON_PID=
}

# daemon_rooms: the pids of all processes of the daemon.
daemon_rooms() {
	_program=$(readlink -f "$MADOGUCHID")
	for _pid in $(story_pids); do
		if [ "$(readlink "/proc/$_pid/exe")" = "$_program" ]; then echo "$_pid"; fi
	done
}

# daemon_end: for the clean-up: no waiting for a daemon that does not stop.
daemon_end() {
	[ -n "$DAEMON_PID" ] || return 0
	pid_end 3 "$DAEMON_PID"
	DAEMON_PID=
}

# daemon_once [ARGS]: one pass; its exit status is the function's.
daemon_once() {
	(cd "$T/run" &&
		exec env TMPDIR="$T/tmp" "$MADOGUCHID" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" --once "$@") \
		>>"$T/log" 2>&1 </dev/null
}

# tool ARGS...: the tool on the story's conf.
tool() {
	(cd "$T/run" && exec env TMPDIR="$T/tmp" "$MADOGUCHI" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" "$@")
}

# json EXPRESSION [FILE]: evaluates a Python expression over JSON (standard input or FILE), called
# `d`; prints text as it is, and true, false, null and the rest as JSON:
#	tool case list --json | json 'd[0]["number"]'
json() {
	"$PYTHON" -I -c '
import json, sys
d = json.load(open(sys.argv[2], encoding="utf-8") if len(sys.argv) > 2 else sys.stdin)
v = eval("(" + sys.argv[1] + ")")
print(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False))
' "$@"
}

# case_get CASE EXPRESSION, case_list EXPRESSION, message_get EXPRESSION [OPTION...], outbox_get
# EXPRESSION [OPTION...]: as json does, over what `case show`, `case list --state all`, `message
# list` and `outbox list` tell.
case_get() {
	tool case show "$1" --json >"$T/own/.json" && json "$2" "$T/own/.json"
}

case_list() {
	tool case list --state all --json >"$T/own/.json" && json "$1" "$T/own/.json"
}

message_get() {
	_expression=$1
	shift
	tool message list --json "$@" >"$T/own/.json" && json "$_expression" "$T/own/.json"
}

outbox_get() {
	_expression=$1
	shift
	tool outbox list --json "$@" >"$T/own/.json" && json "$_expression" "$T/own/.json"
}

# outbox_wait ID STATE: waits until that entry is held, queued, deferred, sent, failed or dropped.
outbox_wait() {
	_entry=$1 _state=$2
	wait_for 10 'outbox_is "$_entry" "$_state"' "outbox entry $1 to be $2"
}

outbox_is() {
	[ "$(outbox_get "$1 in [x['id'] for x in d]" --state "$2")" = true ]
}

# outbox_field ID STATE FIELD: a field of that entry, which is in that state.
outbox_field() {
	outbox_get "[x['$3'] for x in d if x['id'] == $1][0]" --state "$2"
}

# alerts_made: how many alerts of cases there are, letters or lines of a summary; in a flood of mail
# not each is a letter of its own. alerts_wait NUMBER: waits until there are so many.
alerts_made() {
	_made=0
	for _state in queued deferred sent failed dropped; do
		_made=$((_made + $(outbox_get "sum(x['kind'] == 'alert' and x['case'] is not None for x in d)" \
			--state $_state)))
	done
	echo $_made
}

alerts_wait() {
	_alerts=$1
	wait_for 10 '[ "$(alerts_made)" -ge "$_alerts" ]' "$1 alerts"
}
