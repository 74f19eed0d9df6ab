#!/bin/sh
# Two desks; the mail server of one lies in every way. Its wire is started again and again, the log
# says what was wrong, the other desk works on, and when the lies end nothing is lost or filed twice.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# lie WORD: what the lying server does from now on.
lie() {
	echo "$1" >"$T/srv/liar/lie.new"
	mv "$T/srv/liar/lie.new" "$T/srv/liar/lie"
}

# liar_put NUMBER FILE: puts a mail into its INBOX.
liar_put() {
	cp "$2" "$T/srv/liar/mails/new"
	mv "$T/srv/liar/mails/new" "$T/srv/liar/mails/$1.eml"
}

# liar_start: starts it, on the port $LIAR_PORT.
liar_start() {
	mkdir -p "$T/srv/liar/mails"
	lie honest
	"$PYTHON" -I "$E2E/faultimap.py" "$LIAR_PORT" "$T/srv/liar" >>"$T/srv/liar/out" 2>&1 </dev/null &
	wait_for 5 '[ -e "$T/srv/liar/up" ]' 'the lying server'
}

# met WORD PATTERN: tells that lie until the log has a line that matches. The pauses of the wire are
# cut short, as by a person who asks for a pass.
met() {
	met_lines=$(log_lines)
	met_pattern="desk=liar.*($2)"
	lie "$1"
	wait_for 30 'poke; log_since "$met_lines" "$met_pattern"' "the log to tell of $1"
	printf '# %-17s | %s\n' "$1" "$(tail -n "+$((met_lines + 1))" "$T/log" | grep -E -e "$met_pattern" |
		head -n 1 | sed 's/.*desk=liar //')"
}

# poke: wakes the daemon, which then looks at its mailboxes without waiting.
poke() {
	printf "!" 1<>"$T/state/wake"
}

# filed: how many mails of the lying server's desk are on record.
filed() {
	message_get '[m["desk"] for m in d if m["direction"] == "in"].count("liar")'
}

# works_on: a mail to the other desk is answered.
works_on() {
	OTHERS=$((OTHERS + 1))
	mail_send "$(mk_contact $((10000000 + OTHERS)))"
	wait_for 20 'grep -q "IPA#$((10000000 + OTHERS))" $(inbox_mails ipa)' "the other desk's answer $OTHERS"
	CHECKS=$((CHECKS + 1))
	echo "ok - the other desk answers meanwhile ($1)"
}

desk_begin 'a server that lies'
desk_keys
LIAR_PORT=$("$PYTHON" -I "$E2E/mailio.py" ports 1)
OTHERS=0
C_DESKS_MORE="liar: {
$(C_ADDRESS=liar@example.co.jp C_SITES='["https://liar.example.co.jp/"]' C_IMAP_TLS=none C_FOLDERS='["INBOX"]' \
	C_IMAP_URL=imap://127.0.0.1:$LIAR_PORT C_SAVE_SENT=false C_SENT_FOLDER='' _passfile='' conf_desk)
}"
C_ALERTS=false
desk_conf
liar_start
liar_put 5 "$(mk_contact 20000005)"
liar_put 6 "$(mk_contact 20000006)"
lie greeting-flood
daemon_start
met greeting-flood 'sent more on the greeting'
met capability-flood 'sent more on CAPABILITY'
works_on 'floods'
met select-flood 'sent more on SELECT'
met wrong-tag 'answers SELECT with what cannot be read'
met absurd-literal 'sent more on FETCH'
met size-lie 'sent more on FETCH'
works_on 'literals'
met bye-in-literal 'broke the connection off during FETCH'
met unasked 'does not give the message with UID 5'
met uidvalidity 'UIDVALIDITY changed while the folder was read'
check_eq 'nothing was taken of what came by halves' "$(filed)" 0
if ! nm "$MADOGUCHID" 2>/dev/null | grep -q __asan_init; then
	# The stack of libetpan's parser ends here, and with it the wire, which held this one account.
	met nested "wire ended: it crashed"
fi
works_on 'a wire that crashed'

# An end to it: each mail is filed once, and answered once.
lie honest
wait_for 30 'poke; [ "$(filed)" = 2 ]' 'both mails on record'

# Numbers that cannot be: nothing is passed over, and nothing comes twice.
lie uidnext-high
liar_put 7 "$(mk_contact 20000007)"
wait_for 30 'poke; [ "$(filed)" = 3 ]' 'the mail below what the server forecast'
met uidnext-back 'numbers went back'
liar_put 8 "$(mk_contact 20000008)"
wait_for 30 'poke; [ "$(filed)" = 4 ]' 'the mail whose UID was used before'
# Listed, then gone when it is fetched, and gone when it is asked for: three questions. It comes back.
lie expunge
fetches=$(grep -c uid_fetch "$T/srv/liar/log")
liar_put 9 "$(mk_contact 20000009)"
wait_for 30 'poke; [ "$(grep -c uid_fetch "$T/srv/liar/log")" -ge $((fetches + 3)) ]' 'the mail to vanish'
works_on 'mails that vanish'
lie news-flood
works_on 'news without end'
lie honest
wait_for 30 'poke; [ "$(filed)" = 5 ]' 'the last mail'
wait_for 20 '[ "$(inbox_count ipa)" -ge $((OTHERS + 5)) ]' 'all answers'
check_eq 'each mail is on record once' "$(filed)" 5
check_eq 'and answered once' "$(inbox_count ipa)" $((OTHERS + 5))
story_end
