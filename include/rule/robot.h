/*
 * Mail that a program wrote and did not mark as RFC 3834 and RFC 3464 ask: the
 * older header fields, an answering program's own words, failure notices
 * without a report part; and the window's own mailing list, which marks all
 * that comes through it. What any of these is worth is decide_row.c's. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_ROBOT_H
#define RULE_ROBOT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct message;
struct phrase_text;
struct policy_desk;

/* Fields older than RFC 3834: X-Autoreply, X-Autorespond, Precedence: auto_reply. */
bool robot_marked(struct arena *arena, const struct message *message);

/*
 * Whether the mail's only mark of a list is that it came through the window's
 * own: List-Post or List-Id names an address of the desk, and Precedence is no
 * other than list.
 */
bool robot_own_list(struct arena *arena, const struct policy_desk *desk,
	const struct message *message);

/*
 * Whether the subject begins as an absence notice or automatic answer does, or
 * the writer's own text says that a program sent it. text may be NULL.
 */
bool robot_words(struct arena *arena, const char *subject, const struct phrase_text *text);

struct robot_notice {
	bool failed;		/* for good; false: delayed, and tried further */
	const char *returned_id;	/* "<…>" of the mail that it returns, as far as its text tells; or NULL */
};

/*
 * Whether a mail system's own address tells in words that a mail was not
 * delivered: Exim, qmail, sendmail, Exchange, providers. Under an empty
 * Return-Path another address may do so, in its subject.
 */
bool robot_failure_notice(struct arena *arena, const struct message *message,
	struct robot_notice *notice_r);

/* The words, in their match copy's spelling; NULL beyond the last. */
const char *robot_word(size_t index);

#endif
