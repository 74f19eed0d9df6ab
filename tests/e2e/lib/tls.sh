# shellcheck shell=dash
# Throw-away certificates: what the mail servers show, good or bad in one way, and what signs
# S/MIME.
# SPDX-License-Identifier: GPL-3.0-or-later

# certificate_authority: $T/ca.pem, a CA of this story alone.
certificate_authority() {
	mkdir -m 700 "$T/srv/tls"
	new_certificate "$T/ca.pem" "$T/srv/tls/ca.key" -subj /CN=throw-away-ca -days 100 \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
}

# new_certificate CERT KEY ARGS...: one EC key and certificate.
new_certificate() {
	_cert=$1
	_key=$2
	shift 2
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-keyout "$_key" -out "$_cert" "$@" 2>"$T/srv/tls/log"
}

# servers_cert_make KIND: writes the certificate that both servers show. KIND: good (127.0.0.1,
# localhost), wrong-name, expired, unknown (not by our CA), self (signed by itself). CERT_DAYS: how
# long it is good.
servers_cert_make() {
	_tls=$T/srv/tls
	_names=DNS:localhost,IP:127.0.0.1
	_issuer=ca
	case $1 in
	good | expired | self) ;;
	wrong-name) _names=DNS:elsewhere.example.net ;;
	unknown)
		_issuer=other
		new_certificate "$_tls/other.pem" "$_tls/other.key" -subj /CN=other-ca -days 2
		;;
	*) story_fail "no such kind of certificate: $1" ;;
	esac
	cp "$T/ca.pem" "$_tls/ca.pem"
	if [ "$1" = expired ]; then
		expired_certificate "$_names"
	elif [ "$1" = self ]; then
		new_certificate "$_tls/server.pem" "$_tls/server.key" -subj /CN=localhost \
			-days "${CERT_DAYS:-2}" -addext "subjectAltName=$_names"
	else
		new_certificate "$_tls/server.pem" "$_tls/server.key" -subj /CN=localhost \
			-days "${CERT_DAYS:-2}" \
			-CA "$_tls/$_issuer.pem" -CAkey "$_tls/$_issuer.key" \
			-addext "subjectAltName=$_names" -addext basicConstraints=critical,CA:FALSE
	fi
	cat "$_tls/server.key" "$_tls/server.pem" >"$_tls/chain.pem"
}

# expired_certificate NAMES: `openssl req` of Debian 12 cannot write a past date; `openssl ca` can.
expired_certificate() {
	cat >"$_tls/ca.conf" <<-END
	[ca]
	default_ca = d
	[d]
	database = $_tls/index
	serial = $_tls/serial
	new_certs_dir = $_tls
	default_md = sha256
	policy = p
	x509_extensions = x
	[p]
	commonName = supplied
	[x]
	subjectAltName = $1
	END
	: >"$_tls/index"
	echo 01 >"$_tls/serial"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
		-keyout "$_tls/server.key" -out "$_tls/server.csr" 2>"$_tls/log"
	openssl ca -batch -notext -config "$_tls/ca.conf" -cert "$_tls/ca.pem" \
		-keyfile "$_tls/ca.key" -startdate 20200101000000Z -enddate 20200201000000Z \
		-in "$_tls/server.csr" -out "$_tls/server.pem" 2>"$_tls/log"
}

# servers_cert KIND: both servers show another certificate from now on, same ports.
servers_cert() {
	servers_cert_make "$1"
	servers_stop
	if ! imap_start || ! smtp_start; then
		story_fail 'the servers start with another certificate'
	fi
}

# smime_new ADDRESS: a certificate for S/MIME by the CA $T/smime-ca.pem, made at the first call;
# prints CERT:KEY, as mkmail.py's --smime-sign takes it.
smime_new() {
	_tls=$T/srv/tls
	_id=$_tls/smime.$(random_word)
	mkdir -p "$_tls"
	if [ ! -e "$T/smime-ca.pem" ]; then
		new_certificate "$T/smime-ca.pem" "$_tls/smime-ca.key" -subj /CN=smime-ca \
			-days 2 -addext basicConstraints=critical,CA:TRUE \
			-addext keyUsage=critical,keyCertSign
	fi
	new_certificate "$_id.pem" "$_id.key" -subj "/CN=$1" -days 2 \
		-CA "$T/smime-ca.pem" -CAkey "$_tls/smime-ca.key" \
		-addext "subjectAltName=email:$1" -addext basicConstraints=critical,CA:FALSE \
		-addext keyUsage=digitalSignature -addext extendedKeyUsage=emailProtection
	echo "$_id.pem:$_id.key"
}
