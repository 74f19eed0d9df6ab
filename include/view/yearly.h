/*
 * A year of the working calendar as a person checks it: twelve months, closed
 * days marked, and the reason of each beneath. Values in, text out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_YEARLY_H
#define VIEW_YEARLY_H

struct arena;
struct json_view;
struct jsontext;
struct policy;

/* As text, `width` columns wide at most (0: three months side by side). */
char *yearly_text(struct arena *arena, const struct policy *policy, int year, unsigned width);

/* {year, country, known, business_days, closed: [{date, weekday, why}]} */
struct jsontext *yearly_json(struct arena *arena, const struct policy *policy, int year);

#endif
