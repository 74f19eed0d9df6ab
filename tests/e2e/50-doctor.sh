#!/bin/sh
# `doctor`, asked about a desk that is well, then about many that are not: one thing is broken at a
# time, and the line of that thing, and no other, is bad and says what to do. Daemon and tool run as
# a user of their own, as they should.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# What is the machine's own, and may be a hint where these tests run.
MACHINE="x['check'] in ('clock-sync', 'sandbox', 'disk')"

# doctor [OPTION...]: asks; JSON in $T/own/doctor.json, exit status in STATUS.
doctor() {
	STATUS=0
	desk_tool doctor --json "$@" >"$T/own/doctor.json" 2>"$T/own/doctor.err" || STATUS=$?
}

# told EXPRESSION: of each line (x) for which it holds, its check; sorted, each once.
told() {
	json "' '.join(sorted({x['check'] for x in d if $1}))" "$T/own/doctor.json"
}

# row STATE SETUP CHECKS PATTERN [OPTION...]: the lines of that state are those of CHECKS (words,
# sorted) and no others, each with a remedy, one of which matches; the exit status fits.
row() {
	_state=$1 _setup=$2 _checks=$3 _pattern=$4
	shift 4
	doctor "$@"
	check_eq "$_setup: bad is" "$(told 'x["state"] == "bad"')" \
		"$(if [ "$_state" = bad ]; then echo "$_checks"; fi)"
	if [ "$_state" = hint ]; then
		check_eq "$_setup: a hint on" \
			"$(told "x['state'] == 'hint' and not $MACHINE")" "$_checks"
	fi
	check_eq "$_setup: the exit status" "$STATUS" "$(if [ "$_state" = bad ]; then echo 1; else echo 0; fi)"
	check_eq "$_setup: whatever is not well has a remedy" \
		"$(json "[x for x in d if (x['remedy'] is None) != (x['state'] == 'ok')]" "$T/own/doctor.json")" '[]'
	check_has "$_setup: it says what to do" \
		"$(json "'\n'.join(x['remedy'] for x in d if x['state'] == '$_state')" "$T/own/doctor.json")" \
		"$_pattern"
	check_not "$_setup: no secret is told" grep -qF -e "$DESK_PASSWORD" -e "$OTHER_PASSWORD" -e "$SECRET_WORD" \
		"$T/own/doctor.json" "$T/own/doctor.err"
	json "'\n'.join('# $_state  $_setup -> ' + x['check'] + ': ' + x['text'] + '\n#      do: ' + x['remedy']
for x in d if x['state'] == '$_state' and x['check'] in '$_checks'.split())" "$T/own/doctor.json" \
		>>"$T/own/table"
}

broken() {
	row bad "$@"
}

# keyring_swap, keyring_back: in between another keyring stands in place of the desk's.
keyring_swap() {
	agent_end
	mv "$T/gnupg" "$T/gnupg.kept"
}

keyring_back() {
	agent_end
	rm -rf "$T/gnupg"
	mv "$T/gnupg.kept" "$T/gnupg"
	hand_over
}

# --- a desk that is well ---

CERT_DAYS=90
SECRET_WORD=$(random_word)
C_POLL_INTERVAL=60 C_ALERT_COMMAND="true >/dev/null"
desk_begin 'doctor on broken setups'
desk_keys
desk_user games
conf_now
mail_put INBOX "$(mk_contact 10000001)"
mail_put INBOX "$(mk_details 10000001)"
daemon_start
inbox_wait ipa 2
wait_for 10 '[ "$(inbox_count desk Sent)" -ge 2 ]' 'the copies'
doctor
check_eq 'that no drill was made yet is a hint' "$(told 'x["check"] == "drill" and x["state"] == "hint"')" drill
check 'one passes' desk_tool drill --timeout 60
mail_before=$(inbox_count desk) sent_before=$(inbox_count desk Sent) out_before=$(inbox_count ipa)
flags_before=$(imap desk flags INBOX)
doctor
check_eq 'a desk that is well: nothing is bad' "$(told 'x["state"] == "bad"')" ''
check_eq 'nor is there a hint, but on the machine' "$(told "x['state'] == 'hint' and not $MACHINE")" ''
check_eq 'and it exits with 0' "$STATUS" 0
check_eq 'it tried all these' "$(told "x['state'] == 'ok' and not $MACHINE")" \
	"alert-command authserv-id clock conf conf-file coordinator daemon decrypt drill gpg gpg-agent gpg-settings imap-abilities imap-connect imap-folder imap-login imap-sent imap-tls key keyring-folder keys pair passes secret-files sign smime smtp-connect smtp-login smtp-recipient smtp-sender smtp-tls staff-key state-dir store store-whole store-write templates user wal zone"
