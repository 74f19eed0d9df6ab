#!/bin/sh
# Each foreign library's header stands in its one file or folder, and in none of our headers.
set -eu
cd "${MADOGUCHI_SOURCE:-$(dirname "$0")/../..}"
bad=0
seen=0
allow() {
	header=$1
	where=$2
	for file in $(grep -rlE "^#include <($header)" src include); do
		seen=$((seen + 1))
		echo "$file" | grep -qE "^($where)" && continue
		echo "$file includes <$header>"
		bad=1
	done
}
allow 'gmime/|glib' 'src/mail/mime'
allow 'uni(norm|case|str|width|type|ctype)[a-z0-9]*\.h' 'src/base/utf8\.c'
allow 'jansson\.h' 'src/view/json'
allow 'libetpan/' 'src/port/imap'
allow 'curl/' 'src/port/curl/'
allow 'gnutls/' 'src/port/curl/|src/port/x509\.c'
allow 'gsasl\.h' 'src/port/sasl\.c'
allow 'gpgme\.h' 'src/port/pgp'
allow 'sqlite3\.h' 'src/port/store/'
allow 'libconfig\.h' 'src/port/conf'
allow 'sodium\.h' 'src/port/box\.c'
allow 'seccomp\.h' 'src/room/sandbox'
allow 'systemd/' 'src/port/notify\.c'
allow 'iconv\.h' 'src/mail/charset'
[ "$seen" -gt 8 ] || { echo "only $seen foreign includes were seen"; bad=1; }
exit $bad
