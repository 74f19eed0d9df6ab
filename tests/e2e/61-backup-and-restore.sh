#!/bin/sh
# What is left after a fire: a copy of the store and a locked file of keys. On a new machine
# `madoguchi restore` makes the desk whole again, with mail that was sealed to it, with mail that
# came in clear, and with a key that is no longer in use; what is there it overwrites never.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

DESK_PASSPHRASE=${1:-}
desk_begin "a backup is restored${DESK_PASSPHRASE:+ (key with a passphrase)}"
desk_keys
# A key that the window used before: old mail is sealed to it.
old=$(key_new "$DESK_HOME" 'Window of last year <security@example.co.jp>' 2y "$DESK_PASSPHRASE")
key_copy "$DESK_HOME" "$old" "$IPA_HOME"
desk_conf
daemon_start
clear=$(new_mark)
sealed=$(new_mark)
before=$(new_mark)
mail_send "$(mk_contact 12345678 --mark "$clear" --message-id '<clear@ipa.go.jp>')"
mail_send "$(mk_details 12345678 --mark "$sealed" --message-id '<sealed@ipa.go.jp>')"
mail_send "$(mk_ipa details 12345678 --mark "$before" --sign-with "$IPA_HOME:$IPA_FPR" --encrypt-to "$old" \
	--message-id '<before@ipa.go.jp>')"
inbox_wait ipa 2
wait_for 20 '[ "$(message_get "len(d)" --in)" = 3 ]' 'three mails to be on record'

(umask 077 && echo 'the words of the backup' >"$T/own/words" && echo short >"$T/own/short")
check_status 'keys want a long passphrase' 64 \
	tool backup "$T/own/store" --keys "$T/own/keys" --passphrase-file "$T/own/short"
check_not 'nothing is written then' test -e "$T/own/keys"
check_status 'without a terminal a file must give it' 64 tool backup "$T/own/store" --keys "$T/own/keys"
check_status 'store and keys are two files' 64 \
	tool backup "$T/own/one" --keys "$T/own/one" --passphrase-file "$T/own/words"
# At a terminal the passphrase is asked, twice, and does not show; ^C leaves nothing behind.
at_terminal() {
	"$PYTHON" -I "$E2E/terminal.py" "$T/own/screen" "$MADOGUCHI" -c "$T/madoguchi.conf" \
		--data-dir "$SRC/conf" "$@" <"$T/own/talk"
}
printf 'Passphrase\tone that was typed\nOnce more\tone that is other\n' >"$T/own/talk"
check_status 'two that differ are refused' 64 at_terminal backup "$T/own/s" --keys "$T/own/k"
printf 'Passphrase\t^C\n' >"$T/own/talk"
check_status 'who thinks better of it is let go' 130 at_terminal backup "$T/own/s" --keys "$T/own/k"
check_not 'nothing was written' test -e "$T/own/s" -o -e "$T/own/k"
printf 'Passphrase\tone that was typed\nOnce more\tone that was typed\n' >"$T/own/talk"
check_status 'one that was typed twice' 0 at_terminal backup "$T/own/s" --keys "$T/own/k"
check_not 'did not show' grep -q typed "$T/own/screen"
check 'and locks the keys' sh -c "$(command -v gpg) --homedir '$IPA_HOME' --batch --quiet --pinentry-mode loopback \
	--passphrase 'one that was typed' -d '$T/own/k' | grep -aq '^madoguchi-keys/README'"
check_status 'a backup while the daemon runs' 0 \
	tool backup "$T/own/store" --keys "$T/own/keys" --passphrase-file "$T/own/words"
check_eq 'both are for nobody else to read' "$(stat -c %a "$T/own/store" "$T/own/keys" | tr '\n' ' ')" '600 600 '
check_eq 'the keys are one message, sealed to a passphrase with AES-256' "$(gpg --homedir "$IPA_HOME" --batch \
	--pinentry-mode loopback --passphrase 'the words of the backup' --list-packets "$T/own/keys" 2>/dev/null |
	sed -n 's/^:symkey enc packet: version 4, cipher \([0-9]*\).*/\1/p')" 9
check_not 'nothing of them stands there in clear' grep -aqE 'PRIVATE KEY|madoguchi|password' "$T/own/keys"
check_not 'no secret was left in a temporary file' grep -raq 'PRIVATE KEY' "$T/tmp" "$T/run" "$T/state"

# By hand: what a person with gpg and tar finds.
mkdir -m 700 "$T/own/hand" "$T/own/hand-gnupg"
unlock() {
	gpg --homedir "$T/own/hand-gnupg" --batch --quiet --pinentry-mode loopback \
		--passphrase 'the words of the backup' -d "$1" 2>>"$T/srv/gpg.log"
}
check 'gpg and tar alone take it apart' sh -c "$(command -v gpg) --homedir '$T/own/hand-gnupg' --batch --quiet \
	--pinentry-mode loopback --passphrase 'the words of the backup' -d '$T/own/keys' | tar -x -C '$T/own/hand'"
