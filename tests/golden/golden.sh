#!/bin/sh
# Runs the golden messages with throw-away keyrings made from tests/messages/keys.
# usage: golden.sh [PART-OF-NAME] [--open|--held-back] [--rewrite]
set -eu
source=${MADOGUCHI_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${MADOGUCHI_BUILD:-$source/build/gcc}
# shellcheck source=tests/golden/scene.sh
. "$source/tests/golden/scene.sh"
program=$build/tests/golden/${GOLDEN_PROGRAM:-golden}
"$program" "$folder/golden.conf" "$source/conf" "$source/tests/messages" "$@"
[ "${GOLDEN_PROGRAM:-golden}" = golden ] || exit 0
# The same desk without roots for S/MIME, where the part that was asked for has such messages.
grep -v roots "$folder/golden.conf" >"$folder/rootless.conf"
case ${1---rewrite} in
--rewrite | *smime* | *roots*) "$program" "$folder/rootless.conf" "$source/conf" "$source/tests/messages" "$@" ;;
esac
