/*
 * The log: one write(2) a line, so that lines of several rooms on one stderr do
 * not mix. Must not allocate, and must not change errno under its caller.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include "base/io.h"
#include "base/text.h"
#include "base/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_TEXT_MAX 1600
#define LOG_LINE_MAX 2048

static struct {
	const char *room;
	bool debug;
	bool quiet;
	bool known; /* whether journal was found out */
	bool journal;
} state;

/* systemd.exec(5): JOURNAL_STREAM is "device:inode" of the stream that leads to the journal. */
static bool
is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char ours[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	snprintf(ours, sizeof(ours), "%" PRIuMAX ":%" PRIuMAX, (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino);
	return text_equal(stream, ours);
}

/* Asked once, and before a room locks itself in: later fstat() may be forbidden. */
static void
find_journal(void)
{
	if (!state.known)
		state.journal = is_journal();
	state.known = true;
}

void
log_room(const char *name)
{
	state.room = name;
	find_journal();
}

void
log_debug_on(void)
{
	state.debug = true;
}

void
log_quiet(void)
{
	state.quiet = true;
}

static int
put_head(char *line, size_t size, int level, const char *word)
{
	const char *room = state.room != NULL ? state.room : "";

	if (state.journal)
		return snprintf(line, size, "<%d>%.64s%s", level, room, *room != '\0' ? ": " : "");
	return snprintf(line, size, "%.64s%s%.64s%s: %s: ", program_invocation_short_name,
		*room != '\0' ? "[" : "", room, *room != '\0' ? "]" : "", word);
}

static void
log_line(int level, const char *word, const char *format, va_list args)
{
	char text[LOG_TEXT_MAX + 8];
	char line[LOG_LINE_MAX];
	int saved = errno;
	int head;
	size_t len;

	find_journal();
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	text[utf8_cut(text, LOG_TEXT_MAX)] = '\0';
	text_one_line(text);
	head = put_head(line, sizeof(line), level, word);
	len = (size_t)head + strlen(text);
	snprintf(line + head, sizeof(line) - (size_t)head, "%s\n", text);
	(void)io_write_all(STDERR_FILENO, line, len + 1);
	errno = saved;
}

#define LOG_FUNCTION(name, level, word, wanted)		\
	void						\
	name(const char *format, ...)			\
	{						\
		va_list args;				\
							\
		if (!(wanted))				\
			return;				\
		va_start(args, format);			\
		log_line(level, word, format, args);	\
		va_end(args);				\
	}

LOG_FUNCTION(log_debug, 7, "debug", state.debug)
LOG_FUNCTION(log_info, 6, "info", !state.quiet)
LOG_FUNCTION(log_warn, 4, "warning", true)
LOG_FUNCTION(log_err, 3, "error", true)
