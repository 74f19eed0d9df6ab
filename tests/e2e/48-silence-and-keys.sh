#!/bin/sh
# Silence is an alarm: a mailbox that is not read is told after an hour, in steps that double, and
# once when it is read again. A key that is about to end is told 90, 30 and 7 days before, and when
# it has ended, to those whom it concerns; one that a mail brings along is shown, and not imported.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# at TIME: a pass at that time in Japan, of a Monday.
at() {
	daemon_once --now "2024-06-03T$1+09:00" || :
}

# letters WHAT COUNT: that the officer has so many.
letters() {
	check_eq "$1" "$(officer | wc -l)" "$2"
}

# officer: the files of the letters that the officer has.
officer() {
	fault_letters officer@example.co.jp
}

# newest: the newest letter's text, opened.
newest() {
	open_text "$OFFICER_HOME" "$(officer | tail -n 1)"
}

desk_begin 'silence, and keys that end'
desk_keys
# Postfix asks Dovecot for passwords: what goes out takes another way, while Dovecot is away.
fault_start
C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none C_POLL_INTERVAL=300 C_OFFICER_LANGUAGE=en
desk_conf

# The mailbox's server is away.
at 10:00:00
imap_stop
at 10:30:00
at 10:59:00
check_eq 'an hour is waited' "$(officer | wc -l)" 0
at 11:01:00
letters 'then it is told' 1
check_has 'since when' "$(newest | head -n 1)" '^Subject: Please act: the mailbox is not read \(since 2024-06-03 10:00\)$'
check_has 'which folders' "$(newest)" '^  Folders: INBOX, Junk, Sent$'
check_status 'status ends with 1' 1 tool --now 2024-06-03T11:02:00+09:00 status
check_has 'and says why' "$(tool --now 2024-06-03T11:02:00+09:00 status)" 'folder INBOX was last read: 2024-06-03 10:00'
at 12:30:00
letters 'not again' 1
at 13:01:00
letters 'but after two hours more' 2
at 16:00:00
letters 'and then after four' 2
imap_start
at 16:10:00
letters 'that it is read again is told' 3
check_has 'so' "$(newest | head -n 1)" '^Subject: The mailbox is read again$'
at 17:00:00
letters 'once' 3
check_status 'and status is fine' 0 tool --now 2024-06-03T17:00:30+09:00 status

# Keys that end, all on one day: the desk's, the coordinator's, and one of staff, who wants no alerts.
# What gpg thinks of it is the machine's own clock; the passes are on Wednesdays to come.
wednesday=$(date -d 'next wednesday' +%s)
end=$((wednesday + 62 * 86400))

# ends HOME FPR SECONDS: the key, with all its subkeys, ends then.
ends() {
	_left=$(($3 - $(date +%s)))
	for _what in '' '*'; do
		story_gpg "$1" --pinentry-mode loopback --passphrase '' --quick-set-expire "$2" \
			"seconds=$_left" ${_what:+"$_what"}
	done
}

# day N: a pass at noon in Japan, so many days after that Wednesday.
day() {
	daemon_once --now "$(date -d "@$((wednesday + $1 * 86400))" +%F)T12:00:00+09:00" || :
}

# since N: the subjects of the officer's letters after the first N, sorted; whether each was sealed.
since() {
	for _file in $(officer | tail -n "+$(($1 + 1))"); do
		if grep -q '^Content-Type: multipart/encrypted' "$_file"; then
			echo "sealed $(open_text "$OFFICER_HOME" "$_file" | sed -n '1s/^Subject: //p')"
		else
			echo "clear $(mail_header "$_file" Subject)"
		fi
	done | sort
}

VENDOR_HOME=$T/vendor-gnupg
key_home "$VENDOR_HOME"
clerk=$(key_new "$VENDOR_HOME" 'Clerk <vendor@vendor.example.jp>')
for key in "$DESK_HOME:$DESK_FPR" "$IPA_HOME:$IPA_FPR" "$VENDOR_HOME:$clerk"; do
	ends "${key%:*}" "${key#*:}" "$end"
