#!/bin/sh
# Runs the golden messages with throw-away keyrings made from tests/messages/keys.
# usage: golden.sh [PART-OF-NAME] [--open|--held-back] [--rewrite]
set -eu
source=${MADOGUCHI_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${MADOGUCHI_BUILD:-$source/build/gcc}
folder=$(mktemp -d "${TMPDIR:-/tmp}/golden.XXXXXX")
finish() {
	gpgconf --homedir "$folder/gnupg" --kill all >/dev/null 2>&1 || true
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
sed "s|@FOLDER@|$folder|g; s|@SOURCE@|$source|g" "$source/tests/messages/golden.conf.in" >"$folder/golden.conf"
"$build/tests/golden/${GOLDEN_PROGRAM:-golden}" "$folder/golden.conf" "$source/conf" "$source/tests/messages" "$@"
