# shellcheck shell=dash
# Mail of a story: made by mkmail.py from the templates in mail/, brought in by SMTP or IMAP,
# looked for in the users' Maildirs, opened with the receiver's key.
# SPDX-License-Identifier: GPL-3.0-or-later

PASSING='mx.example.co.jp; dmarc=pass header.from=ipa.go.jp; dkim=pass header.d=ipa.go.jp'

# mk ARGS...: mkmail.py with these options into a new file below $T/own; prints its path. Every
# mk_... below takes further options of mkmail.py, which win over its own.
mk() {
	_file=$(mktemp "$T/own/mail.XXXXXX")
	"$PYTHON" -I "$E2E/mkmail.py" "$@" >"$_file"
	echo "$_file"
}

# mk_ipa TEMPLATE NUMBER [OPTION...]: in clear from the coordinator's address, ISO-2022-JP, DMARC
# passed (so: authenticated; with --auth-results '': unverified). NUMBER may be empty.
mk_ipa() {
	_template=$1
	_number=$2
	shift 2
	mk --template "$E2E/mail/$_template.txt" --number "$_number" --charset iso-2022-jp \
		--from '情報処理推進機構 セキュリティセンター <vuln-contact@ipa.go.jp>' \
		--auth-results "$PASSING" "$@"
}

# mk_contact NUMBER [OPTION...]: stage 1: asks for an address; NUMBER may be ''.
mk_contact() {
	_number=$1
	shift
	mk_ipa contact "$_number" "$@"
}

# mk_encryption NUMBER [OPTION...]: stage 2: asks how later mail shall be encrypted.
mk_encryption() {
	_number=$1
	shift
	mk_ipa encryption "$_number" "$@"
}

# mk_sealed TEMPLATE NUMBER [OPTION...]: signed by the coordinator and sealed to the desk
# (PGP/MIME, one pass, protected headers); the outer subject is "...".
mk_sealed() {
	_template=$1
	_number=$2
	shift 2
	mk_ipa "$_template" "$_number" --sign-with "$IPA_HOME:$IPA_FPR" \
		--encrypt-to "$DESK_FPR" "$@"
}

# mk_details NUMBER [OPTION...]: stage 3, sealed.
mk_details() {
	_number=$1
	shift
	mk_sealed details "$_number" "$@"
}

# mk_reminder NUMBER, mk_closing NUMBER, mk_letter NUMBER [OPTION...]: later mails of a case,
# sealed: where do you stand; handling ends; one without any phrase of a stage.
mk_reminder() {
	_number=$1
	shift
	mk_sealed reminder "$_number" "$@"
}

mk_closing() {
	_number=$1
	shift
	mk_sealed closing "$_number" "$@"
}

mk_letter() {
	_number=$1
	shift
	mk_sealed letter "$_number" "$@"
}

