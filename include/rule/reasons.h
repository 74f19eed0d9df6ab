/*
 * The reasons that are kept with each message (`message why`), read again: which
 * numbers and sites it named. They are written by rule/argue, a line
 * each: "number: IPA#12345678 in the subject, layer 0", "site: https://…". Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_REASONS_H
#define RULE_REASONS_H

#include <stdbool.h>

#define REASONS_QUOTED "quoted text"	/* the place of a number that is not the mail's own */

/* Whether it names that canonical number; own: not only where it quotes. `why` may be NULL. */
bool reasons_name_number(const char *why, const char *number, bool own);

/* Whether it names that site, as the conf writes it. */
bool reasons_name_site(const char *why, const char *site);

#endif
