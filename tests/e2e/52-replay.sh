#!/bin/sh
# Old mail judged once more, to try a conf or to see what a mailbox holds: nothing is kept, sent or
# changed, and the daemon goes on meanwhile.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

tool() {
	desk_tool "$@"
}

# table: the rows of the first table of $T/own/out, blanks made one.
table() {
	sed '/^$/,$d; 1d; s/  */ /g; s/ $//' "$T/own/out"
}

# of EXPRESSION: python on the JSON in $T/own/json.
of() {
	json "$1" "$T/own/json"
}

# stored, keyring: what must be the same before and after. What the daemon notes of itself is left out.
stored() {
	sqlite3 "$T/state/cases.db" ".dump message case_record case_number case_message deadline log outbox" | sha256sum
}

keyring() {
	find "$T/gnupg" -type f ! -name '*.lock' ! -name '.#*' -exec sha256sum {} + | sort | sha256sum
}

# maildir FILE...: a Maildir $T/in/Maildir of these, the first the oldest by its name alone.
maildir() {
	rm -rf "$T/in/Maildir"
	mkdir -p "$T/in/Maildir/cur" "$T/in/Maildir/new" "$T/in/Maildir/tmp"
	_at=1764000000
	for _mail in "$@"; do
		_at=$((_at + 3600))
		_where=cur
		[ $((_at % 7200)) -eq 0 ] || _where=new
		cp "$_mail" "$T/in/Maildir/$_where/$_at.M$((9000000000 - _at))P1.story"
	done
	hand_over "$T/in"
}

desk_begin 'old mail judged once more'
desk_keys
mkdir -m 700 "$T/in"
desk_user games
conf_now
daemon_start
mail_send "$(mk_contact 10000001)"
inbox_wait ipa 1
# The copy in Sent is seen as well.
wait_for 20 'stored >"$T/own/one"; sleep 1; stored | cmp -s - "$T/own/one"' 'the daemon to be at rest'
stored=$(stored) keyring=$(keyring)

other=$(key_new "$T/other-gnupg" 'Somebody else <else@example.net>')
key_copy "$T/other-gnupg" "$other" "$IPA_HOME"
# --- a Maildir: the order is that of the names, whatever the files' dates are ---

mark=$(new_mark)
maildir "$(mk_contact 20000001)" "$(mk_encryption 20000001)" "$(mk_details 20000001 --mark "$mark")" \
	"$(mk_unrelated)" "$(mk_forged 20000001)" "$(mk_contact 20000002 --auth-results '')" \
	"$(mk_ipa letter 20000001 --sign-with "$IPA_HOME:$IPA_FPR" --encrypt-to "$other")"
