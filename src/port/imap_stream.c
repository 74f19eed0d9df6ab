/*
 * libetpan's stream over port/pipe, and our own lines on it. libetpan's own
 * time-outs are for each read, so that a dripping server never ends: here each
 * command has one deadline for all its reads, and a budget of bytes, so that an
 * endless line ends too. Must not hold a password in libetpan's buffers.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "port/pipe.h"

#include <libetpan/libetpan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM_BUFFER 16384
#define SAID_MAX 200 /* bytes of a server's words in a sentence */

static int64_t
read_deadline(const struct imap *imap)
{
	int64_t silence = clock_mono_ms() + imap->patience.silence_ms;

	return silence < imap->deadline_ms ? silence : imap->deadline_ms;
}

static ssize_t
stream_fail(struct imap *imap, int64_t deadline_ms)
{
	imap->late = clock_mono_ms() >= deadline_ms;
	imap->broken = true;
	return -1;
}

/* Never 0: on that libetpan would ask again for ever. */
static ssize_t
stream_read(mailstream_low *low, void *bytes_r, size_t len)
{
	struct imap *imap = low->data;
	int64_t deadline_ms = read_deadline(imap);
	ssize_t got;

	if (imap->broken)
		return -1;
	if (imap->budget == 0) {
		imap->flooded = imap->broken = true;
		return -1;
	}
	if (len > imap->budget)
		len = imap->budget;
	got = pipe_read(imap->pipe, bytes_r, len, deadline_ms);
	if (got <= 0)
		return stream_fail(imap, deadline_ms);
	imap->budget -= (size_t)got;
	return got;
}

static ssize_t
stream_write(mailstream_low *low, const void *bytes, size_t len)
{
	struct imap *imap = low->data;
	int64_t deadline_ms = read_deadline(imap);
	ssize_t put;

	if (imap->broken)
		return -1;
	put = pipe_write(imap->pipe, bytes, len, deadline_ms);
	return put > 0 ? put : stream_fail(imap, deadline_ms);
}

static int
stream_close(mailstream_low *low)
{
	struct imap *imap = low->data;

	pipe_close(&imap->pipe);
	imap->broken = true;
	return 0;
}

static int
stream_fd(mailstream_low *low)
{
	struct imap *imap = low->data;

	return imap->pipe == NULL ? -1 : pipe_fd(imap->pipe);
}

static void
stream_free(mailstream_low *low)
{
	stream_close(low);
	free(low);
}

static void
stream_cancel(mailstream_low *low)
{
	(void)low;
}

static struct mailstream_cancel *
stream_no_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static mailstream_low_driver driver = {
	.mailstream_read = stream_read,
	.mailstream_write = stream_write,
	.mailstream_close = stream_close,
	.mailstream_get_fd = stream_fd,
	.mailstream_free = stream_free,
	.mailstream_cancel = stream_cancel,
	.mailstream_get_cancel = stream_no_cancel,
};

void
imap_stream_open(struct imap *imap)
{
	mailstream_low *low = mailstream_low_new(imap, &driver);

	if (low != NULL)
		imap->stream = mailstream_new(low, STREAM_BUFFER);
	imap->session = mailimap_new(0, NULL);
	/* Without memory there is no going on, as in mem_alloc(). */
	if (imap->stream == NULL || imap->session == NULL)
		abort();
}

bool
imap_begin(struct imap *imap, size_t bytes, size_t budget, struct err *err_r)
{
	if (imap->broken) {
		err_set(err_r, LATER, "the connection to %s is gone", imap->host);
		return false;
	}
	imap->deadline_ms =
		clock_mono_ms() + imap->patience.command_ms + (int64_t)bytes * 1000 / IMAP_SLOWEST;
	imap->budget = budget;
	imap->late = imap->flooded = false;
	return true;
}

void
imap_excuse(struct imap *imap, int64_t started_ms)
{
	imap->deadline_ms += clock_mono_ms() - started_ms;
}

