#!/bin/sh
# What is told in confidence lies nowhere in clear: not in the store, in a log, in a temporary file,
# in a file that was deleted and is still open, or in what goes out by mail; not while the daemon
# works, not after it was killed, not when a person reads a mail on the screen.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'nothing told in confidence lies on disk'
desk_keys
desk_conf
daemon_start
sealed=$(new_mark) clear=$(new_mark) finder=$(new_mark) broken=$(new_mark) form=$(new_mark)

mail_send "$(mk_contact 12345678 --mark "$clear" --attach-mark)"
mail_send "$(mk_details 12345678 --mark "$sealed" --attach-mark)"
mail_send "$(mk_finder --mark "$finder" --attach-mark)"
mail_send "$(mk_form finder-form '' --mark "$form")"
mail_send "$(mk_details 12345678 --mark "$broken" --attach-mark --protected none --inline \
	--header "Comments: between armor and text")"
wait_for 20 '[ "$(message_get "sum(m[\"direction\"] == \"in\" for m in d)")" = 5 ]' 'five mails on record'
inbox_wait officer 5
inbox_wait ipa 2

everything="$(marks_sealed "$sealed") $(marks_clear "$clear") $(marks_clear "$finder")
	$(marks_clear "$form") $(marks_sealed "$broken")"
# The marks are words without blanks: they are split here.
# shellcheck disable=SC2086
set -- $everything
check 'while the daemon works' no_leak "$@"
check 'the password neither' no_leak "$DESK_PASSWORD"
for user in ipa officer finder; do
	check "what went to $user bears none of it" no_leak_mail "$user" "$@"
done
check 'nor does the copy in Sent' no_leak_mail desk/Maildir/.Sent "$@"

id=$(message_get '[m["id"] for m in d if m["kind"] == "details"][0]')
check_has 'a person reads it on the screen' "$(tool message show "$id")" "MARK-BODY-$sealed"
check_has 'also a whole case' "$(tool case show 1 --decrypt)" "MARK-BODY-$clear"
check_not 'without --decrypt nothing is shown' eval 'tool case show 1 --json | grep -q MARK-BODY'
clear_id=$(message_get '[m["id"] for m in d if m["kind"] == "contact-request"][0]')
tool message show "$clear_id" --raw | tr -d '\r' >"$T/own/raw"
check 'mail that came in clear is given out byte for byte' \
	cmp "$T/own/raw" "$(inbox_find desk "MARK-BODY-$clear")"
tool message show "$id" --raw | tr -d '\r' >"$T/own/raw"
check 'sealed mail as the ciphertext that it was' \
	cmp "$T/own/raw" "$(inbox_mails desk | xargs grep -l "^Message-ID: $(message_get \
		'[m["message_id"] for m in d if m["kind"] == "details"][0]' | tr -d '"')")"
check_has 'why it was taken for details' "$(tool message why "$id")" '「発見者から次の報告」'
tool message why --json "$id" >"$T/own/json"
check 'after they were shown' no_leak "$@"

mail_send "$(mk_letter 12345678 --mark "$sealed" --attach-mark)"
sleep 0.3
daemon_kill9
check 'after the daemon was killed' no_leak "$@"
daemon_start
wait_for 20 '[ "$(message_get "sum(m[\"direction\"] == \"in\" for m in d)")" = 6 ]' 'the last mail on record'
daemon_stop
check 'after it was stopped' no_leak "$@"
check 'the password neither' no_leak "$DESK_PASSWORD"
story_end
