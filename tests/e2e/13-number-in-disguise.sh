#!/bin/sh
# The handling number in the spellings that mail brings: full-width, cut in two by the encoding of a
# Subject or by a line end, with blanks, in the ciphertext alone. It is always the same number.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'one number in every spelling'
desk_keys
desk_conf
daemon_start

# Full-width, in ISO-2022-JP, where escape sequences stand within the number.
mail_send "$(mk_contact 'ＩＰＡ＃１２３４５６７８')"
inbox_wait ipa 1
check_eq 'the answer spells it as the coordinator does' \
	"$(mail_header "$(inbox_last ipa)" Subject)" '[IPA#12345678] ご連絡'

# In the Subject alone, cut in two by the encoded words (RFC 2047).
mail_send "$(mk_encryption '' --drop-header Subject \
	--header 'Subject: =?utf-8?Q?=E3=80=90IPA=231234?= =?utf-8?Q?5678=E3=80=91_?= =?utf-8?B?44GU6YCj57Wh?=')"
# In the ciphertext alone: the outer Subject is "...".
mail_send "$(mk_details 12345678)"
# In clear text under a signature, quoted-printable, with a blank.
mail_send "$(mk_ipa reminder 'IPA# 12345678' --charset utf-8 --cte quoted-printable \
	--sign-with "$IPA_HOME:$IPA_FPR")"
# In HTML alone, as entities.
mail_send "$(mk_ipa letter '' --body ' ' --html '<p>IPA&#35;&#49;2345678 の件、ご連絡いたします。</p>' \
	--charset utf-8)"
wait_for 20 '[ "$(message_get "sum(m[\"direction\"] == \"in\" for m in d)")" = 5 ]' 'five mails on record'
check_eq 'all of them are one case' "$(case_list '[(c["number"], c["numbers"]) for c in d]')" \
	'[["IPA#12345678", ["IPA#12345678"]]]'
check_eq 'of five mails' "$(case_get 1 'sum(m["direction"] == "in" for m in d["message_list"])')" 5
check_eq 'what stands in the ciphertext alone is not told by the outer Subject' \
	"$(case_get 1 '[m["subject"] for m in d["message_list"] if m["kind"] == "details"]')" '["..."]'
check_eq 'the tool takes any spelling too' "$(case_get 'ｉｐａ＃１２３４５６７８' 'd["id"]')" 1

# What only looks like one is none: a mask, too many digits, a number within a word.
mail_send "$(mk_plain 'IPA#XXXXXXXX' 'IPA#123456789, XIPA#12345678 and IPA#1234567 at https://www.example.co.jp/' \
	vuln-contact@ipa.go.jp --auth-results "$PASSING")"
wait_for 10 '[ "$(case_list "len(d)")" = 2 ]' 'a second case'
check_eq 'it has no number' "$(case_get 2 'd["numbers"]')" '[]'
story_end
