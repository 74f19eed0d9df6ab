#!/bin/sh
# The daemon against what else does such work, in turn, on the same mailbox: medians of ROUNDS, and
# their ratios. MAILS plain mails (a tenth of them open cases, every twentieth has 200 KB attached)
# against mbsync and notmuch; SEALED sealed mails against two gpg processes at a time. Needs the
# packages isync and notmuch.
set -eu
E2E=$(cd "$(dirname "$0")/../e2e" && pwd)
. "$E2E/lib.sh"
for peer in mbsync notmuch; do
	command -v "$peer" >/dev/null || {
		echo "peers: $peer is not there: apt-get install isync notmuch"
		exit 77
	}
done
desk_begin 'against peers'
desk_keys
C_ALERTS=false C_FOLDERS='["INBOX"]' C_SAVE_SENT=false
C_CONTACT=off C_ENCRYPTION=off C_DETAILS=off
C_IMAP_URL=imap://127.0.0.1:$IMAP_PORT C_IMAP_TLS=none
desk_conf
mails=${MAILS:-10000} sealed=${SEALED:-400} rounds=${ROUNDS:-3}

mbsync_conf() {
	cat <<-END
	FSync $1

	IMAPAccount desk
	Host 127.0.0.1
	Port $IMAP_PORT
	User desk
	Pass $DESK_PASSWORD
	SSLType None
	AuthMechs PLAIN

	IMAPStore far
	Account desk

	MaildirStore near
	Path $T/own/peer/
	Inbox $T/own/peer/INBOX
	SubFolders Verbatim

	Channel all
	Far :far:INBOX
	Near :near:INBOX
	Create Near
	SyncState *
	END
}
mbsync_conf yes >"$T/own/mbsyncrc"
mbsync_conf no >"$T/own/mbsyncrc.fast"
export NOTMUCH_CONFIG="$T/own/notmuchrc"
printf '[database]\npath=%s\n[user]\nname=Bench\nprimary_email=security@example.co.jp\n' "$T/own/peer" \
	>"$NOTMUCH_CONFIG"

# Each run_... begins with nothing fetched and is timed as a whole.
fresh() {
	rm -rf "$T/own/peer" "$T/state"
	mkdir -p "$T/own/peer/INBOX/cur" "$T/own/peer/INBOX/new" "$T/own/peer/INBOX/tmp"
	mkdir -m 700 "$T/state"
}
run_mbsync() {
	mbsync -q -c "$T/own/mbsyncrc" all
}
run_notmuch() {
	mbsync -q -c "$T/own/mbsyncrc" all && notmuch new --quiet
}
run_fast() {
	mbsync -q -c "$T/own/mbsyncrc.fast" all
}
run_gpg() {
	seq "$sealed" | xargs -P2 -n1 sh -c "exec gpg --homedir $T/own/keybox --batch --quiet \
		--no-auto-key-locate --trust-model always -d $T/own/sealed >/dev/null 2>&1"
}

# timed NAME COMMAND...: appends the run's milliseconds to $T/own/NAME.ms.
timed() {
	_name=$1
	shift
	_began=$(date +%s%N)
	"$@" >>"$T/own/peers.log" 2>&1 || story_fail "$_name"
	echo $((($(date +%s%N) - _began) / 1000000)) >>"$T/own/$_name.ms"
}
median() {
	sort -n "$T/own/$1.ms" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
# ratio TEXT OURS THEIRS
ratio() {
	awk -v t="$1" -v a="$(median "$2")" -v b="$(median "$3")" -v an="$2" -v bn="$3" \
		'BEGIN { printf "%s: %s %.2f s, %s %.2f s: ratio %.3f\n", t, an, a / 1000, bn, b / 1000, a / b }'
}

body() {
	yes 'いつもお世話になっております。秋の催しのご案内を申し上げます。' | head -n 30
}
body >"$T/own/body"
head -c 150000 /dev/urandom >"$T/own/file"
plain=$(mk --subject 'お知らせ @N@' --body-file "$T/own/body" --from 'news@example.net' --header 'X-Copy: @N@')
large=$(mk --subject 'カタログ @N@' --body-file "$T/own/body" --from 'news@example.net' --header 'X-Copy: @N@' \
	--attach "$T/own/file")
contact=$(mk_ipa contact 'IPA#@N@' --subject Contact)
mail_many $((mails * 85 / 100)) "$plain"
mail_many $((mails / 20)) "$large"
mail_many $((mails / 10)) "$contact"
fresh
run_fast >>"$T/own/peers.log" 2>&1 || story_fail 'mbsync pulls' # the server's own indexes are made at the first pass

n=0
while [ $n -lt "$rounds" ]; do
	n=$((n + 1))
	fresh && timed mbsync+notmuch run_notmuch
	fresh && timed mbsync-unsynced run_fast
	timed mbsync-no-news run_fast
	fresh && timed plain daemon_once
	timed no-news daemon_once
done
filed=$(sqlite3 "$T/state/cases.db" 'SELECT count(*), (SELECT count(*) FROM case_record) FROM message' | tr '|' ' ')
echo "$mails plain mails; messages and cases on record: $filed"
ratio 'to filed, against mbsync and notmuch' plain mbsync+notmuch
ratio 'to filed, against mbsync without fsync' plain mbsync-unsynced
ratio 'a pass without news, as a new process' no-news mbsync-no-news

imap desk empty INBOX
details=$(mk_details 12345678 --header 'X-Copy: @N@')
mail_many "$sealed" "$details"
sed -n '/^-----BEGIN PGP MESSAGE-----/,/^-----END PGP MESSAGE-----/p' "$details" >"$T/own/sealed"
# The peer's keyring is the desk's, its public keys imported anew: gpg then knows their signatures.
cp -a "$DESK_HOME" "$T/own/keybox"
rm -f "$T/own/keybox"/pubring.kbx* "$T/own/keybox"/S.*
story_gpg "$DESK_HOME" --export | story_gpg "$T/own/keybox" --import
n=0
while [ $n -lt "$rounds" ]; do
	n=$((n + 1))
	timed two-gpg run_gpg
	fresh && timed sealed daemon_once
done
awk -v n="$sealed" -v a="$(median sealed)" -v b="$(median two-gpg)" 'BEGIN {
	printf "%d sealed mails to filed: %.0f a second; two gpg at a time, opening alone: %.0f a second: ratio %.2f\n",
		n, n * 1000 / a, n * 1000 / b, b / a }'
story_end
