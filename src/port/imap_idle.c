/*
 * IDLE (RFC 2177) and APPEND, with our own lines: libetpan's versions take any
 * untagged line before "+" for the end of the command. Must not leave the
 * session inside IDLE, whatever ended it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/clock.h"
#include "base/text.h"
#include "port/pipe.h"

#include <libetpan/libetpan.h>

static bool
has_news(const struct imap *imap)
{
	const struct mailimap_selection_info *info = imap->session->imap_selection_info;

	return info != NULL &&
		(info->sel_has_exists || info->sel_uidvalidity != imap->folder.uid_validity);
}

/* Data may lie in libetpan's buffer, in TLS's, or in the socket: in that order. */
static enum pipe_event
wait_for(struct imap *imap, int wake_fd, int64_t deadline_ms)
{
	int64_t left = deadline_ms - clock_mono_ms();

	if (imap->stream->read_buffer_len > 0)
		return PIPE_DATA;
	return pipe_wait(imap->pipe, wake_fd, left > 0 ? (int)left : 0);
}

static enum outcome
noop(struct imap *imap, struct err *err_r)
{
	int result;

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	result = mailimap_noop(imap->session);
	if (result == MAILIMAP_NO_ERROR)
		return DONE;
	imap_failed(imap, result, "NOOP", err_r);
	return LATER;
}

static enum outcome
wait_without_idle(struct imap *imap, int wake_fd, int64_t deadline_ms, enum imap_wake *wake_r,
	struct err *err_r)
{
	enum pipe_event event = wait_for(imap, wake_fd, deadline_ms);

	if (event == PIPE_FD) {
		*wake_r = IMAP_WAKE_FD;
		return DONE;
	}
	if (noop(imap, err_r) != DONE)
		return LATER;
	*wake_r = has_news(imap) ? IMAP_WAKE_NEWS : IMAP_WAKE_TIME;
	return DONE;
}

/*
 * Until news, the time or wake_fd; each line that the server begins must end
 * within the silence allowed.
 */
static enum outcome
idle_wait(struct imap *imap, const char *tag, int wake_fd, int64_t deadline_ms,
	enum imap_wake *wake_r, struct err *err_r)
{
	char line[IMAP_LINE_MAX];
	const char *text;
	enum pipe_event event;
	enum imap_answer answer;

	while (!has_news(imap)) {
		event = wait_for(imap, wake_fd, deadline_ms);
		if (event == PIPE_BROKEN)
			return imap_lost(imap, "IDLE", err_r);
		if (event != PIPE_DATA) {
			*wake_r = event == PIPE_FD ? IMAP_WAKE_FD : IMAP_WAKE_TIME;
			return DONE;
		}
		imap->deadline_ms = clock_mono_ms() + imap->patience.silence_ms;
		answer = imap_answer(imap, tag, line, &text);
		if (answer == IMAP_BYE)
			return imap_said_bye(imap, "to go on", text, err_r);
		if (answer != IMAP_UNTAGGED && answer != IMAP_CONTINUE)
			return imap_lost(imap, "IDLE", err_r);
	}
	*wake_r = IMAP_WAKE_NEWS;
	return DONE;
}

/*
 * That the server still answers is seen here: a connection that a firewall
 * forgot is silent, not closed.
 */
static enum outcome
idle_end(struct imap *imap, const char *tag, struct err *err_r)
{
	char line[IMAP_LINE_MAX];
	const char *text;
	enum imap_answer answer;

	imap->deadline_ms = clock_mono_ms() + imap->patience.silence_ms;
	if (!imap_send(imap, "DONE\r\n", 6))
		return imap_lost(imap, "IDLE", err_r);
	do
		answer = imap_await(imap, tag, line, &text);
	while (answer == IMAP_CONTINUE);
	if (answer == IMAP_OK)
		return DONE;
	return answer == IMAP_BYE ? imap_said_bye(imap, "to go on", text, err_r) : imap_lost(imap, "DONE", err_r);
}

