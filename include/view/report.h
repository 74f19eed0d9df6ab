/*
 * The first page of a static site of all cases: a line for each, the most urgent first,
 * which leads to the case's own page (view/case_html.h). Values in, text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_REPORT_H
#define VIEW_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "rule/policy.h"
#include "view/json_record.h"

#define REPORT_INDEX "index.html"

/* The name of a case's page; and whose page bears that name, 0 for any other name. */
char *report_page(struct arena *arena, int64_t case_id);
int64_t report_page_of(const char *name);

/*
 * Open cases first; in each half by the next deadline, those without one last. `list` is
 * sorted in place. In the view's arena.
 */
char *report_index(const struct json_view *view, struct record_case **list, size_t count,
	enum language language);

#endif
