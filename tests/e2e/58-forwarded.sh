#!/bin/sh
# A person hands the mail of a case over: to who implements, and to a vendor, who is asked for a
# receipt and has two business days for it. Both get it opened, sealed to their own key; who has no
# key gets nothing.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

log_of() {
	case_get "$1" '"\n".join(x["who"] + ": " + x["what"] for x in d["log"])'
}

# asked STATE: to whom the letters went whose receipt is so, in case 1.
asked() {
	case_get 1 "[m['to'] for x in d['deadlines'] for m in d['message_list']
		if x['kind'] == 'vendor-receipt' and x['state'] == '$1' and m['id'] == x['from_message']]"
}

# vendor_writes MESSAGE-ID FROM RESULT: a vendor's mail, until it is on record.
vendor_writes() {
	mail_send "$(mk_plain 'Re: 受領しました' '受領しました。確認します。' "$2" --message-id "$1" \
		--in-reply-to "$(mail_id "$letter")" --references "$(mail_id "$letter")" \
		--auth-results "mx.example.co.jp; dmarc=$3 header.from=${2#*@}")"
	wait_for 20 "[ \"\$(message_get \"sum(m['message_id'] == '$1' for m in d)\")\" = 1 ]" "$1 on record"
}

# receipt STATE: how many vendor-receipt deadlines of case 1 are so.
receipt() {
	case_get 1 "sum(x['kind'] == 'vendor-receipt' and x['state'] == '$1' for x in d['deadlines'])"
}

# at_terminal ARGS...: `forward 1 --to` at a terminal; what is said is $T/own/talk.
at_terminal() {
	"$PYTHON" -I "$E2E/terminal.py" "$T/own/screen" "$MADOGUCHI" -c "$T/madoguchi.conf" \
		--data-dir "$SRC/conf" forward 1 --to "$@" <"$T/own/talk"
}

# sent_to ADDRESS: how many mails to it lie in Sent.
sent_to() {
	inbox_find desk "^To: $1" Sent 2>/dev/null | grep -c . || :
}

desk_begin 'forwarded'
desk_keys
VENDOR_HOME=$T/vendor-gnupg DEV_HOME=$T/dev-gnupg HOSTER_HOME=$T/hoster-gnupg
VENDOR_FPR=$(key_new "$VENDOR_HOME" 'Vendor <vendor@vendor.example.jp>')
DEV_FPR=$(key_new "$DEV_HOME" 'Dev <finder@example.org>')
HOSTER_FPR=$(key_new "$HOSTER_HOME" 'Hoster <hoster@hoster.example.jp>')
for home in "$VENDOR_HOME" "$DEV_HOME" "$HOSTER_HOME"; do key_copy "$DESK_HOME" "$DESK_FPR" "$home"; done
key_copy "$VENDOR_HOME" "$VENDOR_FPR" "$DESK_HOME"
key_copy "$DEV_HOME" "$DEV_FPR" "$DESK_HOME"
key_copy "$HOSTER_HOME" "$HOSTER_FPR" "$DESK_HOME"
person() {
	echo "$1: { address = \"$2\"; role = \"$3\"; key = \"$4\"; digest_at = \"\"; alerts = false; };"
}
C_STAFF_MORE="$(person maker vendor@vendor.example.jp vendor "$VENDOR_FPR")
	$(person hoster hoster@hoster.example.jp vendor "$HOSTER_FPR")
	$(person dev finder@example.org implementer "$DEV_FPR")
	$(person keyless keyless@example.co.jp implementer '')"
C_ALERTS=false
desk_conf
daemon_start
mark=$(new_mark)
mail_send "$(mk_contact 12345678)"
mail_send "$(mk_details 12345678 --mark "$mark" --attach-mark)"
mail_send "$(mk_letter 12345678)"
wait_for 20 '[ "$(message_get "sum(m[\"direction\"] == \"in\" for m in d)")" = 3 ]' 'three mails on record'

# What is refused.
check_status 'to nobody' 64 tool forward 1
check_status 'to who is none of staff' 64 tool forward 1 --to somebody
check_status 'to one without a key' 77 tool forward 1 --to keyless --as officer
check_has 'which is said' "$(tool forward 1 --to keyless 2>&1 || :)" 'keyless has no key that can be used'
check_status 'of a case that is none' 65 tool forward 99 --to dev
check_status 'a message of no case' 65 tool forward 1 --to dev --message 99
check_eq 'none of that is in the outbox' "$(outbox_get '[x["kind"] for x in d if x["kind"] == "forward"]')" '[]'

# To who implements: the details, by the number in any spelling.
check_has 'a hand-over' "$(tool forward 'IPA＃12345678' --to dev --as officer)" \
	"^outbox [0-9]+: message [0-9]+ for dev, under $DEV_FPR\$"
inbox_wait finder 1 20
letter=$(inbox_last finder)
check 'it is sealed to that person and the desk' \
	sealed_to "$DEV_HOME" "$letter" "$DEV_FPR" "$DESK_FPR"
check_has 'and is a forward' "$(mail_header "$letter" X-Madoguchi)" '^forward; desk=www$'
check_eq 'of a person' "$(mail_header "$letter" Auto-Submitted)" ''
brought=$(open_brought "$DEV_HOME" "$letter")
check_has 'the newest details' "$brought" "MARK-BODY-$mark"
check_has 'with their file' "$brought" "MARK-ATT-$mark"
details=$(message_get '[m["id"] for m in d if m["kind"] == "details"][0]')
check_has 'the log tells who handed what to whom, under which key' "$(log_of 1)" \
	"^officer: message $details forwarded to dev, to be sealed to $DEV_FPR: outbox"
wait_for 10 '[ "$(message_get "sum(m[\"kind\"] == \"forward\" for m in d)")" = 1 ]' 'it to be on record'
check_eq 'who works here owes no receipt' "$(receipt pending)" 0

# The vendor is of another house, and hears of no case in its digest before one is handed there.
number=$(tool case open --desk www --number IPA#87654321 --as officer)
tool case due "$number" investigation 2031-12-10 --as officer
digest=$(tool digest --staff maker)
check_has 'it goes to a vendor' "$digest" '^例示株式会社 セキュリティ窓口 対応状況のお知らせ$'
check_eq 'no case is told to a vendor who was handed none' "$(echo "$digest" | grep -cE 'IPA#|IPA |INBOX|officer')" 0
check_has 'while the officer is told of each' "$(tool digest --staff officer)" 'IPA#87654321'

# To the vendor: another mail, by its id.
contact=$(message_get '[m["id"] for m in d if m["kind"] == "contact-request"][0]')
tool forward 1 --to maker --message "$contact" --as officer >"$T/own/forward"
inbox_wait vendor 1 20
letter=$(inbox_last vendor)
check 'sealed to the vendor' sealed_to "$VENDOR_HOME" "$letter" "$VENDOR_FPR" "$DESK_FPR"
check_has 'who is asked for a receipt' "$(open_text "$VENDOR_HOME" "$letter")" '受領した旨をお知らせください'
check_has 'the mail that was chosen' "$(open_brought "$VENDOR_HOME" "$letter")" '^\[message/rfc822\]'
wait_for 10 '[ "$(receipt pending)" = 1 ]' 'the receipt to be owed'
check_eq 'within two business days' "$(case_get 1 '[x["due"][10:] for x in d["deadlines"]
	if x["kind"] == "vendor-receipt"]')" '["T23:59:59+09:00"]'
wait_for 20 '[ "$(sent_to vendor@vendor.example.jp)" = 1 ]' 'the copy in Sent'
check 'the copy is sealed' sealed_to "$DESK_HOME" \
	"$(inbox_find desk '^To: vendor@vendor.example.jp' Sent)" "$VENDOR_FPR" "$DESK_FPR"
check_eq 'of what stayed in the house there is none' "$(sent_to finder@example.org)" 0
# shellcheck disable=SC2046
check 'the opened mail lies nowhere' no_leak $(marks_sealed "$mark")

digest=$(tool digest --staff maker)
check_has 'the digest of a vendor tells of the case' "$digest" 'IPA#12345678.*SI 事業者の受領連絡'
check_eq 'of no other, nor of what is the desk'"'"'s own' "$(echo "$digest" | grep -cE 'IPA#87654321|INBOX|madoguchi ')" 0

# Another vendor has it too, and owes a receipt of its own; the first one, sent more, owes one still.
tool forward 1 --to hoster --message "$contact" --as officer >"$T/own/forward"
wait_for 20 '[ "$(receipt pending)" = 2 ]' 'the other vendor'"'"'s receipt to be owed'
tool forward 1 --to maker --as officer >"$T/own/forward"
inbox_wait vendor 2 20
wait_for 20 '[ "$(message_get "sum(m[\"kind\"] == \"forward\" for m in d)")" = 4 ]' 'the second mail on record'
check_eq 'each owes one' "$(asked pending)" '["vendor@vendor.example.jp", "hoster@hoster.example.jp"]'
vendor_writes '<forger@vendor.example.jp>' vendor@vendor.example.jp fail
check_eq 'what the mail server contradicts is no receipt' "$(receipt pending)" 2

# The vendor confirms.
vendor_writes '<receipt@vendor.example.jp>' vendor@vendor.example.jp pass
check_eq 'the receipt is there' "$(asked met)" '["vendor@vendor.example.jp"]'
check_eq 'by the vendor'"'"'s mail' "$(message_get '[m["kind"] for m in d][-1]')" vendor-receipt
check_eq 'of that case' "$(message_get '[m["case"] for m in d][-1]')" 1
check_eq 'the other vendor owes its own' "$(asked pending)" '["hoster@hoster.example.jp"]'
check_status 'a day that a person sets for it' 0 tool case due 1 vendor-receipt 2031-12-10 --as officer
check_eq 'is that vendor'"'"'s' "$(asked pending)" '["hoster@hoster.example.jp"]'
vendor_writes '<more@vendor.example.jp>' vendor@vendor.example.jp pass
check_eq 'which no other meets' "$(asked pending)" '["hoster@hoster.example.jp"]'
vendor_writes '<receipt@hoster.example.jp>' hoster@hoster.example.jp pass
check_eq 'nothing more is owed' "$(receipt pending) $(asked met)" \
	'0 ["vendor@vendor.example.jp", "hoster@hoster.example.jp"]'

# At a terminal a person sees first what goes to whom under which key, and whether it went before.
printf 'Hand it over, opened\tn\n' >"$T/own/talk"
check_status 'at a terminal it is asked first' 1 at_terminal maker
screen=$(tr -d '\r' <"$T/own/screen")
check_has 'showing which mail' "$screen" "^message $details, from "
check_has 'to whom under which key' "$screen" "^to maker \(vendor@vendor.example.jp\), under $VENDOR_FPR\$"
check_has 'that it went there already' "$screen" '^already forwarded to maker at '
check_status 'and the other one' 1 at_terminal maker --message "$contact"
check_has 'when it went' "$(tr -d '\r' <"$T/own/screen")" \
	'^already forwarded to maker at [-0-9]{10} [0-9:]{5} \(outbox [0-9]+\)$'
check_eq 'nothing goes without a yes' "$(outbox_get 'sum(x["kind"] == "forward" for x in d)')" 0
: >"$T/own/talk"
check_status 'said beforehand it is shown and not asked' 0 at_terminal dev --message "$contact" --yes
check_has 'under the key that it was shown under' "$(tr -d '\r' <"$T/own/screen")" \
	"^outbox [0-9]+: message $contact for dev, under $DEV_FPR\$"
check_not 'to whom it had not gone before' grep -q 'already forwarded' "$T/own/screen"
inbox_wait finder 2 20
printf 'Hand it over, opened\ty\t%s\n' "'$MADOGUCHI' -c '$T/madoguchi.conf' --data-dir '$SRC/conf' message forged $contact" \
	>"$T/own/talk"
check_status 'called forged while it was asked about, it stays' 75 at_terminal dev --message "$contact"
check_has 'which is said' "$(tr -d '\r' <"$T/own/screen")" 'has changed meanwhile'
tool message trust "$contact" --why 'it was genuine' --as officer

# A suspect mail is handed to nobody until a person has said that it is genuine.
mail_send "$(mk_forged 40000004)"
wait_for 20 '[ "$(message_get "sum(m[\"trust\"] == \"suspect\" for m in d)")" = 1 ]' 'the look-alike on record'
forged=$(case_list '[c["id"] for c in d if c["trust"] == "suspect"][0]')
check_status 'of a suspect mail' 65 tool forward "$forged" --to dev

# Its key ends while the letter waits: it goes to nobody.
daemon_stop
tool forward 1 --to dev --as officer >"$T/own/forward"
id=$(sed 's/^outbox \([0-9]*\):.*/\1/' "$T/own/forward")
story_gpg "$DESK_HOME" --yes --delete-keys "$DEV_FPR"
C_STAFF_MORE="$(person maker vendor@vendor.example.jp vendor "$VENDOR_FPR")
	$(person dev finder@example.org implementer '')"
desk_conf
daemon_start
outbox_wait "$id" held
check_has 'what has lost its key is held' "$(outbox_field "$id" held state)" held
check_eq 'and did not go' "$(inbox_count finder)" 2
check 'the store is whole' tool verify

# Who has left the staff gets nothing, though the key is there still.
daemon_stop
tool forward 1 --to maker --message "$contact" --as officer >"$T/own/forward"
id=$(sed 's/^outbox \([0-9]*\):.*/\1/' "$T/own/forward")
staff=$C_STAFF_MORE
C_STAFF_MORE=$(person dev finder@example.org implementer '')
desk_conf
daemon_start
outbox_wait "$id" held
check_eq 'one who left is told nothing' "$(inbox_count vendor)" 2
C_STAFF_MORE=$staff
desk_conf

# What a person calls forged, or what cannot be opened any more, waits for a person too.
daemon_stop
tool forward 1 --to maker --message "$contact" --as officer >"$T/own/forward"
forged=$(sed 's/^outbox \([0-9]*\):.*/\1/' "$T/own/forward")
tool message forged "$contact" --as officer
tool forward 1 --to maker --as officer >"$T/own/forward"
id=$(sed 's/^outbox \([0-9]*\):.*/\1/' "$T/own/forward")
sqlite3 "$T/state/cases.db" "DELETE FROM message_raw WHERE message_id = $details"
daemon_start
outbox_wait "$id" held
outbox_wait "$forged" held
check_has 'with the reason' "$(tool outbox list --state held)" "^ *$forged .*stays here: it is suspect"
check_eq 'and does not go' "$(inbox_count vendor)" 2
story_end
