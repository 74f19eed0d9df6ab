/*
 * The words of mail that the desk sends: templates (conf/templates/LANG/NAME)
 * with {{placeholders}} filled in. A placeholder that nobody gives is an error
 * at start-up, not an empty space in a mail. Values in, text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_MAILTEXT_H
#define VIEW_MAILTEXT_H

#include <stddef.h>

#include "base/err.h"

struct arena;

struct mailtext_value {
	const char *name, *value;
};

/* A filled template: its first line "Subject: …" is the subject, the rest behind an empty line the body. */
struct mailtext {
	char *subject;
	char *body;
};

/* Fills {{name}} and drops a {{#name}}…{{/name}} section whose value is NULL or "". Values are not scanned again. */
enum outcome mailtext_fill(struct arena *arena, const char *template_text,
	const struct mailtext_value *values, size_t count, struct mailtext *mail_r, struct err *err_r);

#endif
