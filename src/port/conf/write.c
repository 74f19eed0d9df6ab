/*
 * A value as libconfig reads it again. The one thing that is ever written of a
 * conf file; no file is opened here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/conf.h"

void
conf_put_string(struct text *text, const char *string)
{
	text_add_char(text, '"');
	for (const char *at = string; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;

		if (c == '"' || c == '\\')
			text_addf(text, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			text_addf(text, "\\x%02x", c);
		else
			text_add_char(text, *at);
	}
	text_add_char(text, '"');
}
