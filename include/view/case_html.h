/*
 * One case as a page for the screen: what `case show --json` tells of it, in the words
 * of a person's language. Nothing of a mail's content (doc/RULES 3). Values in, text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_CASE_HTML_H
#define VIEW_CASE_HTML_H

#include "rule/policy.h"
#include "view/json_record.h"

/*
 * The whole page, in the view's arena. Opened texts of `what` are not told. `back` is the
 * page that leads to it, as it stands in a link, NULL for none: a page of a site that many
 * may read, on which neither senders nor subjects nor finders' addresses stand.
 */
char *case_html(const struct json_view *view, const struct json_case *what,
	enum language language, const char *back);

/* "IPA#12345678", marked where it is only claimed; "案件 7" where there is none. */
char *case_heading(const struct json_view *view, const struct record_case *record,
	enum language language);

/* Strings and ids with commas between them; NULL for none. */
char *case_joined(const struct json_view *view, const char *const *list, size_t count);
char *case_ids(const struct json_view *view, const int64_t *list, size_t count);

#endif
