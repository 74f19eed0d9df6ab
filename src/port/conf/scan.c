/*
 * Looks through the files before libconfig does, for what libconfig does not
 * tell: which included file is missing, and a number that it would cut to 32
 * bits. A folder to be included would make it end the process.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"
#include "base/io.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 10 /* as libconfig has it */
#define DIGITS_MAX 9 /* so many digits fit into libconfig's plain number */

static const char directive[] = "@include";

/* Moves past a text in quotes, a comment, or one character; counts the lines. */
static const char *
skip(const char *at, unsigned *line)
{
	const char *end;

	if (at[0] == '"') {
		for (end = at + 1; *end != '\0' && *end != '"'; end++) {
			*line += *end == '\n';
			end += end[0] == '\\' && end[1] != '\0';
		}
		return *end == '"' ? end + 1 : end;
	}
	if (at[0] == '#' || (at[0] == '/' && at[1] == '/'))
		return at + strcspn(at, "\n");
	if (at[0] == '/' && at[1] == '*') {
		end = strstr(at + 2, "*/");
		end = end != NULL ? end + 2 : at + strlen(at);
		for (; at < end; at++)
			*line += *at == '\n';
		return end;
	}
	*line += at[0] == '\n';
	return at + 1;
}

/* Whether a directive begins here, with nothing but blanks before it on its line. */
static bool
is_directive(const char *start, const char *at)
{
	if (strncmp(at, directive, sizeof(directive) - 1) != 0)
		return false;
	while (at > start && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	return at == start || at[-1] == '\n';
}

/* A number begins here that needs libconfig's 'L' and has none. */
static bool
check_number(struct reading *reading, const char *file, unsigned line, const char *at)
{
	size_t len = strspn(at, "0123456789");

	if (len <= DIGITS_MAX || at[len] == 'L' || at[len] == '.')
		return true;
	conf_wrong_file(reading, file, line, "(syntax)",
		"%.*s is too large a number; at most %d digits", (int)(len < 40 ? len : 40), at,
		DIGITS_MAX);
	return false;
}

static bool
is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '*' || c == '.';
}

/* Inside a name or behind a number's point; a '-' counts only as part of a name. */
static bool
in_word(const char *start, const char *at)
{
	if (at - start >= 2 && at[-1] == '-')
		return is_name_char(at[-2]);
	return at > start && is_name_char(at[-1]);
}

static bool check(struct reading *reading, const char *file, const char *bytes, int depth);

static bool
check_one(struct reading *reading, const char *file, unsigned line, const char *name, int depth)
{
	const char *slash = strrchr(reading->file, '/');
	const char *path = name[0] == '/'
		? name
		: arena_printf(reading->arena, "%.*s/%s", (int)(slash - reading->file),
			reading->file, name);
	struct stat st;
	char *bytes;
	size_t len;
	struct err err;

	if (stat(path, &st) != 0) {
		conf_wrong_file(reading, file, line, directive,
			"%s: %s; a file beside %s, or an absolute path", path, strerror(errno),
			reading->given);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		conf_wrong_file(
			reading, file, line, directive, "%s is not a file; name a file", path);
		return false;
	}
	if (depth == DEPTH_MAX) {
		conf_wrong_file(reading, file, line, directive,
			"too many files one in another; at most %d", DEPTH_MAX);
		return false;
	}
	if (io_read_file(reading->arena, path, CONF_FILE_MAX, &bytes, &len, &err) != DONE) {
		conf_wrong_file(
			reading, file, line, directive, "%s; a file that we may read", err.text);
		return false;
	}
	conf_note_file(reading, path);
	return check(reading, path, bytes, depth + 1);
}

static bool
check(struct reading *reading, const char *file, const char *bytes, int depth)
{
	unsigned line = 1;
	bool well = true;

	for (const char *at = bytes; *at != '\0';) {
		const char *name;

		if (!is_directive(bytes, at)) {
			if (isdigit((unsigned char)*at) && !in_word(bytes, at))
				well = check_number(reading, file, line, at) && well;
			at = skip(at, &line);
			continue;
		}
		at += sizeof(directive) - 1;
		name = at + strspn(at, " \t");
		if (name[0] == '"') {
			name = arena_strndup(reading->arena, name + 1, strcspn(name + 1, "\"\n"));
			well = check_one(reading, file, line, name, depth) && well;
			at += strcspn(at, "\n");
		}
	}
	return well;
}

bool
conf_scan(struct reading *reading, const char *bytes, size_t len)
{
	if (memchr(bytes, '\0', len) != NULL) {
		conf_wrong_file(reading, reading->given, 1, "(file)",
			"has a NUL byte in it; save it as text");
		return false;
	}
	return check(reading, reading->given, bytes, 0);
}
