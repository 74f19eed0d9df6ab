/*
 * What is wrong with a server's certificate. libcurl says no more than that it
 * was not accepted; GnuTLS is asked why, while its session still stands. Only
 * for a sentence: what is accepted is libcurl's decision alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/handle.h"

#include <curl/curl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

static bool
signed_by_itself(gnutls_session_t session)
{
	const gnutls_datum_t *chain;
	gnutls_x509_crt_t certificate;
	unsigned count = 0;
	bool alone = false;

	chain = gnutls_certificate_get_peers(session, &count);
	if (chain == NULL || count != 1 || gnutls_x509_crt_init(&certificate) != 0)
		return false;
	if (gnutls_x509_crt_import(certificate, chain, GNUTLS_X509_FMT_DER) == 0)
		alone = gnutls_x509_crt_check_issuer(certificate, certificate) != 0;
	gnutls_x509_crt_deinit(certificate);
	return alone;
}

const char *
handle_certificate_fault(void *easy)
{
	struct curl_tlssessioninfo *info = NULL;
	gnutls_session_t session;
	unsigned status = 0;

	if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || info == NULL ||
		info->backend != CURLSSLBACKEND_GNUTLS || info->internals == NULL)
		return NULL;
	session = info->internals;
	if (gnutls_certificate_verify_peers2(session, &status) != 0)
		return NULL;
	if (status & GNUTLS_CERT_EXPIRED)
		return "it has expired";
	if (status & GNUTLS_CERT_NOT_ACTIVATED)
		return "it is not valid yet";
	if (status & GNUTLS_CERT_REVOKED)
		return "it was revoked";
	if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
		return "it is signed by an algorithm that is broken";
	if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
		return signed_by_itself(session) ? "it is signed by itself alone" :
						   "its issuer is not trusted";
	return NULL;
}
