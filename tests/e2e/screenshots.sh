#!/bin/sh
# Makes doc/screenshots anew: a desk with cases in several states, and what its officers would get
# on a Monday morning, as text and as pictures of the HTML on a desk (1000 pixels) and on a
# telephone (390), light and dark; then the alert of a mail that comes that morning, opened with
# its reader's key, as text and as a mail client shows it. Run by hand, or by `make screenshots`;
# needs what the stories need, and chromium with a Japanese font.
# usage: screenshots.sh [FOLDER]
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

to=${1:-$SRC/doc/screenshots}
browser=$(command -v chromium || command -v chromium-browser || :)
[ -n "$browser" ] || skip 'needs chromium'

# At a time of the scene in Japan; a server takes no mail of a day to come.
at() {
	_when=$1
	shift
	tool --now "$_when:00+09:00" "$@" --as officer >/dev/null
}

# mail WHEN FILE: it comes, and the desk does what is due.
mail() {
	mail_put INBOX "$2" "$(echo "$1" | tr T ' ') +0900"
	daemon_once --now "$1:30+09:00"
}

# shot NAME WIDTH HEIGHT [OPTION...]: a picture of the page.
shot() {
	_name=$1 _width=$2 _height=$3
	shift 3
	# Its profile lies with the rest, and goes with it.
	timeout 120 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars \
		--user-data-dir="$T/own/browser" --window-size="$_width,$_height" "$@" \
		--screenshot="$to/$_name.png" "file://$T/own/page.html" >/dev/null 2>&1
	# A page has few colours: with pngquant a picture is a third as large.
	if command -v pngquant >/dev/null; then
		pngquant --force --ext .png 32 "$to/$_name.png"
	fi
	check "$_name is a picture" test -s "$to/$_name.png"
}

desk_begin 'screenshots'
desk_keys
C_ALERTS=false C_DETAILS=hold C_POLL_INTERVAL=60
C_STAFF_MORE='chief: { address = "finder@example.org"; role = "decision-maker"; key = ""; digest_at = ""; alerts = false; language = "en"; };'
desk_conf

# One case has come as far as its remediation, with trouble under way.
mail 2025-11-10T10:05 "$(mk_contact 12345678)"
mail 2025-11-11T11:20 "$(mk_encryption 12345678)"
mail 2025-11-13T14:40 "$(mk_details 12345678)"
at 2025-11-13T15:30 case take IPA#12345678
at 2025-11-14T10:00 case tick IPA#12345678 1.4
at 2025-11-17T10:00 case tick IPA#12345678 2.3
at 2025-11-18T10:00 case tick IPA#12345678 2.4
at 2025-11-20T10:00 case tick IPA#12345678 3.2
at 2025-11-27T16:00 case incident IPA#12345678
at 2025-11-27T16:05 case due IPA#12345678 authority-report 2025-12-02
# One came by telephone, and its day is over.
at 2025-11-12T13:00 case open --desk www --number IPA#20251112 --site https://www.example.co.jp/
at 2025-11-12T13:05 case due IPA#20251112 investigation 2025-11-28
# On Friday there was a digest, sent by hand.
tool --now '2025-11-28T09:00:00+09:00' digest --send >/dev/null
# And so on a weekend: a first contact, a finder's report, an advertisement.
mail 2025-11-29T09:15 "$(mk_contact 87654321)"
mail 2025-11-29T20:10 "$(mk_finder)"
mail 2025-11-30T07:00 "$(mk_unrelated)"
daemon_once --now '2025-12-01T08:59:00+09:00'

mkdir -p "$to"
for language in ja en; do
	staff=$([ $language = ja ] && echo officer || echo chief)
	tool --now '2025-12-01T09:00:00+09:00' digest --staff $staff --json >"$T/own/digest.json"
	json 'd[0]["text"].rstrip("\n")' "$T/own/digest.json" >"$to/digest-$language.txt"
	json 'd[0]["html"]' "$T/own/digest.json" >"$T/own/page.html"
	shot digest-$language-desk 1000 1900
	shot digest-$language-phone 390 2220
	# Without its own ground the page has the client's: this is a dark one's.
	shot digest-$language-dark 390 900 --force-dark-mode --blink-settings=preferredColorScheme=0
done

# An hour later the details of the weekend's case come, sealed; each officer's alert brings them
# along, sealed to that officer.
CHIEF_HOME=$T/chief-gnupg
CHIEF_FPR=$(key_new "$CHIEF_HOME" 'Chief <finder@example.org>')
key_copy "$CHIEF_HOME" "$CHIEF_FPR" "$DESK_HOME"
key_copy "$DESK_HOME" "$DESK_FPR" "$CHIEF_HOME"
C_ALERTS=true
C_STAFF_MORE="chief: { address = \"finder@example.org\"; role = \"decision-maker\"; key = \"$CHIEF_FPR\"; digest_at = \"\"; alerts = true; language = \"en\"; };"
desk_conf
echo 'GET /search?q=%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1' >"$T/own/request.txt"
mail 2025-12-01T10:20 "$(mk_details 87654321 --attach "$T/own/request.txt:text/plain:request.txt" \
	--date 'Mon, 01 Dec 2025 10:19:48 +0900')"
open_client "$OFFICER_HOME" "$(inbox_last officer)" >"$to/alert-ja.txt"
open_client "$CHIEF_HOME" "$(inbox_last finder)" >"$to/alert-en.txt"
for language in ja en; do
	{
		echo '<!DOCTYPE html><meta charset="utf-8"><pre style="margin:16px;white-space:pre-wrap;font:15px/1.5 monospace">'
		sed 's/&/\&amp;/g; s/</\&lt;/g' "$to/alert-$language.txt"
	} >"$T/own/page.html"
	shot alert-$language 800 $((32 + 23 * $(wc -l <"$to/alert-$language.txt")))
done
story_end
