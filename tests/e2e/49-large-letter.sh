#!/bin/sh
# The largest mail that a letter may bring along, and one that is no text at all: the desk has room
# for it, and goes on.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'the largest letter'
desk_keys
C_DETAILS=off C_CONTACT=off C_OFFICER_LANGUAGE=en
desk_conf
daemon_start
# Bytes that do not shrink, signed and sealed as they are.
{
	printf 'PK\003\004'
	head -c 25000000 /dev/urandom
} >"$T/own/random"
story_gpg "$IPA_HOME" --armor --compress-algo none --trust-model always -u "$IPA_FPR" -r "$DESK_FPR" \
	--sign --encrypt -o "$T/own/random.asc" "$T/own/random"
{
	cat <<'END'
Authentication-Results: mx.example.co.jp; dmarc=pass header.from=ipa.go.jp
From: vuln-contact@ipa.go.jp
To: security@example.co.jp
Subject: [IPA#12345678] Data
Date: Mon, 16 Nov 2026 10:00:00 +0900
Message-ID: <large@ipa.go.jp>
MIME-Version: 1.0
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"

--b
Content-Type: application/pgp-encrypted

Version: 1

--b
Content-Type: application/octet-stream

END
	cat "$T/own/random.asc"
	printf '\n--b--\n'
} >"$T/own/large.eml"
mail_drop desk INBOX "$T/own/large.eml"
pid=$DAEMON_PID
inbox_wait officer 1 60
wait_for 30 '[ "$(outbox_get "sum(x[\"kind\"] == \"alert\" for x in d)" --state sent)" = 1 ]' 'the alert to be sent'
check 'the desk is the one that it was' kill -0 "$pid"
letter=$(inbox_last officer)
check 'its letter is sealed' sealed_to "$OFFICER_HOME" "$letter" "$OFFICER_FPR" "$DESK_FPR"
check_has 'it brings the mail along' "$(open_text "$OFFICER_HOME" "$letter")" 'The mail that came stands, opened'
mail_send "$(mk_contact 20000002)"
inbox_wait officer 2 20
check_status 'the store is whole' 0 tool verify
story_end
