# shellcheck shell=dash
# A desk that is run as it should be, by a user of its own, and a disk that is too small. Not for
# every story: most of them run as root, which is quicker to set up.
# SPDX-License-Identifier: GPL-3.0-or-later

DESK_USER=

# desk_user USER: daemon and tool run as that user of the machine from now on (call it after
# desk_keys). Programs and data are copied to where it can read them, whatever folder they were
# built in: $T/bin, $T/data.
desk_user() {
	DESK_USER=$1
	mkdir "$T/bin"
	cp "$MADOGUCHI" "$MADOGUCHID" "$T/bin"
	cp -R "$SRC/conf" "$T/data"
	chmod -R a+rX "$T/bin" "$T/data"
	cat >"$T/bin/daemon" <<-END
		#!/bin/sh
		exec setpriv --reuid=$DESK_USER --regid=$DESK_USER --clear-groups -- \\
			$T/bin/madoguchid "\$@" --data-dir $T/data
	END
	chmod 755 "$T/bin/daemon"
	MADOGUCHID=$T/bin/daemon
	C_IPA_PHRASES=$T/data/ipa.phrases
	agent_end
}

# as_desk COMMAND...: as the desk's user, where its programs run.
as_desk() {
	(cd "$T/run" && exec setpriv --reuid="$DESK_USER" --regid="$DESK_USER" --clear-groups -- \
		env TMPDIR="$T/tmp" "$@")
}

# desk_tool ARGS...: the tool, likewise.
desk_tool() {
	as_desk "$T/bin/madoguchi" -c "$T/madoguchi.conf" --data-dir "$T/data" "$@"
}

# hand_over [FILE...]: what is the desk's, and these files, to its user.
hand_over() {
	for _file in "$T/state" "$T/gnupg" "$T/run" "$T/tmp" "$T/madoguchi.conf" "$T/imap.password" \
		"$T/smtp.password" "$@"; do
		[ ! -e "$_file" ] || chown -R "$DESK_USER:$DESK_USER" "$_file"
	done
}

# conf_now [NAME=VALUE...]: the conf with these C_... values, this once; handed over.
conf_now() {
	rm -f "$T/imap.password" "$T/smtp.password"
	(
		for _value in "$@"; do export "${_value?}"; done
		desk_conf
	)
	hand_over
}

# agent_end: ends the agent of the desk's keyring, which forgets what it knew.
agent_end() {
	gpgconf --homedir "$T/gnupg" --kill all >/dev/null 2>&1 || :
	wait_for 5 '! pgrep -f "gpg-agent --homedir $T/gnupg "' 'the agent to end'
}

# small_disk SIZE: a disk of that size at $T/small, with a state_dir on it, $T/small/state; fails
# where the machine allows no mount. small_disk_end: away with it.
small_disk() {
	mkdir -p "$T/small"
	mount -t tmpfs -o "size=$1" none "$T/small" 2>/dev/null || return 1
	mkdir -m 700 "$T/small/state"
	chown "$DESK_USER:$DESK_USER" "$T/small/state"
}

small_disk_end() {
	! mountpoint -q "$T/small" || umount "$T/small"
}
