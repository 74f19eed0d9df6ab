#!/bin/sh
# `madoguchi keys roll`: a second desk's key is made, letters that staff release tell the coordinator of
# it under the old key's signature, the conf then names it; what is sealed to the old one is still read.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

desk_begin 'the desk'"'"'s key is rolled'
DESK_PASSPHRASE="locked with $(random_word)"
desk_keys
# A coordinator without a key cannot be told by a sealed letter.
C_COORDINATORS_MORE='JPCERT: { addresses = ["office@jpcert.example"]; number = "JPCERT#([0-9]{8})"; keys = []; }'
desk_conf
daemon_start
mail_send "$(mk_details 10000001)"
inbox_wait ipa 1

roll() {
	tool keys roll --json "$@" >"$T/own/roll" </dev/null
}

# rolled EXPRESSION: over the JSON of the last call.
rolled() {
	json "d[0]$1" "$T/own/roll"
}

roll
check_eq 'nothing is under way, and nothing is made unasked' "$(rolled '["state"]') $(rolled '["new"]')" 'none null'
check_eq 'the keyring has one secret key' "$(story_gpg "$DESK_HOME" --with-colons --list-secret-keys | grep -c '^sec')" 1

roll --confirm
check_eq 'a new key is made, and a letter waits' "$(rolled '["state"]')" letters-wait
new=$(rolled '["new"]')
check_has 'it is another one' "$new" '^[0-9A-F]{40}$'
check_not 'than the old' [ "$new" = "$DESK_FPR" ]
check_eq 'to the one coordinator that has a key' "$(rolled '["letters"]')" \
	"$(outbox_get "[{'id': x['id'], 'to': 'vuln-contact@ipa.go.jp', 'state': 'held'} for x in d if x['kind'] == 'reply']")"
check_has 'keys list tells whose it is' "$(tool keys list)" "$new.*this desk, next"
letter=$(rolled '["letters"][0]["id"]')
roll --confirm
check_eq 'a second call makes no other' "$(rolled '["new"]') $(rolled '["state"]') $(rolled '["letters"][0]["id"]')" "$new letters-wait $letter"
check_eq 'the conf is as it was' "$(grep -c "$DESK_FPR" "$T/madoguchi.conf")" 1
check_eq 'nothing was sent' "$(inbox_count ipa)" 1

# Released when the conf names the new key already, it would not be signed by the one that is known.
daemon_stop
C_PGP_KEY=$new
desk_conf
daemon_start
tool outbox release "$letter" --as officer
outbox_wait "$letter" held
check_has 'a letter that the old key would not sign stays' "$(outbox_field "$letter" held id)" "^$letter$"
check_eq 'and staff are told why' "$(sqlite3 "$T/state/cases.db" "SELECT hold_why FROM outbox WHERE id = $letter")" \
	'the conf names the new key already: the old one would not sign it'
roll --confirm
check_eq 'no other change begins while it waits' "$(rolled '["state"]') $(rolled '["new"]')" "letters-left $new"

# The conf names a third key, which the coordinators do not know either.
daemon_stop
third=$(key_new "$DESK_HOME" 'Window <security@example.co.jp>' '' "$DESK_PASSPHRASE")
C_PGP_KEY=$third
desk_conf
roll --confirm
check_eq 'nor under a third key' "$(rolled '["state"]') $(rolled '["new"]')" "letters-left $new"
tool keys roll </dev/null >"$T/own/text"
check_has 'what to do is told' "$(cat "$T/own/text")" "madoguchi outbox drop ID"
daemon_start
tool outbox release "$letter" --as officer
outbox_wait "$letter" held
check_eq 'nor does the letter go' "$(sqlite3 "$T/state/cases.db" "SELECT hold_why FROM outbox WHERE id = $letter")" \
	'it is of a change of keys that the conf has left: the key that it began with would not sign it'
daemon_stop
story_gpg "$DESK_HOME" --yes --pinentry-mode loopback --passphrase "$DESK_PASSPHRASE" \
	--delete-secret-and-public-key "$third"
C_PGP_KEY=$DESK_FPR
desk_conf
daemon_start
tool outbox release "$letter" --as officer
inbox_wait ipa 2
mail=$(inbox_last ipa)
check 'the letter is signed by the old key' signed_by "$IPA_HOME" "$mail" "$DESK_FPR"
check 'and sealed' sealed_to "$IPA_HOME" "$mail" "$IPA_FPR" "$DESK_FPR"
open_text "$IPA_HOME" "$mail" >"$T/own/letter"
grouped=$(echo "$new" | sed 's/..../& /g; s/ $//')
check 'it names the new key' grep -qF "$grouped" "$T/own/letter"
check 'and the old one' grep -qF "$(echo "$DESK_FPR" | sed 's/..../& /g; s/ $//')" "$T/own/letter"
open_part "$IPA_HOME" "$mail" application/pgp-keys >"$T/own/new.asc"
story_gpg "$IPA_HOME" --import "$T/own/new.asc"
check_has 'it brings the new key along' "$(story_gpg "$IPA_HOME" --with-colons --list-keys "$new")" "^fpr:+$new:"
wait_for 10 '[ "$(inbox_count desk Sent)" = 2 ]' 'the copy in Sent'

