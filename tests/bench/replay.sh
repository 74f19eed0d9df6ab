#!/bin/sh
# How fast `replay` judges: plain mail, sealed mail, and many mails in little memory. PLAIN, SEALED
# and MANY say how many of each.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
E2E=$(cd "$(dirname "$0")/../e2e" && pwd)
. "$E2E/lib.sh"
desk_begin 'replay'
desk_keys
desk_conf

# figure WHAT COUNT FILE: so many copies of a mail, judged.
figure() {
	imap desk empty INBOX >/dev/null
	mail_many "$2" "$3"
	/usr/bin/time -f '%M' -o "$T/own/memory" \
		"$MADOGUCHI" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" replay --json \
		"$(folder_path desk INBOX)" >"$T/own/json"
	"$PYTHON" -I -c '
import json, sys
summary = json.load(open(sys.argv[2]))["summary"]
print("%-8s %6d mails in %5.1f s: %5d a second; at most %.0f MB in the tool itself" % (sys.argv[1],
      summary["judged"], summary["milliseconds"] / 1000, summary["per_second"],
      int(open(sys.argv[3]).read()) / 1024))' "$1" "$T/own/json" "$T/own/memory"
}

letter=$(mk_plain 'お知らせ @N@' 'いつもお世話になっております。 @N@' 'news@example.net')
figure plain "${PLAIN:-10000}" "$letter"
figure contacts "${CONTACTS:-2000}" "$(mk_contact 12345678 --header 'X-Copy: @N@')"
figure sealed "${SEALED:-400}" "$(mk_details 12345678 --header 'X-Copy: @N@')"
figure many "${MANY:-100000}" "$letter"
story_end
