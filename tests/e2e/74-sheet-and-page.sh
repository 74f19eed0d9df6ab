#!/bin/sh
# A case is handed over: as a sheet to print, and as a page. Both are whole pages in themselves, in
# the language of the desk or of whoever takes over, and hold nothing of what came sealed.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# page FILE [EXPRESSION]: well-formed, nothing in it that is fetched or run; EXPRESSION over `text`
# (what is read), `tags` (name and attributes of each) and `raw`.
page() {
	"$PYTHON" -I "$E2E/webpage.py" "$@"
}

desk_begin 'hand-over'
desk_keys
. "$E2E/lib/handover.sh"
handover_desk
handover_case
W=$T/own

tool sheet IPA#12345678 >"$W/sheet.ja"
tool sheet 1 --staff dev >"$W/sheet.en"
tool export 1 --format html >"$W/page.ja"
for file in sheet.ja sheet.en page.ja; do
	check "$file is a page, with no script and nothing remote" page "$W/$file"
	check_not "$file: nothing of what came sealed, no text of what came in clear" \
		grep -qE "MARK-[A-Z]+-$MARK|MARK-(BODY|URL)-$CLEAR_MARK" "$W/$file"
done
check_eq 'in the language of the desk, or of who takes over' \
	"$(page "$W/sheet.ja" 'tags[0][1]["lang"]') $(page "$W/sheet.en" 'tags[0][1]["lang"]')" 'ja en'

# The sheet.
check_eq 'the whole checklist, and the list for trouble, as boxes' \
	"$(page "$W/sheet.ja" 'sum(t == "li" for t, a in tags)')" 39
check_eq 'what is done is ticked' "$(page "$W/sheet.ja" 'raw.count("<i>✓</i>")')" \
	"$(case_get 1 'sum(x["done_at"] is not None for x in d["checklist"] + d["incident"]["items"])')"
for words in 'IPA#12345678' '送信者を確認済み' '修正の完了' '営業日' '✓ は済んだ項目' '\[SI\] は SI 事業者' 'vuln-inq@ipa.go.jp' \
	'対策判断者 boss' 'madoguchi message show' '引き継がれる人' 'https://www.example.co.jp/'; do
	check_has "it tells: $words" "$(page "$W/sheet.ja" text)" "$words"
done
for words in 'IPA#12345678' 'sender verified' 'remediation' 'working days left' 'vendor can help' \
	'decision maker boss' 'case tick 1 2.1 --as dev' 'Taken over by dev'; do
	check_has "it tells: $words" "$(page "$W/sheet.en" text)" "$words"
done
check_has 'what is past is said to be, in working days' \
	"$(tool --now '2026-12-11 10:00' sheet 1 --staff dev | page /dev/stdin text)" \
	'their answer 2026-12-11 \(Fri\) 17:00 past staff'

# As text: the same, for a terminal.
tool sheet 1 --format text >"$W/text.ja"
tool sheet 1 --format text --staff dev >"$W/text.en"
for words in 'IPA#12345678' '送信者を確認済み' '修正の完了' '営業日' 'vuln-inq@ipa.go.jp' '対策判断者 +boss +' \
	'madoguchi message show' 'https://www.example.co.jp/' '^  \[✓\] 1\.1 ' '^  \[ \] [0-9.]+ .*\[SI\]$'; do
	check_has "the text tells: $words" "$(cat "$W/text.ja")" "$words"
done
for words in 'sender verified' 'working days left' 'case tick 1 2\.1 --as dev' '^Taken over by: +dev _'; do
	check_has "the text tells: $words" "$(cat "$W/text.en")" "$words"
done
check_not 'nothing of what came sealed, no text of what came in clear' \
	grep -qE "MARK-[A-Z]+-$MARK|MARK-(BODY|URL)-$CLEAR_MARK" "$W/text.ja" "$W/text.en"
check_eq 'no mark of a page' "$(grep -c '<' "$W/text.en")" 0
check_eq 'every message stands there' "$(sed -n '/^3\. /,/^4\. /p' "$W/text.en" | grep -cE '^  [0-9]+ ')" \
	"$(case_get 1 'len(d["message_list"])')"
check_eq 'html is what it is anyhow' "$(tool sheet 1 --format html | head -c 15)" '<!DOCTYPE html>'
check_status 'a format that is none' 64 tool sheet 1 --format pdf

# The page.
for words in 'IPA#12345678' '送信者を確認済み' '脆弱性の詳細' '被害への対応' 'チェックリスト' 'vuln-contact@ipa.go.jp' \
	'note: 委託先の担当者は <来週> まで不在 & 連絡は代表電話へ' "MARK-SUBJ-$CLEAR_MARK"; do
	check_has "the page tells: $words" "$(page "$W/page.ja" text)" "$words"
