/*
 * Replies taken apart. Bytes from the server, of which any may be anything:
 * must not read behind them nor let a control character through.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/smtp_private.h"

#include <string.h>
#include <strings.h>

bool
smtp_line_read(const char *line, struct smtp_line *line_r)
{
	struct smtp_line read = { .code = 0 };
	size_t i;

	for (i = 0; i < 3; i++) {
		if (line[i] < '0' || line[i] > '9')
			return false;
		read.code = read.code * 10 + (line[i] - '0');
	}
	if (read.code < 200 || read.code > 599)
		return false;
	if (line[3] != '\0' && line[3] != ' ' && line[3] != '-')
		return false;
	read.last = line[3] != '-';
	read.text = line[3] == '\0' ? line + 3 : line + 4;
	*line_r = read;
	return true;
}

void
smtp_printable(const char *line, char *text_r, size_t room)
{
	size_t i;

	for (i = 0; i + 1 < room && line[i] != '\0'; i++)
		text_r[i] = line[i] >= ' ' && line[i] <= '~' ? line[i] : '?';
	text_r[i] = '\0';
}

bool
smtp_has_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	while (*line != '\0') {
		line += strspn(line, " ");
		if (strncasecmp(line, word, len) == 0 && (line[len] == ' ' || line[len] == '\0'))
			return true;
		line += strcspn(line, " ");
	}
	return false;
}
