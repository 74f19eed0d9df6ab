/*
 * What a digest is made of, as plain values: what is owed, what came, what was answered,
 * what waits for a person. It may go in clear, so nothing of a mail's content has a place
 * here, nor an address. Strings live in the arena that they were read into.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_DAILY_H
#define RULE_DAILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/kinds.h"

/* A case as a row names it. */
struct daily_case {
	int64_t id;		/* 0 for none */
	const char *number;	/* its main one, or NULL */
	bool bound;		/* false: the number is only claimed */
};

/* A deadline that is pending, or an item of the list for trouble under way. */
struct daily_owed {
	struct daily_case of;
	enum deadline_kind kind;
	const char *item;	/* "stop-site"; then kind counts for nothing. NULL for a deadline */
	int64_t began, due;	/* began: when the mail that opened it came, else when the case was opened */
	const char *assignee;	/* or NULL */
};

/* A mail that came. */
struct daily_mail {
	struct daily_case of;
	int64_t id, received_at;
	enum mail_kind kind;
	enum trust trust;
	bool encrypted;
};

/* A letter that went out; one that a person wrote in a mail client has no entry and no proof. */
struct daily_sent {
	struct daily_case of;
	int64_t entry, sent_at;
	enum mail_kind kind;
	const char *reply;	/* the server's whole reply, or NULL: see view/digest for what is told of it */
	const char *sha256;	/* hex, or NULL */
	bool encrypted;
};

/* A letter that does not go out by itself. */
struct daily_stuck {
	struct daily_case of;
	int64_t entry, next_try_at;
	enum mail_kind kind;
	enum outbox_state state;
	const char *why;	/* why it is held, or NULL */
};

/* Open cases of a phase, and how many items of the checklist are ticked in them. */
struct daily_progress {
	int64_t cases, ticks;
};

/* Lists hold the first rows of what the number beside them counts whole. */
struct daily {
	int64_t since, now;	/* what came and was answered came on record between */
	int64_t newest;		/* the message that was on record last when this was read, 0 for none */
	struct daily_owed *owed;	/* the most urgent first */
	size_t owed_count;
	int64_t owed_all, overdue, soon;	/* soon: due at soon_until or before, and not overdue */
	int64_t soon_until;
	struct daily_mail *came;	/* the newest first; but for unrelated and own mail */
	size_t came_count;
	int64_t came_all;
	struct daily_sent *sent;	/* the newest first */
	size_t sent_count;
	int64_t sent_all;
	struct daily_stuck *stuck;	/* held, deferred and failed ones, the oldest first */
	size_t stuck_count;
	int64_t outbox[OUTBOX_STATES];	/* entries of the desk; sent and dropped ones are not counted */
	struct daily_mail *unfiled;	/* the newest first */
	size_t unfiled_count;
	int64_t unfiled_all, unrelated;	/* unrelated: since then */
	struct daily_progress progress[PHASES];
	char log_head[65];	/* hex */
};

#endif
