#!/bin/sh
# `madoguchi drill`: a sealed notification to ourselves goes the whole way and is answered, beside the
# running daemon and without one; the case that is open is not touched by it, and nothing of it stays.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a drill passes'
desk_keys
C_FEED_FILE=$T/own/feed.ics
desk_conf
daemon_start

drill_json() {
	tool drill --timeout 60 --json >"$T/own/drill"
}

# steps EXPRESSION: over the JSON of the last drill.
steps() {
	json "$1" "$T/own/drill"
}

# records: all that a person sees of the desk's work, but for the log's head, which is another after
# every entry in any log, and the digest's minute and its line about drills.
records() {
	tool case list --state all --json
	tool case show 1 --json
	tool message list --json
	tool outbox list --json
	tool digest | grep -vE '[0-9a-f]{16}|^日時|^ *訓練' | tr -s ' '
	grep -v '^DTSTAMP' "$T/own/feed.ics"
}

# in_mailbox: how many mails lie in the window's folders.
in_mailbox() {
	for _folder in INBOX Junk Sent; do inbox_count desk "$_folder"; done | paste -sd' '
}

mail_send "$(mk_details 12345678)"
inbox_wait ipa 1
inbox_wait officer 1
wait_for 10 '[ "$(case_list "len(d)")" = 1 ]' 'a real case'
tool case take 1 --as officer
wait_for 10 'grep -q VEVENT "$T/own/feed.ics"' 'the feed'
wait_for 10 '[ "$(inbox_count desk Sent)" = 1 ]' 'the copy of its answer'
records >"$T/own/before"
mailbox=$(in_mailbox)

check_status 'the drill passes beside the daemon' 0 drill_json
check_eq 'it says so' "$(steps 'd[0]["result"]')" passed
check_has 'its number is a drill'"'"'s' "$(steps 'd[0]["number"]')" '^DRILL#[1-9][0-9]{7}$'
check_eq 'the whole way was walked' \
	"$(steps '" ".join(s["step"] + "=" + s["result"] for s in d[0]["steps"])')" \
	'key=fine seal=fine send=fine arrive=fine answer=fine return=fine open=fine remove=fine'
check_eq 'what it took is told' "$(steps 'all(s["ms"] >= 0 for s in d[0]["steps"]) and d[0]["ms"] > 0')" true
check_has 'the key was made' "$(steps 'd[0]["steps"][0]["what"]')" '^the drill.s key [0-9A-F]{40} was made$'
records >"$T/own/after"
check 'the real case, its deadlines, the lists, digest and feed are as they were' \
	diff "$T/own/before" "$T/own/after"
check_eq 'and so is the mailbox' "$(in_mailbox)" "$mailbox"
check_eq 'nobody was written to' "$(inbox_count ipa) $(inbox_count officer)" '1 1'
check 'the store is whole' tool verify
number=$(steps 'd[0]["number"]')
check_eq 'the desk'"'"'s log has it' "$(sqlite3 "$T/state/cases.db" "SELECT count(*) FROM log WHERE what = 'desk www: drill $number passed'")" 1
check_has 'and the store when' "$(sqlite3 "$T/state/cases.db" "SELECT value FROM value WHERE name = 'drill.www'")" '^[0-9]{16} passed$'
check_eq 'both mails have their proof in the outbox' \
	"$(outbox_get "' '.join(x['kind'] for x in d if x['case'] is None and x['to'] == 'security@example.co.jp')" --state sent)" \
	'details acknowledgement'
check_eq 'nothing of it waits' "$(sqlite3 "$T/state/cases.db" "SELECT count(*) FROM value WHERE name IN ('drill.www.now', 'drill.www.answer') AND value <> ''")" 0

# Its key: the secret half lies where no room of the daemon looks, and no agent stays for it.
key=$(cat "$T/state/drill/www/fingerprint")
check_not 'the desk'"'"'s keyring has no secret half of it' story_gpg "$DESK_HOME" --list-secret-keys "$key"
check 'but the public one' story_gpg "$DESK_HOME" --list-keys "$key"
check_eq 'no agent of it is left' "$(pgrep -cf "gpg-agent --homedir $T/state/drill")" 0
check_has 'keys list says whose it is' "$(tool keys list)" "$key.*the drill"
check_has 'keys check looks at it' "$(tool keys check --json | json '[r for r in d if r["whose"] == "the drill"][0]["result"]')" '^fine$'
check_has 'doctor tells when it last passed' "$(tool doctor | grep drill)" 'passed'

tool drill --timeout 60 >"$T/own/table"
check_has 'the second takes the same key' "$(cat "$T/own/table")" "fine +key .*the drill's key $key is there"
check_has 'and passes' "$(cat "$T/own/table")" '^The drill passed in [0-9]+ ms\.$'

# Details that a person must release, and a window whose mail is moved: no matter for a drill.
daemon_stop
C_DETAILS=hold
C_AFTER=move:Filed
desk_conf
check_status 'it passes where no daemon runs' 0 tool drill --timeout 60
check_eq 'and the mailbox is clean' "$(in_mailbox)" "$mailbox"
check 'the store is whole' tool verify

# Without one that passed for forty days staff are told, once.
late() {
	for _mail in $(inbox_mails officer); do open_text "$OFFICER_HOME" "$_mail"; done |
		grep -c 'madoguchi drill'
}
daemon_once --now 2031-12-02T10:00:00+09:00
check_eq 'staff are told' "$(late)" 1
daemon_once --now 2031-12-03T10:00:00+09:00
check_eq 'not again the next day' "$(late)" 1
check 'no text of a drill lies on disk' no_leak 'SQLインジェクション（訓練'
story_end
