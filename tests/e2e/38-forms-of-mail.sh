#!/bin/sh
# Sealed mail that was not left alone on the way, or was sealed by hand, is answered like any other;
# a report in clear with a sealed file is read as the report that it is, and shown with the file.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'forms of mail that come every week'
desk_keys
desk_conf
daemon_start

count=0
for form in exchange footer attached; do
	count=$((count + 1))
	mail_send "$(mk_details 1000000$count --mangle "$form")"
	inbox_wait ipa "$count"
	check_eq "$form: opened, believed" "$(case_get "IPA#1000000$count" '(d["stage"], d["trust"])')" \
		'["details", "verified"]'
	check "$form: the answer is signed by the desk" signed_by "$IPA_HOME" "$(inbox_last ipa)" "$DESK_FPR"
done
tool message show 1 >"$T/own/said"
check 'a person reads the words inside' grep -q 'クロスサイト' "$T/own/said"
check_not 'and nothing else where there is nothing else' grep -q 'outside of the sealed part' "$T/own/said"
tool message show 3 >"$T/own/said"
check 'what a gateway wrote below is shown' grep -q 'Scanned by the gateway' "$T/own/said"
check 'as what it is' grep -q 'outside of the sealed part' "$T/own/said"

printf 'PK\003\004 the steps, packed' >"$T/own/poc.zip"
story_gpg "$OFFICER_HOME" --recipient "$DESK_FPR" --output "$T/own/poc.zip.gpg" --encrypt "$T/own/poc.zip"
mail_send "$(mk_finder --attach "$T/own/poc.zip.gpg")"
alerts_wait $((count + 1))
id=$(message_get '[m["id"] for m in d if m["kind"] == "finder-report"][0]')
check_eq 'the report is a report' "$(message_get '[(m["encrypted"], [a["type"] for a in m["attachments"]]) for m in d
	if m["kind"] == "finder-report"]')" '[[true, ["application/zip"]]]'
tool message show "$id" >"$T/own/said"
check 'its words are shown' grep -q 'cross-site scripting' "$T/own/said"
check 'and the file, which has none' grep -q 'Attachment: .*application/zip' "$T/own/said"
check 'the file that was sealed lies nowhere in clear' no_leak 'the steps, packed'
story_end
