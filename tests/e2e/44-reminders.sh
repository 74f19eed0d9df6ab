#!/bin/sh
# Nothing that is owed passes unseen: staff are told before a deadline, on its day and past it, each
# once and in working hours; the deputy and the decision maker hear of a case that nobody takes.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# letters: how many officer, deputy and boss have.
letters() {
	echo "$(inbox_count officer) $(inbox_count vendor) $(inbox_count finder)"
}

# look WHEN OFFICER DEPUTY BOSS: a pass at that time in Japan, and how many letters each has then.
look() {
	daemon_once --now "$1:00+09:00"
	# The server has taken them; it may not have delivered them yet.
	for _try in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(letters)" = "$2 $3 $4" ] && break
		sleep 0.5
	done
	check_eq "$1" "$(letters)" "$2 $3 $4"
}

# subject USER: of the newest letter, opened if it is sealed.
subject() {
	mail_header "$(inbox_last "$1")" Subject
}

# text USER: the newest letter's text, of one that is in clear.
text() {
	"$PYTHON" -I -c '
import email, email.policy, sys
with open(sys.argv[1], "rb") as file:
    print(email.message_from_binary_file(file, policy=email.policy.default).get_body(("plain",)).get_content())
' "$(inbox_last "$1")"
}

desk_begin 'reminders'
desk_keys
C_OFFICER_KEY='' C_OFFICER_LANGUAGE=en C_OFFICER_DEPUTY=deputy
C_STAFF_MORE='deputy: { address = "vendor@vendor.example.jp"; role = "implementer"; key = ""; digest_at = ""; alerts = false; language = "en"; };
	boss: { address = "finder@example.org"; role = "decision-maker"; key = ""; digest_at = ""; alerts = false; language = "en"; };'
desk_conf

# A case that nobody takes (1 December 2031 is a Monday).
tool --now '2031-12-01T10:00:00+09:00' case open --desk www --number IPA#12345678 --as officer >/dev/null
tool --now '2031-12-01T10:00:00+09:00' case due 1 investigation 2031-12-10 --as officer
look 2031-12-01T13:59 0 0 0
look 2031-12-01T14:01 0 1 0
check_has 'the deputy is told which' "$(subject vendor)" 'IPA#12345678.*Nobody has taken a case'
look 2031-12-01T17:59 0 1 0
look 2031-12-01T20:00 0 1 0
look 2031-12-02T09:01 0 1 1
check_has 'and then the decision maker' "$(subject finder)" 'Nobody has taken a case'
tool --now '2031-12-02T10:00:00+09:00' case take 1 --as officer

# Three business days before, on the day, and past it.
look 2031-12-04T17:59 0 1 1
look 2031-12-05T08:59 0 1 1
look 2031-12-05T09:00 1 1 1
check_has 'near' "$(subject officer)" 'IPA#12345678.*A deadline is near'
check_has 'with the command that says that it is done' "$(text officer)" '^ +madoguchi case done 1 investigation$'
check_not 'and nothing of an extension' grep -q extension "$(inbox_last officer)"
look 2031-12-06T12:00 1 1 1
look 2031-12-08T12:00 1 1 1
look 2031-12-10T09:05 2 1 1
check_has 'today' "$(subject officer)" 'A deadline is today'
look 2031-12-11T08:00 2 1 1
look 2031-12-11T09:05 3 1 2
check_has 'past' "$(subject officer)" 'URGENT: a deadline is over'
check_has 'which the decision maker hears too' "$(subject finder)" 'URGENT: a deadline is over'
check_has 'as the officer knows' "$(text officer)" '^The decision maker is told as well\.$'
check_not 'and needs not be told himself' grep -q 'is told as well' "$(inbox_last finder)"
check_has 'with its kind' "$(cat "$(inbox_last finder)")" 'Deadline: result of the investigation, 2031-12-10 \(Wed\)$'
look 2031-12-11T09:06 3 1 2
look 2031-12-18T12:00 3 1 2
look 2031-12-05T12:00 3 1 2
check_has 'all of it is in the log' "$(case_get 1 '"\n".join(x["what"] for x in d["log"])')" \
	'^told: deadline investigation, due 2031-12-10T23:59:59\+09:00, is over$'

# A person sets another day: who sets a near one need not be told that it is near.
tool --now '2031-12-18T12:30:00+09:00' case due 1 investigation 2031-12-22 --as officer
look 2031-12-18T13:00 3 1 2
look 2031-12-22T09:00 4 1 2
tool --now '2031-12-22T10:00:00+09:00' case done 1 investigation --as officer
look 2031-12-24T09:00 4 1 2

