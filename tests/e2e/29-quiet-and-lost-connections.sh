#!/bin/sh
# A desk without news is quiet: one question a folder at each poll, and nothing opened or fetched.
# New mail in the first folder is told by the server (IDLE); a connection that is lost comes back.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# said PATTERN: how many commands of the desk match; Dovecot writes down all of them.
said() {
	cat "$T/srv/mail/desk/rawlog/"*.in 2>/dev/null | grep -cE "^[0-9.]+ ($1)" || :
}

# shellcheck disable=SC2034 # the servers' conf
C_DOVECOT_MORE='protocol imap {
	  rawlog_dir = %h/rawlog
	}'
desk_begin 'quiet, and connected again'
desk_keys
desk_conf
mail_put INBOX "$(mk_contact 10000001)"
mkdir "$T/srv/mail/desk/rawlog"
chown "$MAIL_UID:$MAIL_GID" "$T/srv/mail/desk/rawlog"
daemon_start
inbox_wait desk 1 10 Sent
inbox_wait officer 1
sleep 2

# Four polls without news.
polls=$(said '[0-9]+ STATUS Junk')
opened=$(said '[0-9]+ (SELECT|EXAMINE|UID|FETCH)')
all=$(said '(M?[0-9]+ |DONE)')
wait_for 10 '[ "$(said "[0-9]+ STATUS Junk")" -ge $((polls + 4)) ]' 'four polls'
check_eq 'nothing was opened or fetched' "$(said '[0-9]+ (SELECT|EXAMINE|UID|FETCH)')" "$opened"
polls=$(($(said '[0-9]+ STATUS Junk') - polls))
check 'each folder was asked about once a poll, and IDLE renewed' \
	[ $(($(said '(M?[0-9]+ |DONE)') - all)) -le $((polls * 6 + 6)) ]
check_eq 'over one connection' "$(find "$T/srv/mail/desk/rawlog" -name '*.in' | wc -l)" 1

# With a poll once an hour it is the server that tells; a mail in another folder waits its turn.
daemon_stop
C_POLL_INTERVAL=3600
desk_conf
daemon_start
wait_for 10 'log_since 0 "mailbox read, waiting"' 'the mailbox to be read'
mail_put Junk "$(mk_contact 10000003)"
mail_send "$(mk_contact 10000002)"
inbox_wait ipa 2
check_eq 'only the first folder is watched' "$(case_list 'len(d)')" 2

# The server goes away and comes back: what came meanwhile, in every folder, is read then.
mail_put INBOX "$(mk_encryption 10000002)" &
wait "$!"
imap_stop
lines=$(log_lines)
sleep 1
tries=$(grep -c 'mailbox cannot be reached' "$T/log")
check 'it is told once a try, and the tries become rarer' [ "$tries" -le 4 ]
mail_send "$(mk_details 10000002)"
imap_start
wait_for 30 'log_since "$lines" "mailbox read, waiting"' 'the desk to be connected again'
inbox_wait ipa 5 20
check_eq 'the other folder was read then' "$(case_list 'sorted(c["number"] for c in d)')" \
	'["IPA#10000001", "IPA#10000002", "IPA#10000003"]'

# A server without IDLE, or a conf that does without: the poll alone.
daemon_stop
C_IDLE=false C_POLL_INTERVAL=1
desk_conf
idles=$(said 'M?[0-9]+ IDLE')
daemon_start
mail_send "$(mk_encryption 10000003)"
inbox_wait ipa 6
check_eq 'without IDLE' "$(said 'M?[0-9]+ IDLE')" "$idles"
story_end