check_eq 'the mailbox is as it was' "$(inbox_count desk) $(inbox_count desk Sent)" "$mail_before $sent_before"
check_eq 'no mail is marked' "$(imap desk flags INBOX)" "$flags_before"
check_eq 'and none was sent' "$(inbox_count ipa)" "$out_before"
cp "$T/own/doctor.json" "$T/own/well.json"
desk_tool doctor >"$T/own/well.txt"
check_has 'for people it is a line each' "$(cat "$T/own/well.txt")" '^ok    www imap-login: logged in as desk$'
: >"$T/own/table"

# --- conf, files ---

echo 'wrong' >"$T/imap.password"
broken 'a wrong password for IMAP' imap-login 'first line of .*imap.password'
conf_now
echo 'wrong' >"$T/smtp.password"
broken 'a wrong password for SMTP' smtp-login 'first line of .*smtp.password'
conf_now
conf_now C_IMAP_PASSWORD_FILE= "C_IMAP_PASSWORD_COMMAND=echo $SECRET_WORD; false"
broken 'a password_command that fails' imap-login 'imap\.password_command'
conf_now
chmod 644 "$T/imap.password"
broken 'a password file that the world may read' conf 'chmod 0600'
conf_now
: >"$T/smtp.password"
broken 'an empty password file' 'secret-files smtp-login' 'write the secret'
conf_now
chown nobody "$T/imap.password"
chmod 640 "$T/imap.password"
chgrp "$DESK_USER" "$T/imap.password"
broken 'a password file of someone else' secret-files 'chown games'
conf_now
conf_now C_HOURS=9-to-5 'C_MORE=colour = "blue"'
broken 'two mistakes in the conf' conf 'leave it out|09:00'
check_eq 'each is told' "$(json 'len([x for x in d if x["state"] == "bad"])' "$T/own/doctor.json")" 2
conf_now
chmod 666 "$T/madoguchi.conf"
broken 'a conf that everyone may change' conf-file 'chmod go-w'
conf_now
chmod 500 "$T/state"
broken 'a state_dir that cannot be written' state-dir 'chmod 700'
chmod 755 "$T/state"
row hint 'a state_dir that others may look into' state-dir 'chmod 700'
chmod 700 "$T/state"
chmod 750 "$T/gnupg"
broken 'a keyring folder that others may look into' keyring-folder 'chmod 700'
chmod 700 "$T/gnupg"
echo '{{#number}}' >>"$T/data/templates/en/alert-held"
broken 'a broken template' templates 'mend that file'
cp "$SRC/conf/templates/en/alert-held" "$T/data/templates/en/"

conf_now C_ALERT_COMMAND=
row hint 'nobody is told when mail itself fails' alert-command 'alert_command'
conf_now C_ALERT_COMMAND='if true; then cat; fi'
row hint 'a command that only a shell knows' alert-command 'by hand'
conf_now C_ALERT_COMMAND=/nowhere/pager
broken 'a command that is not there' alert-command 'mend alert_command'
conf_now C_FORM_REPLY_FIELD=
row hint 'a form that tells no address' form 'form\.contact\.reply_field'
conf_now "C_STAFF_MORE=coordinator: { address = \"officer@example.co.jp\"; role = \"implementer\"; key = \"$OFFICER_FPR\"; }"
row hint 'a person of staff who is called coordinator' staff-title 'by another title'
conf_now

smime_new vuln-contact@ipa.go.jp >"$T/own/said"
conf_now C_SMIME_ROOTS=smime-ca.pem
row hint 'a root for S/MIME that ends in two days' smime "the CA's new certificate"
chmod 666 "$T/smime-ca.pem"
broken 'roots that everyone may change' smime 'chmod go-w'
chmod 644 "$T/smime-ca.pem"
conf_now C_SMIME_ROOTS=imap.password
broken 'roots that are no certificates' conf 'a file of CA certificates'
conf_now

# --- the mail servers ---