# What others owe is asked for again; a remediation that cannot be met is moved by an extension.
tool --now '2031-12-24T09:10:00+09:00' case due 1 their-answer '2031-12-24 09:30' --as officer
look 2031-12-24T09:31 5 1 3
check_has 'their answer' "$(text officer)" '^ +- If not, ask them again'
tool --now '2031-12-24T09:32:00+09:00' case done 1 their-answer --as officer
tool --now '2031-12-24T09:33:00+09:00' case due 1 remediation '2031-12-24 09:40' --as officer
look 2031-12-24T09:41 6 1 4
check_has 'a remediation' "$(text officer)" '^ +madoguchi reply 1 --kind extension --until DATE$'
tool --now '2031-12-24T09:42:00+09:00' case done 1 remediation --as officer

# After a pause one letter tells of all that was missed.
for number in 1 2 3 4 5 6; do
	tool --now '2031-12-24T10:00:00+09:00' case open --desk www --number "IPA#2000000$number" --as officer >/dev/null
	tool --now '2031-12-24T10:00:00+09:00' case due "IPA#2000000$number" remediation "2032-01-0$number" --as officer
	tool --now '2031-12-24T10:00:00+09:00' case take "IPA#2000000$number" --as officer
done
look 2032-01-20T10:00 7 1 5
check_has 'which counts them' "$(subject officer)" '6 deadlines are near, today, or over'
look 2032-01-21T10:00 7 1 5

# Six cases of nobody's: by then three are the deputy's, and three the decision maker's.
for number in 1 2 3 4 5 6; do
	hour=$([ "$number" -le 3 ] && echo 09:00 || echo 13:30)
	tool --now "2032-02-02T$hour:00+09:00" case open --desk www --number "IPA#3000000$number" --as officer >/dev/null
done
look 2032-02-02T17:45 7 4 8
look 2032-02-02T17:46 7 4 8

# The dates of the list for trouble under way are owed as any: near, today, over, each once, until the
# item is ticked or has another day.
tool --now '2032-03-05T10:00:00+09:00' case incident 1 --as officer
look 2032-03-05T10:01 7 4 12
tool --now '2032-03-05T10:05:00+09:00' case due 1 authority-report 2032-03-12 --as officer
tool --now '2032-03-05T10:05:00+09:00' case due 1 tell-users 2032-03-12 --as officer
tool --now '2032-03-05T10:05:00+09:00' case tick 1 tell-users --as officer
look 2032-03-05T12:00 7 4 12
look 2032-03-09T09:00 8 4 12
check_has 'an item that is near' "$(subject officer)" 'IPA#12345678.*A deadline is near'
look 2032-03-10T09:00 8 4 12
look 2032-03-12T09:05 9 4 12
check_has 'is today' "$(subject officer)" 'A deadline is today'
tool --now '2032-03-12T10:00:00+09:00' case due 1 authority-report '2032-03-12 17:00' --as officer
look 2032-03-12T10:30 9 4 12
look 2032-03-12T17:01 10 4 13
check_has 'is over' "$(subject officer)" 'URGENT: a deadline is over'
check_has 'which the decision maker hears too, by its name' "$(cat "$(inbox_last finder)")" \
	'Deadline: report to the authority, 2032-03-12 \(Fri\) 17:00$'
check_has 'and what is to be done about it' "$(cat "$(inbox_last finder)")" 'madoguchi case tick 1 authority-report$'
check_not 'and no more' grep -q 'case done' "$(inbox_last finder)"
look 2032-03-12T17:30 10 4 13
check_has 'it is in the log' "$(case_get 1 '"\n".join(x["what"] for x in d["log"])')" \
	'^told: deadline authority-report, due 2032-03-12T17:00:00\+09:00, is over$'

# It is the case's next deadline wherever these are told.
friday='2032-03-12T18:00:00+09:00'
check_has 'in the list of what is overdue' "$(tool --now "$friday" case list --overdue)" \
	'^ *1 .* authority-report +2032-03-12 17:00 overdue'
check_has 'in JSON' "$(tool --now "$friday" case list --overdue --json | tr -d '\n ')" \
	'"next_deadline":\{"kind":"authority-report","due":"2032-03-12T17:00:00\+09:00","overdue":true\}'
for number in 1 2 3 4 5 6; do
	tool --now "$friday" case done "IPA#2000000$number" remediation --as officer
done
tool --now "$friday" status >"$T/own/status" || :
check_has 'in what status tells' "$(cat "$T/own/status")" '^ *1 +authority-report +2032-03-12 17:00 overdue'
tool --now "$friday" case tick 1 authority-report --as officer
check_eq 'until it is ticked' "$(case_get 1 'd["next_deadline"]')" null
check_status 'what was told is on record whole' 0 tool verify
story_end
