/*
 * A person's letter in a case: made, shown, sealed, and put into the outbox together
 * with its sealed bytes, in one transaction. Its text is in memory alone until it is
 * sealed. Over an engine that is open for its rooms; the daemon sends.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_REPLIES_H
#define FLOW_REPLIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "mail/compose.h"
#include "rule/policy.h"
#include "rule/record.h"
#include "rule/reply.h"

struct arena;
struct engine;

#define REPLY_LETTERS 2		/* the letter, and the coordinator's copy of it */
#define REPLY_TEXT_MAX ((size_t)256 * 1024)		/* bytes of what a person writes */
#define REPLY_ATTACH_MAX ((size_t)24 * 1024 * 1024)	/* bytes of all attachments */

/* What a person wants to be sent. */
struct reply {
	size_t desk;
	const struct record_case *record;
	enum mail_kind kind;
	enum reply_result result;	/* of a finding */
	int64_t until;			/* of an extension, else 0 */
	enum language language;		/* of its frame */
	int coordinator;		/* index in the policy: the addressee, or in copy; -1 for none */
	const char *finder;		/* the addressee, NULL: the coordinator */
	const char *body;		/* "" for none */
	const struct compose_attachment *attachments;
	size_t attachment_count;
	int64_t now;
	const char *who;		/* for the log */
};

/* A letter that is ready to be sealed; in the arena. */
struct reply_letter {
	const char *to;			/* of its envelope */
	const char *keys[2];		/* fingerprints that it goes under: theirs and the desk's */
	const char *outer_subject, *subject, *text;
	struct record_outbox *entry;
	struct letter *letter;
};

struct reply_letters {
	struct reply_letter at[REPLY_LETTERS];	/* the addressee's first */
	size_t count;
};

/*
 * The finder of the case who may be written to: who agreed to a direct exchange (the
 * only one, or the one whose address is `address`), else who reported it to us himself.
 * NULL with the reason.
 */
const char *replies_finder(struct engine *engine, struct arena *arena,
	const struct record_case *record, const char *address, struct err *err_r);

/* Makes them. NEVER: no usable key of one addressee, too large, or what no field can hold. */
enum outcome replies_make(struct engine *engine, struct arena *arena, const struct reply *reply,
	struct reply_letters *letters_r, struct err *err_r);

/*
 * Has them sealed and queues all of them or none; their ids. What was sealed is gone afterwards,
 * so that it may be tried as often as the person likes.
 */
enum outcome replies_queue(struct engine *engine, const struct reply *reply,
	const struct reply_letters *letters, int64_t ids_r[REPLY_LETTERS], struct err *err_r);

#endif
