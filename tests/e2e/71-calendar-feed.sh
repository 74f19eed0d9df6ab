#!/bin/sh
# People look at the calendar that they have anyway: the open deadlines stand in a file for it, by
# number and kind alone, and one case can be handed to it. Read by a calendar library.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# events FILE EXPRESSION: over the list `e` of its events, as the library reads them.
events() {
	"$PYTHON" -c '
import sys, icalendar, json
e = icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read()).walk("VEVENT")
print(json.dumps(eval(sys.argv[2]), ensure_ascii=False, default=str))
' "$@"
}

desk_begin 'a calendar of deadlines'
if ! "$PYTHON" -c 'import icalendar' 2>/dev/null; then
	echo '# skipped: python3-icalendar is not there'
	exit 77
fi
desk_keys
mkdir "$T/feed"
C_FEED_FILE=$T/feed/deadlines.ics
desk_conf
daemon_start
mark=$(new_mark)
mail_send "$(mk_details 12345678 --mark "$mark")"
inbox_wait ipa 1
tool case due 1 investigation '2031-12-05' --as officer
tool case due 1 their-answer '2031-12-08 17:00' --as officer
wait_for 10 '[ "$(events "$T/feed/deadlines.ics" "len(e)" 2>/dev/null)" = 4 ]' 'the feed to have four deadlines'
feed=$T/feed/deadlines.ics
check_eq 'its mode' "$(stat -c %a "$feed")" 640
check_eq 'number and kind in the desk'"'"'s language, no more' "$(events "$feed" 'sorted(str(x["summary"]) for x in e)')" \
	'["IPA#12345678: メールで求められた期日", "IPA#12345678: 修正の完了", "IPA#12345678: 先方からの回答", "IPA#12345678: 調査結果の報告"]'
check_eq 'a whole day, and an hour' \
	"$(events "$feed" '[str(x["dtstart"].dt) for x in e if x["summary"].split(": ")[1] in ("調査結果の報告", "先方からの回答")]')" \
	'["2031-12-05", "2031-12-08 08:00:00+00:00"]'
check_eq 'an alarm each' "$(events "$feed" 'len([a for x in e for a in x.walk("VALARM")])')" 4
check_eq 'three business days before, as the hours begin' "$(events "$feed" '[str(a["trigger"].dt) for x in e
	for a in x.walk("VALARM") if x["summary"].split(": ")[1] in ("調査結果の報告", "先方からの回答")]')" \
	'["-3 days, 9:00:00", "-6 days, 16:00:00"]'
check_eq 'each is known by one name' "$(events "$feed" 'len(set(str(x["uid"]) for x in e))')" 4
check 'nothing of the mail stands in it' sh -c "! grep -q '$mark' '$feed'"

# What is done leaves the feed, and is called off where the case was imported.
uid=$(events "$feed" '[str(x["uid"]) for x in e if "調査結果" in x["summary"]][0]')
tool export 1 --format ics >"$T/own/before.ics"
tool case done 1 investigation --as officer
wait_for 10 '[ "$(events "$T/feed/deadlines.ics" "len(e)")" = 3 ]' 'the feed to be written anew'
tool export IPA#12345678 --format ics >"$T/own/after.ics"
check_eq 'the same entry before' \
	"$(events "$T/own/before.ics" "[(str(x['status']), x['sequence']) for x in e if str(x['uid']) == $uid]")" \
	'[["CONFIRMED", 0]]'
check_eq 'and after' \
	"$(events "$T/own/after.ics" "[(str(x['status']), x['sequence']) for x in e if str(x['uid']) == $uid]")" \
	'[["CANCELLED", 1]]'
check_status 'no other format' 64 tool export 1 --format pdf
check_status 'no such case' 65 tool export 9 --format ics

# So are the dates of the list for trouble under way.
tool case incident 1 --as officer
tool case due 1 authority-report 2031-12-09 --as officer
wait_for 10 '[ "$(events "$T/feed/deadlines.ics" "len(e)")" = 4 ]' 'the feed to have the item'
item='[(str(x["status"]), x["sequence"], str(x["dtstart"].dt)) for x in e if x["summary"] == "IPA#12345678: 監督官庁への報告"]'
check_eq 'an item by its day' "$(events "$feed" "$item")" '[["CONFIRMED", 0, "2031-12-09"]]'
uid=$(events "$feed" '[str(x["uid"]) for x in e if "監督官庁" in x["summary"]]')
tool export 1 --format ics >"$T/own/before.ics"
check_eq 'and in the case' "$(events "$T/own/before.ics" "$item")" '[["CONFIRMED", 0, "2031-12-09"]]'
tool case tick 1 authority-report --as officer
wait_for 10 '[ "$(events "$T/feed/deadlines.ics" "len(e)")" = 3 ]' 'what is ticked to leave the feed'
tool export 1 --format ics >"$T/own/after.ics"
check_eq 'and is called off' "$(events "$T/own/after.ics" "$item")" '[["CANCELLED", 1, "2031-12-09"]]'
check_eq 'by the same name' "$(events "$T/own/after.ics" '[str(x["uid"]) for x in e if "監督官庁" in x["summary"]]')" "$uid"
tool case untick 1 authority-report --as officer

tool case close 1 --why over --as officer
wait_for 10 '[ "$(events "$T/feed/deadlines.ics" "len(e)")" = 0 ]' 'a closed case to leave the feed'
story_end