roll
check_eq 'now the conf may change' "$(rolled '["state"]')" ready
tool keys roll </dev/null >"$T/own/text"
check 'the line for it is told' grep -qF "key = \"$new\"" "$T/own/text"
check_eq 'and was not changed unasked' "$(grep -c "$new" "$T/madoguchi.conf")" 0
before=$(cat "$T/madoguchi.conf")
# The file system refuses at the last step: all is as it was, and nothing lies beside it.
cat >"$T/own/busy.c" <<-'END'
	#include <errno.h>
	#include <fcntl.h>
	#include <stdio.h>
	#include <string.h>

	__attribute__((constructor)) static void
	loaded(void)
	{
		fputs("busy.so is loaded\n", stderr);
	}

	int
	rename(const char *from, const char *to)
	{
		if (strstr(to, "madoguchi.conf") == NULL || strstr(to, "madoguchi.conf.") != NULL)
			return renameat(AT_FDCWD, from, AT_FDCWD, to);
		errno = EBUSY;
		return -1;
	}
END
busy() {
	env LD_PRELOAD="$T/own/busy.so" ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" \
		"$MADOGUCHI" -c "$T/madoguchi.conf" --data-dir "$SRC/conf" "$@"
}
# shellcheck disable=SC2086 # a list of words
if ! ${CC:-cc} -shared -fPIC -o "$T/own/busy.so" "$T/own/busy.c" >"$T/own/cc" 2>&1; then
	echo "# left out, a conf that cannot be replaced: ${CC:-cc} makes no library: $(tail -n 1 "$T/own/cc")"
elif ! busy --version 2>&1 | grep -q '^busy\.so is loaded$'; then
	echo '# left out, a conf that cannot be replaced: the tool cannot be run with a library before its own'
else
	check_status 'where the conf cannot be replaced' 73 busy keys roll --confirm
	check_eq 'it is as it was' "$(cat "$T/madoguchi.conf")" "$before"
	check_eq 'and nothing is left beside it' "$(cd "$T" && echo madoguchi.conf*)" madoguchi.conf
fi
check_status 'it changes when asked to' 0 roll --confirm
check_eq 'that is the end' "$(rolled '["state"]')" over
check_eq 'nothing else is another' "$(sed "s/$new/$DESK_FPR/" "$T/madoguchi.conf")" "$before"
check_eq 'as it was it is kept' "$(cat "$T/madoguchi.conf.before-$(echo "$new" | cut -c1-8)")" "$before"
check_eq 'with its mode' "$(stat -c %a "$T/madoguchi.conf")" 600
check_status 'the daemon takes it' 0 sh -c "'$MADOGUCHID' -c '$T/madoguchi.conf' --data-dir '$SRC/conf' --check"
roll --confirm
check_eq 'one more call changes nothing' "$(rolled '["state"]') $(rolled '["new"]')" "over $new"

# Mail that was sealed to the old key before, and comes now; then the new key.
old_mail=$(mk_details 10000002)
daemon_stop
daemon_start
mail_send "$old_mail"
inbox_wait ipa 3
mail=$(inbox_last ipa)
check_eq 'what is sealed to the old key is read' "$(case_get IPA#10000002 'd["stage"] + " " + d["trust"]')" 'details verified'
check 'its answer is signed by the new one' signed_by "$IPA_HOME" "$mail" "$new"
check 'and sealed to that' sealed_to "$IPA_HOME" "$mail" "$IPA_FPR" "$new"
mail_send "$(mk_details 10000003 --encrypt-to "$new")"
inbox_wait ipa 4
check_eq 'what is sealed to the new one too' "$(case_get IPA#10000003 'd["stage"]')" details
check_has 'what lay there is opened' "$(tool message show 1)" 'IPA#10000001'
check_has 'keys list tells whose the old one is' "$(tool keys list)" "$DESK_FPR.*this desk, before"
check_status 'keys check is content' 0 tool keys check
check_status 'a drill passes with the new key' 0 tool drill --timeout 60
check_has 'the desk'"'"'s log has it' "$(sqlite3 "$T/state/cases.db" "SELECT what FROM log WHERE case_id = 0")" "the conf names the key $new instead of $DESK_FPR"
check 'the store is whole' tool verify
check 'no secret lies about' no_leak "$DESK_PASSPHRASE"
story_end
