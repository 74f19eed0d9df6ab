#!/bin/sh
# Gives every fuzz target its dictionary, the golden messages and what was found before
# (tests/fuzz/finds/TARGET/*), without a fuzzer: a check that runs anywhere.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
source=${MADOGUCHI_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${MADOGUCHI_BUILD:-$source/build/gcc}
out=$(mktemp -d "${TMPDIR:-/tmp}/replay.XXXXXX")
trap 'rm -rf "$out"' EXIT
trap 'exit 1' INT TERM HUP
flags=$(sed -n 's/^CFLAGS = //p; s/^SANITIZE = //p' "$build/Makefile" | tr '\n' ' ')
libraries="$(pkg-config --libs gmime-3.0 libgsasl libconfig gnutls) -lunistring"
# What lies outside the core library is compiled once for all targets.
mkdir "$out/objects"
# shellcheck disable=SC2086 # a list of words
(cd "$out/objects" && ${CC:-gcc} -std=c17 -D_GNU_SOURCE -I"$source/include" $flags -c "$source/tests/fuzz/replay.c" \
	"$source/src/room/frames.c" "$source/src/room/frames_due.c" "$source/src/room/frames_seal.c" \
	"$source/src/port/imap_name.c" "$source/src/port/sasl.c" "$source/src/port/smtp_reply.c" \
	"$source"/src/port/conf/*.c "$source/src/port/x509.c")
ar rc "$out/beside.a" "$out"/objects/*.o
passed=0
failed=0
for target in "$source"/tests/fuzz/fuzz_*.c; do
	name=$(basename "$target" .c)
	set -- "$source/tests/fuzz/$name.dict" "$source/tests/messages"
	if [ -d "$source/tests/fuzz/finds/$name" ]; then
		set -- "$@" "$source/tests/fuzz/finds/$name"
	fi
	# shellcheck disable=SC2086 # lists of words
	${CC:-gcc} -std=c17 -D_GNU_SOURCE -I"$source/include" $flags -o "$out/$name" "$target" \
		"$out/beside.a" "$build/libcore.a" $libraries
	if "$out/$name" "$@" >"$out/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s:\n' "$name"
		tail -n 20 "$out/said"
	fi
	rm -f "$out/$name"
done
printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * passed / (passed + failed))) \
	$((passed + failed)) "$failed"
[ "$failed" -eq 0 ]