conf_now "C_IMAP_URL=imaps://127.0.0.1:$FAULT_PORT"
broken 'a wrong port' imap-connect 'imap\.url'
conf_now C_IMAP_URL=imaps://no-such-host.invalid
broken 'a host that is not there' imap-connect 'getent hosts no-such-host.invalid'
conf_now "C_IMAP_URL=imaps://127.0.0.1:$IMAP_PORT"
broken 'a port without TLS' imap-tls 'names a port that speaks TLS'
conf_now C_IMAP_PIN=sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
broken 'a wrong pin' imap-tls 'imap\.pin'
conf_now 'C_FOLDERS=["INBOX", "Junk", "Misc"]'
broken 'a folder that is missing' imap-folder 'make the folder Misc'
conf_now C_SENT_FOLDER=Gone
broken 'a Sent folder that is missing' imap-sent 'imap\.sent_folder'
conf_now
chmod 500 "$(folder_path desk Sent)/cur"
broken 'a Sent folder that can only be read' imap-sent 'save_sent = false'
chmod 700 "$(folder_path desk Sent)/cur"
conf_now 'C_AUTHSERV=["mx.example.org"]'
broken 'a wrong trusted_authserv_id' authserv-id 'trusted_authserv_id'
check_has 'the right one is told' "$(cat "$T/own/doctor.json")" 'but: mx\.example\.co\.jp \(2\)'
conf_now 'C_AUTHSERV=[]'
row hint 'no trusted_authserv_id' authserv-id 'trusted_authserv_id'
conf_now
for kind in unknown self wrong-name expired; do
	case $kind in
	unknown) what='name the authority' ;;
	self) what='signed by itself' ;;
	wrong-name) what='a name that stands in the certificate' ;;
	expired) what='it ended on 2020-02-01' ;;
	esac
	servers_cert "$kind"
	broken "a certificate: $kind" 'imap-tls smtp-tls' "$what"
done
CERT_DAYS=3
servers_cert good
row hint 'a certificate that ends soon' 'imap-tls smtp-tls' 'renew the certificate'
CERT_DAYS=90
servers_cert good
fault_start
at_fault="C_SMTP_URL=smtp://127.0.0.1:$FAULT_PORT C_SMTP_TLS=none"
fault 'mail 553 5.7.1 not your address'
# shellcheck disable=SC2086
conf_now $at_fault
broken 'a smarthost that refuses the sender' smtp-sender 'to send as security@example.co.jp'
fault 'rcpt 554 5.7.1 relaying denied'
broken 'a smarthost that refuses the recipient' smtp-recipient 'relay mail for desk'
check_eq 'a trial sends nothing' "$(fault_count) $(grep -c DATA "$T/srv/fault/log" || :)" '0 0'
fault_stop
conf_now

# --- keys ---

keyring_swap
broken 'a keyring folder that is not there' keyring-folder 'pgp\.home'
mv "$T/gnupg.kept" "$T/gnupg"
agent_end
mkdir "$T/gnupg/S.gpg-agent"
: >"$T/gnupg/S.gpg-agent/in-the-way"
broken 'an agent that does not start' gpg-agent 'gpg-agent\.conf'
rm -r "$T/gnupg/S.gpg-agent"
sed -i '/auto-expand-secmem/d' "$T/gnupg/gpg-agent.conf"
row hint 'an agent with little memory' gpg-settings 'auto-expand-secmem 0x30000'
echo 'auto-expand-secmem 0x30000' >>"$T/gnupg/gpg-agent.conf"
keyring_swap
key_copy "$IPA_HOME" "$DESK_FPR" "$T/gnupg"
key_copy "$IPA_HOME" "$IPA_FPR" "$T/gnupg"
key_copy "$OFFICER_HOME" "$OFFICER_FPR" "$T/gnupg"
hand_over
broken 'a desk without its secret key' keys 'import that too'
keyring_back
keyring_swap
cp -R "$T/gnupg.kept" "$T/gnupg"
story_gpg "$T/gnupg" --delete-keys "$IPA_FPR"
hand_over
broken 'a pinned key that is not there' keys 'madoguchi keys import FILE'
keyring_back
# Keys that have expired: made long ago, for a day.
old_home=$T/old-gnupg
key_old() {
	key_new "$old_home" "$1" '' "${2:-}" --faked-system-time 20200101T000000!
}
old_ipa=$(key_old 'Old <vuln-contact@ipa.go.jp>')
old_officer=$(key_old 'Old officer <officer@example.co.jp>')
old_desk=$(key_old 'Old window <security@example.co.jp>')
for key in "$old_ipa" "$old_officer" "$old_desk"; do
	story_gpg "$old_home" --faked-system-time '20200101T000100!' --quick-set-expire "$key" 1d
	story_gpg "$old_home" --faked-system-time '20200101T000100!' --quick-set-expire "$key" 1d '*'
