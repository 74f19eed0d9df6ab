# shellcheck shell=dash
# The ground that every story (tests/e2e/NN-story.sh) and the demo stand on: a temporary folder,
# throw-away servers and keys, checks, and an end that leaves nothing behind. A story sources this
# file and no other; the rest of the functions is in lib/, one file a theme. What is here must not
# touch anything outside $T, use the network beyond loopback, or end a process it did not start.
# SPDX-License-Identifier: GPL-3.0-or-later

set -eu

: "${E2E:=$(cd "$(dirname "$0")" && pwd)}"
SRC=$(cd "$E2E/../.." && pwd)
BUILD=$(cd "${MADOGUCHI_BUILD:-$SRC}" && pwd)

# program_path NAME: where make put a program: the build folder or its src/.
program_path() {
	if [ -x "$BUILD/src/$1" ] && [ ! -x "$BUILD/$1" ]; then
		echo "$BUILD/src/$1"
	else
		echo "$BUILD/$1"
	fi
}

: "${MADOGUCHID:=$(program_path madoguchid)}"
: "${MADOGUCHI:=$(program_path madoguchi)}"
# Debian's own interpreter if there: a shim earlier on the PATH costs 60 ms a call.
if [ -x /usr/bin/python3 ]; then PYTHON=/usr/bin/python3; else PYTHON=python3; fi

T=
STORY=
STORY_STATE=none
CHECKS=0
FAILURES=0

for _part in tls servers keys conf daemon mail fault user; do
	# shellcheck source=/dev/null
	. "$E2E/lib/$_part.sh"
done

# story_begin NAME: makes $T and the traps, and no server; desk_begin calls it. $T/own is for what
# the story itself writes, $T/srv for the mail servers: no_leak looks everywhere but there.
story_begin() {
	STORY=$1
	_base=${TMPDIR:-/tmp}
	# A unix socket's path has room for 107 bytes, and Dovecot's and the agent's lie below $T.
	if [ "${#_base}" -gt 40 ]; then _base=/tmp; fi
	T=$(mktemp -d "$_base/mdg.XXXXXX")
	# Not 0700: Postfix's and Dovecot's own users must get to $T/srv. What is secret is 0700
	# itself.
	chmod 711 "$T"
	mkdir "$T/srv" "$T/own" "$T/tmp" "$T/run" "$T/state"
	chmod 700 "$T/own" "$T/tmp" "$T/run" "$T/state"
	: >"$T/log"
	STORY_STATE=open
	# Marks every process that comes of this story, so that a straggler can be told by it.
	MADOGUCHI_STORY=$T
	export MADOGUCHI_STORY
	trap story_cleanup EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	echo "# $STORY"
}

# desk_begin NAME: story_begin, then CA and certificate, Dovecot and Postfix, up when it returns.
desk_begin() {
	story_needs
	story_begin "$1"
	certificate_authority
	servers_cert_make good
	servers_start
}

# story_needs: ends the story as skipped (77) where the servers cannot run.
story_needs() {
	if [ "$(id -u)" -ne 0 ]; then
		skip 'needs root: Postfix can be started by root alone'
	fi
	for _need in dovecot:dovecot-imapd postfix:postfix gpg:gnupg openssl:openssl \
		"$PYTHON:python3" /usr/lib/dovecot/lmtp:dovecot-lmtpd; do
		if ! command -v "${_need%%:*}" >/dev/null; then
			skip "needs the package ${_need#*:}"
		fi
	done
}

# skip WHY: ends the story as skipped: automake counts exit 77 as neither good nor bad.
skip() {
	echo "# skipped: $*"
	STORY_STATE=skipped
	exit 77
}

# check TEXT COMMAND...: one check; a command that fails is remembered and shown, the story goes
# on.
check() {
	_text=$1
	shift
	CHECKS=$((CHECKS + 1))
	if "$@" >"$T/own/.check" 2>&1; then
		echo "ok - $_text"
	else
		not_ok "$_text" "$T/own/.check"
	fi
}

# check_not TEXT COMMAND...: good if the command fails.
check_not() {
	_text=$1
	shift
	CHECKS=$((CHECKS + 1))
	if "$@" >"$T/own/.check" 2>&1; then
		not_ok "$_text" "$T/own/.check"
	else
		echo "ok - $_text"
	fi
}

# check_status TEXT STATUS COMMAND...: good if the command exits with just that status.
check_status() {
	_text=$1
	_want=$2
	shift 2
	CHECKS=$((CHECKS + 1))
	_got=0
	"$@" >"$T/own/.check" 2>&1 || _got=$?
	if [ "$_got" -eq "$_want" ]; then
		echo "ok - $_text"
	else
		echo "exit status: $_got, expected: $_want" >>"$T/own/.check"
		not_ok "$_text" "$T/own/.check"
	fi
}

