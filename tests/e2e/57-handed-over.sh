#!/bin/sh
# A report reaches the person who must act on it: what came sealed stands opened in the alert, which
# is sealed to that person's key. Who has no key is told numbers and what to do. The opened mail
# lies nowhere on the way: not on the disk, not in the store, not in the desk's memory.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# done_by CASE ITEM: who ticked it, or null.
done_by() {
	case_get "$1" "[x['done_by'] for x in d['checklist'] if x['item'] == '$2'][0]"
}

log_of() {
	case_get "$1" '"\n".join(x["who"] + ": " + x["what"] for x in d["log"])'
}


# in_memory PID WORD...: whether the process has one of the words in its memory.
in_memory() {
	! "$PYTHON" -I "$E2E/memory.py" memory "$@" >"$T/own/memory"
}

# shown_by_neomutt FILE: what the officer sees of it there; neomutt wants a terminal.
shown_by_neomutt() {
	cat >"$T/own/muttrc" <<-RC
	set folder="$T/own" tmpdir="$T/own" wait_key=no pipe_decode=yes charset=utf-8 crypt_use_gpgme=yes
	RC
	{ echo "From desk Thu Jan  1 00:00:00 2026"; tr -d '\r' <"$1"; echo; } >"$T/own/mbox"
	GNUPGHOME=$OFFICER_HOME LC_ALL=C.UTF-8 TERM=xterm "$PYTHON" -I "$E2E/terminal.py" "$T/own/screen" \
		"$(command -v neomutt)" -n -F "$T/own/muttrc" -R -f "$T/own/mbox" \
		-e "push '<pipe-message>cat >$T/own/seen<enter><exit>'" </dev/null >/dev/null
	cat "$T/own/seen"
}

desk_begin 'a report is handed over'
desk_keys
C_OFFICER_LANGUAGE=en
C_STAFF_MORE='dev: { address = "vendor@vendor.example.jp"; role = "implementer"; key = ""; digest_at = ""; alerts = true; language = "en"; };'
desk_conf
daemon_start

# Details, sealed, with a file: to the officer opened and sealed anew, to dev nothing of them.
mark=$(new_mark)
mail_send "$(mk_details 12345678 --mark "$mark" --attach-mark)"
inbox_wait officer 1 20
inbox_wait vendor 1 20
wait_for 10 '[ "$(done_by 1 1.1)" = madoguchid ]' 'the hand-over to be ticked'
letter=$(inbox_last officer)
check 'the letter is sealed to the officer and the desk alone' \
	sealed_to "$OFFICER_HOME" "$letter" "$OFFICER_FPR" "$DESK_FPR"
check 'and signed by the desk' signed_by "$OFFICER_HOME" "$letter" "$DESK_FPR"
check_has 'outside stands the number' "$(mail_header "$letter" Subject)" '^\[IPA#12345678\] Message$'
check_has 'it says what it brings' "$(open_text "$OFFICER_HOME" "$letter")" 'stands, opened, at the end'
check_has 'in words, not in names of the store' "$(open_text "$OFFICER_HOME" "$letter")" '^  Trust: sender verified$'
check_has 'what is owed next' "$(open_text "$OFFICER_HOME" "$letter")" '^  Next deadline: acknowledgement, [-0-9]{10} \((Mon|Tue|Wed|Thu|Fri)\)$'
open_brought "$OFFICER_HOME" "$letter" >"$T/own/brought"
brought=$(cat "$T/own/brought")
check_has 'the mail itself' "$brought" '^\[message/rfc822\]'
check_has 'with its text' "$brought" "MARK-BODY-$mark"
check_has 'in Japanese' "$brought" 'クロスサイト・スクリプティング'
check_has 'its own Subject, which came sealed' "$brought" "^Subject: .*MARK-SUBJ-$mark"
check_has 'and its file' "$brought" "^File: MARK-NAME-$mark.txt"
check_has 'with what stands in it' "$brought" "MARK-ATT-$mark"
if command -v neomutt >/dev/null; then
	seen=$(shown_by_neomutt "$letter")
	check_has 'neomutt shows the letter' "$seen" 'stands, opened, at the end'
	check_has 'and the mail, opened' "$seen" "MARK-BODY-$mark"
	check_has 'with its Subject' "$seen" "MARK-SUBJ-$mark"
	check_has 'and its file' "$seen" "MARK-ATT-$mark"
fi
check_has 'the log says to whom, under which key' "$(log_of 1)" \
	"^madoguchid: message 1, opened, went to officer, sealed to $OFFICER_FPR: outbox [0-9]+ taken by the server: 250"
