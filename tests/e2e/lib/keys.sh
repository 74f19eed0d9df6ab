# shellcheck shell=dash
# Throw-away OpenPGP keyrings, one a person, made anew for each story (about 0.3 s in all). No key
# of the machine's own user is ever read.
# SPDX-License-Identifier: GPL-3.0-or-later

DESK_HOME=
DESK_FPR=
IPA_HOME=
IPA_FPR=
OFFICER_HOME=
OFFICER_FPR=
: "${DESK_PASSPHRASE:=}"

# desk_keys: $T/gnupg (the desk's secret key; the coordinator's and the officer's public ones),
# $T/ipa-gnupg and $T/officer-gnupg (their secret keys; the desk's public one). With
# DESK_PASSPHRASE set, the desk's key is locked with it and desk_conf names a passphrase_file.
desk_keys() {
	DESK_HOME=$T/gnupg IPA_HOME=$T/ipa-gnupg OFFICER_HOME=$T/officer-gnupg
	DESK_FPR=$(key_new "$DESK_HOME" 'Window <security@example.co.jp>' '' "$DESK_PASSPHRASE")
	IPA_FPR=$(key_new "$IPA_HOME" 'Coordinator <vuln-contact@ipa.go.jp>')
	OFFICER_FPR=$(key_new "$OFFICER_HOME" 'Officer <officer@example.co.jp>')
	key_copy "$IPA_HOME" "$IPA_FPR" "$DESK_HOME"
	key_copy "$OFFICER_HOME" "$OFFICER_FPR" "$DESK_HOME"
	key_copy "$DESK_HOME" "$DESK_FPR" "$IPA_HOME"
	key_copy "$DESK_HOME" "$DESK_FPR" "$OFFICER_HOME"
}

# key_home HOME: makes an empty keyring folder, if it is not there yet.
key_home() {
	[ ! -d "$1" ] || return 0
	mkdir -m 700 "$1"
	echo no-random-seed-file >"$1/gpg.conf"
	# A count of its own choice costs the agent a second for each key with a passphrase.
	printf '%s\n' 'auto-expand-secmem 0x30000' disable-scdaemon 's2k-count 65536' \
		>"$1/gpg-agent.conf"
}

# key_new HOME UID [EXPIRE [PASSPHRASE [GPG-OPTION...]]]: an Ed25519 key with a Curve25519 subkey;
# prints the fingerprint. EXPIRE as gpg knows it (never if empty; 2d; seconds=60).
key_new() {
	key_home "$1"
	_home=$1
	_uid=$2
	_expire=${3:-0}
	_pass=${4:-}
	shift 2
	for _i in 3 4; do [ $# -eq 0 ] || shift; done
	set -- "$@" --pinentry-mode loopback --passphrase "$_pass"
	_fpr=$(story_gpg "$_home" "$@" --status-fd 1 \
		--quick-generate-key "$_uid" ed25519 sign "$_expire" |
		sed -n 's/.*KEY_CREATED P //p')
	story_gpg "$_home" "$@" --quick-add-key "$_fpr" cv25519 encr "$_expire"
	echo "$_fpr"
}

# key_copy FROM FPR TO: the public key from one keyring to another.
key_copy() {
	key_home "$3"
	story_gpg "$1" --export "$2" | story_gpg "$3" --import
}

# key_certify HOME ROOT-FPR FPR: signs a public key in HOME with a secret key that is there too.
key_certify() {
	story_gpg "$1" --quiet --local-user "$2" --quick-sign-key "$3" >>"$T/srv/gpg.log"
}

# key_subkey HOME FPR: the id of the subkey that mail to that key is sealed to.
key_subkey() {
	story_gpg "$1" --with-colons --list-keys "$2" | awk -F: '$1 == "sub" { print $5 }'
}

# key_export HOME FPR: the public key, armored, on standard output.
key_export() {
	story_gpg "$1" --armor --export "$2"
}

# story_gpg HOME ARGS...: gpg on a keyring of the story. What it says goes to $T/srv/gpg.log.
story_gpg() {
	_gpg_home=$1
	shift
	gpg --homedir "$_gpg_home" --batch --yes --no-tty --trust-model always "$@" \
		2>>"$T/srv/gpg.log"
}

# agents_stop: ends the agents of every keyring below $T, also of one that a program made itself.
agents_stop() {
	find "$T" -name private-keys-v1.d -o -name S.gpg-agent -o -name pubring.kbx 2>/dev/null |
		sed 's#/[^/]*$##' | sort -u | while read -r _dir; do
		gpgconf --homedir "$_dir" --kill all >/dev/null 2>&1
		# Where /run/user exists the sockets lie there, not in the keyring's folder.
		gpgconf --homedir "$_dir" --remove-socketdir >/dev/null 2>&1
	done
}