# mk_forged [NUMBER [OPTION...]]: a look-alike: the coordinator's name and text, another domain
# that passes its own DMARC.
mk_forged() {
	_number=${1-12345678}
	[ $# -eq 0 ] || shift
	mk_ipa contact "$_number" --from '情報処理推進機構 セキュリティセンター <vuln-contact@ipa-go.jp>' \
		--auth-results 'mx.example.co.jp; dmarc=pass header.from=ipa-go.jp' "$@"
}

# mk_form TEMPLATE NUMBER [OPTION...]: that text as the site's own web form sends it. TEMPLATE:
# contact-form (a coordinator's first contact), finder-form.
mk_form() {
	_template=$1
	_number=$2
	shift 2
	mk --template "$E2E/mail/$_template.txt" --number "$_number" --from www@example.co.jp "$@"
}

# mk_finder [OPTION...]: a report by the one who found it, direct, in clear.
mk_finder() {
	mk --template "$E2E/mail/finder.txt" --from 'Finder <finder@example.org>' "$@"
}

# mk_unrelated [OPTION...]: a shop's newsletter.
mk_unrelated() {
	mk --template "$E2E/mail/unrelated.txt" --from 'News <news@shop.example.net>' "$@"
}

# mk_autoreply [OPTION...]: out of office, by RFC 3834.
mk_autoreply() {
	mk --template "$E2E/mail/autoreply.txt" --from 'Vendor <vendor@vendor.example.jp>' \
		--header 'Auto-Submitted: auto-replied' "$@"
}

# mk_plain SUBJECT BODY FROM [OPTION...]: any mail in clear, UTF-8.
mk_plain() {
	_subject=$1
	_body=$2
	_from=$3
	shift 3
	mk --subject "$_subject" --body "$_body" --from "$_from" "$@"
}

# new_mark: a word nobody has used before; `--mark WORD` puts MARK-SUBJ-, MARK-BODY-, MARK-URL-
# (and MARK-NAME-, MARK-ATT- with --attach-mark) before it into subject, text, URL, file name and
# file.
new_mark() {
	random_word
}

# marks_sealed WORD: all marks that must never be seen in clear when the mail came sealed.
# marks_clear WORD: the same for mail that came in clear, whose Subject may be kept.
marks_sealed() {
	echo "MARK-SUBJ-$1 $(marks_clear "$1")"
}

marks_clear() {
	echo "MARK-BODY-$1 MARK-URL-$1 MARK-NAME-$1 MARK-ATT-$1"
}

# mail_send FILE [RCPT [SENDER]]: by SMTP into Postfix, to the window if no RCPT is given; the
# envelope sender is the address in From if none is given, '<>' is the null sender.
mail_send() {
	"$PYTHON" -I "$E2E/mailio.py" send "$SMTP_PORT" "$1" \
		"${2:-security@example.co.jp}" "${3:-}"
}

# mail_put FOLDER FILE [INTERNALDATE]: by IMAP APPEND into a folder of the desk's; the date as
# date(1) knows it ("2026-11-20 10:00 +0900", "3 days ago").
mail_put() {
	mail_put_as desk "$@"
}

# mail_put_as USER FOLDER FILE [INTERNALDATE]
mail_put_as() {
	_when=
	if [ -n "${4:-}" ]; then _when=$(date -d "$4" +%s); fi
	imap "$1" append "$2" "$3" "$_when"
}

# imap USER VERB ARG...: append FOLDER FILE [SECONDS], create FOLDER, delete FOLDER, rename OLD
# NEW, empty FOLDER, flags FOLDER (a line a mail), folders, date FOLDER.
imap() {
	"$PYTHON" -I "$E2E/mailio.py" imap "$IMAP_PORT" "$T/srv/dovecot/users" "$@"
}

# mail_drop USER FOLDER FILE: straight into the Maildir, for bytes that no server would take.
mail_drop() {
	imap "$1" flags "$2" >/dev/null
	_dir=$(folder_path "$1" "$2")
	_name=$(date +%s).$(random_word).story
	cp "$3" "$_dir/tmp/$_name"
	chown "$MAIL_UID:$MAIL_GID" "$_dir/tmp/$_name"
	mv "$_dir/tmp/$_name" "$_dir/new/$_name"
}

# mail_many COUNT FILE [FOLDER]: so many copies straight into the desk's Maildir, each with a
# Message-ID of its own and with @N@ replaced by its running number of eight digits.
mail_many() {
	_folder=${3:-INBOX}
	imap desk flags "$_folder" >/dev/null
	"$PYTHON" -I "$E2E/mailio.py" many "$(folder_path desk "$_folder")" "$1" "$2" \
		"$MAIL_UID" "$MAIL_GID"
}

# folder_path USER FOLDER: the Maildir of a folder.
folder_path() {
	case $2 in
	INBOX) echo "$T/srv/mail/$1/Maildir" ;;
	*) echo "$T/srv/mail/$1/Maildir/.$(echo "$2" | tr / .)" ;;
	esac
}

# inbox_mails USER [FOLDER]: the files of all mails there, oldest first.
inbox_mails() {
	_dir=$(folder_path "$1" "${2:-INBOX}")
	find "$_dir/new" "$_dir/cur" -type f -printf '%T@ %p\n' 2>/dev/null |
		sort -n | cut -d' ' -f2-
}

# inbox_count USER [FOLDER]: how many.
inbox_count() {
	inbox_mails "$@" | wc -l
}

