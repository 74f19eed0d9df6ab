#!/bin/sh
# Somebody who is no party to a case writes with its number in the Subject. The mail gets no answer
# and enters no case by itself; it is shown beside the case until a person says where it belongs.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a stranger quotes the number'
desk_keys
desk_conf
daemon_start
mail_send "$(mk_contact 12345678)"
inbox_wait ipa 1
answer=$(inbox_last ipa)

mail_send "$(mk_plain 'Re: [IPA#12345678] details please' 'What is this about? Send me the details.' \
	'Somebody <somebody@example.net>' --message-id '<stranger@example.net>')"
mail_send "$(mk_plain 'Re: your mail' 'I have got this by mistake.' 'Other <other@example.net>' \
	--in-reply-to "$(mail_id "$answer")")"
wait_for 10 '[ "$(message_get "len(d)" --unfiled)" = 2 ]' 'the mails to be shown as unfiled'
check_eq 'neither is in a case' "$(message_get '[m["case"] for m in d]' --unfiled)" '[null, null]'
check_eq 'the case has its own mails alone' "$(case_get 1 'd["messages"]')" 2
check_has 'and shows the one that quotes its number' \
	"$(case_get 1 '[m["message_id"] for m in d["unfiled"]]')" '<stranger@example\.net>'
check_eq 'nobody was answered' "$(inbox_count ipa) $(inbox_count sink)" '1 0'
check_eq 'nor is it worth an alert' "$(inbox_count officer)" 1

check_has 'why it waits is told' "$(tool message why "$(message_get '[m["id"] for m in d if m["message_id"] == "<stranger@example.net>"][0]' --unfiled)" | tr '\n' ' ' | tr -s ' ')" \
	'It belongs to none: who wrote it takes part in none; shown beside case 1'

# The officer knows them, and says where the mail belongs.
id=$(message_get '[m["id"] for m in d if m["message_id"] == "<stranger@example.net>"][0]' --unfiled)
tool message file "$id" IPA#12345678 --as officer
check_eq 'filed, it is in the case' "$(message_get '[m["case"] for m in d if m["id"] == '"$id"']')" '[1]'
check_has 'by whom is on record' "$(case_get 1 '[(x["who"], x["what"]) for x in d["log"]]')" \
	"\"officer\", \"message $id "
check_eq 'the other waits still' "$(message_get 'len(d)' --unfiled)" 1
story_end
