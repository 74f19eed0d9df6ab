/*
 * Certificates by GnuTLS. A certificate's author is its CA's customer: every
 * name in it is taken with its length, never as a string that a NUL ends.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/x509.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "mail/address.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#define NAMES_MAX 64	/* names of one certificate that are looked at */
#define NAME_BYTES 512	/* of one of them; a longer one is no address */

static int64_t
instant(time_t at)
{
	return at == (time_t)-1 ? 0 : (int64_t)at * CLOCK_SECOND;
}

static const char *
subject_of(struct arena *arena, gnutls_x509_crt_t certificate)
{
	gnutls_datum_t dn = { NULL, 0 };
	const char *name = "";

	if (gnutls_x509_crt_get_dn3(certificate, &dn, 0) == 0) {
		name = utf8_repair(arena, (const char *)dn.data, dn.size, NULL);
		gnutls_free(dn.data);
	}
	return name[0] != '\0' ? name : "without a name";
}

static bool
take(struct arena *arena, gnutls_x509_crt_t certificate, struct x509_certificate *out)
{
	gnutls_datum_t der = { NULL, 0 };
	unsigned char sha1[20];
	size_t size = sizeof(sha1);

	if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der) != 0)
		return false;
	out->der = arena_memdup(arena, der.data, der.size);
	out->len = der.size;
	gnutls_free(der.data);
	if (gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA1, sha1, &size) != 0)
		return false;
	for (size_t i = 0; i < sizeof(sha1); i++)
		(void)snprintf(out->sha1 + 2 * i, 3, "%02X", (unsigned)sha1[i]);
	out->name = subject_of(arena, certificate);
	out->not_before = instant(gnutls_x509_crt_get_activation_time(certificate));
	out->not_after = instant(gnutls_x509_crt_get_expiration_time(certificate));
	out->root = gnutls_x509_crt_check_issuer(certificate, certificate) != 0;
	return true;
}

enum outcome
x509_read(struct arena *arena, const void *bytes, size_t len, struct x509_list *list_r,
	struct err *err_r)
{
	gnutls_datum_t pem = { (unsigned char *)(uintptr_t)bytes, (unsigned)len };
	gnutls_x509_crt_t *list = NULL;
	struct x509_list out = { .count = 0 };
	unsigned count = 0;
	bool well = true;
	int fault;

	if (len > X509_FILE_MAX)
		return err_set(err_r, NEVER, "it is larger than %u bytes", X509_FILE_MAX);
	fault = gnutls_x509_crt_list_import2(&list, &count, &pem, GNUTLS_X509_FMT_PEM, 0);
	if (fault == GNUTLS_E_NO_CERTIFICATE_FOUND || (fault >= 0 && count == 0))
		return err_set(err_r, NEVER, "it holds no certificate");
	if (fault < 0)
		return err_set(err_r, NEVER, "a certificate in it cannot be read: %s",
			gnutls_strerror(fault));
	well = count <= X509_LIST_MAX;
	out.at = arena_calloc(arena, well ? count : 1, sizeof(*out.at));
	for (unsigned i = 0; i < count; i++) {
		well = well && take(arena, list[i], &out.at[out.count++]);
		gnutls_x509_crt_deinit(list[i]);
	}
	gnutls_free(list);
	if (!well)
		return err_set(err_r, NEVER, "it holds too many certificates, or a broken one");
	*list_r = out;
	return DONE;
}

/* One name, if it is an address as it stands. */
static void
add(const char *name, size_t len, char list[][FACTS_CERTIFICATE_ADDRESS], size_t *count)
{
	char *to = list[*count];

	if (*count == FACTS_CERTIFICATE_ADDRESSES || len == 0 || len >= FACTS_CERTIFICATE_ADDRESS ||
	    memchr(name, '\0', len) != NULL)
		return;
	memcpy(to, name, len);
	to[len] = '\0';
	if (!address_valid(to))
		to[0] = '\0';
	else
		++*count;
}

static void
add_alternatives(gnutls_x509_crt_t certificate, char list[][FACTS_CERTIFICATE_ADDRESS],
	size_t *count)
{
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		char name[NAME_BYTES];
		size_t len = sizeof(name);
		int kind = gnutls_x509_crt_get_subject_alt_name(certificate, i, name, &len, NULL);

		if (kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return;
		if (kind == GNUTLS_SAN_RFC822NAME)
			add(name, len, list, count);
	}
}

static void
add_subject(gnutls_x509_crt_t certificate, char list[][FACTS_CERTIFICATE_ADDRESS], size_t *count)
{
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		char name[NAME_BYTES];
		size_t len = sizeof(name);
		int fault = gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_PKCS9_EMAIL, i, 0,
			name, &len);

		if (fault == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return;
		if (fault == 0)
			add(name, len, list, count);
	}
}

/* RFC 8550 4.4.2, 4.4.4: what says for what it was made must have been made to sign, and for mail. */
static bool
may_sign_mail(gnutls_x509_crt_t certificate)
{
	unsigned usage = 0;
	bool limited = false;

	if (gnutls_x509_crt_get_key_usage(certificate, &usage, NULL) == 0 &&
	    (usage & (GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION)) == 0)
		return false;
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		char purpose[NAME_BYTES];
		size_t len = sizeof(purpose);

		if (gnutls_x509_crt_get_key_purpose_oid(certificate, i, purpose, &len, NULL) != 0)
			break;
		limited = true;
		if (strcmp(purpose, GNUTLS_KP_EMAIL_PROTECTION) == 0 ||
		    strcmp(purpose, GNUTLS_KP_ANY) == 0)
			return true;
	}
	return !limited;
}

size_t
x509_addresses(const void *der, size_t len,
	char list_r[static FACTS_CERTIFICATE_ADDRESSES][FACTS_CERTIFICATE_ADDRESS])
{
	gnutls_datum_t data = { (unsigned char *)(uintptr_t)der, (unsigned)len };
	gnutls_x509_crt_t certificate;
	size_t count = 0;

	if (gnutls_x509_crt_init(&certificate) != 0)
		return 0;
	if (gnutls_x509_crt_import(certificate, &data, GNUTLS_X509_FMT_DER) == 0 &&
	    may_sign_mail(certificate)) {
		add_alternatives(certificate, list_r, &count);
		add_subject(certificate, list_r, &count);
	}
	gnutls_x509_crt_deinit(certificate);
	return count;
}
