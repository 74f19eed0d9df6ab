/*
 * Mail of the site's own web forms: which form it came through, what was
 * written into it, and the address that the writer gave. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_FORM_H
#define RULE_FORM_H

#include <stdbool.h>

struct arena;
struct message;
struct policy;
struct policy_form;

/*
 * The form whose mailer's address is the one From; one whose only_if is satisfied
 * goes first. -1 for none.
 */
int form_find(struct arena *arena, const struct policy *policy, const struct message *message);

/* Whether only_if stands in the mail; true when none is asked for. */
bool form_chosen(struct arena *arena, const struct policy_form *form,
	const struct message *message);

/*
 * What follows the label text_field in the mail's text: on its line, or below it.
 * The whole text when the label is not there. Points into message->text.
 */
const char *form_text(struct arena *arena, const struct policy_form *form,
	const struct message *message);

/*
 * The address beside or below the label reply_field; NULL when there is none or
 * it is not valid.
 */
const char *form_reply(struct arena *arena, const struct policy_form *form,
	const struct message *message);

#endif
