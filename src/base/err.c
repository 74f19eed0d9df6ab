/*
 * The sentence that goes with an outcome: formatted, made one clean line, cut
 * where a character ends. Must not allocate: it is what tells of exhaustion too.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
err_keep(struct err *err, char *sentence)
{
	size_t len;

	text_one_line(sentence);
	len = utf8_cut(sentence, ERR_TEXT_MAX - 1);
	memcpy(err->text, sentence, len);
	err->text[len] = '\0';
}

/* Cuts where a character ends, which the few bytes printed beyond the cut show. */
static void
err_format(char *buffer, size_t size, const char *format, va_list args)
{
	if (vsnprintf(buffer, size, format, args) < 0)
		buffer[0] = '\0';
	buffer[utf8_cut(buffer, size - 8)] = '\0';
}

enum outcome
err_set(struct err *err_r, enum outcome outcome, const char *format, ...)
{
	char buffer[2 * ERR_TEXT_MAX];
	va_list args;

	if (err_r == NULL)
		return outcome;
	va_start(args, format);
	err_format(buffer, sizeof(buffer), format, args);
	va_end(args);
	err_keep(err_r, buffer);
	return outcome;
}

enum outcome
err_wrap(struct err *err_r, enum outcome outcome, const char *format, ...)
{
	char prefix[ERR_TEXT_MAX];
	char buffer[2 * ERR_TEXT_MAX + 4];
	va_list args;

	if (err_r == NULL)
		return outcome;
	va_start(args, format);
	err_format(prefix, sizeof(prefix), format, args);
	va_end(args);
	snprintf(buffer, sizeof(buffer), "%s: %s", prefix, err_r->text);
	err_keep(err_r, buffer);
	return outcome;
}
