#!/bin/sh
# The smarthost is away: nobody can be told of it by mail. alert_command is given what staff would
# have been told, after an hour and in steps that double; status says what is wrong; when mail goes
# out again, that is told once.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# at TIME: a pass at that time in Japan, of a Monday.
at() {
	daemon_once --now "2024-06-03T$1+09:00" || :
}

put() {
	mail_put INBOX "$2" "2024-06-03 $1 +0900"
}

# runs: how often the command was run to its end.
runs() {
	grep -c '^-- end$' "$T/own/told" 2>/dev/null || :
}

# told N: waits for that many runs, and then whether there are no more.
told() {
	_runs=$1
	wait_for 10 '[ "$(runs)" -ge "$_runs" ]' "run $1 of alert_command"
	sleep 1
	check_eq "the command has been run $1 times" "$(runs)" "$1"
}

status_at() {
	tool --now "2024-06-03T$1+09:00" status
}

desk_begin 'mail itself fails'
desk_keys
fault_start
cat >"$T/own/pager" <<END
#!/bin/sh
cat >>"$T/own/told"
echo '-- end' >>"$T/own/told"
echo 'this goes nowhere: $DESK_PASSWORD'
echo 'nor does this' >&2
exit \$(cat "$T/own/verdict")
END
chmod 755 "$T/own/pager"
echo 0 >"$T/own/verdict"
# A pass each half an hour: what is looked at here is the outbox.
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none C_POLL_INTERVAL=1800 C_HOURS=09:00-09:05
C_LANGUAGE=en C_OFFICER_LANGUAGE=en C_OFFICER_KEY='' C_ALERT_COMMAND="$T/own/pager"
desk_conf
check_has 'doctor says that it can be run' "$(tool doctor 2>/dev/null | grep alert-command)" "ok.*$T/own/pager can be run"
check_eq 'and does not run it' "$(runs)" ''

put 10:00 "$(mk_contact 10000001)"
at 10:00:00
check_eq 'answer and alert go out' "$(fault_count accepted)" 2
fault_stop
put 10:30 "$(mk_contact 10000002)"
put 10:30 "$(mk_forged 10000003)"
at 10:30:00
at 11:20:00
sleep 1
check_eq 'an hour is waited' "$(runs)" ''
check_status 'and nothing is wrong yet' 0 status_at 11:20:00
at 11:31:00
told 1
check_has 'it is told since when' "$(cat "$T/own/told")" '^Subject: Please act: no mail goes out \(since 2024-06-03 10:30\)$'
check_has 'how much waits' "$(cat "$T/own/told")" '; 3 letters$'
check_has 'what staff would have been told' "$(cat "$T/own/told")" '^    case 2  IPA#10000002  message [0-9]'
check_has 'what is suspect with it' "$(cat "$T/own/told")" '^  suspect mail: 1$'
check_not 'and nobody, of whom a mail speaks' grep -qi '@' "$T/own/told"
check 'how it ended is in the log' grep -q 'errand.*alert_command was run: exit status 0' "$T/log"
check_not 'what it said is not' grep -q 'this goes nowhere\|nor does this' "$T/log"
check_status 'status ends with 1' 1 status_at 11:35:00
check_has 'and says why' "$(status_at 11:35:00)" 'no mail has gone out since 2024-06-03.*3 wait: .*127.0.0.1'
check_has 'in JSON too' "$(tool --now 2024-06-03T11:35:00+09:00 status --json | json '"\n".join(d["wrong"])')" 'no mail has gone out'
at 12:40:00
told 1
echo 3 >"$T/own/verdict"
at 13:31:00
told 2
check 'that it failed is in the log' grep -q 'errand.*alert_command was run, and failed: exit status 3' "$T/log"
at 14:40:00
told 2

# It is mended.
fault_start
at 15:50:00
check_eq 'all that waited goes out' "$(outbox_get 'len(d)')" 0
last=$(fault_letters officer@example.co.jp | tail -n 1)
check_has 'and that it is over is told' "$(mail_header "$last" Subject)" '^Mail goes out again$'
count=$(fault_count accepted)
at 16:30:00
check_eq 'once' "$(fault_count accepted)" "$count"
check_eq 'status has no more of it' "$(status_at 16:31:00 | grep -c 'no mail has gone out')" 0
told 2

# Another outage begins anew, after its own hour.
fault_stop
put 17:00 "$(mk_contact 10000004)"
at 17:00:00
at 17:50:00
told 2
at 18:02:00
told 3

# What is given up waits no more: nobody is told of nothing.
for id in $(outbox_get '" ".join(str(x["id"]) for x in d)' --state deferred); do
	tool --now 2024-06-03T18:10:00+09:00 outbox drop "$id" --why 'told by telephone' --as officer
done
at 20:05:00
told 3
check_status 'all of it is on record whole' 0 tool verify
story_end