# inbox_find USER PATTERN [FOLDER]: the files of mails in which the regular expression is found, in
# the decoded header fields or in the clear text. Fails if there is none.
inbox_find() {
	inbox_mails "$1" "${3:-INBOX}" | "$PYTHON" -I "$E2E/openmail.py" find "$2"
}

# inbox_last USER [FOLDER]: the file of the newest mail. Fails if there is none.
inbox_last() {
	inbox_mails "$@" | tail -n 1 | grep .
}

# inbox_wait USER NUMBER [SECONDS [FOLDER]]: waits until at least so many mails lie there.
inbox_wait() {
	_user=$1 _n=$2 _folder=${4:-INBOX}
	wait_for "${3:-10}" '[ "$(inbox_count "$_user" "$_folder")" -ge "$_n" ]' \
		"mail number $_n in $_folder of $_user"
}

# mail_header FILE NAME: the value of a header field, decoded and unfolded, a line each time it is
# there. mail_id FILE: its Message-ID.
mail_header() {
	"$PYTHON" -I "$E2E/openmail.py" header "$1" "$2"
}

mail_id() {
	mail_header "$1" Message-ID
}

# open_ack HOME FILE: opens a PGP/MIME mail with the keyring HOME; prints the inner entity, and on
# standard error (and in $T/own/status) the lines ENCRYPTED_TO FPR and VALIDSIG FPR, the primary
# keys' fingerprints ("ENCRYPTED_TO KEYID unknown" for a key that HOME lacks). A signed mail in
# clear is verified in the same way. Fails on anything that is not proper RFC 3156 or does not
# verify.
open_ack() {
	"$PYTHON" -I "$E2E/openmail.py" open "$1" "$2" 2>"$T/own/status" || {
		cat "$T/own/status" >&2
		return 1
	}
	cat "$T/own/status" >&2
}

# open_text HOME FILE: what a person would read: the protected Subject, From, To, Date and
# Message-ID, an empty line, the first text part; all in UTF-8.
open_text() {
	"$PYTHON" -I "$E2E/openmail.py" text "$1" "$2" 2>/dev/null
}

# open_brought HOME FILE: the mail that a letter brings along in its last part, header fields, texts
# and names of files. Fails if it brings none.
open_brought() {
	"$PYTHON" -I "$E2E/openmail.py" brought "$1" "$2" 2>"$T/own/status"
}

# open_client HOME FILE: all of it as a mail client shows it: the four header fields that matter to a
# reader and the text, then in the same way the mail that it brings along; of files, the names.
open_client() {
	"$PYTHON" -I "$E2E/openmail.py" client "$1" "$2" 2>"$T/own/status"
}

# open_part HOME FILE TYPE: the decoded bytes of the first inner part of that media type.
open_part() {
	"$PYTHON" -I "$E2E/openmail.py" part "$1" "$2" "$3" 2>/dev/null
}

# signed_by HOME FILE FPR: whether it is signed by that key, validly.
signed_by() {
	open_ack "$1" "$2" >/dev/null 2>&1 && grep -qx "VALIDSIG $3" "$T/own/status"
}

# sealed_to HOME FILE FPR...: whether it is sealed to all of these keys and to no other.
sealed_to() {
	_home=$1 _file=$2
	shift 2
	open_ack "$_home" "$_file" >/dev/null 2>&1 || return 1
	_have=$(sed -n 's/^ENCRYPTED_TO //p' "$T/own/status" | sort)
	[ "$_have" = "$(printf '%s\n' "$@" | sort)" ]
}

# no_leak MARKER...: fails if a marker is found below $T (state, tmp, log, outputs; not $T/srv and
# $T/own), as it is or in base64, hexadecimal, UTF-16 or a Japanese charset, or in a file that a
# process of the daemon holds open after unlinking it.
no_leak() {
	"$PYTHON" -I "$E2E/leaks.py" "$T" "$(daemon_rooms | tr '\n' ,)" "$@"
}

# no_leak_mail USER MARKER...: fails if a marker can be read in the user's mails, undecrypted.
no_leak_mail() {
	_user=$1
	shift
	"$PYTHON" -I "$E2E/leaks.py" "$T/srv/mail/$_user" '' "$@"
}