clear=$(inbox_last vendor)
check 'dev has the same letter, signed and in clear' signed_by "$OFFICER_HOME" "$clear" "$DESK_FPR"
check_has 'with the number' "$(cat "$clear")" 'IPA#12345678'
check_has 'and what to do' "$(cat "$clear")" 'madoguchi message show 1'
check_has 'and why there is no more' "$(cat "$clear")" 'No usable key of yours is registered'
# shellcheck disable=SC2046
check 'nothing of the mail' no_leak_mail vendor $(marks_sealed "$mark")
check 'the desk has the number in its memory' in_memory "$DAEMON_PID" 'IPA#12345678'
# shellcheck disable=SC2046
check_not 'and nothing of the mail' in_memory "$DAEMON_PID" $(marks_sealed "$mark")
for room in $(daemon_rooms); do
	case $(cat "/proc/$room/comm") in
	# shellcheck disable=SC2046
	mailbox | smarthost | nursery) check_not "nor a $(cat "/proc/$room/comm")" \
		in_memory "$room" $(marks_sealed "$mark") ;;
	esac
done
# shellcheck disable=SC2046
check 'it lies nowhere on the disk' no_leak $(marks_sealed "$mark")

# A contact in clear is handed over whole, as it came.
mark=$(new_mark)
mail_send "$(mk_contact 20000002 --mark "$mark" --message-id '<contact-2@ipa.go.jp>')"
inbox_wait officer 2 20
wait_for 10 '[ "$(done_by 2 1.1)" = madoguchid ]' 'the contact to be ticked'
brought=$(open_brought "$OFFICER_HOME" "$(inbox_last officer)")
check_has 'a clear mail comes with its header' "$brought" '^Message-ID: <contact-2@ipa.go.jp>'
check_has 'and its text' "$brought" "MARK-BODY-$mark"
# shellcheck disable=SC2046
check 'and lies nowhere' no_leak $(marks_clear "$mark")

# Inline armour holds bare words; the charset is told.
mark=$(new_mark)
mail_send "$(mk_details 30000003 --mark "$mark" --inline --protected none)"
inbox_wait officer 3 20
brought=$(open_brought "$OFFICER_HOME" "$(inbox_last officer)")
check_has 'bare words come as text' "$brought" '^\[text/plain\]'
check_has 'all of them' "$brought" "MARK-BODY-$mark"
check_has 'readable' "$brought" 'クロスサイト・スクリプティング'

# Later mail comes along too; a look-alike's does not.
mark=$(new_mark)
mail_send "$(mk_letter 12345678 --mark "$mark")"
inbox_wait officer 4 20
check_has 'correspondence comes along' "$(open_brought "$OFFICER_HOME" "$(inbox_last officer)")" "MARK-BODY-$mark"
mark=$(new_mark)
mail_send "$(mk_forged 40000004 --mark "$mark")"
inbox_wait officer 5 20
check_not 'what is suspect does not' open_brought "$OFFICER_HOME" "$(inbox_last officer)"
check_eq 'and ticks nothing' "$(done_by "$(case_list '[c["id"] for c in d if c["trust"] == "suspect"][0]')" 1.1)" null
daemon_stop

# A key that dies: numbers alone, and no tick.
C_OFFICER_KEY=$(key_new "$OFFICER_HOME" 'Officer, later <officer@example.co.jp>' seconds=2)
key_copy "$OFFICER_HOME" "$C_OFFICER_KEY" "$DESK_HOME"
desk_conf
sleep 3
daemon_start
mark=$(new_mark)
mail_send "$(mk_details 50000005 --mark "$mark" --attach-mark)"
# The sixth in ten minutes waits a minute; in working hours word of the key itself comes beside it.
wait_for 90 'inbox_find officer "\[IPA#50000005\]" >/dev/null' 'word of the last report'
wait_for 10 '[ "$(outbox_get "[x for x in d if x[\"state\"] != \"held\"]")" = "[]" ]' 'all letters to be out'
id=$(case_list '[c["id"] for c in d if c["number"] == "IPA#50000005"][0]')
told=$(inbox_find officer '\[IPA#50000005\]' | tail -n 1)
check_has 'with a dead key it is said' "$(cat "$told")" 'No usable key of yours is registered'
# shellcheck disable=SC2046
check 'and nothing of the mail' no_leak_mail officer $(marks_sealed "$mark")
check_eq 'nobody was handed anything' "$(done_by "$id" 1.1)" null
check 'the store is whole' tool verify
story_end
