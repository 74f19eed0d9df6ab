/*
 * How a digest looks: plain text from records, and the same as HTML 4 tables
 * with inline styles. Values in, text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_DIGEST_H
#define VIEW_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "rule/policy.h"
#include "rule/record.h"

struct arena;

/* What a digest tells. */
struct digest {
	const struct policy_desk *desk;
	enum language language;
	int64_t now;
	const struct record_case *cases;	/* open ones; told the most urgent first */
	size_t case_count;
	const struct record_outbox *outbox;	/* held, deferred and failed ones */
	size_t outbox_count;
	const struct record_message *unfiled;
	size_t unfiled_count;
	int64_t unrelated_count;		/* since the last digest is not known here: all of them */
	const char *log_head;			/* hex */
};

/* The body as plain text, aligned by columns; numbers, dates and what to do, nothing of a mail's content. */
char *digest_text(struct arena *arena, const struct digest *digest);

/* The same text as a whole HTML document: headings, and tables where the text has aligned rows. */
char *digest_html(struct arena *arena, const char *title, const char *text, enum language language);

#endif
