/*
 * Authentication-Results (RFC 8601): the topmost field of a trusted
 * authserv-id, and what it says on DMARC and on DKIM aligned with From.
 * Everything that is not clearly a pass of such a field counts as nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_AUTH_RESULTS_H
#define MAIL_AUTH_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum auth_verdict { AUTH_NONE, AUTH_PASS, AUTH_FAIL, AUTH_VERDICTS };

struct auth_results {
	enum auth_verdict dmarc;
	bool dkim_aligned;	/* some dkim=pass whose header.d (or header.i) is From's domain or a parent of it that is no public suffix of one label */
	bool trusted;		/* a field of a trusted id was there at all */
	size_t host;		/* then: whose, an index into the trusted ids */
};

/*
 * values: the raw values of every Authentication-Results field, topmost first.
 * ids: the trusted authserv-ids. from: the one From address, "" when there are
 * several (then nothing is aligned).
 */
void auth_results_read(struct arena *arena, const char *const *values, size_t count,
	const char *const *ids, size_t id_count, const char *from, struct auth_results *results_r);

#define AUTH_ID_MAX 255	/* bytes of an authserv-id */

/* The authserv-id of one field's value: printable ASCII; "" when it has none that is usable. */
const char *auth_results_id(struct arena *arena, const char *value);

#endif
