/*
 * Titles of cases: "IPA#12345678 https://www.example.co.jp/ contact-request".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/title.h"

#include "base/text.h"

#include <stddef.h>

char *
title_make(struct arena *arena, const char *number, const char *site, const char *what)
{
	struct text title;

	text_init(&title, arena, TITLE_MAX);
	if (number != NULL)
		text_addf(&title, "%s ", number);
	if (site != NULL)
		text_addf(&title, "%s ", site);
	text_add(&title, what);
	return title.data;
}
