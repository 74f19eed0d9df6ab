#!/bin/sh
# Builds every fuzz target with libFuzzer, ASan and UBSan and runs each for the
# given seconds (60). Needs clang and libclang-rt. Findings stay in build/fuzz.
set -eu
seconds=${1:-60}
source=$(cd "$(dirname "$0")/../.." && pwd)
out=$source/build/fuzz
mkdir -p "$out"
cd "$source"
flags="-std=c17 -D_GNU_SOURCE -Iinclude -g -O1 -fsanitize=fuzzer,address,undefined"
# shellcheck disable=SC2046 # lists of words
for target in tests/fuzz/fuzz_*.c; do
	name=$(basename "$target" .c)
	echo "== $name"
	clang $flags $(pkg-config --cflags gmime-3.0) -o "$out/$name" "$target" \
		src/base/*.c src/mail/*.c src/rule/*.c $(pkg-config --libs gmime-3.0) -lunistring \
		2>"$out/$name.build" || { cat "$out/$name.build" >&2; exit 1; }
	mkdir -p "$out/$name.corpus"
	(cd "$out" && "./$name" -dict="$source/tests/fuzz/$name.dict" -max_total_time="$seconds" \
		-print_final_stats=0 -verbosity=0 "$name.corpus") || { echo "$name found something"; exit 1; }
done
