/*
 * What verbs have done in rooms. Opened text comes back as a memfd and goes to
 * the screen alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "flow/engine.h"

#include <string.h>

#define OPENED_MAX ((size_t)64 * 1024 * 1024)

/* A screen needs no empty lines at the end. */
static char *
trimmed(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == '\n')
		len--;
	text[len] = '\0';
	return text;
}

char *
cli_opened_text(struct cli *cli, int64_t message, struct err *err_r)
{
	struct io_map map = { 0 };
	char *text = NULL;
	int fd;

	if (engine_show(cli->engine, message, &fd, err_r) != DONE)
		return NULL;
	if (io_map(fd, OPENED_MAX, &map, err_r) == DONE)
		text = trimmed(text_printable(cli->arena,
			arena_strndup(cli->arena, (const char *)map.data, map.len)));
	io_unmap(&map);
	io_close(&fd);
	return text;
}

void
cli_settle(struct cli *cli)
{
	while (!engine_idle(cli->engine))
		engine_turn(cli->engine, -1, -1);
}
