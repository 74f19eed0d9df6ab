#!/bin/sh
# A desk from nothing: `madoguchi init` makes conf, keyring, key and store; the daemon then answers
# the three stages. A second run changes no byte; a run that is killed after any step is completed
# by the next; nothing is pinned that no person compared; at a terminal it asks.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'a desk is made by init'
# The coordinator's and the officer's keys; the desk has none.
IPA_HOME=$T/ipa-gnupg OFFICER_HOME=$T/officer-gnupg
IPA_FPR=$(key_new "$IPA_HOME" 'Coordinator <vuln-contact@ipa.go.jp>')
OFFICER_FPR=$(key_new "$OFFICER_HOME" 'Officer <officer@example.co.jp>')
key_export "$IPA_HOME" "$IPA_FPR" >"$T/own/ipa.asc"
key_export "$OFFICER_HOME" "$OFFICER_FPR" >"$T/own/officer.asc"
(umask 077 && echo "$DESK_PASSWORD" >"$T/own/pw")
NAME='例示 "株" \ <security> #1'

# init_flags FOLDER: a whole set of flags, less what identifies keys.
init_run() {
	_at=$1
	shift
	(cd "$T/run" && exec env TMPDIR="$T/tmp" "$MADOGUCHI" -c "$_at/madoguchi.conf" \
		--data-dir "$SRC/conf" init "$@" </dev/null)
}
init_desk() {
	_at=$1
	shift
	init_run "$_at" --name "$NAME" --address security@example.co.jp \
		--site https://www.example.co.jp/ --site https://shop.example.co.jp/ \
		--authserv-id mx.example.co.jp \
		--imap-url "imaps://127.0.0.1:$IMAPS_PORT" --imap-user desk --imap-ca-file "$T/ca.pem" \
		--smtp-url "smtps://127.0.0.1:$SMTPS_PORT" --smtp-ca-file "$T/ca.pem" \
		--imap-password-file "$T/own/pw" --state-dir "$_at/state" --gnupg-home "$_at/gnupg" \
		--officer officer@example.co.jp --ipa-keys "$T/own/ipa.asc" \
		--officer-keys "$T/own/officer.asc" "$@"
}
# sums FOLDER: every file below with its mode and content; the agent's sockets apart.
sums() {
	(cd "$1" && find . -type f -exec stat -c '%n %a %s' {} + -exec sha256sum {} + | sort)
}

check_status 'without a terminal what is missing is named' 64 init_run "$T/none"
check_has 'all of it at once' "$(cat "$T/own/.check")" \
	'missing: --name --address --site --imap-url --imap-user --smtp-url --officer --imap-password-file'
check_status 'a wrong answer is told by its flag' 65 init_desk "$T/none" --address nonsense
check_has 'with what would be right' "$(cat "$T/own/.check")" '--address: desk.www.address: "nonsense" is'
check_not 'and nothing was made' test -e "$T/none"
wrong() {
	_flag=$1 _has=$2
	shift 2
	check_status "$_flag $1 is wrong" 65 init_desk "$T/none" --yes "$_flag" "$@"
	cp "$T/own/.check" "$T/own/said"
	check_has 'which its flag tells' "$(cat "$T/own/said")" "$_has"
	check_not 'and no file that nobody knows' grep -q /proc/ "$T/own/said"
	check_not 'and nothing was made' test -e "$T/none"
}
wrong --ipa-key '--ipa-key: .*"ABC" is not a fingerprint' ABC
wrong --ipa-key '--ipa-key: .*is not a fingerprint' "$IPA_FPR" --ipa-key ABC
wrong --ipa-root '--ipa-root: .*is not a fingerprint' 0123
wrong --officer-key '--officer-key: .*"ZZ" is not a fingerprint' ZZ
wrong --key '--key: .*is not a fingerprint' x
wrong --key-years '--key-years: a number of years up to 100' x
wrong --key-years '--key-years: a number of years up to 100' 101
wrong --officer-keys '--officer-keys: /nowhere: No such file' /nowhere
wrong --language '--language: .*"fr" is not known' fr
check_eq 'once' "$(grep -c '"fr"' "$T/own/said")" 1
check_status 'a fingerprint that no key has is refused' 65 init_desk "$T/none" --ipa-key "$OFFICER_FPR" --yes
check_not 'no conf is made then' test -e "$T/none/madoguchi.conf"

check_status 'keys are imported and, unnamed, not pinned' 0 init_desk "$T/unpinned" --yes
check_has 'that is said' "$(cat "$T/own/.check")" "not pinned +$IPA_FPR: compare it"
check_has 'the conf pins nothing' "$(cat "$T/unpinned/madoguchi.conf")" 'keys = \[\]'
check_not 'not even the officer'"'"'s' grep -q "$OFFICER_FPR" "$T/unpinned/madoguchi.conf"

