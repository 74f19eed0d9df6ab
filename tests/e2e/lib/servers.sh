# shellcheck shell=dash
# Throw-away Dovecot and Postfix on loopback, all of theirs below $T/srv. Postfix has no smtp
# client at all, so nothing can leave the machine: whatever address a mail bears, it ends in a
# Maildir of this Dovecot, that of `sink` if no user owns the address.
# SPDX-License-Identifier: GPL-3.0-or-later

# Which user receives for which addresses; user_add adds to it.
DESK_USERS='desk security@example.co.jp
ipa vuln-contact@ipa.go.jp
officer officer@example.co.jp
vendor vendor@vendor.example.jp
finder finder@example.org
sink'

DESK_PASSWORD=none
OTHER_PASSWORD=none
IMAPS_PORT=0 IMAP_PORT=0 SMTP_PORT=0 SMTPS_PORT=0 SUBMISSION_PORT=0 FAULT_PORT=0

# servers_start: picks ports and starts both; a port that somebody took meanwhile means new ones.
servers_start() {
	DESK_PASSWORD=$(random_word)
	OTHER_PASSWORD=$(random_word)
	for _try in 1 2 3; do
		# shellcheck disable=SC2046
		set -- $("$PYTHON" -I "$E2E/mailio.py" ports 6)
		IMAPS_PORT=$1 IMAP_PORT=$2
		SMTP_PORT=$3 SMTPS_PORT=$4 SUBMISSION_PORT=$5 FAULT_PORT=$6
		dovecot_write
		postfix_write
		# Postfix checks its folders for 0.3 s, in which Dovecot can start.
		smtp_start &
		_smtp=$!
		if imap_start && wait "$_smtp"; then return 0; fi
		wait "$_smtp" || :
		servers_stop
	done
	cat "$T/srv/dovecot/log" "$T/srv/postfix/log" >>"$T/log" 2>&1 || :
	story_fail 'the mail servers start'
}

# servers_stop: both; their mail stays.
servers_stop() {
	smtp_stop
	imap_stop
}

# random_word: 16 letters and digits nobody has used before.
random_word() {
	od -An -N8 -tx1 /dev/urandom | tr -d ' \n'
}

# imap_start, imap_stop: Dovecot alone, for stories in which the mailbox goes away and comes back.
# (It takes a second to stop, since it waits for its children.)
imap_start() {
	dovecot -c "$T/srv/dovecot/dovecot.conf" >>"$T/srv/dovecot/out" 2>&1 || return 1
	# It says that it runs before its number can be read, without which it is not found to be stopped.
	wait_for 10 'imap_pid >/dev/null' 'Dovecot to write its number down'
	# What Postfix could not deliver meanwhile it would try again when it thinks fit.
	if smtp_pid >/dev/null 2>&1; then
		postfix -c "$T/srv/postfix/etc" flush >>"$T/srv/postfix/out" 2>&1 || :
	fi
}

imap_stop() {
	_pid=$(imap_pid) || return 0
	pid_end 5 "$_pid"
	# Sessions outlive their master as long as the client likes.
	kill -s KILL -- "-$_pid" 2>/dev/null || :
}

# imap_record: from now on Dovecot writes down what each new session says; imap_commands: all IMAP
# commands since, a line each, without their tags. (Dovecot records where the folder exists.)
imap_record() {
	mkdir -m 777 "$T/srv/dovecot/raw"
}

