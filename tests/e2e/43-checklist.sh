#!/bin/sh
# What is owed and what is done: the guide's checklist ticked by events and by hand, deadlines by
# hand, and the list for trouble under way, which the decision maker hears of at once.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# done_by ITEM: who ticked it in case 1, or null.
done_by() {
	case_get 1 "[x['done_by'] for x in d['checklist'] if x['item'] == '$1'][0]"
}

# due KIND: the pending deadlines of that kind in case 1.
due() {
	case_get 1 "[x['due'] for x in d['deadlines'] if x['kind'] == '$1' and x['state'] == 'pending']"
}

desk_begin 'checklist, deadlines by hand, trouble under way'
desk_keys
C_STAFF_MORE='boss: { address = "finder@example.org"; role = "decision-maker"; key = ""; digest_at = ""; alerts = false; language = "en"; };
	dev: { address = "dev@example.co.jp"; role = "implementer"; key = ""; digest_at = ""; alerts = false; };'
desk_conf
daemon_start
mail_send "$(mk_details 12345678)"
inbox_wait ipa 1

# Events tick; the first who did it stays.
check_eq 'the acknowledgement ticked its item' "$(done_by 1.2)" madoguchid
check_eq 'and what their key signed and ours opened the channel' "$(done_by 1.3)" madoguchid
check_status 'to tick it again changes nothing' 0 tool case tick 1 1.2 --as dev
check_eq 'nor who did it' "$(done_by 1.2)" madoguchid
check_eq 'and no phase was left behind' "$(case_get 1 'd["phase"]')" receive

# By hand, with the phase.
tool case tick IPA#12345678 2.1 --as officer
check_eq 'a person ticks' "$(done_by 2.1)" officer
check_eq 'and the phase follows' "$(case_get 1 'd["phase"]')" investigate
tool case untick 1 2.1 --as officer
check_eq 'and goes back' "$(done_by 2.1) $(case_get 1 'd["phase"]')" 'null receive'
tool case set 1 phase plan --as officer
tool case tick 1 2.2 --as officer
check_eq 'a phase that a person set is not led back' "$(case_get 1 'd["phase"]')" plan
tool case tick 1 5.3 --as dev
check_eq 'but on' "$(case_get 1 'd["phase"]')" implement
tool case tick 1 6.1 --as officer
check_eq 'to the end' "$(case_get 1 'd["phase"]')" report
check_has 'the log tells it' "$(case_get 1 '"\n".join(x["who"] + ": " + x["what"] for x in d["log"])')" \
	'^dev: phase: plan -> implement$'
check_status 'an item that is none' 65 tool case tick 1 9.9
check_has 'it is a list to tick on paper' "$(tool case show 1)" '^  \[x\] 5\.3 修正の作成 \* - .* dev$'
check_has 'with boxes that are open' "$(tool case show 1)" '^  \[ \] 5\.4 '

# Deadlines by hand.
check_status 'a day' 0 tool case due 1 investigation 2031-12-05 --as officer
check_eq 'is its last second' "$(due investigation)" '["2031-12-05T23:59:59+09:00"]'
tool case due 1 investigation '2031-12-10 17:00' --as officer
check_eq 'a new one takes the place of the old' "$(due investigation)" '["2031-12-10T17:00:00+09:00"]'
check_eq 'which stays on record, as does the one by rule' \
	"$(case_get 1 'sorted(x["state"] for x in d["deadlines"] if x["kind"] == "investigation")')" \
	'["cancelled", "cancelled", "pending"]'
check_status 'a span' 0 tool --now '2026-11-30 10:00' case due 1 their-answer '5 business days'
check_eq 'is counted in business days' "$(due their-answer)" '["2026-12-07T23:59:59+09:00"]'
check_status 'a day that is over' 65 tool case due 1 investigation 2001-01-01
check_status 'no day' 64 tool case due 1 investigation soon
check_status 'no kind' 64 tool case due 1 sometime 2031-12-05
check_status 'done' 0 tool case done 1 investigation --as officer
check_eq 'is met' "$(due investigation)" '[]'
check_status 'once' 65 tool case done 1 investigation
check_has 'and in the log' "$(case_get 1 '"\n".join(x["who"] + ": " + x["what"] for x in d["log"])')" \
	'^officer: deadline investigation, due 2031-12-10 17:00, done$'