check_status 'init makes a desk' 0 init_desk "$T" --ipa-key "$IPA_FPR" --officer-key "$OFFICER_FPR"
DESK_HOME=$T/gnupg
DESK_FPR=$(sed -n 's/.*made  *the desk.s key \([0-9A-F]*\)$/\1/p' "$T/own/.check")
check_eq 'conf, secrets and folders have their modes' "$(stat -c %a "$T/madoguchi.conf" "$T/gnupg" \
	"$T/gnupg/gpg.conf" "$T/state" "$T/state/cases.db" | tr '\n' ' ')" '640 700 600 700 600 '
check 'the daemon accepts the conf' sh -c "'$MADOGUCHID' -c '$T/madoguchi.conf' --data-dir '$SRC/conf' --check"
check_has 'the key signs, opens and ends' "$(tool keys check)" "^fine +www +this desk +$DESK_FPR +ed25519 \(until"
check_has 'it was tried' "$(tool keys check)" 'it signs, and opens what is sealed to it'
check_has 'gpg works as is best for much mail' "$(cat "$T/gnupg/gpg.conf" "$T/gnupg/gpg-agent.conf")" 'no-random-seed-file'
check_has 'the agent too' "$(cat "$T/gnupg/gpg-agent.conf")" 'auto-expand-secmem'
check_eq 'the pair for sealing at rest is there' \
	"$(sqlite3 "$T/state/cases.db" 'SELECT count(*) FROM desk WHERE length(box_public) = 32')" 1

sums "$T/state" >"$T/own/before" && sums "$T/gnupg" >>"$T/own/before"
sha256sum "$T/madoguchi.conf" >>"$T/own/before"
check_status 'a second run is fine' 0 init_desk "$T" --ipa-key "$IPA_FPR"
check_has 'it says what it left alone' "$(cat "$T/own/.check")" "left alone +$T/madoguchi.conf"
check_has 'and that a flag is not used' "$(cat "$T/own/.check")" 'name is not used'
sums "$T/state" >"$T/own/after" && sums "$T/gnupg" >>"$T/own/after"
sha256sum "$T/madoguchi.conf" >>"$T/own/after"
check 'and changes no byte' cmp "$T/own/before" "$T/own/after"
check_status 'nor does one without flags' 0 init_run "$T"
sums "$T/state" >"$T/own/after" && sums "$T/gnupg" >>"$T/own/after"
sha256sum "$T/madoguchi.conf" >>"$T/own/after"
check 'change anything' cmp "$T/own/before" "$T/own/after"

# The three stages, answered.
key_copy "$DESK_HOME" "$DESK_FPR" "$IPA_HOME"
key_copy "$DESK_HOME" "$DESK_FPR" "$OFFICER_HOME"
daemon_start
mark=$(new_mark)
mail_send "$(mk_contact 12345678 --mark "$mark")"
inbox_wait ipa 1
mail_send "$(mk_encryption 12345678)"
inbox_wait ipa 2
mail_send "$(mk_details 12345678)"
inbox_wait ipa 3
check_eq 'three stages, one case' "$(case_list '[(c["number"], c["stage"], c["trust"]) for c in d]')" \
	'[["IPA#12345678", "details", "verified"]]'
check 'answered, sealed and signed' signed_by "$IPA_HOME" "$(inbox_last ipa)" "$DESK_FPR"
check 'no text of the mail lies on disk' no_leak $(marks_clear "$mark")
daemon_stop
check_eq 'the daemon stops with 0' "$DAEMON_STATUS" 0

# Killed after each step, then run again. Builds without test hooks cannot be stopped so.
if grep -q -e stop-after "$MADOGUCHI"; then
	step=1
	while [ $step -le 40 ]; do
		got=0
		init_desk "$T/cut" --ipa-key "$IPA_FPR" --yes --stop-after $step >"$T/own/said" 2>&1 || got=$?
		[ $got -ne 0 ] || break
		check_status "killed after step $step, the next run completes" 0 \
			init_desk "$T/cut" --ipa-key "$IPA_FPR" --yes
		check_eq 'with one key' "$(story_gpg "$T/cut/gnupg" --with-colons --list-secret-keys |
			grep -c '^sec')" 1
		check 'that the conf names and that works' sh -c "'$MADOGUCHI' -c '$T/cut/madoguchi.conf' \
			--data-dir '$SRC/conf' keys check"
		check_eq 'and leaves nothing half made' "$(find "$T/cut" -name '*.part*')" ''
		gpgconf --homedir "$T/cut/gnupg" --kill all
		rm -r "$T/cut"
		step=$((step + 1))
	done
	check 'there were steps to be killed at' test $step -gt 8
