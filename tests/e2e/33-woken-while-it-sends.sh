#!/bin/sh
# Staff work with the tool while letters go out: each change wakes the daemon, which asks its
# keyrings anew. The letters that are being made meanwhile are made and sent all the same.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

# The FIFO is opened both ways: whoever pokes must not wait for a daemon that is gone.
wake() {
	printf '!' 1<>"$T/state/wake"
}

# poke_while SHELL-TEXT: as long as that is true, for at most a minute.
poke_while() {
	_pokes=0
	while [ $_pokes -lt 3000 ] && eval "$1" && alive "$DAEMON_PID"; do
		_pokes=$((_pokes + 1))
		wake
	done
}

desk_begin 'woken while it sends'
desk_keys
desk_conf
n=0
while [ $n -lt 20 ]; do
	n=$((n + 1))
	mail_put INBOX "$(mk_contact $((10000000 + n)))"
done
daemon_start
poke_while '[ "$(inbox_count ipa)" -lt 20 ] || [ "$(inbox_count officer)" -lt 5 ]'
inbox_wait ipa 20
alerts_wait 20
check 'the daemon lives' alive "$DAEMON_PID"
check_eq 'each mail was answered and told of once' "$(inbox_count ipa) $(alerts_made)" '20 20'
check_eq 'and each answer bears the key' \
	"$(inbox_mails ipa | xargs grep -l "^Autocrypt: addr=security@example.co.jp" | wc -l)" 20
check 'the last one opens' open_text "$IPA_HOME" "$(inbox_last ipa)"
story_end
