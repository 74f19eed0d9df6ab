#!/bin/sh
# Builds every fuzz target with libFuzzer, ASan and UBSan and runs each for the
# given seconds (60), from the golden messages and from what it found before.
# Needs clang and libclang-rt. Findings stay in build/fuzz: what is mended goes
# to tests/fuzz/finds/TARGET, where `make check` replays it. A second argument
# names one target. How many inputs ran, and whether the coverage still grew, is
# printed for each.
set -eu
seconds=${1:-60}
only=${2:-}
source=$(cd "$(dirname "$0")/../.." && pwd)
out=$source/build/fuzz
mkdir -p "$out/objects"
cd "$source"
flags="-std=c17 -D_GNU_SOURCE -Iinclude -g -O1"
# shellcheck disable=SC2046,SC2086 # lists of words
for file in src/base/*.c src/mail/*.c src/rule/*.c src/room/frames.c src/room/frames_due.c src/room/frames_seal.c src/port/imap_name.c \
	src/port/sasl.c src/port/smtp_reply.c src/port/conf/*.c src/port/x509.c; do
	object=$out/objects/$(echo "$file" | tr / _).o
	if [ ! -e "$object" ] || [ -n "$(find src include -newer "$object" -name '*.[ch]' | head -n 1)" ]; then
		clang $flags -fsanitize=fuzzer-no-link,address,undefined $(pkg-config --cflags gmime-3.0) \
			-c -o "$object" "$file"
	fi
done
# shellcheck disable=SC2046,SC2086 # lists of words
for target in tests/fuzz/fuzz_*"$only".c; do
	name=$(basename "$target" .c)
	echo "== $name"
	clang $flags -fsanitize=fuzzer,address,undefined -o "$out/$name" "$target" "$out"/objects/*.o \
		$(pkg-config --libs gmime-3.0 libgsasl libconfig gnutls) -lunistring \
		2>"$out/$name.build" || { cat "$out/$name.build" >&2; exit 1; }
	mkdir -p "$out/$name.corpus"
	set -- "$name.corpus" "$source/tests/messages"
	if [ -d "tests/fuzz/finds/$name" ]; then
		set -- "$@" "$source/tests/fuzz/finds/$name"
	fi
	(cd "$out" && "./$name" -dict="$source/tests/fuzz/$name.dict" -max_total_time="$seconds" \
		-max_len=32768 -print_final_stats=1 "$@" 2>"$name.log") ||
		{ tail -n 60 "$out/$name.log"; echo "$name found something"; exit 1; }
	# Coverage (edges) when a quarter, half and all of the inputs had run: whether more would come.
	awk '/^#[0-9]+.* cov: / {
			at[++n] = substr($1, 2) + 0
			for (i = 2; i < NF; i++) if ($i == "cov:") cov[n] = $(i + 1)
		}
		/^stat::number_of_executed_units:/ { total = $2 }
		END {
			for (i = 1; i <= n; i++) {
				if (at[i] <= total / 4) quarter = cov[i]
				if (at[i] <= total / 2) half = cov[i]
			}
			printf "%d inputs; edges at a quarter %d, half %d, all %d\n", total, quarter, half, cov[n]
		}' "$out/$name.log"
done
