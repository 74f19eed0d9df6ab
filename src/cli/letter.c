/*
 * A letter's text and attachments as a person gives them: read within bounds, checked,
 * and refused rather than mended. Must not print them, or write them anywhere.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/letter.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/edit.h"
#include "flow/replies.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Git's, so that editors know it. */
#define SCISSORS "# ------------------------ >8 ------------------------"
#define FRAME_MAX ((size_t)1024 * 1024)

static const struct {
	const char *suffix, *type;
} types[] = {
	{ ".pdf", "application/pdf" }, { ".png", "image/png" }, { ".jpg", "image/jpeg" },
	{ ".jpeg", "image/jpeg" }, { ".gif", "image/gif" }, { ".zip", "application/zip" },
};

bool
letter_is_typed(const struct cli *cli)
{
	return cli->options[CLI_BODY] == NULL && ask_terminal();
}

/* Line ends as ours, no empty lines round it. */
static char *
tidy(char *text)
{
	char *to = text;
	size_t len;

	for (const char *from = text; *from != '\0'; from++) {
		if (*from != '\r' || from[1] != '\n')
			*to++ = *from;
	}
	*to = '\0';
	for (len = strlen(text); len > 0 && strchr(" \t\n", text[len - 1]) != NULL; len--)
		text[len - 1] = '\0';
	return text + strspn(text, "\n");
}

static bool
is_text(const char *bytes, size_t len)
{
	if (!utf8_valid(bytes, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if ((c < 0x20 && strchr("\t\n\r", c) == NULL) || c == 0x7f || c == '\0')
			return false;
	}
	return true;
}

static bool
is_ascii(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	}
	return true;
}

bool
letter_body(struct cli *cli, const char **body_r, int *status_r)
{
	const char *file = cli->options[CLI_BODY];
	enum outcome outcome;
	struct err err;
	char *bytes;
	size_t len;

	if (file == NULL) {
		*body_r = "";
		return true;
	}
	outcome = text_equal(file, "-")
		? io_read_fd(cli->arena, STDIN_FILENO, REPLY_TEXT_MAX, &bytes, &len, &err)
		: io_read_file(cli->arena, file, REPLY_TEXT_MAX, &bytes, &len, &err);
	if (outcome != DONE)
		*status_r = cli_fail(EX_NOINPUT, "--body: %s", err.text);
	else if (!is_text(bytes, len))
		*status_r = cli_fail(EX_DATAERR, "--body: %s is not UTF-8 text", file);
	else {
		*body_r = tidy(bytes);
		return true;
	}
	return false;
}

static const char *
type_of(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (text_ends_ci(name, types[i].suffix))
			return types[i].type;
	}
	return NULL;
}

static bool
attach(struct cli *cli, const char *file, size_t room, struct compose_attachment *attachment_r,
	int *status_r)
{
	const char *slash = strrchr(file, '/'), *name = slash != NULL ? slash + 1 : file;
	struct err err;
	char *bytes;
	size_t len;

	if (!is_text(name, strlen(name)) || name[0] == '\0' || strpbrk(name, "\t\n\r") != NULL) {
		*status_r = cli_fail(EX_DATAERR, "--attach: %s has no name that a mail can bear",
			text_printable(cli->arena, file));
		return false;
	}
	if (io_read_file(cli->arena, file, room, &bytes, &len, &err) != DONE) {
		*status_r = cli_fail(EX_NOINPUT, "--attach: %s (all attachments together: at most "
			"%zu MiB)", err.text, REPLY_ATTACH_MAX / 1024 / 1024);
		return false;
	}
	*attachment_r = (struct compose_attachment){ name, type_of(name), bytes, len };
	/* A text in Japanese would want its charset named, which a type of ours does not. */
	if (attachment_r->type == NULL)
		attachment_r->type = is_ascii(bytes, len) && is_text(bytes, len)
			? "text/plain"
			: "application/octet-stream";
	return true;
}

bool
letter_attachments(struct cli *cli, const struct compose_attachment **list_r, size_t *count_r,
	int *status_r)
{
	struct compose_attachment *list =
		arena_calloc(cli->arena, CLI_ATTACH_MAX, sizeof(*list));
	size_t room = REPLY_ATTACH_MAX;

	for (size_t i = 0; i < cli->attach_count; i++) {
		if (!attach(cli, cli->attach[i], room, &list[i], status_r))
			return false;
		room -= list[i].len;
	}
	*list_r = list;
	*count_r = cli->attach_count;
	return true;
}

bool
letter_edit(struct cli *cli, const char *body, const char *frame, const char **body_r,
	int *status_r)
{
	struct text text;
	char *written, *cut;

	text_init(&text, cli->arena, REPLY_TEXT_MAX + 2 * FRAME_MAX);
	text_addf(&text, "%s\n" SCISSORS "\n"
		"# The text goes above this line, which is cut off with all below it.\n"
		"# This is the letter; the text takes the place of \"(...)\".\n\n%s", body, frame);
	written = edit_text(cli, text.data, REPLY_TEXT_MAX + FRAME_MAX, status_r);
	if (written == NULL)
		return false;
	cut = strstr(written, SCISSORS);
	if (cut != NULL)
		*cut = '\0';
	*body_r = tidy(written);
	return true;
}

bool
letter_fits(const char *body, int *status_r)
{
	size_t len = strlen(body);

	if (!utf8_valid(body, len))
		*status_r = cli_fail(EX_DATAERR, "the text is not UTF-8");
	else if (!is_text(body, len))
		*status_r = cli_fail(EX_DATAERR, "a control character stands in the text");
	else if (len > REPLY_TEXT_MAX)
		*status_r = cli_fail(EX_DATAERR, "the text is longer than %zu bytes", REPLY_TEXT_MAX);
	else
		return true;
	return false;
}
