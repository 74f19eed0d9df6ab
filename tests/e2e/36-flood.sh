#!/bin/sh
# Forty mails at once: the first alerts go at once, the others are one letter, which names what is
# suspect first; none is lost, though the daemon is killed before it. The alerts of one case are one
# thread in the reader's mail client.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# at TIME: the daemon at that time in Japan, of a Monday.
at() {
	daemon_start --now "2024-06-03T$1+09:00"
}

# put TIME FILE: a mail that came at that time.
put() {
	mail_put INBOX "$2" "2024-06-03 $1 +0900"
}

# summary: the newest letter's text, opened.
summary() {
	open_text "$OFFICER_HOME" "$(inbox_last officer)"
}

desk_begin 'a flood of mail'
desk_keys
# No reminders among the letters.
C_HOURS=09:00-09:05 C_CONTACT=hold C_ENCRYPTION=hold C_OFFICER_LANGUAGE=en C_PER_DAY=1000
desk_conf

# One case: its alerts hang together.
at 09:30:00
put 09:30 "$(mk_contact 10000001)"
inbox_wait officer 1
first=$(inbox_last officer)
put 09:30 "$(mk_encryption 10000001)"
inbox_wait officer 2
second=$(inbox_last officer)
put 09:30 "$(mk_details 10000001)"
inbox_wait officer 3
third=$(inbox_last officer)
check_eq 'the first alert answers nothing' "$(mail_header "$first" In-Reply-To)$(mail_header "$first" References)" ''
check_eq 'the second one answers it' "$(mail_header "$second" In-Reply-To)" "$(mail_id "$first")"
check_eq 'by References too' "$(mail_header "$second" References)" "$(mail_id "$first")"
check_eq 'the third one likewise' "$(mail_header "$third" In-Reply-To) $(mail_header "$third" References)" \
	"$(mail_id "$first") $(mail_id "$first")"
check_eq 'outside their subject is the same' "$(mail_header "$third" Subject)" "$(mail_header "$first" Subject)"
for letter in "$first" "$second" "$third"; do
	check_has 'and inside it begins with the number' "$(open_text "$OFFICER_HOME" "$letter" | head -n 1)" \
		'^Subject: \[IPA#10000001\] '
done
tool --now 2024-06-03T09:30:00+09:00 case open --desk www --title x --as officer >/dev/null
tool --now 2024-06-03T09:30:00+09:00 case incident 2 --as officer >/dev/null
inbox_wait officer 4
check_has 'or with the case, where there is no number' "$(open_text "$OFFICER_HOME" "$(inbox_last officer)" | head -n 1)" \
	'^Subject: \[case 2\] URGENT'
check_eq 'which is another thread' "$(mail_header "$(inbox_last officer)" References)" ''
daemon_stop

# Forty mails, three of them forged, within a few seconds.
n=0
while [ $n -lt 40 ]; do
	n=$((n + 1))
	case $n in
	10 | 20 | 30) put 10:00 "$(mk_forged $((20000000 + n)))" ;;
	*) put 10:00 "$(mk_contact $((20000000 + n)))" ;;
	esac
done
at 10:00:00
alerts_wait 44
inbox_wait officer 9
check_eq 'five letters went at once' "$(inbox_count officer)" 9
check_eq 'the others wait, which their entries say' \
	"$(outbox_get 'sum("together with others" in (x["last_error"] or "") for x in d)' --state queued)" 35
tool outbox list --state queued >"$T/own/waiting"
check_eq 'and when that will be nobody knows yet' "$(grep -c 'together with others$' "$T/own/waiting")$(grep 2024 "$T/own/waiting" || :)" 35
tool --now '2024-06-03T10:00:00+09:00' case incident IPA#10000001 --as officer >/dev/null
inbox_wait officer 10
check_has 'trouble under way waits for nothing' "$(open_text "$OFFICER_HOME" "$(inbox_last officer)" | head -n 1)" URGENT
wait_for 10 '[ "$(outbox_get "len([x for x in d if x[\"kind\"] == \"alert\"])" --state sent)" = 10 ]' 'it to be on record'
daemon_kill9
at 10:05:00
inbox_wait officer 11
wait_for 10 '[ "$(outbox_get "len(d)" --state dropped)" -eq 35 ]' 'the others to be told'
check_eq 'and one letter tells of the rest' "$(inbox_count officer)" 11
check_has 'what is suspect stands in its subject' "$(summary | head -n 1)" \
	'^Subject: Please check: 35 alerts, among them suspect mail: 3$'
check_has 'and comes first' "$(summary | grep ':' | grep -A9 'told here' | grep -m1 '^  [a-z]')$(summary | grep -m1 '^  [a-z].*: [0-9]')" \
	'suspect mail: 3'
told=$(outbox_get 'sorted(x["case"] for x in d)' --state dropped | tr -d '[],' | tr ' ' '\n')
lines=$(summary | sed -n 's/^    case \([0-9]*\) .*message .*/\1/p' | sort -n)
check_eq 'each of them has its line' "$lines" "$told"
check_eq 'and each its number' "$(summary | grep -c '^    case [0-9]*  IPA#200000')" 35
summary_id=$(outbox_get 'max(x["id"] for x in d if x["kind"] == "alert")' --state sent)
check_eq 'of each it is on record which letter has it' \
	"$(outbox_get 'sorted({x["last_error"] for x in d})' --state dropped)" \
	"[\"told together with others, outbox $summary_id\"]"
check 'no address or word of a mail stands in it' sh -c '! printf %s "$1" | grep -qi "ipa.go.jp\|vuln-contact@"' - \
	"$(summary | grep '^    ')"
check_eq 'each mail has its alert once' "$(alerts_made)" 45

# The flood goes on: what comes within ten minutes of a summary is told with the next one.
put 10:05 "$(mk_contact 30000001)"
put 10:05 "$(mk_contact 30000002)"
alerts_wait 47
daemon_stop
at 10:14:00
sleep 2
check_eq 'not yet' "$(inbox_count officer)" 11
daemon_stop
at 10:17:00
inbox_wait officer 12
check_has 'the two are told' "$(summary | head -n 1)" '^Subject: 2 alerts$'
daemon_stop

# Fifty letters a day are enough: above it goes one an hour.
hour=11
while [ $hour -lt 20 ]; do
	n=0
	while [ $n -lt 5 ]; do
		n=$((n + 1))
		put $hour:00 "$(mk_contact $((40000000 + hour * 10 + n)))"
	done
	daemon_once --now "2024-06-03T$hour:00:30+09:00"
	hour=$((hour + 1))
done
wait_for 10 '[ "$(inbox_count officer)" -ge 50 ]' 'fifty letters'
check 'above it one an hour' [ "$(inbox_count officer)" -le 52 ]
count=$(inbox_count officer)
put 21:00 "$(mk_contact 50000001)"
put 21:00 "$(mk_contact 50000002)"
daemon_once --now '2024-06-03T21:00:00+09:00'
put 21:05 "$(mk_contact 50000003)"
put 21:05 "$(mk_contact 50000004)"
daemon_once --now '2024-06-03T21:30:00+09:00'
daemon_once --now '2024-06-03T21:50:00+09:00'
inbox_wait officer $((count + 1))
sleep 1
check_eq 'one summary, though half an hour passed' "$(inbox_count officer)" $((count + 1))
daemon_once --now '2024-06-03T22:05:00+09:00'
inbox_wait officer $((count + 2))
check_has 'and the next one after an hour' "$(summary)" 'IPA#50000004'
check_eq 'all is told' "$(outbox_get 'len(d)' --state queued)" 0
check_status 'and on record whole' 0 tool verify
story_end
