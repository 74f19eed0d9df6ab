#!/bin/sh
# The main job, shown on this machine: a coordinator's three mails come in by SMTP, each is
# acknowledged, signed and sealed, and nothing of the sealed one lies in clear on disk. Everything
# is throw-away, on loopback, and gone at the end. Exits with 0 only if every check held. It is
# run by `./bootstrap demo`; MADOGUCHI_BUILD names the folder where make ran.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

STARTED=$(date +%s%N)
BOLD='' PLAIN=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	BOLD=$(printf '\033[1m') PLAIN=$(printf '\033[0m')
fi

# --- telling ---

# chapter TEXT: a heading, with the seconds since the start.
chapter() {
	printf '\n%s# %s (%d s)%s\n' "$BOLD" "$*" "$(seconds_since_start)" "$PLAIN"
}

seconds_since_start() {
	echo $((($(date +%s%N) - STARTED) / 1000000000))
}

tell() {
	printf '  %s\n' "$@"
}

# see KIND TEXT ARGUMENT...: a check of the library (KIND: check, check_not, check_eq, check_has),
# told in the demo's own form.
see() {
	_before=$FAILURES
	"$@" >"$T/own/.told"
	if [ "$FAILURES" -eq "$_before" ]; then
		sed 's/^ok - /    ok: /' "$T/own/.told"
	else
		sed 's/^not ok - /    WRONG: /; s/^#/     /' "$T/own/.told"
	fi
}

# show ARGUMENT...: what a person types, and what the tool prints. Left out for want of room: most
# of each hash, and the items of the checklist that nobody has done.
show() {
	printf '\n  %s$ madoguchi %s%s\n' "$BOLD" "$*" "$PLAIN"
	CHECKS=$((CHECKS + 1))
	tool "$@" >"$T/own/.shown" || not_ok "madoguchi $* succeeds" "$T/own/.shown"
	sed 's/\(sha256 [0-9a-f]\{8\}\)[0-9a-f]*/\1.../' "$T/own/.shown" | awk '
		/^[^ ]/ { list = /^Checklist/ }
		/^  [0-9]/ && list && $2 == "-" { undone++; next }
		/^$/ && undone { print "      (and " undone " that nobody has done yet)"; undone = 0 }
		/./ { print "    " $0 }
		/^$/ { print }'
}

# The library's last words (lib.sh calls these two), in the demo's form.
closing_line() {
	if [ "$FAILURES" -gt 0 ]; then
		printf '\n%s%d of %d checks failed.%s\n' "$BOLD" "$FAILURES" "$CHECKS" "$PLAIN"
	elif [ "$1" -gt 0 ]; then
		printf '\n%sThe demo was cut short.%s\n' "$BOLD" "$PLAIN"
	else
		printf '\n%sAll %d checks held.%s\n' "$BOLD" "$CHECKS" "$PLAIN"
	fi
}

skip() {
	echo "the demo $*" >&2
	STORY_STATE=skipped
	exit 77
}

# --- measuring ---

# ms_between FROM TO: milliseconds between two instants in seconds.
ms_between() {
	awk -v from="$1" -v to="$2" 'BEGIN { printf "%.0f", (to - from) * 1000 }'
}

bytes_of() {
	stat -c %s "$1"
}

# arrived FILE: when that mail was written into its Maildir.
arrived() {
	stat -c %.6Y "$1"
}

# told_at FILE: when Dovecot took it out of new/, to tell the daemon of it.
told_at() {
	stat -c %.6Z "$1"
}

memory_of_daemon() {
	for _pid in $(daemon_rooms); do cat "/proc/$_pid/smaps_rollup" 2>/dev/null; done |
		awk '/^Pss:/ { kb += $2 } END { printf "%.1f", kb / 1024 }'
}

# --- the parts ---

build_stage() {
	desk_begin 'Servers and keys, made for this demo alone (0 s)'
	desk_keys
	C_LANGUAGE=en C_OFFICER_LANGUAGE=en C_POLL_INTERVAL=60
	desk_conf
	tell "Dovecot: IMAP on 127.0.0.1:$IMAPS_PORT. Postfix: SMTP on 127.0.0.1:$SMTP_PORT for the world," \
		"on $SMTPS_PORT for what the desk sends. TLS by a certificate authority of this demo alone." \
		'Three key pairs (Ed25519 and Curve25519):' \
		"  desk         security@example.co.jp  $DESK_FPR" \
		"  coordinator  vuln-contact@ipa.go.jp  $IPA_FPR" \
		"  officer      officer@example.co.jp   $OFFICER_FPR"
}

