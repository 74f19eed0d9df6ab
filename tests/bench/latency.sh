#!/bin/sh
# From the final dot of a details mail to the acknowledgement that the smarthost
# has accepted, under IDLE, over MAILS mails one after the other.
set -eu
E2E=$(cd "$(dirname "$0")/../e2e" && pwd)
. "$E2E/lib.sh"
desk_begin 'latency'
desk_keys
C_ALERTS=false
desk_conf
mails=${MAILS:-50}
n=0
while [ $n -lt "$mails" ]; do
	n=$((n + 1))
	mk_details $((20000000 + n)) >"$T/own/path.$n"
done
daemon_start
sleep 1
n=0
while [ $n -lt "$mails" ]; do
	n=$((n + 1))
	mail_send "$(cat "$T/own/path.$n")"
	# The instant of the final dot: mail_send returns with the server's reply to it.
	date +%s%6N >>"$T/own/dots"
	inbox_wait ipa $n 30
done
sqlite3 "$T/state/cases.db" "SELECT sent_at, sent_at - created_at FROM outbox WHERE sent_at > 0 ORDER BY sent_at" |
	tr '|' ' ' | paste -d ' ' "$T/own/dots" - | sort -n | awk '
	{ whole[NR] = ($2 - $1) / 1000; own[NR] = $3 / 1000 }
	function rank(list, n,   i, j, t) {
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && list[j] < list[j - 1]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
	}
	END {
		rank(whole, NR); rank(own, NR)
		printf "%d mails: final dot to acknowledgement accepted: median %.0f ms, worst %.0f ms\n",
			NR, whole[int((NR + 1) / 2)], whole[NR]
		printf "of it, decided to accepted (sealing and SMTP): median %.0f ms, worst %.0f ms\n",
			own[int((NR + 1) / 2)], own[NR]
	}'
# What gpg alone takes of that for one mail, in the same keyring: it decrypts and verifies, then
# signs and encrypts.
runs=20
armour_of() {
	sed -n '/^-----BEGIN PGP MESSAGE-----/,/^-----END PGP MESSAGE-----/p' "$1"
}
armour_of "$(cat "$T/own/path.1")" >"$T/own/sealed"
gpg_time() {
	_began=$(date +%s%N)
	_n=0
	while [ $_n -lt $runs ]; do
		_n=$((_n + 1))
		gpg --homedir "$DESK_HOME" --batch --quiet --no-auto-key-locate --trust-model always "$@" \
			>"$T/own/out" 2>/dev/null
	done
	echo $((($(date +%s%N) - _began) / runs / 1000))
}
opens=$(gpg_time --decrypt "$T/own/sealed")
seals=$(gpg_time --armor --sign --encrypt -u "$DESK_FPR" -r "$IPA_FPR" -r "$DESK_FPR" --output - "$T/own/sealed")
awk -v o="$opens" -v s="$seals" 'BEGIN {
	printf "gpg alone, mean of 20: opening %.1f ms, sealing %.1f ms\n", o / 1000, s / 1000 }'
story_end