enum outcome
imap_idle(
	struct imap *imap, int wake_fd, int timeout_ms, enum imap_wake *wake_r, struct err *err_r)
{
	const int longest = IMAP_IDLE_SECONDS * 1000;
	int64_t deadline_ms =
		clock_mono_ms() + (timeout_ms < 0 || timeout_ms > longest ? longest : timeout_ms);
	char line[IMAP_LINE_MAX], tag[IMAP_TAG_MAX];
	const char *text;
	enum imap_answer answer;
	enum imap_wake wake;

	if (imap->selected == NULL || !imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return imap->broken ?
			LATER :
			err_set(err_r, LATER, "no folder is selected on %s", imap->host);
	if (has_news(imap)) {
		*wake_r = IMAP_WAKE_NEWS;
		return DONE;
	}
	if (!imap->can_idle)
		return wait_without_idle(imap, wake_fd, deadline_ms, wake_r, err_r);
	if (!imap_sendf(imap, tag, "IDLE"))
		return imap_lost(imap, "IDLE", err_r);
	answer = imap_await(imap, tag, line, &text);
	if (answer == IMAP_BYE)
		return imap_said_bye(imap, "to go on", text, err_r);
	if (answer == IMAP_NO || answer == IMAP_BAD) {
		imap->can_idle = false;
		return wait_without_idle(imap, wake_fd, deadline_ms, wake_r, err_r);
	}
	if (answer != IMAP_CONTINUE)
		return imap_lost(imap, "IDLE", err_r);
	if (idle_wait(imap, tag, wake_fd, deadline_ms, &wake, err_r) != DONE ||
		idle_end(imap, tag, err_r) != DONE)
		return LATER;
	*wake_r = wake == IMAP_WAKE_TIME && has_news(imap) ? IMAP_WAKE_NEWS : wake;
	return DONE;
}

/* The literal is sent only when the server asks for it: it may refuse before. */
static enum imap_answer
append_once(struct imap *imap, const char *quoted, const void *bytes, size_t len,
	char line[IMAP_LINE_MAX], const char **text_r)
{
	char tag[IMAP_TAG_MAX];
	enum imap_answer answer;

	if (!imap_sendf(imap, tag, "APPEND %s (\\Seen) {%zu}", quoted, len))
		return IMAP_LOST;
	answer = imap_await(imap, tag, line, text_r);
	if (answer != IMAP_CONTINUE)
		return answer;
	if (!imap_send(imap, bytes, len) || !imap_send(imap, "\r\n", 2))
		return IMAP_LOST;
	return imap_await(imap, tag, line, text_r);
}

enum outcome
imap_append(
	struct imap *imap, const char *folder, const void *bytes, size_t len, struct err *err_r)
{
	char name[IMAP_NAME_MAX], quoted[2 * IMAP_NAME_MAX], line[IMAP_LINE_MAX];
	const char *text = "";
	enum imap_answer answer;
	enum outcome outcome;

	outcome = imap_name(folder, name, err_r);
	if (outcome != DONE)
		return outcome;
	if (!imap_quote(name, quoted, sizeof quoted))
		return err_set(err_r, NEVER, "a folder's name cannot be quoted");
	if (!imap_begin(imap, len, IMAP_REPLY_BYTES, err_r))
		return LATER;
	answer = append_once(imap, quoted, bytes, len, line, &text);
	if (answer == IMAP_NO && text_starts_ci(text, "[TRYCREATE]")) {
		outcome = imap_create(imap, name, err_r);
		if (outcome != DONE || !imap_begin(imap, len, IMAP_REPLY_BYTES, err_r))
			return outcome == DONE ? LATER : outcome;
		answer = append_once(imap, quoted, bytes, len, line, &text);
	}
	if (answer == IMAP_OK)
		return DONE;
	if (answer == IMAP_NO || answer == IMAP_BAD)
		return imap_refused(imap, "APPEND", text, err_r);
	return answer == IMAP_BYE ? imap_said_bye(imap, "to go on", text, err_r) : imap_lost(imap, "APPEND", err_r);
}
