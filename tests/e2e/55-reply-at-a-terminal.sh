#!/bin/sh
# A person writes a letter in an editor: its file lies in memory and is gone afterwards, whatever the
# editor left beside it; the whole letter is shown, and nothing goes without a yes.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# at_terminal ARGS...: the tool's `reply` on a terminal; what is asked and answered is $T/own/talk,
# what the screen showed then $T/own/screen.
at_terminal() {
	(cd "$T/run" && exec env TMPDIR="$T/tmp" HOME="$T/run" "$PYTHON" -I "$E2E/terminal.py" \
		"$T/own/screen" "$MADOGUCHI" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" reply "$@" \
		--as officer <"$T/own/talk")
}

# talk LINE...: questions and answers, with @ between them.
talk() {
	printf '%s\n' "$@" | sed 's/@/	/g' >"$T/own/talk"
}

# left: files of ours in memory.
left() {
	find /dev/shm "$T/memory" -mindepth 1 -name 'madoguchi.*' -o -path "$T/memory/*" 2>/dev/null
}

desk_begin 'a letter is written in an editor'
desk_keys
C_ALERTS=false
desk_conf
daemon_start
mail_send "$(mk_details 12345678)"
inbox_wait ipa 1
mark=$(new_mark)

# An editor as vi is: it keeps a copy beside the file, and writes a new one in its place.
cat >"$T/own/editor" <<END
#!/bin/sh
[ "\$1" = -f ] || exit 9
cp "\$2" "$T/own/seen"
stat -f -c %T "\$2" >"$T/own/where"
stat -c '%a %n' "\$2" "\$(dirname "\$2")" >>"$T/own/where"
echo "\$TMPDIR" >>"$T/own/where"
sed -n '1,/>8/p' "\$2" | grep -v '>8' >"$T/own/begun"
echo "swap MARK-BODY-$mark" >"\$2.swp"
echo "backup MARK-BODY-$mark" >"\$TMPDIR/backup~"
mkdir -p "\$XDG_STATE_HOME/editor/undo" && echo "undo MARK-BODY-$mark" >"\$XDG_STATE_HOME/editor/undo/letter"
cat "$T/own/text" >"\$2.new"
sed -n '/>8/,\$p' "\$2" >>"\$2.new"
mv "\$2.new" "\$2"
END
chmod 755 "$T/own/editor"
VISUAL="$T/own/editor -f" EDITOR=false
export VISUAL EDITOR

printf '\nMARK-BODY-%s と書きました。\n2 行目です。\n\n' "$mark" >"$T/own/text"
talk 'Seal it and put it into the outbox@y'
check_status 'a finding is written in the editor' 0 at_terminal 1 --kind finding --result not-reproduced
check_has 'which shows the letter that the text will stand in' "$(cat "$T/own/seen")" '現時点では、ご指摘の事象を'
check_has 'and where' "$(cat "$T/own/seen")" '^\(\.\.\.\)$'
check_eq 'its file lies in memory' "$(sed -n 1p "$T/own/where")" tmpfs
check_has 'for nobody else to read' "$(cat "$T/own/where")" '^600 /dev/shm/madoguchi\.[^/]*/letter\.txt$'
check_has 'in a folder of its own' "$(cat "$T/own/where")" '^700 /dev/shm/madoguchi\.'
check_has 'where the editor writes what else it writes' "$(sed -n 4p "$T/own/where")" '^/dev/shm/madoguchi\.'
check_eq 'nothing of it is left' "$(left)" ''
check_has 'the screen shows whom it goes to' "$(cat "$T/own/screen")" '^To: +vuln-contact@ipa.go.jp'
check_has 'under which key' "$(cat "$T/own/screen")" "under: +$IPA_FPR"
check_has 'the Subject inside' "$(cat "$T/own/screen")" '^Subject: +\[IPA#12345678\] 検証結果のご報告（再現に至らず）'
check_has 'and the text' "$(cat "$T/own/screen")" "MARK-BODY-$mark と書きました。"
check_not 'but not what stands below the line' grep -q '>8' "$T/own/screen"
inbox_wait ipa 2
open_text "$IPA_HOME" "$(inbox_last ipa)" >"$T/own/read"
check_has 'it is what the coordinator reads' "$(cat "$T/own/read")" "^MARK-BODY-$mark と書きました。$"
check_has 'with its lines' "$(cat "$T/own/read")" '^2 行目です。$'
check_not 'and no line of the editor' grep -q -e '>8' -e '(\.\.\.)' "$T/own/read"

# No is no; who says so may go on writing, and finds the text there.
talk 'Seal it and put it into the outbox@n' 'Edit it again@y' 'Seal it and put it into the outbox@n' \
	'Edit it again@n'
check_status 'who says no' 1 at_terminal 1 --kind progress
check_has 'is told so' "$(cat "$T/own/.check")" 'nothing is sent'
check_has 'and had found the text again' "$(cat "$T/own/begun")" "MARK-BODY-$mark と書きました。"
check_eq 'nothing waits' "$(outbox_get 'len(d)')" 0
check_eq 'nothing of it is left in memory' "$(left)" ''
talk 'Seal it and put it into the outbox@^C'
check_status 'an interrupt at the question' 130 at_terminal 1 --kind progress
check_eq 'sends nothing either' "$(outbox_get 'len(d)') $(left)" '0 '

# The store is another's for longer than it is waited for: the text is kept until the person gives up.
printf 'MARK-BODY-%s bis zuletzt\n' "$mark" >"$T/own/text"
daemon_stop
store_hold
talk 'Seal it and put it into the outbox@y' 'the text is still here' 'Try again@n'
check_status 'who does not want to try again' 75 at_terminal 1 --kind progress
check_has 'is told that it is gone' "$(cat "$T/own/screen")" 'nothing is sent, and the text that you typed is gone'
# What a try has sealed is gone before the next: who tries for long does not run out of memory.
head -c 9000000 /dev/urandom >"$T/own/large.bin"
resident="sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/\$(pgrep -o -f '^$MADOGUCHI -c $T/madoguchi.conf .* reply 1 --kind progress --attach')/status >>'$T/own/resident'"
talk 'Seal it and put it into the outbox@y' "Try again@y@$resident" 'Try again@y' "Try again@n@$resident"
check_status 'a large letter is tried three times' 75 at_terminal 1 --kind progress --attach "$T/own/large.bin"
check_eq 'in the memory of one try' "$(awk 'NR == 1 { first = $1 } END { print NR, ($1 < first + 15000 ? "same" : first " " $1) }' \
	"$T/own/resident")" '2 same'
check_status 'from a pipe nothing is asked' 75 eval 'echo text | tool reply 1 --kind progress --body - --as officer'
check_has 'and the text is the caller'"'"'s' "$(cat "$T/own/.check")" 'nothing is sent, the text is still yours alone: try again'
talk 'Seal it and put it into the outbox@y' \
	"Try again@y@rm '$T/own/held'; until sqlite3 '$T/state/cases.db' 'BEGIN IMMEDIATE' 2>/dev/null; do sleep 0.05; done" \
	'queued'
check_status 'who tries again' 0 at_terminal 1 --kind progress
store_free
check_eq 'has it sent' "$(outbox_get '[(x["kind"], x["state"]) for x in d]') $(left)" '[["progress", "queued"]] '
daemon_start
inbox_wait ipa 3
check_has 'as it was typed' "$(open_text "$IPA_HOME" "$(inbox_last ipa)")" "^MARK-BODY-$mark bis zuletzt$"

# An empty text, bytes that are none: what is refused can be mended, in the editor as it was left.
: >"$T/own/text"
talk 'Edit it again@n'
check_status 'an empty plain letter' 64 at_terminal 1
check_has 'is nothing' "$(cat "$T/own/screen")" 'nothing is sent'
printf 'bell \007\n' >"$T/own/text"
check_status 'a control character' 65 at_terminal 1
printf 'MARK-BODY-%s \007\n' "$mark" >"$T/own/text"
talk 'a control character stands in the text' "Edit it again@y@printf '\377\n' >'$T/own/text'" \
	'the text is not UTF-8' "Edit it again@y@cp '$T/own/begun' '$T/own/left'; echo fine >'$T/own/text'" \
	'Seal it and put it into the outbox@n' 'Edit it again@n'
check_status 'what is refused is mended' 1 at_terminal 1
check_has 'it stands there again' "$(tr -d '\007' <"$T/own/left")" "^MARK-BODY-$mark"
check_has 'and at last is shown' "$(cat "$T/own/screen")" '^fine'
VISUAL='sh -c "exit 3"'
check_status 'an editor that fails' 1 at_terminal 1
check_has 'it says so' "$(cat "$T/own/.check")" 'the editor ended with 3: nothing is sent'
VISUAL='sh -c "kill -9 \$\$"'
check_status 'an editor that dies' 1 at_terminal 1
check_eq 'leaves nothing' "$(outbox_get 'len(d)') $(left)" '0 '

# Who is to be ended while the editor is open first takes the file away.
cat >"$T/own/ender" <<END
#!/bin/sh
echo MARK-BODY-$mark >"\$1"
kill -TERM \$(pgrep -f '^$MADOGUCHI -c $T/madoguchi.conf .* reply 1')
sleep 1
END
chmod 755 "$T/own/ender"
VISUAL=$T/own/ender
talk
check_status 'a TERM in the meantime' 143 at_terminal 1
check_eq 'leaves nothing' "$(outbox_get 'len(d)') $(left)" '0 '

# $XDG_RUNTIME_DIR goes before; one that lies on a disk is passed over.
unset VISUAL
EDITOR="$T/own/editor -f"
printf 'MARK-BODY-%s\n' "$mark" >"$T/own/text"
mkdir -m 700 "$T/tmp/disk" "$T/memory"
talk
XDG_RUNTIME_DIR=$T/tmp/disk
export XDG_RUNTIME_DIR
check_status '--yes asks nothing' 0 at_terminal 1 --yes
check_has 'a folder on a disk is not used' "$(cat "$T/own/where")" '^600 /dev/shm/madoguchi\.'
if mount -t tmpfs none "$T/memory" 2>/dev/null; then
	XDG_RUNTIME_DIR=$T/memory
	check_status 'one in memory is' 0 at_terminal 1 --yes
	check_has 'before any other' "$(cat "$T/own/where")" "^600 $T/memory/madoguchi\\."
	check_eq 'nothing is left there' "$(left)" ''
	umount "$T/memory"
fi
unset XDG_RUNTIME_DIR

# A real editor, of whom it is known that it keeps what was cut.
if command -v vim >/dev/null; then
	EDITOR="vim -c 'normal OMARK-CUT-$mark' -c 'normal yy' -c wq"
	echo 'set undofile undodir=. backup backupdir=.' >"$T/run/.vimrc"
	check_status 'vim' 0 at_terminal 1 --yes
	inbox_wait ipa 6
	check_has 'writes the letter' "$(open_text "$IPA_HOME" "$(inbox_last ipa)")" "^MARK-CUT-$mark$"
	check_eq 'and keeps nothing of it' "$(find "$T/run" "$T/tmp" -type f ! -name .vimrc)$(left)" ''
fi

# Where none is named, the one that was chosen for the machine.
unset EDITOR
echo "SELECTED_EDITOR='$T/own/editor'" >"$T/run/.selected_editor"
sed -i 's/ = -f \]/ != -f ]/; s/\$2/$1/g' "$T/own/editor"
rm "$T/own/seen"
check_status 'no editor is named' 0 at_terminal 1 --yes
check_has 'the chosen one ran' "$(cat "$T/own/seen")" '^IPA ご担当者様$'
check_eq 'and left nothing' "$(left)" ''
check_status 'JSON shows nothing, so that it wants --yes' 64 at_terminal 1 --json
check 'nothing of the text lies on disk' no_leak "MARK-BODY-$mark" "MARK-CUT-$mark"
daemon_stop
check 'nor after the daemon stopped' no_leak "MARK-BODY-$mark" "MARK-CUT-$mark"
check 'nor can it be read in transit' no_leak_mail ipa "MARK-BODY-$mark"
check_status 'the store is whole' 0 tool verify
story_end
