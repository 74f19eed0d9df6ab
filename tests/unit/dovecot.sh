#!/bin/sh
# A throw-away Dovecot for the unit tests: own conf, own CA, loopback ports.
#   dovecot.sh start DIR [CONF-LINE...]   prints "IMAPS-PORT IMAP-PORT"; exits 77 without Dovecot
#   dovecot.sh stop DIR
# The user is "desk", the password "secret". imaps shows on 127.0.0.1 a good
# certificate, on 127.0.0.2 one for another host, on 127.0.0.3 an expired one,
# on 127.0.0.4 a self-signed one, on 127.0.0.5 one of another CA; on 127.0.0.6
# there is no TLS at all. DIR/ca.pem is the CA, DIR/good.pin the good
# certificate's public key as libcurl's pin; DIR/token and DIR/token.old are
# bearer tokens of the user, good and run out. DIR/log tells who tried to log in;
# by DIR/sasl another server lets the same people in (postfix.sh).
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu

dir=$2
dovecot=$(command -v dovecot || echo /usr/sbin/dovecot)

# "$dir/CA.pem" signs what make_cert makes.
make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/$1.key" \
		-out "$dir/$1.pem" -days 30 -subj "/CN=$1" -addext keyUsage=keyCertSign,cRLSign
	mkdir -p "$dir/issued.$1"
	: >"$dir/index.$1"
	cat >"$dir/$1.cnf" <<-END
	[ca]
	default_ca = own
	[own]
	database = $dir/index.$1
	new_certs_dir = $dir/issued.$1
	certificate = $dir/$1.pem
	private_key = $dir/$1.key
	rand_serial = yes
	default_md = sha256
	policy = any
	copy_extensions = copy
	unique_subject = no
	[any]
	commonName = supplied
	END
}

# NAME CA ALTERNATIVE-NAMES FROM TO
make_cert() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/$1.key" \
		-out "$dir/$1.csr" -subj "/CN=$1" -addext "subjectAltName=$3"
	openssl ca -batch -config "$dir/$2.cnf" -in "$dir/$1.csr" -out "$dir/$1.pem" -notext \
		-startdate "$4" -enddate "$5"
}

make_certs() {
	make_ca ca
	make_ca foreign
	make_cert good ca DNS:localhost,IP:127.0.0.1,IP:127.0.0.3 20200101000000Z 20991231000000Z
	make_cert other ca DNS:other.example 20200101000000Z 20991231000000Z
	make_cert expired ca DNS:localhost,IP:127.0.0.3 20200101000000Z 20200201000000Z
	make_cert strange foreign DNS:localhost,IP:127.0.0.5 20200101000000Z 20991231000000Z
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/self.key" \
		-out "$dir/self.pem" -days 30 -subj /CN=self -addext subjectAltName=IP:127.0.0.4
	printf 'sha256//%s' "$(openssl pkey -in "$dir/good.key" -pubout -outform DER |
		openssl dgst -sha256 -binary | openssl base64)" >"$dir/good.pin"
}

free_ports() {
	python3 -c '
import socket
s = [socket.socket() for _ in range(2)]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])'
}

# Dovecot serves no mail as root.
mail_user() {
	if [ "$(id -u)" = 0 ]; then echo nobody; else id -un; fi
}

write_conf() {
	user=$(mail_user)
	cat >"$dir/dovecot.conf" <<-END
	base_dir = $dir/run
	state_dir = $dir/run
	log_path = $dir/log
	protocols = imap
	listen = 127.0.0.1, 127.0.0.2, 127.0.0.3, 127.0.0.4, 127.0.0.5, 127.0.0.6
	ssl = yes
	ssl_cert = <$dir/good.pem
	ssl_key = <$dir/good.key
	ssl_min_protocol = TLSv1.2
	disable_plaintext_auth = no
	auth_mechanisms = plain login scram-sha-1 scram-sha-256 xoauth2 oauthbearer
	auth_debug = yes
	auth_failure_delay = 0
	first_valid_uid = 1
	mail_location = maildir:$dir/mail
	passdb {
	  driver = static
	  mechanisms = plain login scram-sha-1 scram-sha-256
	  args = password=secret
	}
	passdb {
	  driver = oauth2
	  mechanisms = xoauth2 oauthbearer
	  args = $dir/oauth2.conf
	}
	userdb {
	  driver = static
	  args = uid=$user gid=$(id -gn "$user") home=$dir/mail
	}
	service imap-login {
	  chroot =
	  inet_listener imap {
	    port = $2
	  }
	  inet_listener imaps {
	    port = $1
	  }
	}
	service auth {
	  unix_listener $dir/sasl {
	    mode = 0666
	  }
	}
	# Refused logins must not slow the next ones down.
	service anvil {
	  chroot =
	  unix_listener anvil-auth-penalty {
	    mode = 0
	  }
	}
	service stats {
	  chroot =
	}
	local 127.0.0.2 {
	  ssl_cert = <$dir/other.pem
	  ssl_key = <$dir/other.key
	}
	local 127.0.0.3 {
	  ssl_cert = <$dir/expired.pem
	  ssl_key = <$dir/expired.key
	}
	local 127.0.0.4 {
	  ssl_cert = <$dir/self.pem
	  ssl_key = <$dir/self.key
	}
	local 127.0.0.5 {
	  ssl_cert = <$dir/strange.pem
	  ssl_key = <$dir/strange.key
	}
	local 127.0.0.6 {
	  ssl = no
	}
	END
	if [ "$(id -u)" != 0 ]; then
		printf 'default_internal_user = %s\ndefault_internal_group = %s\ndefault_login_user = %s\n' \
			"$user" "$(id -gn)" "$user" >>"$dir/dovecot.conf"
	fi
}

# What signs bearer tokens, and two of them.
make_tokens() {
	mkdir -p "$dir/keys/default/HS256"
	printf %s "signed by $$" | base64 >"$dir/keys/default/HS256/default"
	cat >"$dir/oauth2.conf" <<-END
	introspection_mode = local
	local_validation_key_dict = fs:posix:prefix=$dir/keys/
	username_attribute = sub
	END
	mailio=$(dirname "$0")/../e2e/mailio.py
	python3 -I "$mailio" token "signed by $$" desk 3600 >"$dir/token"
	python3 -I "$mailio" token "signed by $$" desk -3600 >"$dir/token.old"
}

start() {
	[ -x "$dovecot" ] || exit 77
	mkdir -p "$dir/mail" "$dir/run"
	[ "$(id -u)" != 0 ] || { chown nobody "$dir/mail"; chmod 711 "$dir"; }
	[ -f "$dir/ca.pem" ] || make_certs >"$dir/openssl.log" 2>&1
	make_tokens
	# shellcheck disable=SC2046
	set -- $(free_ports) "$@"
	ports="$1 $2"
	write_conf "$1" "$2"
	shift 2
	for line in "$@"; do echo "$line" >>"$dir/dovecot.conf"; done
	"$dovecot" -c "$dir/dovecot.conf" >"$dir/start.log" 2>&1
	echo "$ports"
}

# It holds nothing worth a slow farewell; its processes end when their master has.
stop() {
	[ -f "$dir/run/master.pid" ] || return 0
	kill -9 "$(cat "$dir/run/master.pid")" 2>/dev/null || true
	rm -f "$dir/run/master.pid"
}

case $1 in
start) shift 2; start "$@" ;;
stop) stop ;;
*) echo "usage: dovecot.sh start|stop DIR" >&2; exit 64 ;;
esac
