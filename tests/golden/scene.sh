# shellcheck shell=sh disable=SC2154
# The desk of the golden messages: $folder, gone at the end, with its keyring, password and
# golden.conf. Sourced, with $source set to the tree.
# SPDX-License-Identifier: GPL-3.0-or-later
folder=$(mktemp -d "${TMPDIR:-/tmp}/golden.XXXXXX")
finish() {
	for home in "$folder/gnupg" "$folder"/gnupg/smime/*; do
		[ ! -d "$home" ] || gpgconf --homedir "$home" --kill all >/dev/null 2>&1 || true
	done
	rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
mkdir -m 700 "$folder/gnupg" "$folder/state"
echo no-random-seed-file >"$folder/gnupg/gpg.conf"
for key in "$source"/tests/messages/keys/*.asc; do
	gpg --homedir "$folder/gnupg" --batch --quiet --import "$key"
done
echo secret >"$folder/password"
chmod 600 "$folder/password"
sed '/JPCERT: {/,/^    }/s/keys *= \[\]/smime = ["jpcert.or.jp"]; keys = ["82331A2D7D06E3391D73A13EB41B8264089A7822"]/' \
	"$source/conf/coordinators.sample" >"$folder/coordinators"
sed -e "/@COORDINATORS@/{r $folder/coordinators" -e 'd;}' -e "s|@FOLDER@|$folder|g; s|@SOURCE@|$source|g" \
	"$source/tests/messages/golden.conf.in" >"$folder/golden.conf"
