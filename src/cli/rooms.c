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

#include <stdio.h>
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

/* What rooms have opened, mapped; false with the reason. */
static bool
open_message(struct cli *cli, int64_t message, bool raw, struct io_map *map_r, struct err *err_r)
{
	bool mapped;
	int fd;

	if (engine_show(cli->engine, message, raw, &fd, err_r) != DONE)
		return false;
	mapped = io_map(fd, OPENED_MAX, map_r, err_r) == DONE;
	io_close(&fd);
	return mapped;
}

char *
cli_opened_text(struct cli *cli, int64_t message, struct err *err_r)
{
	struct io_map map = { 0 };
	char *text;

	if (!open_message(cli, message, false, &map, err_r))
		return NULL;
	text = trimmed(text_printable(cli->arena,
		arena_strndup(cli->arena, (const char *)map.data, map.len)));
	io_unmap(&map);
	return text;
}

bool
cli_put_raw(struct cli *cli, int64_t message, struct err *err_r)
{
	struct io_map map = { 0 };

	if (!open_message(cli, message, true, &map, err_r))
		return false;
	(void)fwrite(map.data, 1, map.len, stdout);
	io_unmap(&map);
	return true;
}

void
cli_settle(struct cli *cli)
{
	while (!engine_idle(cli->engine))
		engine_turn(cli->engine, -1, -1);
}
