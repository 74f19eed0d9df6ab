#!/bin/sh
# A case goes to a mail program: its mail as it came, in and out, as an mbox that neomutt shows in
# threads, that Python's mailbox module reads, and of which ingest finds every byte known.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

command -v neomutt >/dev/null || skip 'needs the package neomutt'
desk_begin 'a case as an mbox'
desk_keys
C_MAX_SIZE=65536
desk_conf
daemon_start
W=$T/own

# mails EXPRESSION: over `box`, the mbox as Python's mailbox module reads it.
mails() {
	"$PYTHON" -I - "$W/case.mbox" "$1" <<-'END'
	import json, mailbox, sys
	box = list(mailbox.mbox(sys.argv[1], create=False))
	print(json.dumps(eval(sys.argv[2]), ensure_ascii=False))
	END
}

# answers_to ID: the Message-IDs of what neomutt shows directly beneath that message.
answers_to() {
	rm -f "$W/beneath"
	LC_ALL=C.UTF-8 TERM=xterm "$PYTHON" -I "$E2E/terminal.py" "$W/screen" "$(command -v neomutt)" \
		-n -F "$W/muttrc" -R -f "$W/case.mbox" \
		-e "push '<limit>~<(~i $1)<enter><tag-pattern>~A<enter><tag-prefix><pipe-message>cat >>$W/beneath<enter><exit>'" \
		</dev/null >/dev/null
	sed -n 's/^Message-ID: *//Ip' "$W/beneath" 2>/dev/null | sort | tr '\n' ' '
}

cat >"$W/muttrc" <<END
set folder="$W" tmpdir="$W" sort=threads strict_threads=yes wait_key=no pipe_decode=no
set pipe_split=yes crypt_use_gpgme=no auto_tag=no quit=yes
END

mark=$(new_mark)
mail_send "$(mk_contact 12345678 --message-id '<one@ipa.go.jp>' --mark "$mark")"
inbox_wait ipa 1
first=$(mail_id "$(inbox_last ipa)")
mail_send "$(mk_encryption 12345678 --message-id '<two@ipa.go.jp>' --in-reply-to "$first" --references "<one@ipa.go.jp> $first")"
inbox_wait ipa 2
second=$(mail_id "$(inbox_last ipa)")
mail_send "$(mk_details 12345678 --message-id '<three@ipa.go.jp>' --in-reply-to "$second" --references "<one@ipa.go.jp> $first <two@ipa.go.jp> $second" --mark "$mark")"
inbox_wait ipa 3
third=$(mail_id "$(inbox_last ipa)")
# What an mbox must quote, of the coordinator's in clear.
mail_send "$(mk --from vuln-contact@ipa.go.jp --auth-results "$PASSING" --subject '[IPA#12345678] Log' \
	--message-id '<four@ipa.go.jp>' --in-reply-to '<one@ipa.go.jp>' --charset us-ascii --cte 7bit \
	--body "From a@b.example Thu Nov 26 10:00:00 2026

From here on: $mark
>From there
>>From afar")"
wait_for 10 '[ "$(case_get 1 "len(d[\"message_list\"])")" -ge 7 ]' 'the seventh message'
daemon_stop
alerts=$(case_get 1 'len([x for x in d["message_list"] if x["kind"] == "alert"])')

check_status 'it is written' 0 tool export ＩＰＡ＃12345678 --format mbox
tool export IPA#12345678 --format mbox >"$W/case.mbox"
check_eq 'every message of the case, in its order' "$(mails '[m["Message-ID"] for m in box]')" \
	"$(case_get 1 '[x["message_id"] for x in d["message_list"]]')"
check_eq 'among them these, and no other' "$(mails 'len(box)')" "$((7 + alerts))"
check_eq 'each begins with its sender' "$(mails 'sorted(set(m.get_from().split()[0] for m in box))')" \
	'["security@example.co.jp", "vuln-contact@ipa.go.jp"]'
check_eq 'what was sealed stays so' \
	"$(mails '[m.get_content_type() for m in box if m["Message-ID"] in ("<three@ipa.go.jp>", "'"$third"'")]')" \
	'["multipart/encrypted", "multipart/encrypted"]'
check_not 'none of its words is there' grep -q "MARK-TEXT-$mark" "$W/case.mbox"
check_eq 'what came in clear, and is sealed at rest, is told as it came, quoted' \
	"$(mails '[m.get_payload() for m in box if m["Message-ID"] == "<four@ipa.go.jp>"][0].rstrip()' | json d)" \
	">From a@b.example Thu Nov 26 10:00:00 2026

>From here on: $mark
>>From there
>>>From afar"

# Threads.
check_eq 'neomutt: the acknowledgement stands beneath the first mail, and so does the log' \
	"$(answers_to one@ipa.go.jp)" "$(printf '%s\n' "$first" '<four@ipa.go.jp>' | sort | tr '\n' ' ')"
first_id=${first#<}
check_eq 'neomutt: the second mail beneath the acknowledgement' "$(answers_to "${first_id%>}")" '<two@ipa.go.jp> '
check_eq 'neomutt: its acknowledgement' "$(answers_to two@ipa.go.jp)" "$second "
second_id=${second#<}
check_eq 'neomutt: the details beneath that' "$(answers_to "${second_id%>}")" '<three@ipa.go.jp> '
check_eq 'neomutt: and theirs at the end' "$(answers_to three@ipa.go.jp)" "$third "
check_eq 'neomutt: beneath which there is nothing' "$(answers_to four@ipa.go.jp)" ''

# The same bytes.
tool ingest "$W/case.mbox" >"$W/told"
check_eq 'ingest knows each of them' "$(grep -c 'known' "$W/told") $(grep -vc 'known' "$W/told")" "$((7 + alerts)) 0"

# Of what is too large the header fields are kept alone.
head -c 100000 /dev/zero | tr '\0' 'x' | fold -w 70 >"$W/large"
tool ingest "$(mk_ipa letter 12345678 --message-id '<large@ipa.go.jp>' --body-file "$W/large" --charset us-ascii --cte 7bit)" >/dev/null
check_eq 'it is of the case' "$(case_get 1 '[x["message_id"] for x in d["message_list"]][-1]')" '<large@ipa.go.jp>'
status=0
tool export 1 --format mbox >"$W/case.mbox" 2>"$W/told" || status=$?
check_eq 'an export that lacks something is none that is fine' $status 1
check_has 'and is told' "$(cat "$W/told")" \
	"^madoguchi: of message $(case_get 1 'd["message_list"][-1]["id"]') nothing but its header fields is kept\$"
check_eq 'they stand in their place' "$(mails '(len(box), box[-1]["Message-ID"], box[-1].get_payload().strip())')" \
	"[$((8 + alerts)), \"<large@ipa.go.jp>\", \"\"]"

check_status 'a format is named' 64 tool export 1
check_status 'no such case' 65 tool export 9 --format mbox
check_eq 'a case without mail is an empty box' \
	"$(tool export "$(tool case open --desk www --title empty --as officer)" --format mbox | wc -c)" 0
story_end
