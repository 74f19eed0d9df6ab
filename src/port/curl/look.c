/*
 * The look over libcurl's CONNECT_ONLY, as port/pipe connects, with the
 * certificate's own words kept, also those of one that is refused. Must not log
 * in, and tells of the certificate no more than its last day and its issuer.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/look.h"

#include "base/clock.h"
#include "base/text.h"
#include "port/handle.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

/* The scheme with which libcurl goes as far as TLS and no further. */
static const char *
scheme_of(const struct conf_server *server, enum look_protocol protocol)
{
	if (server->implicit_tls)
		return "https";
	if (server->tls == TLS_NONE)
		return "http";
	return protocol == LOOK_SMTP ? "smtp" : "imap";
}

static bool
set_up(CURL *easy, int connect_ms)
{
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)connect_ms);
	return bad == CURLE_OK;
}

/* Where it stopped. What libcurl tells of the time says whether the name was found. */
static enum look_step
step_of(CURL *easy, CURLcode result, const struct look *look)
{
	curl_off_t name_us = 0;

	if (result == CURLE_OK)
		return LOOK_STEPS;
	if (result == CURLE_COULDNT_RESOLVE_HOST)
		return LOOK_NAME;
	if (result == CURLE_COULDNT_CONNECT || !look->tls)
		return LOOK_CONNECT;
	if (result != CURLE_OPERATION_TIMEDOUT || look->good_until != 0)
		return LOOK_TLS;
	if (curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &name_us) == CURLE_OK &&
		name_us == 0)
		return LOOK_NAME;
	return LOOK_CONNECT;
}

/* "2026-11-30 16:40:59 GMT", 0 when it is not that. */
static int64_t
date_of(const char *words)
{
	int64_t at;

	return words != NULL && clock_parse(words, "UTC", &at) ? at : 0;
}

static const char *
word_of(const struct curl_slist *words, const char *name)
{
	for (; words != NULL; words = words->next) {
		if (text_starts(words->data, name))
			return words->data + strlen(name);
	}
	return NULL;
}

/* The server's own certificate is the first of those that it shows. */
static void
read_certificate(CURL *easy, struct look *look)
{
	struct curl_certinfo *shown = NULL;
	const char *subject, *issuer, *until;
	char date[sizeof("2026-11-30 16:40:59")];

	if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &shown) != CURLE_OK || shown == NULL ||
		shown->num_of_certs < 1)
		return;
	subject = word_of(shown->certinfo[0], "Subject:");
	issuer = word_of(shown->certinfo[0], "Issuer:");
	until = word_of(shown->certinfo[0], "Expire Date:");
	look->self_signed = subject != NULL && text_equal(subject, issuer);
	if (until == NULL)
		return;
	snprintf(date, sizeof(date), "%s", until);
	look->good_until = date_of(date);
}

enum outcome
look_at(const struct conf_server *server, enum look_protocol protocol, int connect_ms,
	struct look *look_r, struct err *err_r)
{
	struct look look = { .failed = LOOK_NAME, .tls = server->tls != TLS_NONE };
	struct handle *handle;
	enum outcome outcome;
	CURLcode result;

	*look_r = look;
	outcome = handle_new(server, "https,http,imap,smtp", &handle, err_r);
	if (outcome != DONE)
		return outcome;
	/* For SMTP the path is the name that EHLO gives. */
	outcome = handle_url(handle, scheme_of(server, protocol),
		protocol == LOOK_SMTP ? "localhost" : "", err_r);
	if (outcome == DONE && !set_up(handle_easy(handle), connect_ms))
		outcome = err_set(err_r, NEVER, "libcurl does not take the settings for %s",
			server->host);
	if (outcome == DONE) {
		result = curl_easy_perform(handle_easy(handle));
		read_certificate(handle_easy(handle), &look);
		look.failed = step_of(handle_easy(handle), result, &look);
		*look_r = look;
		if (result != CURLE_OK)
			outcome = handle_failed(handle, (int)result, err_r);
	}
	handle_hush(handle);
	handle_free(&handle);
	return outcome;
}
