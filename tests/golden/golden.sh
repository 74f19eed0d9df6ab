#!/bin/sh
# Runs the golden messages with throw-away keyrings made from tests/messages/keys.
# usage: golden.sh [PART-OF-NAME] [--open|--held-back] [--rewrite]
set -eu
source=${MADOGUCHI_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${MADOGUCHI_BUILD:-$source/build/gcc}
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
program=$build/tests/golden/${GOLDEN_PROGRAM:-golden}
"$program" "$folder/golden.conf" "$source/conf" "$source/tests/messages" "$@"
[ "${GOLDEN_PROGRAM:-golden}" = golden ] || exit 0
# The same desk without roots for S/MIME, where the part that was asked for has such messages.
grep -v roots "$folder/golden.conf" >"$folder/rootless.conf"
case ${1---rewrite} in
--rewrite | *smime* | *roots*) "$program" "$folder/rootless.conf" "$source/conf" "$source/tests/messages" "$@" ;;
esac
