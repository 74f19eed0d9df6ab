#!/bin/sh
# The working calendar that deadlines are counted by is there to be checked against a printed one.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'the working calendar'
desk_keys
C_CLOSED='["2026-08-13", "12-29..01-03"]' C_OVERRIDES=$T/overrides
printf '%s\n' '# by the gazette' '2026-09-22 open' '2026-10-01 closed 創立記念日' >"$T/overrides"
desk_conf

check_status 'a year is shown' 0 tool calendar 2026
tool calendar 2026 >"$T/own/year"
check 'twelve months' [ "$(grep -o '2026-[01][0-9] *\( \|$\)' "$T/own/year" | grep -c '^2026-[01][0-9] *$')" -eq 12 ]
check 'a holiday by law' grep -q '^2026-11-23 Mon  勤労感謝の日$' "$T/own/year"
check "the organisation's own day" grep -q '^2026-08-13 Thu  closed$' "$T/own/year"
check 'the year-end' grep -q '^2026-12-29 Tue  closed$' "$T/own/year"
check 'what a person closed, with the reason' grep -q '^2026-10-01 Thu  創立記念日$' "$T/own/year"
check_not 'what the gazette took away' grep -q '^2026-09-22' "$T/own/year"
check 'a day that is closed is marked' grep -q '23\*' "$T/own/year"
check_eq 'and counted' "$(tool --json calendar 2026 | json 'd["business_days"]')" \
	"$(sed -n 's/^\([0-9]*\) business days in 2026$/\1/p' "$T/own/year")"
check_eq 'every closed day has its reason' \
	"$(tool --json calendar 2026 | json 'len([c for c in d["closed"] if not c["why"]])')" 0
check_eq 'this year where none is given' "$(tool --now '2031-05-01 09:00' --json calendar | json 'd["year"]')" 2031
check 'a year of which nothing is known says so' sh -c "'$MADOGUCHI' -c '$T/madoguchi.conf' \
	--data-dir '$SRC/conf' calendar 2150 | grep -q 'holidays of 2150 are not known'"
check_status 'what is no year' 64 tool calendar 26
check_status 'nor a day' 64 tool calendar 2026-01-01

# Elsewhere: a list of the country's holidays.
C_COUNTRY='' C_HOLIDAYS=$T/holidays C_OVERRIDES=
printf '%s\n' '2026-12-25 Christmas Day' '2026-12-28 Boxing Day (substitute)' >"$T/holidays"
desk_conf
tool calendar 2026 >"$T/own/year"
check 'its holidays' grep -q '^2026-12-25 Fri  Christmas Day$' "$T/own/year"
check_not 'and not those of Japan' grep -q '2026-11-23' "$T/own/year"
check 'and the year after is not known' sh -c "'$MADOGUCHI' -c '$T/madoguchi.conf' \
	--data-dir '$SRC/conf' calendar 2027 | grep -q 'holidays of 2027 are not known'"
printf '%s\n' '25.12.2026 Christmas' >"$T/holidays"
check_status 'a list that is none is a mistake of the conf' 78 tool calendar 2026
story_end
