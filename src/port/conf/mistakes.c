/*
 * Mistakes: collected with their place, told at the end in the order of the
 * file. A mistake quotes values short and printable, and never stops the search
 * for the next one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define QUOTED_MAX 80
#define SENTENCE_MAX 1000

const char *
conf_file_of(const struct reading *reading, const config_setting_t *at)
{
	const char *file = config_setting_source_file(at), *slash;

	if (file == NULL || strcmp(file, reading->file) == 0)
		return reading->given;
	slash = strrchr(reading->given, '/');
	if (file[0] == '/' || slash == NULL)
		return arena_strdup(reading->arena, file);
	return arena_printf(
		reading->arena, "%.*s/%s", (int)(slash - reading->given), reading->given, file);
}

const char *
conf_quoted(const struct reading *reading, const char *text)
{
	char *safe = utf8_repair(reading->arena, text, strlen(text), NULL);

	safe = text_printable(reading->arena, safe);
	for (char *at = safe; *at != '\0'; at++)
		if (*at == '\n' || *at == '\t')
			*at = '?';
	if (strlen(safe) > QUOTED_MAX)
		return arena_printf(
			reading->arena, "\"%.*s…\"", (int)utf8_cut(safe, QUOTED_MAX), safe);
	return arena_printf(reading->arena, "\"%s\"", safe);
}

static void
add(struct reading *reading, const char *file, unsigned line, const char *path, const char *format,
	va_list args)
{
	struct conf_mistake *mistake;
	struct text text;

	if (reading->mistake_count == MISTAKES_MAX)
		return;
	text_init(&text, reading->arena, SENTENCE_MAX);
	text_addf(&text, "%s: ", path);
	text_vaddf(&text, format, args);
	mistake = &reading->mistakes[reading->mistake_count];
	mistake->file = file;
	mistake->line = line > 0 ? line : 1;
	mistake->order = reading->mistake_count++;
	mistake->text = text.data;
}

void
conf_wrong(const struct value *value, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(value->reading, conf_file_of(value->reading, value->at),
		config_setting_source_line(value->at), value->path, format, args);
	va_end(args);
}

void
conf_wrong_at(struct reading *reading, const config_setting_t *at, const char *path,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(reading, conf_file_of(reading, at), config_setting_source_line(at), path, format,
		args);
	va_end(args);
}

void
conf_wrong_file(struct reading *reading, const char *file, unsigned line, const char *path,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(reading, file, line, path, format, args);
	va_end(args);
}

static int
by_place(const void *a, const void *b)
{
	const struct conf_mistake *one = a, *two = b;

	if (strcmp(one->file, two->file) == 0 && one->line != two->line)
		return one->line < two->line ? -1 : 1;
	return one->order < two->order ? -1 : 1;
}

/* By line, each file's together, the files in the order in which they came up. */
void
conf_tell(struct reading *reading, struct text *mistakes)
{
	struct conf_mistake *at = reading->mistakes, *end = at + reading->mistake_count;

	while (at < end) {
		struct conf_mistake *same = at;

		for (struct conf_mistake *next = at; next < end; next++)
			if (strcmp(next->file, at->file) == 0) {
				struct conf_mistake moved = *next;

				memmove(same + 1, same, (size_t)((char *)next - (char *)same));
				*same++ = moved;
			}
		qsort(at, (size_t)(same - at), sizeof(*at), by_place);
		for (; at < same; at++)
			text_addf(mistakes, "%s:%u: %s\n", at->file, at->line, at->text);
	}
	if (reading->mistake_count == MISTAKES_MAX)
		text_addf(mistakes, "%s:1: (file): more than %d mistakes; mend these first\n",
			reading->given, MISTAKES_MAX);
}
