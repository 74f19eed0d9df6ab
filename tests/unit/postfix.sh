#!/bin/sh
# A throw-away Postfix for the unit tests, beside the Dovecot of dovecot.sh in
# the same DIR, which knows the users. It throws away what it takes.
#   postfix.sh start DIR   prints "SMTPS-PORT SUBMISSION-PORT"; exits 77 without Postfix or root
#   postfix.sh stop DIR
# On 127.0.0.1 to 127.0.0.5 it shows the same certificates as that Dovecot; on
# 127.0.0.6 it knows no TLS, and would take a login in clear.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu

own=$2/postfix

free_ports() {
	python3 -c '
import socket
s = [socket.socket() for _ in range(2)]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])'
}

write_main() {
	cat <<-END
	compatibility_level = 3.6
	queue_directory = $own/queue
	data_directory = $own/data
	maillog_file = $own/log
	maillog_file_prefixes = $own
	myhostname = mx.example.co.jp
	mydestination =
	inet_interfaces = 127.0.0.1
	inet_protocols = ipv4
	alias_maps =
	local_recipient_maps =
	default_transport = discard
	disable_dns_lookups = yes
	smtpd_error_sleep_time = 0
	smtpd_relay_restrictions = permit_sasl_authenticated, reject
	smtpd_sasl_auth_enable = yes
	smtpd_sasl_type = dovecot
	smtpd_sasl_path = $2/sasl
	smtpd_sasl_security_options = noanonymous
	smtpd_tls_security_level = may
	smtpd_tls_auth_only = yes
	smtpd_tls_mandatory_protocols = >=TLSv1.2
	END
}

# ADDRESS CERTIFICATE
write_pair() {
	cert="-o smtpd_tls_cert_file=$dir/$2.pem -o smtpd_tls_key_file=$dir/$2.key"
	echo "$1:$smtps inet n - n - - smtpd -o smtpd_tls_wrappermode=yes $cert"
	echo "$1:$submission inet n - n - - smtpd $cert"
}

write_master() {
	write_pair 127.0.0.1 good
	write_pair 127.0.0.2 other
	write_pair 127.0.0.3 expired
	write_pair 127.0.0.4 self
	write_pair 127.0.0.5 strange
	cat <<-END
	127.0.0.6:$submission inet n - n - - smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no
	cleanup unix n - n - 0 cleanup
	qmgr unix n - n 300 1 qmgr
	tlsmgr unix - - n 1000? 1 tlsmgr
	rewrite unix - - n - - trivial-rewrite
	bounce unix - - n - 0 bounce
	defer unix - - n - 0 bounce
	trace unix - - n - 0 bounce
	discard unix - - n - - discard
	error unix - - n - - error
	anvil unix - - n - 1 anvil
	postlog unix-dgram n - n - 1 postlogd
	END
}

start() {
	dir=$1
	[ "$(id -u)" = 0 ] && command -v postfix >/dev/null || exit 77
	# shellcheck disable=SC2046
	set -- $(free_ports) "$dir"
	smtps=$1 submission=$2
	mkdir -p "$own/etc" "$own/queue" "$own/data"
	chmod 755 "$own" "$own/etc" "$own/queue"
	chown postfix "$own/data"
	write_main "$own" "$dir" >"$own/etc/main.cf"
	write_master >"$own/etc/master.cf"
	# What was written this second counts as half written, and is waited for.
	touch -d '1 hour ago' "$own/etc/main.cf" "$own/etc/master.cf"
	postfix -c "$own/etc" start >"$own/start.log" 2>&1
	echo "$smtps $submission"
}

# Its daemons are of the master's process group.
stop() {
	[ -s "$own/queue/pid/master.pid" ] || return 0
	master=$(tr -d ' \n' <"$own/queue/pid/master.pid")
	kill -s KILL -- "-$master"
	rm -f "$own/queue/pid/master.pid"
}

case $1 in
start) start "$2" ;;
stop) stop ;;
*) echo "usage: postfix.sh start|stop DIR" >&2; exit 64 ;;
esac