done
key_copy "$IPA_HOME" "$IPA_FPR" "$DESK_HOME"
key_copy "$VENDOR_HOME" "$clerk" "$DESK_HOME"
key_copy "$DESK_HOME" "$DESK_FPR" "$VENDOR_HOME"
C_COUNTRY='' C_CLOSED='[]'
C_STAFF_MORE='clerk: { address = "vendor@vendor.example.jp"; role = "implementer"; key = "'$clerk'"; digest_at = ""; alerts = false; language = "en"; };'
desk_conf
count=$(officer | wc -l)
day 0
check_eq 'ninety days before: each is told' "$(since "$count")" 'sealed Please act: the key of IPA ends in 61 days
sealed Please act: the key of clerk ends in 61 days
sealed Please act: the window'"'"'s key ends in 61 days'
check_eq 'the clerk hears of his own alone' "$(fault_letters vendor@vendor.example.jp | wc -l)" 1
check_has 'with its fingerprint' "$(open_text "$VENDOR_HOME" "$(fault_letters vendor@vendor.example.jp)")" \
	"^  Fingerprint: $(echo "$clerk" | sed 's/..../& /g; s/ $//')\$"
count=$(officer | wc -l)
day 1
day 30
check_eq 'once' "$(officer | wc -l)" "$count"
day 35
check_eq 'thirty days before' "$(since "$count" | grep -c 'in 26 days')" 3
count=$(officer | wc -l)

# The desk's is prolonged, by gpg alone.
story_gpg "$DESK_HOME" --pinentry-mode loopback --passphrase '' --quick-set-expire "$DESK_FPR" 0
story_gpg "$DESK_HOME" --pinentry-mode loopback --passphrase '' --quick-set-expire "$DESK_FPR" 0 '*'
day 56
check_eq 'seven days before, of those that were not prolonged' "$(since "$count")" \
	'sealed Please act: the key of IPA ends in 5 days
sealed Please act: the key of clerk ends in 5 days'
count=$(officer | wc -l)
day 63
check_eq 'and when they have ended' "$(since "$count")" 'sealed Please act: the key of IPA has ended
sealed Please act: the key of clerk has ended'
check 'to the clerk in clear by then' grep -q '^Content-Type: multipart/signed' \
	"$(fault_letters vendor@vendor.example.jp | tail -n 1)"
count=$(officer | wc -l)
day 70
check_eq 'then there is silence' "$(officer | wc -l)" "$count"

# Of a key that two persons share, what it is sealed to alone has ended: each of the two is told, once.
shared=$(key_new "$VENDOR_HOME" 'Shared <vendor@vendor.example.jp>')
sub=$(story_gpg "$VENDOR_HOME" --with-colons --list-keys "$shared" | awk -F: '$1 == "sub" { s = 1 } $1 == "fpr" && s { print $10 }')
story_gpg "$VENDOR_HOME" --pinentry-mode loopback --passphrase '' --quick-set-expire "$shared" seconds=2 "$sub"
key_copy "$VENDOR_HOME" "$shared" "$DESK_HOME"
sleep 3
C_STAFF_MORE=''
for person in late:vendor@vendor.example.jp twin:finder@example.org; do
	C_STAFF_MORE="$C_STAFF_MORE ${person%:*}: { address = \"${person#*:}\"; role = \"implementer\";
		key = \"$shared\"; digest_at = \"\"; alerts = false; language = \"en\"; };"
done
desk_conf
day 71
check_eq 'a key to which nothing can be sealed any more has ended, for each who has it' "$(since "$count")" \
	'sealed Please act: the key of late has ended
sealed Please act: the key of twin has ended'
count=$(officer | wc -l)
day 72
check_eq 'which is told once' "$(officer | wc -l)" "$count"

