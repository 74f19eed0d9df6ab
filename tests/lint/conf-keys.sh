#!/bin/sh
# The keys of the conf file are the same in the program's table, in
# conf/madoguchi.conf.sample and in doc/man/madoguchi.conf.5; and what the sample
# shows is the default, but for the keys that its head names.
# usage: conf-keys.sh [TEST_CONF]   (the built tests/unit/test_conf)
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
LC_ALL=C
export LC_ALL
top=${srcdir:-$(dirname "$0")/../..}
program=${1:-tests/unit/test_conf}
sample=$top/conf/madoguchi.conf.sample
page=$top/doc/man/madoguchi.conf.5
scratch=$(mktemp -d) || exit 1
trap 'rm -r "$scratch"' EXIT
status=0

fail() {
	echo "conf-keys: $*" >&2
	status=1
}

# Every assignment as PATH, tab, VALUE; the title of a group that has one is '*'.
flatten() {
	awk '
	{
		line = ""
		quoted = 0
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			if (c == "\"")
				quoted = !quoted
			if (c == "#" && !quoted)
				break
			line = line c
		}
		gsub(/^[ \t]+|[ \t]+$/, "", line)
	}
	line ~ /^[A-Za-z_-]+: *\{$/ {
		name = line
		sub(/:.*/, "", name)
		if (depth == 1 && group[1] ~ /^(desk|coordinator|form|staff)$/)
			name = "*"
		group[++depth] = name
	}
	line == "}" { depth-- }
	line ~ /^[a-z_]+ *=/ {
		name = line
		value = line
		sub(/ *=.*/, "", name)
		sub(/^[a-z_]+ *= */, "", value)
		path = ""
		for (i = 1; i <= depth; i++)
			path = path group[i] "."
		print path name "\t" value
	}' "$1"
}

# Says what stands in one list of names alone. compare LIST NAME LIST NAME
compare() {
	for key in $(comm -23 "$1" "$3" | sed 's/\*/STAR/g'); do
		fail "$(echo "$key" | sed 's/STAR/*/g') stands in $2, not in $4"
	done
	for key in $(comm -13 "$1" "$3" | sed 's/\*/STAR/g'); do
		fail "$(echo "$key" | sed 's/STAR/*/g') stands in $4, not in $2"
	done
}

"$program" --keys > "$scratch/table" || { fail "$program --keys does not run"; exit 1; }
flatten "$sample" > "$scratch/sample"
cut -f 1 "$scratch/table" | sort > "$scratch/table.keys"
cut -f 1 "$scratch/sample" | sort > "$scratch/sample.keys"
[ -s "$scratch/table.keys" ] || fail "$program --keys prints nothing"
compare "$scratch/table.keys" "the table" "$scratch/sample.keys" "$sample"

# Keys whose sample value is an example.
while read -r key; do
	grep -v "^$(printf '%s' "$key" | sed 's/[.*]/\\&/g')	" "$scratch/sample" > "$scratch/rest"
	mv "$scratch/rest" "$scratch/sample"
done <<EOF
desk.*.trusted_authserv_id
desk.*.imap.password_file
desk.*.smtp.user
desk.*.smtp.password_file
coordinator.*.number
coordinator.*.enquiries
coordinator.*.phrases
coordinator.*.smime
form.*.reply_field
calendar.closed
EOF
grep -v '	-$' "$scratch/table" | sort > "$scratch/defaults"
sort "$scratch/sample" > "$scratch/values"
join -t '	' "$scratch/defaults" "$scratch/values" > "$scratch/both"
while IFS='	' read -r key default value; do
	[ "$default" = "$value" ] || fail "$key: the sample shows $value, the default is $default"
done < "$scratch/both"

if [ -f "$page" ]; then
	sed -n 's/\\&//g; s/^\.It Ic \([^ ]*\).*/\1/p' "$page" | sort -u > "$scratch/page.keys"
	compare "$scratch/table.keys" "the table" "$scratch/page.keys" "$page"
else
	fail "$page is missing"
fi
exit $status