fi

# A key with a passphrase, which stands in a file.
(umask 077 && echo 'the words that lock it' >"$T/own/pass")
check_status 'a key with a passphrase' 0 init_desk "$T/locked" --ipa-key "$IPA_FPR" \
	--key-passphrase-file "$T/own/pass" --key-years 1
gpgconf --homedir "$T/locked/gnupg" --kill all
check 'is of use with it' sh -c "'$MADOGUCHI' -c '$T/locked/madoguchi.conf' --data-dir '$SRC/conf' keys check"
gpgconf --homedir "$T/locked/gnupg" --kill all
echo 'other words' >"$T/own/pass"
check_status 'and of none without' 1 \
	sh -c "'$MADOGUCHI' -c '$T/locked/madoguchi.conf' --data-dir '$SRC/conf' keys check"

# Who says no at the end has made nothing.
cd "$T/run"
sed 's/@/	/' >"$T/own/talk" <<-END
	Make the desk now@n
END
refused() {
	"$PYTHON" -I "$E2E/terminal.py" "$T/own/terminal" "$MADOGUCHI" -c "$T/no/madoguchi.conf" \
		--data-dir "$SRC/conf" init --name x --address security@example.co.jp \
		--site https://www.example.co.jp/ --authserv-id '' --imap-url imaps://imap.example.co.jp \
		--imap-user x --imap-password-file "$T/own/pw" --smtp-url smtps://smtp.example.co.jp \
		--smtp-user '' --ipa no --officer officer@example.co.jp --officer-keys '' \
		--state-dir "$T/no/state" "$@" <"$T/own/talk"
}
check_status 'who says no at the end' 1 refused
check_eq 'has made no conf, key or store' "$(find "$T/no" -name '*.conf' -path "$T/no/m*" -o -name '*.key' \
	-o -name '*.db')" ''

# What only a flag can say is not asked again and again.
: >"$T/own/talk"
check_status 'a wrong flag that is no question ends it' 65 refused --time-zone Foo/Bar
check_has 'with its name' "$(cat "$T/own/.check")" '--time-zone: .*"Foo/Bar" is not known'

# At a terminal: what is wrong is asked again, and it alone; a key is pinned only by a clear yes.
cd "$T/run"
cat >"$T/own/talk" <<-END
	its mail shows it@Typed "window"
	mail address@ not an address 
	with blanks between@https://www.example.co.jp/ https://shop.example.co.jp/
	Authentication-Results@mx.example.co.jp
	mailbox's server@imaps://127.0.0.1:$IMAPS_PORT
	Login there@desk
	takes what is sent@smtps://127.0.0.1:$SMTPS_PORT
	Login there [desk]@
	yes or no@
	IPA's public keys@$T/own/ipa.asc
	officer who is told@officer@example.co.jp
	that person's public key@$T/own/officer.asc
	daemon's own folder@$T/typed/state
	mailbox's password@ secret words of imap  
	sending server's password@secret words of smtp
	mail address [not an address]@security@example.co.jp
	$(echo "$IPA_FPR" | sed 's/..../& /g; s/.$//; s/^\(.\{24\}\)/\1 /')
	count as a key of IPA?@y
	count as a key of the officer?@
	Make the desk now@
END
sed -i 's/@/\t/' "$T/own/talk"
typed() {
	"$PYTHON" -I "$E2E/terminal.py" "$T/own/terminal" "$MADOGUCHI" -c "$T/typed/madoguchi.conf" \
		--data-dir "$SRC/conf" init <"$T/own/talk"
}
check_status 'at a terminal it asks' 0 typed
check 'what was typed there makes a conf that the daemon takes' \
	sh -c "'$MADOGUCHID' -c '$T/typed/madoguchi.conf' --data-dir '$SRC/conf' --check"
check_eq 'the passwords are for nobody else to read' "$(stat -c %a "$T"/typed/*.password | tr '\n' ' ')" '600 600 '
check_eq 'a blank in them is kept' "$(cat "$T/typed/imap.password")" ' secret words of imap  '
check_has 'the one that was confirmed is pinned' "$(cat "$T/typed/madoguchi.conf")" "keys = \\[\"$IPA_FPR\"\\]"
check_not 'the one that was not is not' grep -q "$OFFICER_FPR" "$T/typed/madoguchi.conf"
check_not 'no password was shown' grep -q 'secret words' "$T/own/terminal"
story_end