start_daemon() {
	chapter 'madoguchid starts and waits'
	_from=$(date +%s.%N)
	daemon_start
	wait_for 10 'log_since 0 "waiting for news"' 'the mailbox to be read'
	_ms=$(ms_between "$_from" "$(date +%s.%N)")
	_rooms=$(daemon_rooms | wc -l)
	tell "$_ms ms after its start the mailbox is read, and it waits: $_rooms processes, $(memory_of_daemon) MB of" \
		'memory together. By itself it asks once a minute; in between the server tells it (IDLE).'
}

# arrive NUMBER TEXT FILE: one mail of the coordinator's, and its acknowledgement.
arrive() {
	chapter "$2"
	# Dates of IMAP have whole seconds: less than one apart, a list by date would mix mails in and out.
	sleep 1
	dot=$("$PYTHON" -I "$E2E/stopwatch.py" "$SMTP_PORT" "$3" \
		vuln-contact@ipa.go.jp security@example.co.jp)
	_n=$1
	inbox_wait ipa "$_n"
	mail=$(inbox_mails desk | sed -n "${_n}p")
	answer=$(inbox_mails ipa | sed -n "${_n}p")
	total=$(ms_between "$dot" "$(arrived "$answer")")
	idle=$(ms_between "$(arrived "$mail")" "$(told_at "$mail")")
	tell "In:  Subject: $(mail_header "$mail" Subject)" \
		"     $(bytes_of "$mail") bytes. The daemon's verdict: $(verdict)." \
		"Out: Subject: $(mail_header "$answer" Subject)" \
		"     $(bytes_of "$answer") bytes, in the coordinator's mailbox $total ms after SMTP's final dot" \
		"     (of these, $idle ms passed before the IMAP server told the daemon)."
	look_at_answer
}

# verdict: what the daemon took the newest mail for.
verdict() {
	message_get '"{kind}, {trust}, case {case}".format(**d[-1])' --in
}

# The coordinator's side: GnuPG with the coordinator's own keyring, and nothing of ours.
look_at_answer() {
	open_ack "$IPA_HOME" "$answer" >"$T/own/inner" 2>/dev/null || :
	open_text "$IPA_HOME" "$answer" >"$T/own/text" || :
	tell "The coordinator opens it with GnuPG: \"$(sed -n 's/^Subject: //p' "$T/own/text")\""
	see check_eq 'sealed to the coordinator and the desk, and to nobody else' \
		"$(sed -n 's/^ENCRYPTED_TO //p' "$T/own/status" | sort)" \
		"$(printf '%s\n' "$IPA_FPR" "$DESK_FPR" | sort)"
	see check_eq 'signed by the desk' "$(sed -n 's/^VALIDSIG //p' "$T/own/status")" "$DESK_FPR"
	see check_eq 'outside, the Subject holds the number and no more' \
		"$(mail_header "$answer" Subject)" '[IPA#12345678] Message'
	see check_has 'inside, it names the number' "$(cat "$T/own/text")" 'Handling number: IPA#12345678'
	see check_eq 'marked as written by a program (RFC 3834)' \
		"$(mail_header "$answer" Auto-Submitted)" auto-replied
}

three_mails() {
	mark=$(new_mark)
	clear_mark=$(new_mark)
	set -- --from 'IPA <vuln-contact@ipa.go.jp>'
	arrive 1 'First mail, in clear: where may we write to you about a problem of your site?' \
		"$(mk_contact 12345678 "$@" --message-id '<one@ipa.go.jp>' --mark "$clear_mark")"
	arrive 2 'Second mail, in clear: how do you want our mail to be encrypted?' \
		"$(mk_encryption 12345678 "$@" --message-id '<two@ipa.go.jp>' --references '<one@ipa.go.jp>')"
	open_part "$IPA_HOME" "$answer" application/pgp-keys >"$T/own/desk.asc"
	see check_has 'the desk'\''s public key is attached' \
		"$(story_gpg "$IPA_HOME" --show-keys --with-colons "$T/own/desk.asc")" "^fpr:.*:$DESK_FPR:"
	arrive 3 'Third mail, signed by the coordinator and sealed to the desk: the details' \
		"$(mk_details 12345678 "$@" --message-id '<three@ipa.go.jp>' --references '<two@ipa.go.jp>' \
			--mark "$mark" --attach-mark)"
}

