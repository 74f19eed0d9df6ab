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
#define OUTSIDE "--- What stands outside of the sealed part, which no signature inside covers ---"

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

static char *
take_text(struct cli *cli, int *fd, struct err *err_r)
{
	struct io_map map = { 0 };
	char *text = NULL;

	if (io_map(*fd, OPENED_MAX, &map, err_r) == DONE)
		text = trimmed(text_printable(cli->arena,
			arena_strndup(cli->arena, (const char *)map.data, map.len)));
	io_unmap(&map);
	io_close(fd);
	return text;
}

char *
cli_opened_text(struct cli *cli, int64_t message, struct err *err_r)
{
	struct engine_texts texts;
	char *all = NULL;

	if (engine_show(cli->engine, message, ENGINE_SHOW_TEXT, &texts, err_r) != DONE)
		return NULL;
	for (size_t i = 0; i < texts.count; i++) {
		char *text = take_text(cli, &texts.fds[i], err_r);

		if (text == NULL)
			return NULL;
		all = all == NULL ? text :
			arena_printf(cli->arena, "%s\n\n" OUTSIDE "\n%s", all, text);
	}
	return all;
}

bool
cli_evidence(struct cli *cli, int64_t message, const char **layers_r, size_t max, size_t *count_r,
	struct err *err_r)
{
	struct engine_texts texts;

	if (engine_show(cli->engine, message, ENGINE_SHOW_EVIDENCE, &texts, err_r) != DONE)
		return false;
	for (size_t i = 0; i < texts.count; i++) {
		char *text = take_text(cli, &texts.fds[i], err_r);

		if (text == NULL || i >= max)
			return false;
		layers_r[i] = text;
	}
	*count_r = texts.count;
	return true;
}

bool
cli_raw(struct cli *cli, int64_t message, struct io_map *map_r, struct err *err_r)
{
	struct engine_texts texts;
	bool mapped;

	if (engine_show(cli->engine, message, ENGINE_SHOW_RAW, &texts, err_r) != DONE)
		return false;
	mapped = io_map(texts.fds[0], OPENED_MAX, map_r, err_r) == DONE;
	io_close(&texts.fds[0]);
	return mapped;
}

bool
cli_put_raw(struct cli *cli, int64_t message, struct err *err_r)
{
	struct io_map map;

	if (!cli_raw(cli, message, &map, err_r))
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
