/*
 * The hand-over sheet of a case: at most two A4 pages for whoever goes on with it, to
 * be ticked and signed on paper. Nothing of a mail's content. Values in, text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SHEET_H
#define VIEW_SHEET_H

#include "rule/policy.h"
#include "view/json_record.h"

/*
 * The sheet as a page of HTML for print, in the view's arena. `to` is who takes over,
 * NULL for a name written by hand. Of many messages, deadlines, sites or staff as many
 * stand there as the first page holds, with how many more there are; the second holds the
 * shipped checklist.
 */
char *sheet_html(const struct json_view *view, const struct json_case *what,
	enum language language, const struct policy_staff *to);

/* The same as plain text, in the view's arena: nothing is cut, since no page ends. */
char *sheet_text(const struct json_view *view, const struct json_case *what,
	enum language language, const struct policy_staff *to);

#endif
