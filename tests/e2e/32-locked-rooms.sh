#!/bin/sh
# Every process is locked in by the kernel and does its work all the same: gpg's agent is started
# anew behind the lock, a password may be put in another's place, no secret is to be seen in /proc.
# Where the kernel has no Landlock it is said once, and the desk goes on.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# status_of PID FIELD: a line of /proc/PID/status.
status_of() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" 2>/dev/null
}

# unlocked: the daemon's processes that seccomp does not hold, or that may gain privileges.
unlocked() {
	for _pid in $(daemon_rooms); do
		[ "$(status_of "$_pid" Seccomp) $(status_of "$_pid" NoNewPrivs)" = '2 1' ] ||
			status_of "$_pid" Name
	done
}

# told_in_proc WORD: processes in whose environment or arguments the word stands.
told_in_proc() {
	for _pid in $(daemon_rooms); do
		if grep -qaF -e "$1" "/proc/$_pid/environ" "/proc/$_pid/cmdline" 2>/dev/null; then
			status_of "$_pid" Name
		fi
	done
}

# agent_pid: the agent of the desk's keyring.
agent_pid() {
	gpg-connect-agent --homedir "$DESK_HOME" --no-autostart 'GETINFO pid' /bye | sed -n 's/^D //p'
}

# agent_confirms: has the agent ask a person, for which it runs its pinentry.
agent_confirms() {
	GPG_TTY=/dev/null gpg-connect-agent --homedir "$DESK_HOME" 'GET_CONFIRMATION x' /bye >/dev/null 2>&1 || :
}

desk_begin 'locked rooms do their work'
desk_keys
C_IMAP_PASSWORD_COMMAND="cat $T/own/word" C_IMAP_PASSWORD_FILE=''
echo "$DESK_PASSWORD" >"$T/own/word"
desk_conf
MADOGUCHI_SECRET=secret-of-$(random_word)
export MADOGUCHI_SECRET
gpgconf --homedir "$DESK_HOME" --kill gpg-agent
# What lies in the keyring's folder is a room's to change: gpg's conf may name a program of its choice.
printf '#!/bin/sh\n: >%s\n' "$T/tmp/ran" >"$DESK_HOME/pinentry"
chmod 700 "$DESK_HOME/pinentry"
echo "pinentry-program $DESK_HOME/pinentry" >>"$DESK_HOME/gpg-agent.conf"
agent_confirms
check 'an agent that is free runs what its conf names' [ -e "$T/tmp/ran" ]
rm -f "$T/tmp/ran"
gpgconf --homedir "$DESK_HOME" --kill gpg-agent
daemon_start
check_eq 'the agent that it started at first is locked in as a keyring is' \
	"$(status_of "$(agent_pid)" Seccomp)" 2
agent_confirms
check_not 'and does not run what its conf names' [ -e "$T/tmp/ran" ]
mail_send "$(mk_contact 10000001)"
inbox_wait ipa 1
mail_send "$(mk_details 10000001)"
inbox_wait ipa 2
check 'readers, keyrings, a sealer and two wires are there' [ "$(daemon_rooms | wc -l)" -ge 7 ]
check_eq 'the one process that is free runs the commands of the conf' "$(unlocked | sort | tr '\n' ' ')" 'errand '
check_eq 'an environment'"'"'s secret is not handed on to rooms' \
	"$(told_in_proc "$MADOGUCHI_SECRET" | sort | tr '\n' ' ')" 'errand madoguchid '
check_eq 'no password stands in arguments or environments' "$(told_in_proc "$DESK_PASSWORD")" ''
unset MADOGUCHI_SECRET

gpgconf --homedir "$DESK_HOME" --kill gpg-agent
mail_send "$(mk_details 10000002)"
inbox_wait ipa 3
check 'gpg-agent was started anew' [ -n "$(agent_pid)" ]
check_eq 'behind the lock of the room that needed it' "$(status_of "$(agent_pid)" Seccomp)" 2

daemon_stop
C_IMAP_PASSWORD_COMMAND='' C_IMAP_PASSWORD_FILE=imap.password
desk_conf
daemon_start
mail_send "$(mk_contact 10000003)"
inbox_wait ipa 4
lines=$(log_lines)
for password in imap smtp; do
	cp -p "$T/$password.password" "$T/$password.new"
	mv "$T/$password.new" "$T/$password.password"
done
imap_stop
imap_start
mail_put INBOX "$(mk_details 10000003)"
inbox_wait ipa 5 30
check 'the wire was made anew, which may open the new password' log_since "$lines" "mailbox's wire ended"
daemon_stop

# As on a kernel without Landlock; only a test build can pretend.
if grep -q MADOGUCHI_TEST_LANDLOCK "$MADOGUCHID"; then
	MADOGUCHI_TEST_LANDLOCK=0
	export MADOGUCHI_TEST_LANDLOCK
	lines=$(log_lines)
	daemon_start
	mail_send "$(mk_contact 10000004)"
	inbox_wait ipa 6
	check_eq 'that there is no Landlock is said once' \
		"$(tail -n "+$((lines + 1))" "$T/log" | grep -c 'has no Landlock')" 1
	check_eq 'seccomp holds them all the same' "$(unlocked)" ''
fi
story_end
