/*
 * The records as values: what the store holds and what views show. Plain
 * structs; strings live in the arena that they were read into.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_RECORD_H
#define RULE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/facts.h"
#include "rule/kinds.h"
#include "rule/policy.h"

struct record_attachment {
	const char *name;	/* NULL when it may not be kept */
	const char *type;
	int64_t size;
};

struct record_message {
	int64_t id;
	const char *desk;
	enum direction direction;
	enum mail_kind kind;
	enum stage stage;
	enum trust trust;
	const char *message_id;		/* or NULL */
	const char *from, *to;		/* as in the header field, or NULL */
	int64_t date;			/* 0 when there is none */
	int64_t received_at;		/* INTERNALDATE, or when we made it */
	const char *subject;		/* outer when sealed, or NULL */
	bool encrypted;
	const char *signed_by;		/* fingerprint or NULL */
	const char *folder;		/* of its first place, or NULL */
	const char *problems;		/* one a line */
	const char *why;		/* JSON-free lines of `message why`: "key: value" */
	unsigned char sha256[32];	/* of the raw bytes as they came */
	int64_t size;
	bool has_raw;			/* the whole is kept */
	bool boxed;			/* what is kept is crypto_box_seal'ed */
	bool staff_trusted, staff_forged;
	bool unfiled;
	struct record_attachment *attachments;
	size_t attachment_count;
	int64_t *cases;			/* the cases it belongs to */
	size_t case_count;
};

struct record_deadline {
	int64_t id, case_id;
	const char *item;		/* of the list for trouble under way, else NULL; with one id and kind are nothing */
	enum deadline_kind kind;
	int64_t due;
	enum deadline_state state;
	enum deadline_source source;
	int64_t from_message, met_by;	/* message ids, 0 for none */
	enum stage stage;		/* of from_message */
	const char *asked;		/* in a case's list: to whom from_message went, if ours */
};

struct record_number {
	const char *coordinator;	/* or NULL */
	const char *number;
	bool bound;
};

/* A finder who agreed to write and be written to directly. */
struct record_finder {
	const char *address;
	int64_t consented_at;
};

/* A case that was made part of another. */
struct record_merged {
	int64_t id, at;
};

struct record_tick {
	const char *item;
	int64_t done_at;
	const char *done_by;
};

struct record_item_due {
	const char *item;
	int64_t due;
};

/* The list for trouble under way; its items are ticked as the checklist's are. */
struct record_incident {
	int64_t opened_at;
	const char *opened_by;
	struct record_item_due *dues;
	size_t due_count;
};

struct record_log {
	int64_t at;
	const char *who;
	const char *what;
	char hash[65];
};

struct record_case {
	int64_t id;
	const char *desk;
	const char *title;
	const char *coordinator;	/* or NULL */
	enum origin origin;
	enum case_state state;
	enum stage stage;
	enum phase phase;
	enum trust trust;
	bool number_bound;
	const char *assignee;		/* or NULL */
	int64_t opened_at, updated_at;
	int64_t messages;
	const char **numbers;		/* canonical; the first is the main one */
	size_t number_count;
	const char **sites;
	size_t site_count;
	int64_t *beside;
	size_t beside_count;
	bool has_deadline;
	struct record_deadline next_deadline;
};

struct record_outbox {
	int64_t id;
	int64_t case_id;		/* 0 for none */
	const char *desk;
	enum mail_kind kind;
	enum stage stage;
	const char *to;
	enum outbox_state state;
	int tries;
	int64_t next_try_at, first_try_at;	/* 0 for none */
	int64_t trying;			/* since when an attempt is under way, 0 for none */
	const char *last_error;		/* or NULL */
	const char *message_id;
	int64_t created_at;
	int64_t sent_at;		/* 0 until sent */
	const char *smtp_reply;		/* or NULL */
	const char *sha256;		/* hex of the bytes that were sent, or NULL */
	const char *keys;		/* fingerprints sealed to, comma separated, or NULL */
	const char *hold_why;		/* or NULL */
	bool sealed;			/* the bytes to send are there */
	bool copied;			/* the copy lies in Sent, or none is wanted */
	int64_t answers;		/* message that it answers, 0 for none */
	int64_t message;		/* its own row among messages, 0 until made */
	const char *staff;		/* staff title for alerts and digests, or NULL */
	const char *params;		/* what the template needs: lines "key: value"; nothing of a sealed mail's content */
};

#endif