done
check_eq 'every entry of the log' "$(page "$W/page.ja" 'sum(a.get("data-title") == "ハッシュ" for t, a in tags)')" \
	"$(case_get 1 'len(d["log"])')"
check_eq 'what was written with signs of markup is text' "$(grep -c '&lt;来週&gt; まで不在 &amp; 連絡' "$W/page.ja")" 1
# A site of all cases, for those who only look.
told=$(tool case open --desk www --title 'by telephone' --as officer)
check_status 'it is made' 0 tool report "$W/site"
check_eq 'its pages' "$(cd "$W/site" && echo *)" "case-1.html case-$told.html index.html"
check_eq 'and who may read them' "$(stat -c %a "$W/site") $(stat -c %a "$W/site"/*.html | sort -u)" '750 640'
for file in "$W/site"/*.html; do
	check "${file##*/} is a page, with no script and nothing remote" page "$file"
done
check_eq 'the index leads to each, the most urgent first' \
	"$(page "$W/site/index.html" '[a["href"] for t, a in tags if t == "a"]')" \
	"[\"case-1.html\", \"case-$told.html\"]"
check_has 'and tells what is owed next' "$(page "$W/site/index.html" text)" '監督官庁への報告: 2[0-9-]+ \(.\)'
check_eq 'and each leads back' "$(page "$W/site/case-1.html" '[a["href"] for t, a in tags if t == "a"]')" '["index.html"]'
check_not 'neither words nor subjects nor senders stand there' \
	grep -rqE "MARK-[A-Z]+-($MARK|$CLEAR_MARK)|vuln-contact@" "$W/site"
echo mine >"$W/site/mine.html"
tool case merge "$told" 1 --as officer
tool report "$W/site"
check_eq 'a case that is none any more has no page, and what is not ours stays' \
	"$(cd "$W/site" && echo *)" 'case-1.html index.html mine.html'
# A second desk with a store of its own that is told the same folder by mistake.
C_STATE_DIR=$T/state-2 desk_conf "$T/second.conf"
mkdir -m 700 "$T/state-2"
second() {
	"$MADOGUCHI" -c "$T/second.conf" --data-dir "$SRC/conf" "$@"
}
second case open --desk www --title second --as officer >/dev/null
before=$(cat "$W/site/case-1.html" "$W/site/index.html" | sha256sum)
check_status 'another store takes no folder that is in use' 73 second report "$W/site"
check_has 'and says whose it is' "$(second report "$W/site" 2>&1 || :)" "holds the report of another store, $T/state: give each a folder of its own"
check_eq 'what lay there lies there still' "$(cat "$W/site/case-1.html" "$W/site/index.html" | sha256sum)" "$before"
mkdir "$W/pages"
echo mine >"$W/pages/index.html"
check_status 'nor does it overwrite pages of nobody knows whom' 73 second report "$W/pages"
check_eq 'they stay' "$(cat "$W/pages/index.html")" mine
check_status 'a folder of its own is filled' 0 second report "$W/site-2"
check_eq 'with nothing left half-way' "$(ls -A "$W/site-2" | grep -v '^\.madoguchi-report$' | tr '\n' ' ')" 'case-1.html index.html '
check_status 'a folder that is none' 73 tool report "$W/sheet.ja"
check_status 'nor can it be made' 73 tool report "$W/sheet.ja/site"
# One run at a time: whoever holds the mark is at it.
check_status 'while another run is at it' 75 "$PYTHON" -I -c 'import fcntl, subprocess, sys
with open(sys.argv[1], "r+") as mark:
    fcntl.lockf(mark, fcntl.LOCK_EX)
    sys.exit(subprocess.run(sys.argv[2:]).returncode)' "$W/site/.madoguchi-report" \
	"$MADOGUCHI" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" report "$W/site"
mkdir "$W/site-3"
ln -s "$T/madoguchi.conf" "$W/site-3/.madoguchi-report"
check_status 'a mark that is none' 73 tool report "$W/site-3"
check_not 'and of what it leads to nothing is shown' grep -q state_dir "$T/own/.check"
mkdir "$W/site-4"
: >"$W/site-4/index.html"
check_status 'pages without a mark stay as they are' 73 tool report "$W/site-4"

check_status 'who does not serve the desk takes nothing over' 65 tool sheet 1 --staff other
check_status 'nor who is no staff' 64 tool sheet 1 --staff nobody
check_status 'no such case' 65 tool sheet 9
story_end
