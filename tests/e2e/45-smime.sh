#!/bin/sh
# The coordinator signs by S/MIME, and its mail server says nothing of who sent it: by its own
# certificate, from the CA in the conf, its mail is believed and answered. An altered one is suspect,
# a colleague's certificate and another CA's prove nothing, and what is encrypted by S/MIME, or locked
# with a password, is told for what it is. Nothing goes to the network, nothing stays behind.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# mk_smime NUMBER CERT [OPTION...]: a first contact signed by that certificate; no server vouches for it.
mk_smime() {
	_number=$1
	_cert=$2
	shift 2
	mk_contact "$_number" --auth-results '' --smime-sign "$_cert" "$@"
}

# of NUMBER EXPRESSION: of the mail in (m) of that number's case.
of() {
	message_get "[$2 for m in d if m['direction'] == 'in' and m['case'] == $(case_get "IPA#$1" 'd["id"]')][0]"
}

# verdict NUMBER TRUST BOUND PROBLEM: what its mail is worth, and what staff read of it.
verdict() {
	check_eq "$1: trust, and whether its number is bound" \
		"$(case_get "IPA#$1" '[d["trust"], d["number_bound"]]')" "[\"$2\", $3]"
	check_has "$1: what is told" "$(of "$1" 'm["problems"]')" "$4"
}

desk_begin 'mail signed by S/MIME'
desk_keys
ipa=$(smime_new vuln-contact@ipa.go.jp)
colleague=$(smime_new yamada@ipa.go.jp)
mv "$T/smime-ca.pem" "$T/roots.pem" # another CA next time
stranger=$(smime_new vuln-contact@ipa.go.jp)
C_SMIME_ROOTS=roots.pem
desk_conf
daemon_start

mail_send "$(mk_smime 10000001 "$ipa")"
inbox_wait ipa 1
check_eq 'the signed one is answered' "$(mail_header "$(inbox_last ipa)" Subject)" '[IPA#10000001] ご連絡'
verdict 10000001 authenticated true '^\[\]$'
check_eq 'by whose certificate stands on record' "$(of 10000001 'm["signed_by"]')" \
	"$(openssl x509 -in "${ipa%:*}" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g')"
check_has 'and why it is believed' "$(tool message why "$(of 10000001 'm["id"]')")" 'good S/MIME signature'

sed 's/IPA#10000002/IPA#10000012/' "$(mk_smime 10000002 "$ipa")" >"$T/own/altered"
mail_send "$T/own/altered"
mail_send "$(mk_smime 10000003 "$colleague")"
mail_send "$(mk_smime 10000004 "$stranger")"
openssl cms -encrypt -aes256 -binary -outform DER -in "$SRC/COPYING" -out "$T/own/sealed" "${ipa%:*}"
{
	printf 'From: vuln-contact@ipa.go.jp\nTo: security@example.co.jp\nSubject: IPA#10000005\n'
	printf 'Authentication-Results: %s\nDate: %s\nMessage-ID: <sealed@ipa.go.jp>\n' "$PASSING" "$(date -R)"
	printf 'MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	base64 "$T/own/sealed"
} >"$T/own/encrypted"
mail_send "$T/own/encrypted"
inbox_wait officer 5
verdict 10000012 suspect false 'bad signature'
verdict 10000003 unverified false 'of another address'
verdict 10000004 unverified false 'leads to no root'
verdict 10000005 authenticated true 'S/MIME encrypted'
check_eq 'what is encrypted is unreadable' "$(of 10000005 'm["kind"]')" unreadable
check_eq 'only the good one was answered' "$(inbox_count ipa)" 1
check_eq 'held are two receipts, and a question' "$(outbox_get 'sorted(x["kind"] for x in d)' --state held)" \
	'["acknowledgement", "acknowledgement", "question"]'

# Details in a zip that is locked (its flag says so), and the password behind it.
password=$(new_mark)
printf 'PK\003\004\024\000\001\000\010\000%0100d' 7 >"$T/own/report.zip"
mail_send "$(mk_plain 'IPA#10000001' 'Here are the documents.' vuln-contact@ipa.go.jp \
	--auth-results "$PASSING" --attach "$T/own/report.zip")"
alerts_wait 6
mail_send "$(mk_plain 'IPA#10000001' "The password is $password." vuln-contact@ipa.go.jp \
	--auth-results "$PASSING")"
alerts_wait 7
check_has 'the archive is told as details that could not be opened' \
	"$(message_get '[(m["kind"], m["problems"]) for m in d if m["kind"] == "details"]')" 'locked with a password'
check 'the password is nowhere in clear' no_leak "$password"

check_not 'no gpgsm and no dirmngr is left' pgrep -f "(gpgsm|dirmngr).*$T/"
check_eq 'nor anything that a signature brought along' \
	"$(find "$T/gnupg/smime" -name '[0-9]*' -o -name '*.crl' | wc -l)" 0
check_not 'and nothing came into the keyring' grep -q smime-ca "$T/gnupg/pubring.kbx"

# The same mail where the conf names no roots.
daemon_stop
C_SMIME_ROOTS=
desk_conf
daemon_start
mail_send "$(mk_smime 10000006 "$ipa")"
alerts_wait 8
verdict 10000006 unverified false 'S/MIME signature not checked'
story_end
