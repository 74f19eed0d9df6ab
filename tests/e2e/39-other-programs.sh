#!/bin/sh
# Other people's programs. Mail that GnuPG, Sequoia's sqop and neomutt made is opened here, believed
# and answered; and each of the three reads every answer.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

for program in neomutt sqop; do
	command -v "$program" >/dev/null || skip "needs the package $program"
done
desk_begin 'what other programs make is read here, and the other way round'
desk_keys
desk_conf
daemon_start

W=$T/own
story_gpg "$IPA_HOME" --armor --export-secret-keys "$IPA_FPR" >"$W/ipa.key"
key_export "$IPA_HOME" "$IPA_FPR" >"$W/ipa.cert"
key_export "$DESK_HOME" "$DESK_FPR" >"$W/desk.cert"
# neomutt writes only to a key that its owner calls valid.
printf '%s:6:\n' "$IPA_FPR" "$DESK_FPR" | story_gpg "$IPA_HOME" --import-ownertrust

cat >"$W/take" <<END
#!/bin/sh
cat >"$W/mutt.eml"
END
chmod 755 "$W/take"
cat >"$W/muttrc" <<END
set folder="$W" tmpdir="$W" copy=no from="vuln-contact@ipa.go.jp" realname="IPA" use_from=yes
set sendmail="$W/take" sendmail_wait=0 editor=true wait_key=no pipe_decode=yes charset=utf-8
set crypt_use_gpgme=yes crypt_autosign=yes pgp_default_key="$IPA_FPR" pgp_sign_as="$IPA_FPR"
set crypt_protected_headers_write=yes autoedit=yes fast_reply=yes abort_unmodified=no
set send_charset="us-ascii:iso-2022-jp:utf-8"
send2-hook . 'push <send-message>'
END

# mutt ARGS...: neomutt on a terminal, which it will not do without.
mutt() {
	GNUPGHOME=$IPA_HOME LC_ALL=C.UTF-8 TERM=xterm \
		"$PYTHON" -I "$E2E/terminal.py" "$W/screen" "$(command -v neomutt)" -n -F "$W/muttrc" \
		"$@" </dev/null
}

# words NUMBER: the text of a details mail.
words() {
	sed -e '1,/^$/d' -e "s/@NUMBER@/IPA#$1/; s#@URL@#https://www.example.co.jp/search?q=1#" \
		-e 's#@SITE@#https://www.example.co.jp/#; /@MARK@/d' "$E2E/mail/details.txt"
}

# head_of SUBJECT: what stands on top of a mail that is put together here.
head_of() {
	printf 'From: vuln-contact@ipa.go.jp\nTo: security@example.co.jp\nSubject: %s\nDate: %s\n' \
		"$1" "$(LC_ALL=C date -R)"
	printf 'Message-ID: <%s@ipa.go.jp>\nMIME-Version: 1.0\n' "$(new_mark)"
}

# armour_of MAIL: the OpenPGP message in it.
armour_of() {
	tr -d '\r' <"$1" | sed -n '/^-----BEGIN PGP MESSAGE-----/,/^-----END PGP MESSAGE-----/p'
}

# answered PROGRAM NUMBER COUNT: it was believed, and all three read the answer.
answered() {
	inbox_wait ipa "$3"
	check_eq "$1: opened, and believed" "$(case_get "IPA#$2" '(d["stage"], d["trust"])')" \
		'["details", "verified"]'
	answer=$(inbox_last ipa)
	check_has "$1: GnuPG reads the answer" "$(open_text "$IPA_HOME" "$answer")" "IPA#$2"
	check "$1: and finds the desk's signature good" signed_by "$IPA_HOME" "$answer" "$DESK_FPR"
	armour_of "$answer" | sqop decrypt --verify-with "$W/desk.cert" --verifications-out "$W/verified" \
		"$W/ipa.key" >"$W/opened" 2>"$W/sqop.err"
	check_has "$1: sqop opens it too" "$(cat "$W/opened")" "^HP-Outer: Subject: \\[IPA#$2\\]"
	check_has "$1: and finds the signature good" "$(cat "$W/verified")" " $DESK_FPR"
	rm -f "$W/verified" "$W/read"
	{ echo "From desk Thu Jan  1 00:00:00 2026"; tr -d '\r' <"$answer"; echo; } >"$W/mbox"
	mutt -R -f "$W/mbox" -e "push '<pipe-message>cat >$W/read<enter><exit>'"
	check_has "$1: neomutt shows its text" "$(cat "$W/read")" "IPA#$2"
	check_not "$1: and not its armour" grep -q 'BEGIN PGP' "$W/read"
}

mail_send "$(mk_details 10000001)"
answered gpg 10000001 1

# Sequoia, in the frame of RFC 3156.
{ printf 'Content-Type: text/plain; charset=utf-8\n\n'; words 10000002; } | sed 's/$/\r/' |
	sqop encrypt --sign-with "$W/ipa.key" "$W/desk.cert" >"$W/sealed"
{
	head_of ...
	printf 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\n\n'
	printf -- '--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n'
	printf -- '--b\nContent-Type: application/octet-stream\n\n'
	cat "$W/sealed"
	printf -- '\n--b--\n'
} >"$W/sqop.eml"
mail_send "$W/sqop.eml"
answered sqop 10000002 2

# A text that it signed in clear.
words 10000003 | sqop inline-sign --as=clearsigned "$W/ipa.key" >"$W/clear"
{
	head_of 'IPA#10000003'
	printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
	cat "$W/clear"
} >"$W/clear.eml"
mail_send "$W/clear.eml"
answered 'sqop, in clear' 10000003 3

# neomutt: sealed, its Subject inside; then signed alone, its Subject signed too.
words 10000004 >"$W/words"
mutt -e 'set crypt_autoencrypt=yes' -s '【IPA#10000004】 通知' -i "$W/words" -- security@example.co.jp
check_eq 'neomutt put its own Subject outside' "$(mail_header "$W/mutt.eml" Subject)" ...
mail_send "$W/mutt.eml"
answered neomutt 10000004 4
words 10000005 >"$W/words"
mutt -s '【IPA#10000005】 通知' -i "$W/words" -- security@example.co.jp
check_has 'neomutt signed it' "$(cat "$W/mutt.eml")" '^Content-Type: multipart/signed'
mail_send "$W/mutt.eml"
answered 'neomutt, signed alone' 10000005 5

check_eq 'nothing was odd about any of them' \
	"$(message_get '[m["problems"] for m in d if m["direction"] == "in" and m["problems"]]')" '[]'
story_end
