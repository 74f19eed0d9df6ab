#!/bin/sh
# Three notifications at once, their mails out of order: each goes to its own case, and each answer
# bears the number, and answers the mail, that it belongs to.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'three cases, interleaved'
desk_keys
desk_conf
daemon_start

# The mail N-STAGE is <N-STAGE@ipa.go.jp>. The third goes from stage 1 to stage 3, as after a
# telephone call; the second begins with its details; a reminder comes twice.
send() {
	mail_send "$("mk_$2" "$1" --message-id "<$1-$2@ipa.go.jp>")"
}
send 20000001 contact
send 20000002 details
send 20000003 contact
send 20000001 encryption
send 20000002 contact
send 20000003 details
send 20000001 details
send 20000002 reminder
send 20000003 reminder
send 20000002 encryption
wait_for 20 '[ "$(message_get "sum(m[\"direction\"] == \"in\" for m in d)")" = 10 ]' 'ten mails on record'
inbox_wait ipa 8

check_eq 'three cases' "$(case_list 'sorted(c["number"] for c in d)')" \
	'["IPA#20000001", "IPA#20000002", "IPA#20000003"]'
for number in 20000001 20000002 20000003; do
	check_eq "every mail of $number is in its case, and no other" \
		"$(case_get "IPA#$number" 'all(m["message_id"].startswith("<'$number'-") for m in
			d["message_list"] if m["direction"] == "in")')" true
	check_eq "$number has come to its details, whatever came after them" \
		"$(case_get "IPA#$number" '(d["stage"], d["trust"], d["beside"])')" '["details", "verified", []]'
done
check_eq 'of three, four and three mails' \
	"$(for n in 1 2 3; do case_get "IPA#2000000$n" \
		'sum(m["direction"] == "in" for m in d["message_list"])'; done | tr '\n' ' ')" '3 4 3 '
check_eq 'a reminder gets no receipt of its own' "$(inbox_count ipa)" 8
for answer in $(inbox_mails ipa); do
	mail_header "$answer" Subject | tr -dc '0-9'
	echo " $(mail_header "$answer" In-Reply-To | tr -dc '0-9')"
done >"$T/own/pairs"
check_eq 'each answer bears the number of the mail that it answers' \
	"$(awk '$1 == $2' "$T/own/pairs" | wc -l)" 8
check_eq 'the answers of a case name its number alone' "$(for answer in $(inbox_mails ipa); do
	open_text "$IPA_HOME" "$answer" | grep -o 'IPA#[0-9]*' | sort -u | wc -l
done | sort -u)" 1
story_end
