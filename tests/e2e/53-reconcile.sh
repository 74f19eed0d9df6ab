#!/bin/sh
# The coordinator sends a list of the numbers that it handles, as a spreadsheet or as text: which of
# them are here, which are not, and which of ours are not on it. Nothing is changed by asking.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

tool() {
	desk_tool "$@"
}

# rows: the table of $T/own/out, blanks made one.
rows() {
	sed '/^$/,$d; 1d; s/  */ /g; s/ $//' "$T/own/out"
}

# list [CHARSET]: $T/list is standard input, in that charset.
list() {
	iconv -f utf-8 -t "${1:-utf-8}" >"$T/list"
	hand_over "$T/list"
}

# of EXPRESSION: python on the JSON in $T/own/json.
of() {
	json "$1" "$T/own/json"
}

# reconcile STATUS ARGS...: the tool, its output in $T/own/out.
reconcile() {
	_want=$1
	shift
	_got=0
	tool reconcile "$@" >"$T/own/out" 2>"$T/own/err" || _got=$?
	check_eq "it ends with $_want" "$_got" "$_want"
}

desk_begin 'a list of numbers against the cases'
desk_keys
desk_user games
C_ALERTS=false
C_COORDINATORS_MORE='CERT: { addresses = ["cert@cert.example"]; number = "VU#([0-9]{6})"; }'
conf_now
daemon_start
mail_send "$(mk_details 10000001)"          # case 1
mail_send "$(mk_contact 10000002)"          # case 2, closed below
mail_send "$(mk_contact 10000003)"          # case 3
wait_for 30 '[ "$(case_list "len(d)")" -eq 3 ]' 'three cases'
mail_send "$(mk_contact 10000004 --auth-results '')" # case 4, by mail that is not believed
wait_for 30 '[ "$(case_list "len(d)")" -eq 4 ]' 'a fourth'
tool case close 2 --why 'repaired' --as officer
tool case open --desk www --coordinator IPA --title 'by telephone' --as officer >"$T/own/out" # case 5
tool case open --desk www --number 'VU#123456' --as officer >"$T/own/out" # case 6, of another coordinator
mail_send "$(mk_forged 10000009)"           # case 7, a forger's: no coordinator has it on a list
wait_for 30 '[ "$(case_list "len(d)")" -eq 7 ]' 'the forged one'

# --- as a spreadsheet gives it ---

list cp932 <<-'END'
	取扱番号,状態,備考
	ＩＰＡ＃１０００００01,取扱中,"前回は IPA#10000003
	をご覧ください"
	"ipa# 10000002",終了,
	IPA#10000004,取扱中,
	IPA#77777777,取扱中,
	IPA#10000001,取扱中,二重
	IPA#1000000,取扱中,
END
reconcile 1 "$T/list"
check_eq 'what is here, and what differs' "$(rows)" \
	'IPA#10000001 2, 7 1 open details known; listed 2 times
IPA#10000004 5 4 open contact claimed by mail not believed
IPA#10000002 4 2 closed contact closed here
IPA#77777777 6 - - - unknown here
IPA#10000003 - 3 open contact open here, not on the list
- - 5 open - open here, without a number'
check_has 'lines that say nothing are told' "$(cat "$T/own/out")" '^Without a number: 2 \(lines 1, 8\)\.$'
tool reconcile --json "$T/list" >"$T/own/json" || :
check_eq 'the same as JSON' "$(of '[[x["number"], x["lines"], x["result"], x["case"], x["twice"]] for x in d["numbers"]][0]')" \
	'["IPA#10000001", [2, 7], "known", 1, true]'
check_eq 'with the sum' "$(of 'd["summary"]')" \
	'{"known": 1, "claimed": 1, "closed": 1, "unknown": 1, "missing": 2, "twice": 1}'

# --- other forms ---

list utf-16 <<-'END'
	No.	番号	状態
	1	IPA#10000001	open
END
reconcile 1 "$T/list"
check_has 'tabs, UTF-16' "$(rows)" '^IPA#10000001 2 1 open details known$'
printf 'IPA#10000001、IPA#10000003 IPA#10000004\n' | list iso-2022-jp
reconcile 1 "$T/list"
check_eq 'a line of text' "$(rows | head -n 2)" 'IPA#10000001 1 1 open details known
IPA#10000003 1 3 open contact known'
printf '10000001;\n10000003;\n' | list
reconcile 65 "$T/list"
check_has 'digits alone are nobody'\''s number' "$(cat "$T/own/err")" 'holds no handling number'
reconcile 1 "$T/list" --coordinator IPA
check_has 'unless one says whose' "$(rows)" '^IPA#10000003 2 3 open contact known$'
printf 'VU#123456\n' | list
reconcile 0 "$T/list"
check_eq 'only those coordinators count that are on the list; where all is the same it ends with 0' "$(rows)" \
	'VU#123456 1 6 open - known'
reconcile 1 - --coordinator CERT <<-'END'
	VU#123456
	VU#654321
END
check_has 'from a pipe' "$(rows)" '^VU#654321 2 - - - unknown here$'

# --- what cannot be compared ---

: >"$T/list"
reconcile 65 "$T/list"
reconcile 66 "$T/none"
reconcile 64 "$T/list" --desk nowhere
reconcile 64 "$T/list" --coordinator NOBODY

# --- nothing was changed ---

log=$(case_get 1 'len(d["log"])')
printf 'IPA#10000001\n' | list
reconcile 1 "$T/list"
check_eq 'no log says a word of it' "$(case_get 1 'len(d["log"])')" "$log"
story_end