officer() {
	chapter 'The officer was told of each'
	inbox_wait officer 3
	for alert in $(inbox_mails officer); do
		open_text "$OFFICER_HOME" "$alert" >"$T/own/text" || :
		see check "sealed to the officer, signed: $(sed -n 's/^Subject: //p' "$T/own/text")" \
			alert_right "$alert"
	done
	tell "The last one, opened with the officer's key:"
	sed '1,/^$/d; /^What to do/,$d; /^$/d; s/^/    | /' "$T/own/text"
	see check_has 'the details themselves stand in it, opened, with their file' \
		"$(open_brought "$OFFICER_HOME" "$alert")" "MARK-ATT-$mark"
}

alert_right() {
	sealed_to "$OFFICER_HOME" "$1" "$OFFICER_FPR" "$DESK_FPR" &&
		signed_by "$OFFICER_HOME" "$1" "$DESK_FPR"
}

what_is_on_record() {
	chapter 'What the desk has on record, as staff see it'
	wait_for 10 '[ "$(outbox_get "len(d)" --state sent)" = 6 ]' 'six sent mails on record'
	show case show IPA#12345678
	show message list
	show outbox list --state sent
	show digest
	echo
	see check_eq 'one case of three mails and three acknowledgements, of the stage details' \
		"$(case_list '[[c["number"], c["stage"], c["trust"], c["messages"]] for c in d]')" \
		'[["IPA#12345678", "details", "verified", 6]]'
	see check_eq 'three acknowledgements were due, and were in time' \
		"$(case_get 1 '[x["state"] for x in d["deadlines"] if x["kind"] == "acknowledge"]')" \
		'["met", "met", "met"]'
	see check_has 'the digest names the case and what is due next' "$(tool digest)" \
		'IPA#12345678 +(result of the investigation|調査結果の報告) +\[.* 1$'
	see check 'every row and every log is as it was written (verify)' tool verify
}

secrets() {
	chapter 'Where are the words of the sealed mail?'
	tell 'Subject, text, URL, file name and file of the third mail each hold a random word.'
	see check_has 'message show opens the mail for a person, on the screen' \
		"$(tool message show 5)" "MARK-BODY-$mark"
	# shellcheck disable=SC2046 # a list of words
	see check 'none of the five is in the store, the log, a temporary file or the keyring folder' \
		no_leak $(marks_sealed "$mark")
	for user in desk ipa officer; do
		# shellcheck disable=SC2046 # a list of words
		see check "nor in the mailbox of $user" no_leak_mail "$user" $(marks_sealed "$mark")
	done
	# shellcheck disable=SC2046 # a list of words
	see check 'nor the text of the first mail, which came in clear, in anything that the desk keeps' \
		no_leak $(marks_clear "$clear_mark")
	see check_not 'the search does find the one thing that may be kept of it: its Subject' \
		no_leak "MARK-SUBJ-$clear_mark"
}

stop_daemon() {
	chapter 'The daemon is told to stop'
	_from=$(date +%s.%N)
	daemon_stop
	tell "It stopped $(ms_between "$_from" "$(date +%s.%N)") ms after SIGTERM."
	see check_eq 'with exit status 0' "$DAEMON_STATUS" 0
}

play() {
	build_stage
	start_daemon
	three_mails
	officer
	what_is_on_record
	secrets
	stop_daemon
	story_end
}

# --- around it ---

# left_over: what a demo left behind in its folder, or running.
left_over() {
	ls -A "$T"
	for _pid in $(story_pids); do tr '\0' ' ' <"/proc/$_pid/cmdline"; echo; done
}

# how_to_go_on: the ten lines of the README.
how_to_go_on() {
	printf '\nTo point it at your own mailbox (Debian 12, as root, here; README.md says more):\n\n'
	sed -n '/^## To run it/,/^## What it needs/p' "$SRC/README.md" |
		awk '/^```/ { if (inside++) exit; next } inside { print "  " $0 }'
}

around() {
	T=$(mktemp -d /tmp/demo.XXXXXX)
	# Postfix's and Dovecot's own users must get through.
	chmod 711 "$T"
	[ -n "${E2E_KEEP:-}" ] || trap 'rm -rf "$T"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	printf '%smadoguchi: the main job, on servers of its own, on loopback%s\n' "$BOLD" "$PLAIN"
	status=0
	TMPDIR=$T sh "$E2E/demo.sh" play || status=$?
	left=$(left_over)
	if [ -z "$left" ]; then
		printf 'No process and no file is left. %d seconds in all.\n' "$(seconds_since_start)"
	elif [ -z "${E2E_KEEP:-}" ]; then
		printf 'WRONG: something was left behind:\n%s\n' "$left"
		[ "$status" -ne 0 ] || status=1
	fi
	[ "$status" -eq 0 ] || exit "$status"
	how_to_go_on
}

if [ "${1:-}" = play ]; then play; else around; fi