enum outcome
imap_lost(struct imap *imap, const char *what, struct err *err_r)
{
	imap->broken = true;
	if (imap->flooded)
		return err_set(err_r, LATER, "%s sent more on %s than it may", imap->host, what);
	if (imap->late)
		return err_set(err_r, LATER, "%s did not finish %s in time", imap->host, what);
	return err_set(err_r, LATER, "%s broke the connection off during %s", imap->host, what);
}

/* Response codes that speak of a passing state (RFC 5530). */
static bool
passing(const char *text)
{
	static const char *const codes[] = {
		"[UNAVAILABLE",
		"[INUSE",
		"[LIMIT",
		"[SERVERBUG",
		"[EXPUNGEISSUED",
		"[OVERQUOTA",
		"[CORRUPTION",
	};
	size_t i;

	for (i = 0; i < sizeof codes / sizeof *codes; i++)
		if (text_starts_ci(text, codes[i]))
			return true;
	return false;
}

enum outcome
imap_refused(struct imap *imap, const char *what, const char *text, struct err *err_r)
{
	char said[SAID_MAX];
	size_t i;

	for (i = 0; i + 1 < sizeof said && text[i] != '\0'; i++)
		said[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	said[i] = '\0';
	return err_set(
		err_r, passing(text) ? LATER : NEVER, "%s refuses %s: %s", imap->host, what, said);
}

enum outcome
imap_said_bye(struct imap *imap, const char *what, const char *text, struct err *err_r)
{
	imap->broken = true;
	imap_refused(imap, what, text, err_r);
	return LATER;
}

/* libetpan keeps a response code and the text behind it apart. */
static enum outcome
refused_by_libetpan(struct imap *imap, const char *what, struct err *err_r)
{
	const struct mailimap_response_info *info = imap->session->imap_response_info;
	const char *text = imap->session->imap_response;
	char said[SAID_MAX];

	if (info != NULL && info->rsp_atom != NULL)
		snprintf(said, sizeof said, "[%s] %s", info->rsp_atom, text != NULL ? text : "");
	else
		snprintf(said, sizeof said, "%s", text != NULL ? text : "");
	return imap_refused(imap, what, said, err_r);
}

enum outcome
imap_failed(struct imap *imap, int result, const char *what, struct err *err_r)
{
	if (imap->broken || result == MAILIMAP_ERROR_STREAM)
		return imap_lost(imap, what, err_r);
	switch (result) {
	case MAILIMAP_ERROR_BAD_STATE:
	case MAILIMAP_ERROR_PARSE:
	case MAILIMAP_ERROR_MEMORY:
	case MAILIMAP_ERROR_FATAL:
	case MAILIMAP_ERROR_PROTOCOL:
		/* Where in the stream this leaves us is not known. */
		imap->broken = true;
		return err_set(
			err_r, LATER, "%s answers %s with what cannot be read", imap->host, what);
	default:
		return refused_by_libetpan(imap, what, err_r);
	}
}

bool
imap_send(struct imap *imap, const void *bytes, size_t len)
{
	const char *at = bytes;
	ssize_t put;

	while (len > 0) {
		put = stream_write(imap->stream->low, at, len);
		if (put < 0)
			return false;
		at += put;
		len -= (size_t)put;
	}
	return true;
}

bool
imap_sendf(struct imap *imap, char tag_r[IMAP_TAG_MAX], const char *format, ...)
{
	char line[IMAP_LINE_MAX];
	va_list args;
	int head, len;
	bool sent;

	snprintf(tag_r, IMAP_TAG_MAX, "M%d", ++imap->session->imap_tag);
	head = snprintf(line, sizeof line, "%s ", tag_r);
	va_start(args, format);
	len = vsnprintf(line + head, sizeof line - (size_t)head, format, args);
	va_end(args);
	if (len < 0 || (size_t)(head + len) + 3 > sizeof line)
		return false;
	memcpy(line + head + len, "\r\n", 2);
	sent = imap_send(imap, line, (size_t)(head + len) + 2);
	mem_wipe(line, sizeof line);
	return sent;
}

static bool
drop_literal(struct imap *imap, size_t len)
{
	char scratch[4096];
	ssize_t got;

	while (len > 0) {
		got = mailstream_read(
			imap->stream, scratch, len < sizeof scratch ? len : sizeof scratch);
		if (got <= 0)
			return false;
		len -= (size_t)got;
	}
	return true;
}

/* Whether the line ends in "{123}", and how many bytes follow it then. */
static bool
ends_in_literal(const char *line, size_t len, size_t *count_r)
{
	size_t at = len;
	char *end;

	if (len < 3 || line[len - 1] != '}')
		return false;
	while (at > 0 && line[at - 1] != '{')
		at--;
	if (at == 0 || line[at] < '0' || line[at] > '9')
		return false;
	*count_r = strtoull(line + at, &end, 10);
	return *end == '}';
}

bool
imap_line(struct imap *imap, char line_r[IMAP_LINE_MAX])
{
	MMAPString *read = imap->session->imap_stream_buffer;
	size_t len = 0, count, literal;

	do {
		if (mailstream_read_line_remove_eol(imap->stream, read) == NULL)
			return false;
		count = read->len < IMAP_LINE_MAX - 1 - len ? read->len : IMAP_LINE_MAX - 1 - len;
		memcpy(line_r + len, read->str, count);
		len += count;
	} while (ends_in_literal(read->str, read->len, &literal) && drop_literal(imap, literal));
	line_r[len] = '\0';
	return !imap->broken;
}

/*
 * "* 5 EXISTS" and "* 3 EXPUNGE" go into the session's count, as libetpan does
 * it for its own commands.
 */
static void
note_untagged(struct imap *imap, const char *text)
{
	struct mailimap_selection_info *info = imap->session->imap_selection_info;
	unsigned long number;
	char *end;

	if (info == NULL)
		return;
	/* A new UIDVALIDITY makes everything news. */
	if (text_starts_ci(text, "OK [UIDVALIDITY"))
		info->sel_has_exists = 1;
	if (*text < '0' || *text > '9')
		return;
	number = strtoul(text, &end, 10);
	if (text_equal_ci(end, " EXISTS") && number <= UINT32_MAX) {
		if (number > info->sel_exists)
			info->sel_has_exists = 1;
		info->sel_exists = (uint32_t)number;
	}
	if (text_equal_ci(end, " EXPUNGE") && info->sel_exists > 0)
		info->sel_exists--;
}

static enum imap_answer
tagged(const char *text)
{
	if (text_equal_ci(text, "OK") || text_starts_ci(text, "OK "))
		return IMAP_OK;
	if (text_equal_ci(text, "NO") || text_starts_ci(text, "NO "))
		return IMAP_NO;
	return IMAP_BAD;
}

enum imap_answer
imap_answer(struct imap *imap, const char *tag, char line[IMAP_LINE_MAX], const char **text_r)
{
	size_t tag_len = strlen(tag);
	enum imap_answer answer;

	if (!imap_line(imap, line))
		return IMAP_LOST;
	*text_r = line;
	if (line[0] == '+')
		return IMAP_CONTINUE;
	if (line[0] == '*' && line[1] == ' ') {
		*text_r = line + 2;
		note_untagged(imap, *text_r);
		return text_starts_ci(*text_r, "BYE") ? IMAP_BYE : IMAP_UNTAGGED;
	}
	if (strncmp(line, tag, tag_len) != 0 || line[tag_len] != ' ')
		return IMAP_LOST;
	answer = tagged(line + tag_len + 1);
	*text_r = line + tag_len + 1 + (answer == IMAP_BAD ? 0 : strcspn(line + tag_len + 1, " "));
	while (**text_r == ' ')
		++*text_r;
	return answer;
}

enum imap_answer
imap_await(struct imap *imap, const char *tag, char line[IMAP_LINE_MAX], const char **text_r)
{
	enum imap_answer answer;

	do
		answer = imap_answer(imap, tag, line, text_r);
	while (answer == IMAP_UNTAGGED);
	return answer;
}