# check_eq TEXT GOT WANT: good if both are the same text.
check_eq() {
	CHECKS=$((CHECKS + 1))
	if [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		printf 'got:      %s\nexpected: %s\n' "$2" "$3" >"$T/own/.check"
		not_ok "$1" "$T/own/.check"
	fi
}

# check_has TEXT GOT PATTERN: good if a line of GOT matches the extended regular expression.
check_has() {
	CHECKS=$((CHECKS + 1))
	if printf '%s\n' "$2" | grep -qE -e "$3"; then
		echo "ok - $1"
	else
		printf 'got:     %s\npattern: %s\n' "$2" "$3" >"$T/own/.check"
		not_ok "$1" "$T/own/.check"
	fi
}

# not_ok TEXT [FILE]: the bad half of a check, with at most 20 lines of FILE.
not_ok() {
	FAILURES=$((FAILURES + 1))
	echo "not ok - $1"
	if [ -n "${2:-}" ]; then tail -n 20 "$2" | sed 's/^/#   /'; fi
}

# story_fail WHAT: ends the story at once; for what makes every later check worthless.
story_fail() {
	CHECKS=$((CHECKS + 1))
	not_ok "$1" "$T/log"
	grep -ihE '(error|fatal|panic|refused|status=(deferred|bounced))' "$T"/srv/*/log \
		2>/dev/null | tail -n 5 | sed 's/^/#   servers: /'
	exit 1
}

# wait_for SECONDS CONDITION WHAT: tries the shell text CONDITION each 0.1 s; a story whose wait
# is over ends there. E2E_SLOW=3 makes all waits three times as long (sanitizers, valgrind).
wait_for() {
	_tries=$(($1 * 10 * ${E2E_SLOW:-1}))
	while ! eval "$2" >/dev/null 2>&1; do
		_tries=$((_tries - 1))
		if [ "$_tries" -le 0 ]; then story_fail "waited $1 s in vain for: $3"; fi
		sleep 0.1
	done
}

# story_end: stops the daemon, looks for stragglers and for sanitizers' reports in the log, prints
# the closing line and exits: 1 if any check failed.
story_end() {
	if [ -n "$DAEMON_PID" ]; then
		daemon_stop
		check_eq 'the daemon stops with 0' "$DAEMON_STATUS" 0
	fi
	if grep -nE 'AddressSanitizer|LeakSanitizer|runtime error:' "$T/log" >"$T/own/.check"; then
		CHECKS=$((CHECKS + 1))
		not_ok 'no sanitizer spoke' "$T/own/.check"
	fi
	closing_line 0
	STORY_STATE=ended
	[ "$FAILURES" -eq 0 ] || exit 1
	exit 0
}

# closing_line ERRORS: the sum, in the form of Check's own last line.
closing_line() {
	_good=$((CHECKS - FAILURES))
	_percent=100
	if [ "$CHECKS" -gt 0 ]; then _percent=$((_good * 100 / CHECKS)); fi
	if [ "$1" -gt 0 ] && [ "$_percent" -eq 100 ]; then _percent=99; fi
	echo "$_percent%: Checks: $CHECKS, Failures: $FAILURES, Errors: $1"
}

# story_cleanup: the EXIT trap: ends every process, removes $T (E2E_KEEP=1 keeps it, to look at).
story_cleanup() {
	_status=$?
	trap - EXIT HUP INT TERM
	set +e
	daemon_end
	fault_end
	servers_end
	agents_stop
	stragglers_end
	small_disk_end
	if [ "$STORY_STATE" = open ]; then
		if [ "$FAILURES" -eq 0 ]; then echo 'not ok - the story ended before its end'; fi
		closing_line 1
		[ "$_status" -ne 0 ] || _status=1
	fi
	if [ -n "${E2E_KEEP:-}" ]; then
		echo "# kept: $T"
	else
		rm -rf "$T"
	fi
	exit "$_status"
}

# alive PID: whether the process runs; one that ended and was not waited for yet does not.
alive() {
	[ -r "/proc/$1/status" ] &&
		! grep -q '^State:[[:space:]]*[ZX]' "/proc/$1/status" 2>/dev/null
}

# pid_end SECONDS PID: TERM, and KILL if that was not enough; returns when it is gone.
pid_end() {
	kill "$2" 2>/dev/null || return 0
	_tries=$(($1 * 20))
	while alive "$2"; do
		_tries=$((_tries - 1))
		if [ "$_tries" -le 0 ]; then
			kill -9 "$2" 2>/dev/null
			return 0
		fi
		sleep 0.05
	done
}

# story_pids: the processes that bear this story's folder in environment or arguments: all that it
# started and that still run. The shells and commands that look are not among them.
story_pids() {
	for _file in $(grep -alsF -e "$T" /proc/[0-9]*/environ /proc/[0-9]*/cmdline); do
		_pid=${_file#/proc/}
		_pid=${_pid%%/*}
		case $(cat "/proc/$_pid/comm" 2>/dev/null) in
		'' | grep | sort) ;;
		*) if [ "$_pid" != "$$" ] && alive "$_pid"; then echo "$_pid"; fi ;;
		esac
	done | sort -un
}

# stragglers_end: what outlived its parent is ended by its own pid.
stragglers_end() {
	for _pid in $(story_pids); do
		kill -9 "$_pid" 2>/dev/null
	done
}
