#!/bin/sh
# The daemon is killed fifty times, at random moments, while thirty mails come in: clear, sealed, and
# too damaged to open. When it is left in peace at last, every mail is on record once, every case is
# right, and every answer has gone out: never under a second Message-ID, and again only where a kill
# cut the very attempt, which the case's log shows.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# three_mails NUMBER: the first contact, the details, and one in which a letter was lost.
three_mails() {
	mk_contact "$1"
	mk_details "$1"
	mk_letter "$1" --tamper --outer-subject "[IPA#$1]"
}

# letters: a line for each answer that the server took: Message-ID and checksum.
letters() {
	for file in $(fault_mails accepted); do
		echo "$(sed -n 's/^Message-ID: *//p;/^\r*$/q' "$file" | tr -d '\r') $(md5sum <"$file")"
	done
}

desk_begin 'thirty mails, fifty kills'
desk_keys
fault_start
fault 'dot slow 0.05'
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none C_ALERTS=false
desk_conf
seed=${E2E_SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
echo "# E2E_SEED=$seed"
for number in 10000001 10000002 10000003 10000004 10000005 \
	10000006 10000007 10000008 10000009 10000010; do
	three_mails "$number"
done | awk -v seed="$seed" 'BEGIN { srand(seed) } { print rand() "\t" $0 }' | sort | cut -f2 >"$T/own/mails"

# Fifty lives, from a twentieth of a second to a whole one; a mail comes at the start of most.
exec 3<"$T/own/mails"
lives=$(awk -v seed="$seed" 'BEGIN { srand(seed); for (i = 0; i < 50; i++)
	printf "%.2f ", 0.05 + rand() * 0.95 }')
for life in $lives; do
	if read -r mail <&3; then mail_drop desk INBOX "$mail"; fi
	daemon_begin
	sleep "$life"
	kill -9 "$DAEMON_PID"
	daemon_reap
done
daemon_start
wait_for 20 '[ "$(message_get "sum(m[\"direction\"] == \"in\" for m in d)")" = 30 ]' 'all mails on record'
wait_for 20 '[ "$(outbox_get "[x for x in d if x[\"state\"] != \"held\"]")" = "[]" ]' 'all answers to go out'
inbox_wait desk 20 20 Sent

check_eq 'every mail is on record once' "$(message_get 'len({m["message_id"] for m in d
	if m["direction"] == "in"}) == sum(m["direction"] == "in" for m in d) == 30')" true
check_eq 'ten cases, each at the last stage, with three mails and two answers' \
	"$(case_list '{(c["stage"], c["number_bound"], c["trust"], c["messages"]) for c in d} ==
	{("details", True, "verified", 5)} and len({c["number"] for c in d}) == len(d) == 10')" true
check_eq 'what could not be opened is unreadable, told with a held question' \
	"$(outbox_get '{x["kind"] for x in d} == {"question"} and len({x["case"] for x in d}) == len(d) == 10' \
	--state held)" true
letters >"$T/own/letters"
check_eq 'twenty answers were taken' "$(cut -d' ' -f1 "$T/own/letters" | sort -u | wc -l)" 20
check_eq 'a repeated one is the same, byte by byte' "$(sort -u "$T/own/letters" | wc -l)" 20
again=$(($(wc -l <"$T/own/letters") - 20))
cut=$(for id in 1 2 3 4 5 6 7 8 9 10; do
	case_get "$id" 'sum("an attempt was cut" in x["what"] for x in d["log"])'
done | awk '{ sum += $1 } END { print sum }')
echo "# $cut attempts were cut, $again answers went twice"
check 'no more of them went again than were cut' [ "$again" -le "$cut" ]
check_eq 'each lies in Sent once' "$(inbox_count desk Sent)" 20
check 'the store is whole' tool verify
story_end
