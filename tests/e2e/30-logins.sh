#!/bin/sh
# Who logs in how, with whose word, and where that word never comes: a token from a command and a
# password by SCRAM, refused and renewed, in no log, no list, no environment, no memory but the
# wire's own.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# room_pid KIND: the process of that kind (a room's name, or madoguchid for the desk).
room_pid() {
	for _pid in $(daemon_rooms); do
		if [ "$(cat "/proc/$_pid/comm")" = "$1" ]; then echo "$_pid"; fi
	done
}

# in_memory PID WORD..., shows PID WORD...: whether a process has a word in its memory; shows it to
# whoever looks at its environment or command line.
in_memory() {
	! "$PYTHON" -I "$E2E/memory.py" memory "$@" >>"$T/own/memory"
}

shows() {
	! "$PYTHON" -I "$E2E/memory.py" shown "$@" >>"$T/own/memory"
}

# apart WORD...: no process shows a word or leaves a core, and none but a wire has one in its memory.
apart() {
	for _room in $(daemon_rooms); do
		if shows "$_room" "$@" || ! grep -q 'Max core file size *0 *0' "/proc/$_room/limits"; then
			return 1
		fi
		case $(cat "/proc/$_room/comm") in
		mailbox | smarthost) ;;
		*) if in_memory "$_room" "$@"; then return 1; fi ;;
		esac
	done
}

desk_begin 'logins, and where their words never come'
desk_keys
# Gives the first line of the first file once, and ever after that of the second, as a provider's
# tool does when a token has run out.
cat >"$T/own/give" <<'END'
if [ -e "$3" ]; then cat "$2"; else : >"$3"; cat "$1"; fi
END
oauth_token desk >"$T/own/token"
oauth_token desk -3600 >"$T/own/old"
token=$(cut -d. -f3 "$T/own/token") old=$(cut -d. -f3 "$T/own/old")
C_IMAP_URL=imap://127.0.0.1:$IMAP_PORT C_IMAP_TLS=starttls C_IMAP_AUTH=oauthbearer
C_IMAP_PASSWORD_FILE='' C_IMAP_PASSWORD_COMMAND="sh $T/own/give $T/own/old $T/own/token $T/own/imap-asked"
C_SMTP_URL=smtp://127.0.0.1:$SUBMISSION_PORT C_SMTP_TLS=starttls C_SMTP_AUTH=scram
desk_conf
rm "$T/imap.password"
daemon_start
wait_for 30 'grep -q "mailbox read, waiting" "$T/log"' 'the login with the second token'
check_has 'the token that had run out was refused' "$(cat "$T/log")" 'refuses the login: .AUTHENTICATIONFAILED'
mail_send "$(mk_contact 10000001)"
inbox_wait ipa 1
check_has 'the smarthost was logged in to by SCRAM' "$(cat "$T/srv/postfix/log")" 'sasl_method=SCRAM-SHA-256'
check 'a wire has its word in memory: the search finds it' in_memory "$(room_pid smarthost)" "$DESK_PASSWORD"
check 'no other process has it, none shows it' apart "$token" "$old" "$DESK_PASSWORD"
check 'none of it lies on disk or in the log' no_leak "$token" "$old" "$DESK_PASSWORD"
daemon_stop

# A token for the smarthost too: when it has run out, the letter goes with the next one at once.
C_SMTP_AUTH=xoauth2 C_SMTP_PASSWORD_FILE=''
C_SMTP_PASSWORD_COMMAND="sh $T/own/give $T/own/old $T/own/token $T/own/smtp-asked"
desk_conf
rm "$T/imap.password" "$T/smtp.password"
daemon_start
mail_send "$(mk_details 10000001)"
# Dovecot takes its time to refuse.
inbox_wait ipa 2 30
check_has 'by XOAUTH2' "$(cat "$T/srv/postfix/log")" 'sasl_method=XOAUTH2'
check_has 'after the old one was refused' "$(cat "$T/srv/postfix/log")" 'SASL XOAUTH2 authentication failed'
daemon_stop

# Wrong words: what is told of it names the server, and never the word.
wrong=$(random_word)
C_IMAP_AUTH=auto C_IMAP_PASSWORD_FILE=imap.password C_IMAP_PASSWORD_COMMAND=''
C_SMTP_AUTH=plain C_SMTP_PASSWORD_FILE=smtp.password C_SMTP_PASSWORD_COMMAND='' C_FOLLOW_UP=auto
desk_conf
echo "$wrong" >"$T/smtp.password"
lines=$(log_lines)
daemon_start
mail_send "$(mk_contact 10000002)"
wait_for 30 '[ "$(outbox_get "len(d)" --state deferred)" -ge 1 ]' 'the letter to be deferred'
check_has 'the list says why' "$(tool outbox list)" 'does not accept the login: 535'
check 'no process shows the word' apart "$wrong" "$DESK_PASSWORD"
daemon_stop
echo "$wrong" >"$T/imap.password"
echo "$DESK_PASSWORD" >"$T/smtp.password"
lines=$(log_lines)
daemon_start
wait_for 30 'log_since "$lines" "refuses the login"' 'the refusal'
check 'neither log nor list nor store has the word' no_leak "$wrong" "$DESK_PASSWORD"
check_not 'nor what the tool prints' eval 'tool outbox list --json | grep -q "$wrong"'
story_end