touch -d '2 days ago' "$T"/in/Maildir/*/1764025200*
check_status 'a Maildir' 0 tool replay "$T/in/Maildir"
tool replay "$T/in/Maildir" >"$T/own/out" 2>"$T/own/err"
check_eq 'the table sums up what each was taken for, and what would follow' "$(table)" \
	'1 contact-request authenticated new acknowledgement queued
1 contact-request unverified new acknowledgement held
1 contact-request suspect new none
1 encryption-check authenticated joins acknowledgement queued
1 details verified joins acknowledgement queued
1 unrelated unverified none none
1 unreadable authenticated new question held'
check_has 'with what is odd about some' "$(cat "$T/own/out")" '^1 +look-alike: pretends to be a coordinator$'
check_has 'and how many there were' "$(cat "$T/own/out")" '^7 mails in [0-9.]+ s, [0-9]+ a second\. Cases opened: 4\.$'
check_eq 'no bar where there is no terminal' "$(cat "$T/own/err")" ''

tool replay --json "$T/in/Maildir" >"$T/own/json"
check_eq 'JSON has an object a mail' "$(of '[x["kind"] + " " + x["case"] for x in d["messages"]][:3]')" \
	'["contact-request new", "encryption-check joins", "details joins"]'
check_eq 'a case is named by the mail that opened it' \
	"$(of 'd["messages"][2]["case_of"] == d["messages"][0]["file"]')" true
check_eq 'with the numbers that it bears' "$(of '[x["numbers"] for x in d["messages"]][2:4]')" '[["IPA#20000001"], []]'
check_eq 'it came when its name says' "$(of 'd["messages"][0]["received_at"]')" '2025-11-25T02:00:00+09:00'
check_eq 'what was due is told' "$(of 'sorted(x["kind"] for x in d["messages"][2]["deadlines"])')" \
	'["acknowledge", "investigation", "remediation", "requested"]'
check_eq 'and the sum' "$(of '[d["summary"][x] for x in ("mails", "judged", "same", "unread", "cases")]')" '[7, 7, 0, 0, 4]'

# Staff's own mail, which lies in Sent, is told from others'; so is the desk's.
mkdir -p "$T/in/.Sent/cur" "$T/in/.Sent/new" "$T/in/.Sent/tmp"
cp "$(mk_plain 'Re: [IPA#20000001] ご連絡' 'ありがとうございます。' '窓口 <security@example.co.jp>')" \
	"$T/in/.Sent/cur/1764030000.M1P1.story:2,S"
cp "$(inbox_last ipa)" "$T/in/.Sent/cur/1764030001.M1P1.story:2,S"
hand_over "$T/in"
tool replay --json "$T/in/Maildir" "$T/in/.Sent" >"$T/own/json"
check_eq 'several folders are one mailbox, with what was sent' \
	"$(of '[x["kind"] + " " + x["case"] for x in d["messages"]][-2:]')" '["staff joins", "own none"]'

# --- nothing was changed ---

check_eq 'the store is as it was' "$(stored)" "$stored"
check_eq 'so is the keyring' "$(keyring)" "$keyring"
check_eq 'nobody got mail' "$(inbox_count ipa)" 1
check 'no word of the sealed one lies on disk' no_leak $(marks_sealed "$mark")
mail_send "$(mk_contact 10000002)"
inbox_wait ipa 2
check_eq 'the daemon goes on' "$(case_list 'len(d)')" 2
daemon_stop
check_status 'it works without a daemon too' 0 tool replay "$T/in/Maildir"

# --- folders, an mbox, one file; what is broken is told and passed over ---

mkdir -p "$T/in/folder/2025/deep"
cp "$(mk_contact 20000003)" "$T/in/folder/b.eml"
cp "$(mk_contact 20000003 --date 'Mon, 03 Nov 2025 09:00:00 +0900')" "$T/in/folder/a.EML"
cp "$T/in/folder/b.eml" "$T/in/folder/2025/deep/again.eml"
: >"$T/in/folder/empty.eml"
head -c 5000 /dev/urandom >"$T/in/folder/noise.eml"
echo 'not a mail' >"$T/in/folder/notes.txt"
ln -s "$T/in/folder" "$T/in/folder/loop"
{
	echo 'From vuln-contact@ipa.go.jp Mon Jan  5 00:30:00 2026'
	tr -d '\r' <"$(mk_contact 20000004)"
	printf '\nFrom news@shop.example.net Tue Jan  6 09:30:00 2026 +0900\n'
	tr -d '\r' <"$(mk_unrelated)"
	echo
} >"$T/in/folder/2025/box.mbox"
hand_over "$T/in"
check_status 'a folder with a piece that cannot be read' 1 tool replay "$T/in/folder"
tool replay --json "$T/in/folder" >"$T/own/json" 2>"$T/own/err" || :
check_eq 'that piece is told' "$(cat "$T/own/err")" "madoguchi: $T/in/folder/empty.eml is empty"
check_eq 'the rest is judged, the same bytes once' \
	"$(of '[d["summary"][x] for x in ("mails", "judged", "same", "unread")]')" '[6, 5, 1, 0]'
check_eq 'the oldest first, by what the mail itself says' "$(of 'd["messages"][0]["file"].split("/")[-1]')" 'a.EML'
check_eq 'each of an mbox has its place' \
	"$(of 'sorted(x["file"].split("/")[-1] for x in d["messages"] if "mbox" in x["file"])')" '["box.mbox:1", "box.mbox:2"]'
check_eq 'noise ends nothing' "$(of '[x["state"] for x in d["messages"] if "noise" in x["file"]]')" '["judged"]'
check_status 'one file' 0 tool replay "$T/in/folder/b.eml"
check_status 'no such path' 66 tool replay "$T/in/none"
mkdir "$T/in/nothing"
check_status 'a folder without mail' 66 tool replay "$T/in/nothing"
check_status 'no such desk' 64 tool replay --desk nowhere "$T/in/Maildir"

# --- under another conf ---

(
	C_CONTACT=hold C_IPA_REMEDIATION='45 days' C_IPA_NUMBER='IPA#(2000000[13-9])'
	export C_CONTACT C_IPA_REMEDIATION C_IPA_NUMBER
	desk_conf "$T/own/other.conf"
)
cp "$T/own/other.conf" "$T/other.conf"
hand_over "$T/other.conf" "$T/imap.password" "$T/smtp.password"
check_status 'against another conf' 0 tool replay "$T/in/Maildir" --against "$T/other.conf"
tool replay "$T/in/Maildir" --against "$T/other.conf" >"$T/own/out"
check_has 'an answer that would be held' "$(cat "$T/own/out")" \
	'1764003600[^ ]*  answer: acknowledgement queued → acknowledgement held'
check_has 'a deadline that would come sooner' "$(cat "$T/own/out")" \
	'1764010800[^ ]*  deadlines: .*remediation 2026-02-[0-9]+ 23:59.* → .*remediation 2026-01-[0-9]+ 23:59'
check_has 'a number that would be none' "$(cat "$T/own/out")" '1764021600[^ ]* .*numbers: IPA#20000002 → none'
check_eq 'and no more than that, a line each' "$(grep -c ' → ' "$T/own/out")" 3
check_has 'with the sum' "$(cat "$T/own/out")" '^3 of 7 mails would be judged otherwise: numbers 1, answer 1, deadlines 1\.$'
tool replay "$T/in/Maildir" --against "$T/other.conf" --json >"$T/own/json"
check_eq 'the same as JSON' "$(of '[d["messages"][-1]["changes"]["numbers"], d["summary"]["changed"]]')" \
	'[{"before": "IPA#20000002", "after": "none"}, 3]'
check_status 'against the same conf nothing differs' 0 tool replay "$T/in/Maildir" --against "$T/madoguchi.conf"
tool replay "$T/in/Maildir" --against "$T/madoguchi.conf" >"$T/own/out"
check_eq 'and that is said' "$(cat "$T/own/out")" '0 of 7 mails would be judged otherwise.'
echo 'colour = "blue"' >>"$T/other.conf"
check_status 'a mistake in the other conf' 78 tool replay "$T/in/Maildir" --against "$T/other.conf"

# --- on a terminal ---

mail_many 600 "$(mk_plain 'お知らせ @N@' 'いつもお世話になっております。 @N@' 'news@example.net')"
(cd "$T/run" && TMPDIR="$T/tmp" "$PYTHON" -I "$E2E/terminal.py" "$T/own/screen" "$MADOGUCHI" -c "$T/madoguchi.conf" \
	--data-dir "$SRC/conf" replay "$(folder_path desk INBOX)" </dev/null)
check_has 'a bar says how far it is' "$(tr '\r' '\n' <"$T/own/screen")" '^\[#* *\] [0-9]+ of 60[0-9] mails, [0-9]+ a second'
check_has 'and makes room for the table' "$(tr '\r' '\n' <"$T/own/screen")" '^600 +unrelated +unverified +none +none'
story_end