# Of a coordinator the conf has the root key alone: what that vouches for has ended.
key_home "$T/root-gnupg"
root=$(key_new "$T/root-gnupg" 'IPA root <root@ipa.go.jp>')
under=$(key_new "$T/root-gnupg" 'IPA by root <vuln-contact@ipa.go.jp>')
story_gpg "$T/root-gnupg" --pinentry-mode loopback --passphrase '' --default-key "$root" \
	--quick-sign-key "$under" >/dev/null
for what in '' '*'; do
	story_gpg "$T/root-gnupg" --pinentry-mode loopback --passphrase '' --quick-set-expire "$under" \
		seconds=2 ${what:+"$what"}
done
key_copy "$T/root-gnupg" "$root" "$DESK_HOME"
key_copy "$T/root-gnupg" "$under" "$DESK_HOME"
sleep 3
C_STAFF_MORE='' C_IPA_KEYS='[]' C_IPA_ROOT_KEY=$root
desk_conf
day 75
check_eq 'that is told as of a pinned one' "$(since "$count")" 'sealed Please act: the key of IPA has ended'
count=$(officer | wc -l)
day 76
check_eq 'and once' "$(officer | wc -l)" "$count"
unset C_IPA_KEYS
C_IPA_ROOT_KEY=''
desk_conf

# A mail that says it is the coordinator's brings a key along, and asks for something by a day.
key_home "$T/new-gnupg"
new=$(key_new "$T/new-gnupg" 'IPA <vuln-contact@ipa.go.jp>')
key_export "$T/new-gnupg" "$new" >"$T/own/new.asc"
mail_put INBOX "$(mk_contact 10000001 --attach "$T/own/new.asc:application/pgp-keys:new.asc")"
daemon_once
mail_put INBOX "$(mk_forged 10000002 --attach "$T/own/new.asc:application/pgp-keys:new.asc")"
daemon_once
mail_put INBOX "$(mk_finder --attach "$T/own/new.asc:application/pgp-keys:new.asc")"
daemon_once
check_eq 'three alerts' "$(officer | wc -l)" $((count + 3))
grouped=$(echo "$new" | sed 's/..../& /g; s/ $//')
for nth in 3 2; do
	text=$(open_text "$OFFICER_HOME" "$(officer | tail -n $nth | head -n 1)")
	check_has 'its fingerprint is shown' "$text" "^  Key that came along \(not used\): $grouped\$"
	check_has 'to be compared by another way' "$text" 'It was not imported'
done
check_has 'and so is the day' "$(open_text "$OFFICER_HOME" "$(officer | tail -n 3 | head -n 1)")" \
	"^  Asks for something by: $(case_get IPA#10000001 '[x["due"] for x in d["deadlines"] if x["kind"] == "requested"][0][:10]') \(...\)\$"
check_eq "a finder's key is nothing of that kind" "$(open_text "$OFFICER_HOME" "$(officer | tail -n 1)" | grep -c 'came along')" 0
check_not 'nothing was imported' story_gpg "$DESK_HOME" --list-keys "$new"
check_status 'all of it is on record whole' 0 tool verify

# What an older version told stands in the store by the key's fingerprint alone.
old_rows() {
	"$PYTHON" -I -c '
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
store.create_function("row_digest", -1, lambda *values: bytes(16), deterministic=True)
store.execute(sys.argv[2], (sys.argv[3],))
store.commit()
' "$T/state/cases.db" "$1" "$shared"
}
old_rows "DELETE FROM key_told WHERE fingerprint LIKE ? || ' % late'"
old_rows "UPDATE key_told SET fingerprint = substr(fingerprint, 1, 40) WHERE fingerprint LIKE ? || ' %'"
check_eq 'one such row' "$(sqlite3 "$T/state/cases.db" "SELECT count(*) FROM key_told WHERE fingerprint = '$shared'")" 1
count=$(officer | wc -l)
day 77
check_eq 'of that end nothing is told again' "$(since "$count" | grep -c 'has ended')" 0
story_end
