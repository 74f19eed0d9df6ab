#!/bin/sh
# `madoguchi keys check`: every key that the conf needs, tried or looked at, with what to do; 1 when
# one of them fails.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

story_begin 'the keys are checked'
IMAPS_PORT=1 SMTPS_PORT=1 DESK_PASSWORD=x
certificate_authority
desk_keys
desk_conf

# result FPR: result and words of the rows of that key, one a line.
result() {
	tool keys check --json >"$T/own/.json" || :
	json "chr(10).join(r['result'] + ': ' + r['what'] + (' -> ' + r['todo'] if r['todo'] else '')
		for r in d if r['fingerprint'] == ('$1' or None))" "$T/own/.json"
}

check_status 'all is well' 0 tool keys check
check_eq 'the desk'"'"'s key was tried' "$(result "$DESK_FPR")" 'fine: ed25519
fine: it signs, and opens what is sealed to it'
check_eq 'the coordinator'"'"'s is there' "$(result "$IPA_FPR")" 'fine: ed25519'
check_eq 'so is the officer'"'"'s' "$(result "$OFFICER_FPR")" 'fine: ed25519'
check_eq 'the table tells the same' "$(tool keys check | grep -c '^fine ')" 4

# The end comes near.
for days in 89:soon 29:now 6:'at once'; do
	story_gpg "$DESK_HOME" --pinentry-mode loopback --passphrase '' --quick-set-expire "$DESK_FPR" "${days%%:*}d"
	check_status "${days%%:*} days before its end it is a warning" 0 tool keys check
	check_has "to be heeded ${days#*:}" "$(result "$DESK_FPR")" \
		"^warning: it ends in $((${days%%:*} - 1)) days? -> ${days#*:}: prolong it"
done
story_gpg "$DESK_HOME" --pinentry-mode loopback --passphrase '' --quick-set-expire "$DESK_FPR" 100d
check_has 'a year is long enough' "$(result "$DESK_FPR")" '^fine: ed25519'
# A subkey that ends before its key does: nothing can be sealed to it then.
story_gpg "$DESK_HOME" --pinentry-mode loopback --passphrase '' --quick-set-expire "$DESK_FPR" 20d '*'
check_has 'the subkey'"'"'s end counts' "$(result "$DESK_FPR")" '^warning: it ends in 19 days'
story_gpg "$DESK_HOME" --pinentry-mode loopback --passphrase '' --quick-set-expire "$DESK_FPR" 0 '*'
story_gpg "$DESK_HOME" --pinentry-mode loopback --passphrase '' --quick-set-expire "$DESK_FPR" 0

# Its secret half is damaged: only a trial shows that.
subkey=$(story_gpg "$DESK_HOME" --with-colons --with-keygrip --list-secret-keys "$DESK_FPR" |
	awk -F: '$1 == "ssb" { seen = 1 } $1 == "grp" && seen { print $10; exit }')
mv "$DESK_HOME/private-keys-v1.d/$subkey.key" "$T/own/half"
gpgconf --homedir "$DESK_HOME" --kill all
check_status 'a key that does not open fails' 1 tool keys check
check_has 'by trial' "$(result "$DESK_FPR")" '^failed: it does not open what is sealed to it'
mv "$T/own/half" "$DESK_HOME/private-keys-v1.d/$subkey.key"
gpgconf --homedir "$DESK_HOME" --kill all
check_status 'and is fine again' 0 tool keys check

# Coordinators: missing, expired, revoked, not for sealing; another that serves makes it a warning.
absent=0123456789ABCDEF0123456789ABCDEF01234567
C_IPA_KEYS="[\"$IPA_FPR\", \"$absent\"]"
desk_conf
check_status 'one that is missing, with another that serves' 0 tool keys check
check_has 'is a warning' "$(result $absent)" '^warning: it is not in the keyring -> another key serves'
C_IPA_KEYS="[\"$absent\"]"
desk_conf
check_status 'missing and alone it fails' 1 tool keys check
check_has 'with what to do' "$(result $absent)" '^failed: it is not in the keyring -> get it .* keys import'
check_has 'since nothing can be sealed' "$(result '')" '^failed: nothing can be sealed to it'
signs=$(story_gpg "$IPA_HOME" --pinentry-mode loopback --passphrase '' --status-fd 1 \
	--quick-generate-key 'Signs <signs@ipa.go.jp>' ed25519 sign 0 | sed -n 's/.*KEY_CREATED P //p')
short=$(key_new "$IPA_HOME" 'Short <short@ipa.go.jp>' 1y '' --faked-system-time=20200101T000000)
withdrawn=$(key_new "$IPA_HOME" 'Withdrawn <withdrawn@ipa.go.jp>')
sed 's/^:---/---/' "$IPA_HOME/openpgp-revocs.d/$withdrawn.rev" | story_gpg "$IPA_HOME" --import
weak=$(story_gpg "$IPA_HOME" --pinentry-mode loopback --passphrase '' --status-fd 1 \
	--quick-generate-key 'Weak <weak@ipa.go.jp>' rsa1024 default 0 | sed -n 's/.*KEY_CREATED [BP] //p')
story_gpg "$IPA_HOME" --pinentry-mode loopback --passphrase '' --quick-add-key "$weak" rsa1024 encr 0
for key in "$signs" "$short" "$withdrawn" "$weak"; do key_copy "$IPA_HOME" "$key" "$DESK_HOME"; done
C_IPA_KEYS="[\"$signs\", \"$short\", \"$withdrawn\"]"
desk_conf
check_status 'three that are of no use' 1 tool keys check
check_has 'one only signs' "$(result "$signs")" '^failed: nothing can be sealed to it'
check_has 'one has expired' "$(result "$short")" '^failed: it has expired'
check_has 'one is revoked' "$(result "$withdrawn")" '^failed: it is revoked'
C_IPA_KEYS="[\"$weak\"]"
desk_conf
check_status 'a weak one works' 0 tool keys check
check_has 'and is named so' "$(result "$weak")" '^warning: rsa1024 is weak -> ask for a new key'
C_IPA_KEYS=[]
desk_conf
check_has 'no pin at all is a warning' "$(result '')" '^warning: no key is pinned: none of its mail can be verified'

# A root key, and what it certifies.
root=$(key_new "$IPA_HOME" 'Coordinator root')
year=$(key_new "$IPA_HOME" 'Coordinator of this year <vuln-contact@ipa.go.jp>' 60d)
key_certify "$IPA_HOME" "$root" "$year"
C_IPA_ROOT_KEY=$root
desk_conf
check_status 'a root key that is missing fails' 1 tool keys check
key_copy "$IPA_HOME" "$root" "$DESK_HOME"
check_status 'a root alone seals nothing' 1 tool keys check
key_copy "$IPA_HOME" "$year" "$DESK_HOME"
check_status 'with a key that it certifies all is well' 0 tool keys check
check_has 'the root is there' "$(result "$root")" '^fine: ed25519'
check_has 'that key is looked at as a pinned one is' "$(result "$year")" '^warning: it ends in 59 days -> soon: ask for the new one'

C_OFFICER_KEY=''
desk_conf
check_has 'a person without a key' "$(result '')" '^warning: no key: what is mailed to that person goes in clear'
C_PGP_HOME=$T/nowhere
desk_conf
check_status 'no keyring at all' 1 tool keys check
story_end