imap_commands() {
	cat "$T"/srv/dovecot/raw/*.in 2>/dev/null | tr -d '\r' |
		sed -nE 's/^[0-9.]+ M?[0-9]+ ((UID )?[A-Z]{4,}( .*)?)$/\1/p'
}

# smtp_start, smtp_stop: Postfix alone, injection and submission both.
smtp_start() {
	postfix -c "$T/srv/postfix/etc" start >>"$T/srv/postfix/out" 2>&1
}

smtp_stop() {
	_pid=$(smtp_pid) || return 0
	pid_end 5 "$_pid"
	# Its daemons are of its process group, and linger for a second after it.
	kill -s KILL -- "-$_pid" 2>/dev/null || :
}

# imap_pid, smtp_pid: the master's pid; fail if it does not run.
imap_pid() {
	master_pid "$T/srv/dovecot/run/master.pid"
}

smtp_pid() {
	master_pid "$T/srv/postfix/queue/pid/master.pid"
}

master_pid() {
	[ -s "$1" ] || return 1
	_master=$(tr -d ' \n' <"$1")
	# The file may be older than the process that has this number today.
	grep -qsaF -e "$T" "/proc/$_master/cmdline" "/proc/$_master/environ" || return 1
	echo "$_master"
}

# servers_end: for the clean-up: both process groups at once, with nothing to save.
servers_end() {
	for _pid in $(imap_pid) $(smtp_pid); do
		kill -s KILL -- "-$_pid" 2>/dev/null
		_pid_tries=40
		while alive "$_pid" && [ "$_pid_tries" -gt 0 ]; do
			sleep 0.05
			_pid_tries=$((_pid_tries - 1))
		done
	done
}

# user_add NAME ADDRESS...: one more mailbox, while Dovecot runs. Cheaper: a line in DESK_USERS,
# before desk_begin.
user_add() {
	_user=$1
	_home=$T/srv/mail/$_user
	_tail="$MAIL_UID:$MAIL_GID::$_home::"
	mkdir -p "$_home"
	chmod 700 "$_home"
	chown "$MAIL_UID:$MAIL_GID" "$_home"
	_word=$OTHER_PASSWORD
	if [ "$_user" = desk ]; then _word=$DESK_PASSWORD; fi
	echo "$_user:{PLAIN}$_word:$_tail" >>"$T/srv/dovecot/users"
	for _name in "$@"; do
		echo "$_name::$_tail" >>"$T/srv/dovecot/addresses"
	done
	# Dovecot looks at a file's date once a second at most.
	if [ -e "$T/srv/dovecot/run/master.pid" ]; then sleep 1.1; fi
}

# dovecot_write: Dovecot's conf, users and token key.
dovecot_write() {
	_dir=$T/srv/dovecot
	rm -rf "$_dir" "$T/srv/mail"
	mkdir -p "$_dir/keys/default/HS256" "$T/srv/mail"
	chmod 711 "$T/srv" "$T/srv/mail" "$_dir"
	MAIL_UID=$(id -u nobody)
	MAIL_GID=$(id -g nobody)
	echo "$DESK_USERS" | while read -r _line; do
		# shellcheck disable=SC2086
		user_add $_line
	done
	chown dovecot "$_dir/users" "$_dir/addresses"
	chmod 600 "$_dir/users" "$_dir/addresses"
	oauth_secret_make
	cat >"$_dir/oauth2.conf" <<-END
	introspection_mode = local
	local_validation_key_dict = fs:posix:prefix=$_dir/keys/
	username_attribute = sub
	END
	dovecot_conf >"$_dir/dovecot.conf"
}

# dovecot_conf: prints the conf file.
dovecot_conf() {
	cat <<-END
	base_dir = $_dir/run
	state_dir = $_dir/state
	log_path = $_dir/log
	instance_name = story
	protocols = imap lmtp
	listen = 127.0.0.1
	ssl = yes
	ssl_cert = <$T/srv/tls/server.pem
	ssl_key = <$T/srv/tls/server.key
	disable_plaintext_auth = no
	auth_mechanisms = plain login scram-sha-256 xoauth2 oauthbearer
	auth_failure_delay = 0
	auth_verbose = yes
	first_valid_uid = 1
	first_valid_gid = 1
	mail_fsync = never
	mail_location = maildir:~/Maildir
	mail_max_userip_connections = 200
	mailbox_idle_check_interval = 1 secs
	rawlog_dir = $_dir/raw
	imap_idle_notify_interval = 20 secs
	namespace inbox {
	  inbox = yes
	  separator = /
	  mailbox Junk {
	    auto = create
	    special_use = \\Junk
	  }
	  mailbox Sent {
	    auto = create
	    special_use = \\Sent
	  }
	}
	passdb {
	  driver = passwd-file
	  mechanisms = plain login scram-sha-256
	  args = $_dir/users
	}
	passdb {
	  driver = oauth2
	  mechanisms = xoauth2 oauthbearer
	  args = $_dir/oauth2.conf
	}
	userdb {
	  driver = passwd-file
	  args = $_dir/addresses
	}
	userdb {
	  driver = static
	  args = uid=$MAIL_UID gid=$MAIL_GID home=$T/srv/mail/sink allow_all_users=yes
	}
	service imap-login {
	  inet_listener imap {
	    port = $IMAP_PORT
	  }
	  inet_listener imaps {
	    port = $IMAPS_PORT
	    ssl = yes
	  }
	}
	service lmtp {
	  unix_listener $_dir/lmtp {
	    mode = 0666
	  }
	}
	service auth {
	  unix_listener $_dir/sasl {
	    mode = 0666
	  }
	}
	END
}

# postfix_write: Postfix's conf.
postfix_write() {
	_dir=$T/srv/postfix
	rm -rf "$_dir"
	mkdir -p "$_dir/etc" "$_dir/queue" "$_dir/data"
	chmod 755 "$_dir" "$_dir/etc" "$_dir/queue"
	chown postfix "$_dir/data"
	chmod 700 "$_dir/data"
	: >"$_dir/etc/transport"
	postfix_main >"$_dir/etc/main.cf"
	postfix_master >"$_dir/etc/master.cf"
	postfix_settle
}

# postfix_settle: Postfix takes a file of the last second for half written and sleeps 0.3 s at each
# look, nearly 2 s a start in all: so its files are dated back.
postfix_settle() {
	touch -d '1 hour ago' "$T/srv/postfix/etc/main.cf" "$T/srv/postfix/etc/master.cf" \
		"$T/srv/postfix/etc/transport"
}

# postfix_main: prints main.cf. Mail is passed on byte by byte: no header is added, mended or cut.
postfix_main() {
	cat <<-END
	compatibility_level = 3.6
	queue_directory = $_dir/queue
	data_directory = $_dir/data
	maillog_file = $_dir/log
	maillog_file_prefixes = $_dir
	myhostname = mx.example.co.jp
	mydestination =
	inet_interfaces = 127.0.0.1
	inet_protocols = ipv4
	mynetworks = 127.0.0.0/8
	alias_maps =
	local_recipient_maps =
	relay_domains = static:all
	transport_maps = texthash:$_dir/etc/transport
	default_transport = lmtp:unix:$T/srv/dovecot/lmtp
	relay_transport = lmtp:unix:$T/srv/dovecot/lmtp
	smtpd_relay_restrictions = permit_mynetworks, reject
	smtpd_reject_unlisted_recipient = no
	disable_dns_lookups = yes
	smtputf8_enable = no
	message_size_limit = 62914560
	mailbox_size_limit = 0
	header_size_limit = 1048576
	disable_mime_input_processing = yes
	local_header_rewrite_clients =
	lmtp_line_length_limit = 0
	lmtp_destination_recipient_limit = 1
	in_flow_delay = 0
	smtpd_error_sleep_time = 0
	smtpd_hard_error_limit = 1000
	smtpd_client_connection_count_limit = 0
	smtpd_client_event_limit_exceptions = 127.0.0.0/8
	queue_run_delay = 1s
	minimal_backoff_time = 1s
	maximal_backoff_time = 2s
	transport_retry_time = 1s
	notify_classes =
	smtpd_tls_security_level = may
	smtpd_tls_chain_files = $T/srv/tls/chain.pem
	smtpd_sasl_type = dovecot
	smtpd_sasl_path = $T/srv/dovecot/sasl
	smtpd_sasl_security_options = noanonymous
	END
}

# postfix_master: prints master.cf: injection in clear, submission by TLS and by STARTTLS.
postfix_master() {
	_sasl='-o smtpd_sasl_auth_enable=yes'
	_sasl="$_sasl -o smtpd_relay_restrictions=permit_sasl_authenticated,reject"
	cat <<-END
	127.0.0.1:$SMTP_PORT inet n - n - - smtpd
	127.0.0.1:$SMTPS_PORT inet n - n - - smtpd -o smtpd_tls_wrappermode=yes $_sasl
	127.0.0.1:$SUBMISSION_PORT inet n - n - - smtpd -o smtpd_tls_auth_only=yes $_sasl
	pickup unix n - n 60 1 pickup
	cleanup unix n - n - 0 cleanup
	qmgr unix n - n 300 1 qmgr
	tlsmgr unix - - n 1000? 1 tlsmgr
	rewrite unix - - n - - trivial-rewrite
	bounce unix - - n - 0 bounce
	defer unix - - n - 0 bounce
	trace unix - - n - 0 bounce
	verify unix - - n - 1 verify
	flush unix n - n 1000? 0 flush
	proxymap unix - - n - - proxymap
	showq unix n - n - - showq
	error unix - - n - - error
	retry unix - - n - - error
	discard unix - - n - - discard
	lmtp unix - - n - - lmtp
	anvil unix - - n - 1 anvil
	scache unix - - n - 1 scache
	postlog unix-dgram n - n - 1 postlogd
	END
}

# mail_refuse ADDRESS [TEXT]: Postfix takes mail to that address and then cannot deliver it, so
# that a real failure report goes to the envelope sender. mail_refuse_none: all addresses good
# again.
mail_refuse() {
	echo "$1 error:5.1.1 ${2:-no such user here}" >>"$T/srv/postfix/etc/transport"
	postfix_reload
}

mail_refuse_none() {
	: >"$T/srv/postfix/etc/transport"
	postfix_reload
}

postfix_reload() {
	postfix_settle
	postfix -c "$T/srv/postfix/etc" reload >>"$T/srv/postfix/out" 2>&1
}

# oauth_secret_make: a new secret for bearer tokens; to a Dovecot that starts afterwards, every token
# from before has run out.
oauth_secret_make() {
	TOKEN_SECRET=$(random_word)$(random_word)
	printf %s "$TOKEN_SECRET" | base64 >"$T/srv/dovecot/keys/default/HS256/default"
}

# oauth_token USER [SECONDS]: prints a bearer token that Dovecot takes for USER (xoauth2,
# oauthbearer) for so long; a negative time makes one that has run out.
oauth_token() {
	"$PYTHON" -I "$E2E/mailio.py" token "$TOKEN_SECRET" "$1" "${2:-3600}"
}