unlock "$T/own/hand/madoguchi-keys/keyring-0.asc" >"$T/own/hand/secret.asc"
gpg --homedir "$T/own/hand-gnupg" --batch --quiet --import "$T/own/hand/secret.asc" 2>>"$T/srv/gpg.log" || :
check_eq 'both secret keys are in it' "$(story_gpg "$T/own/hand-gnupg" --with-colons --list-secret-keys |
	awk -F: '$1 == "fpr" && last == "sec" { print $10 } { last = $1 }' | sort | tr '\n' ' ')" \
	"$(printf '%s\n' "$DESK_FPR" "$old" | sort | tr '\n' ' ')"
check 'so is the conf' cmp "$T/madoguchi.conf" "$T/own/hand/madoguchi-keys/files$T/madoguchi.conf"
rm -r "$T/own/hand" "$T/own/hand-gnupg/private-keys-v1.d"

cases=$(tool case show IPA#12345678 --json)
daemon_stop
check_eq 'the daemon stops with 0' "$DAEMON_STATUS" 0

# The fire.
gpgconf --homedir "$T/gnupg" --kill all
rm -r "$T/gnupg" "$T/state" "$T/madoguchi.conf" "$T"/*.password
rm -f "$T/pgp.passphrase"
mv "$T/ca.pem" "$T/own/ca.pem"

restore() {
	tool restore "$T/own/store" --keys "$T/own/keys" --passphrase-file "$T/own/words"
}
echo 'other words entirely' >"$T/own/wrong"
check_status 'another passphrase opens nothing' 65 \
	tool restore "$T/own/store" --keys "$T/own/keys" --passphrase-file "$T/own/wrong"
head -c 3000 "$T/own/keys" >"$T/own/cut"
check_status 'nor does half a file' 65 \
	tool restore "$T/own/store" --keys "$T/own/cut" --passphrase-file "$T/own/words"
check_status 'a store that is none is refused' 65 \
	tool restore "$T/own/words" --keys "$T/own/keys" --passphrase-file "$T/own/words"
check_not 'and is not put in place' test -e "$T/state/cases.db"
gpgconf --homedir "$T/gnupg" --kill all
rm -rf "$T/gnupg" "$T/state" "$T/madoguchi.conf" "$T"/*.password "$T/pgp.passphrase" "$T/ca.pem"
echo 'another password' >"$T/imap.password"
check_status 'a file that is there is not overwritten' 73 restore
check_has 'it is named' "$(cat "$T/own/.check")" "$T/imap.password is there and is another"
check_eq 'and nothing was written' "$(ls -d "$T/gnupg" "$T/state" "$T/madoguchi.conf" 2>/dev/null)" ''
rm "$T/imap.password"

check_status 'a new machine is made the old one' 0 restore
check_eq 'modes are right' "$(stat -c %a "$T/gnupg" "$T/imap.password" "$T/madoguchi.conf" "$T/state/cases.db" |
	tr '\n' ' ')" '700 600 600 600 '
check_eq 'nothing is left of the way' "$(find "$T/tmp" "$T/state" "$T/gnupg" -name '*.part*' -o -path "$T/tmp/*")" ''
check_status 'once more: the store is not overwritten' 73 restore
rm "$T/state/cases.db"
: >"$T/state/cases.db.part"
check_status 'a restore that was cut before its end is run again' 0 restore
check_has 'and takes up what is there' "$(cat "$T/own/.check")" "left alone +$T/madoguchi.conf"
check_not 'nothing of the first try is left' test -e "$T/state/cases.db.part"
check_eq 'the records are what they were' "$(tool case show IPA#12345678 --json)" "$cases"
show() {
	tool message show "$(message_get "[m['id'] for m in d if m['message_id'] == '$1'][0]")"
}
check_has 'mail that came in clear opens' "$(show '<clear@ipa.go.jp>')" "$(marks_clear "$clear" | tr ' ' '\n' | head -n 1)"
check_has 'sealed mail opens' "$(show '<sealed@ipa.go.jp>')" "${sealed}"
check_has 'so does that to the key before' "$(show '<before@ipa.go.jp>')" "${before}"
check 'the desk'"'"'s key is tried and good' tool keys check
check 'the daemon accepts it' sh -c "'$MADOGUCHID' -c '$T/madoguchi.conf' --data-dir '$SRC/conf' --check"
daemon_start
mail_send "$(mk_encryption 12345679)"
inbox_wait ipa 3
check 'it answers again' signed_by "$IPA_HOME" "$(inbox_last ipa)" "$DESK_FPR"
check_eq 'and answers nothing twice' "$(inbox_count ipa)" 3
daemon_stop

# Into other folders: the conf that is there says where.
sed "s#$T/state#$T/state2#; s#$T/gnupg#$T/gnupg2#" "$T/madoguchi.conf" >"$T/own/moved.conf"
mkdir -m 700 "$T/moved"
mv "$T/own/moved.conf" "$T/moved/madoguchi.conf"
cp -p "$T"/*.password "$T/moved/"
check_status 'a conf of one'"'"'s own is kept, and says where' 0 sh -c "cd '$T/run' && TMPDIR='$T/tmp' '$MADOGUCHI' \
	-c '$T/moved/madoguchi.conf' --data-dir '$SRC/conf' restore '$T/own/store' --keys '$T/own/keys' \
	--passphrase-file '$T/own/words'"
check 'keyring and store are there' test -e "$T/gnupg2/pubring.kbx" -a -e "$T/state2/cases.db"
story_end
