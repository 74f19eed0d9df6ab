#!/bin/sh
# Passwords that a command gives, a desk's key that is locked, and what the desk does to mail that is
# on record: a flag, or another folder.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'passwords from a command, and marks on filed mail'
DESK_PASSPHRASE="locked with $(random_word)"
desk_keys
# A token as a provider's tool prints it; SMTP's is the plain password.
oauth_token desk >"$T/own/token"
C_IMAP_PASSWORD_FILE='' C_IMAP_PASSWORD_COMMAND="cat $T/own/token" C_IMAP_AUTH=xoauth2
C_SMTP_PASSWORD_FILE='' C_SMTP_PASSWORD_COMMAND="echo $DESK_PASSWORD | tr -d x"
C_AFTER=flag
desk_conf
rm "$T/imap.password" "$T/smtp.password"
mail_put INBOX "$(mk_unrelated)"
mail_put INBOX "$(mk_contact 10000001)"
daemon_start
inbox_wait ipa 1
check 'the locked key signs' signed_by "$IPA_HOME" "$(inbox_last ipa)" "$DESK_FPR"
mail_send "$(mk_details 10000001)"
inbox_wait ipa 2
wait_for 10 '[ "$(imap desk flags INBOX | grep -c MadoguchiFiled)" = 2 ]' 'the mails to be flagged'
check_eq 'what is nobody'"'"'s case has no flag' "$(imap desk flags INBOX | head -n 1)" ''

# The connection breaks after the token has run out: the next login is with a new one.
imap_stop
oauth_secret_make
oauth_token desk >"$T/own/token"
imap_start
mail_put INBOX "$(mk_encryption 10000001)"
inbox_wait ipa 3 20
check 'neither passwords nor tokens lie on disk' no_leak "$DESK_PASSPHRASE" "$(cut -d. -f3 "$T/own/token")"

# Another way: filed mail is moved, whatever folder it lay in; the rest stays where it is.
daemon_stop
C_AFTER=move:Filed
desk_conf
rm "$T/imap.password" "$T/smtp.password"
mail_put Junk "$(mk_contact 10000002)"
imap_record
daemon_start
inbox_wait ipa 4
wait_for 10 '[ "$(inbox_count desk Filed)" = 1 ]' 'the mail to be moved'
check_eq 'it is in Junk no more' "$(inbox_count desk Junk)" 0
mail_put INBOX "$(mk_details 10000002)"
mail_put INBOX "$(mk_unrelated)"
inbox_wait ipa 5
wait_for 10 '[ "$(inbox_count desk Filed)" = 2 ]' 'the second to be moved'
check_eq 'what was filed before, and what is unrelated, stays' "$(inbox_count desk)" 5
check_eq 'nothing is answered twice' "$(inbox_count ipa)" 5

# Moved is what the store has, and not before.
fetched=$(imap_commands | grep -c BODY.PEEK)
store_hold
mail_put Junk "$(mk_contact 10000003)"
wait_for 10 '[ "$(imap_commands | grep -c BODY.PEEK)" -gt "$fetched" ]' 'the mail to be fetched'
check_eq 'what is not yet on record stays in its folder' "$(inbox_count desk Junk) $(inbox_count ipa)" '1 5'
store_free
inbox_wait ipa 6
wait_for 10 '[ "$(inbox_count desk Junk) $(inbox_count desk Filed)" = "0 3" ]' 'the third to be moved'

# The connection goes while a mail is put on record, and then the daemon itself: the mark is still due.
fetched=$(imap_commands | grep -c BODY.PEEK)
store_hold
mail_put Junk "$(mk_contact 10000004)"
wait_for 10 '[ "$(imap_commands | grep -c BODY.PEEK)" -gt "$fetched" ]' 'the mail to be fetched'
lines=$(log_lines)
imap_stop
store_free
wait_for 10 'log_since "$lines" "message=.*kind=contact-request"' 'the mail to be on record'
daemon_kill9
imap_start
check_eq 'on record, and not moved' "$(inbox_count desk Junk) $(inbox_count desk Filed)" '1 3'
daemon_start
wait_for 10 '[ "$(inbox_count desk Junk) $(inbox_count desk Filed)" = "0 4" ]' 'the fourth to be moved'
inbox_wait ipa 7
# A letter that the kill cut may come again, byte by byte the same.
check_eq 'and answered once' "$(inbox_mails ipa | while read -r file; do mail_id "$file"; done | sort -u | wc -l)" 7
story_end