# Trouble under way.
check_status 'its items are none yet' 65 tool case tick 1 stop-site
check_eq 'nor is there a list' "$(case_get 1 'd["incident"]')" null
check_status 'trouble' 0 tool case incident 1 --as officer
inbox_wait finder 1
check_has 'the decision maker is told at once, though no alerts are wanted' \
	"$(cat "$(inbox_last finder)")" '^X-Madoguchi: alert; desk=www'
check_has 'in that language' "$(cat "$(inbox_last finder)")" 'URGENT: trouble is under way'
check_status 'once' 65 tool case incident 1
tool case due 1 authority-report 2031-12-03 --as boss
tool case tick 1 stop-site --as dev
check_eq 'its items have dates and hands' "$(case_get 1 '[(x["item"], x["due"], x["done_by"]) for x in d["incident"]["items"]]')" \
	'[["stop-site", null, "dev"], ["tell-users", null, null], ["authority-report", "2031-12-03T23:59:59+09:00", null], ["persons-notice", null, null]]'
check_eq 'and who opened it' "$(case_get 1 'd["incident"]["opened_by"]')" officer
check_eq 'the phase has nothing to do with it' "$(case_get 1 'd["phase"]')" report
check_has 'it is shown' "$(tool case show 1)" '^  \[ \] authority-report .*, due 2031-12-03 23:59$'

# Whoever closes the case is told what of the list is open: nobody will look at it any more.
tool case close 1 --why over --as officer >"$T/own/closed" 2>&1
check_eq 'what is open of the list is told' "$(grep -o '[a-z-]* of the list for trouble under way.*' "$T/own/closed")" \
	"$(printf '%s\n' 'tell-users of the list for trouble under way is not ticked' \
	'authority-report of the list for trouble under way is not ticked, due 2031-12-03 23:59' \
	'persons-notice of the list for trouble under way is not ticked')"
check_has 'and on record' "$(case_get 1 '"\n".join(x["who"] + ": " + x["what"] for x in d["log"])')" \
	'^officer: incident: authority-report, due 2031-12-03 23:59, not ticked$'
check_status 'a closed case has no new date' 65 tool case due 1 tell-users 2031-12-04
check_has 'but when it is reopened' "$(cat "$T/own/.check")" 'case 1 is closed: madoguchi case reopen 1$'
tool case reopen 1 --as officer

# A person says that a channel was agreed on.
told=$(tool case open --desk www --title 'by telephone' --as officer)
tool case due "$told" encryption 2031-12-05 --as officer
tool case done "$told" encryption --as officer
check_eq 'which ticks it too' "$(case_get "$told" '[x["done_by"] for x in d["checklist"] if x["item"] == "1.3"][0]')" officer

# Ticks that another case brings.
one=$(tool case open --desk www --title 'half of it' --as officer)
other=$(tool case open --desk www --title 'the other half' --as officer)
for item in 1.1 1.2 1.3; do tool case tick "$one" "$item" --as officer; done
for item in 1.4 1.5 1.6 1.7; do tool case tick "$other" "$item" --as officer; done
check_eq 'half a phase is not over' "$(case_get "$one" 'd["phase"]') $(case_get "$other" 'd["phase"]')" \
	'receive receive'
tool case merge "$other" "$one" --as officer
check_eq 'merged it is' "$(case_get "$one" 'd["phase"]')" investigate
tool case undo "$one" --as officer
check_eq 'and parted it is not' "$(case_get "$one" 'd["phase"]') $(case_get "$other" 'd["phase"]')" \
	'receive receive'
check_status 'the chain of the log holds' 0 tool verify
tool case close "$other" --why over --as officer
check_status 'nor has a closed case trouble under way' 65 tool case incident "$other" --as officer
check_has 'but when it is reopened' "$(cat "$T/own/.check")" "case $other is closed: madoguchi case reopen $other\$"
check_eq 'and has no list' "$(case_get "$other" 'd["incident"]')" null
daemon_stop

# A case whose desk the conf does not know any more is looked after by hand all the same.
sed -i 's/^    www: {/    other: {/' "$T/madoguchi.conf"
check_status 'a deadline in a case of a desk that is gone' 0 tool case due 1 remediation '2 months' --as dev
check_eq 'nothing is wrong about it' "$(cat "$T/own/.check")" ''
story_end