done
keyring_swap
cp -R "$T/gnupg.kept" "$T/gnupg"
story_gpg "$old_home" --export | story_gpg "$T/gnupg" --import
story_gpg "$old_home" --export-secret-keys "$old_desk" | story_gpg "$T/gnupg" --import
agent_end
conf_now "C_IPA_KEYS=[\"$old_ipa\"]"
broken 'a pinned key that has expired' coordinator 'coordinator\.IPA\.keys'
conf_now "C_OFFICER_KEY=$old_officer"
broken 'a key of staff that has expired' staff-key 'staff\.officer\.key'
conf_now "C_PGP_KEY=$old_desk"
broken 'the key of the desk has expired' key 'quick-set-expire'
# Another good key: what was sealed at rest was sealed to the old one.
new_desk=$(key_new "$T/gnupg" 'New window <security@example.co.jp>')
story_gpg "$T/gnupg" --delete-secret-keys "$DESK_FPR"
agent_end
conf_now "C_PGP_KEY=$new_desk"
broken 'the key to which the pair was sealed is gone' pair 'bring back the secret key'
# A key that is locked with another passphrase than the file's.
locked=$(key_new "$T/gnupg" 'Locked <security@example.co.jp>' '' "$SECRET_WORD")
agent_end
(umask 077 && echo 'not the passphrase' >"$T/pgp.passphrase")
chown "$DESK_USER" "$T/pgp.passphrase"
conf_now "C_PGP_KEY=$locked" "C_PASSPHRASE_FILE=$T/pgp.passphrase"
broken 'a wrong passphrase' sign 'passphrase_file'
keyring_back
conf_now 'C_IPA_KEYS=[]'
row hint 'a coordinator without a pinned key' coordinator 'coordinator\.IPA\.keys'
conf_now

# --- the store ---

(cd "$T/run" && exec "$T/bin/madoguchi" -c "$T/madoguchi.conf" --data-dir "$T/data" doctor --json) \
	>"$T/own/doctor.json" 2>/dev/null || :
check_has 'run as another user' "$(told 'x["state"] == "bad"')" 'user'
store_hold
broken 'a transaction that does not end' store-write 'fuser .*cases.db'
store_free
daemon_stop
row hint 'no daemon' daemon 'systemctl start madoguchid'
"$PYTHON" -I -c '
import fcntl, os, sys, time
lock = open(sys.argv[1] + "/state/cases.db.lock", "r+")
fcntl.lockf(lock, fcntl.LOCK_EX)
lock.truncate(0); lock.write("%d\n" % os.getpid()); lock.flush()
open(sys.argv[1] + "/own/held", "w").close()
while not os.path.exists(sys.argv[1] + "/own/let-go"):
    time.sleep(0.05)
' "$T" &
holder=$!
wait_for 5 '[ -e "$T/own/held" ]' 'the lock to be held'
broken 'a lock that a stranger holds' daemon 'end that process'
: >"$T/own/let-go"
wait "$holder"
store=$T/state/cases.db
cp "$store" "$T/own/store"
put_back() {
	rm -f "$store"-*
	cp "$T/own/store" "$store"
	chmod 600 "$store"
	hand_over
}
sqlite3 "$store" 'PRAGMA user_version = 99'
broken 'a store of a newer madoguchi' store 'run the madoguchi that made it'
put_back
echo 'not a store' >"$store"
broken 'a file that is no store' store 'put a backup in its place'
put_back
# A page in the middle, of the log's index.
page=$(sqlite3 "$store" "SELECT rootpage FROM sqlite_schema WHERE name = 'log'")
dd if=/dev/zero of="$store" bs=4096 seek=$((page - 1)) count=1 conv=notrunc 2>/dev/null
broken 'a damaged page' store-whole 'the last good backup'
put_back
chmod 400 "$store"
broken 'a store that can only be read' store 'chmod 600'
chmod 600 "$store"
conf_now "C_STATE_DIR=$T/nowhere"
doctor
check_eq 'no state_dir: bad is' "$(told 'x["state"] == "bad"')" state-dir
conf_now
if "$T/bin/madoguchi" --now '2026-01-01 00:00' --version >/dev/null 2>&1; then
	broken 'a clock that stands' clock 'set-ntp' --now '2026-01-01 00:00'
fi
# The disk, full: a small one of its own.
if small_disk 1m; then
	conf_now "C_STATE_DIR=$T/small/state"
	broken 'a full disk' disk 'make room'
	small_disk_end
	conf_now
fi
echo "# what was broken -> the line that said so"
cat "$T/own/table"
story_end
