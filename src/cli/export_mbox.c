/*
 * `export --format mbox`: every message of a case as it came, oldest first, for a mail
 * program. Ciphertext stays ciphertext; nothing is written but to standard output.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/export.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "mail/address.h"
#include "mail/mbox.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define MESSAGE_TEXT_MAX ((size_t)160 * 1024 * 1024)
#define MESSAGE_ARENA ((size_t)1024 * 1024 * 1024)	/* of one message; a text grows by copies */

static const char *
sender_of(struct arena *arena, const struct record_message *record)
{
	struct address from;

	return record->from != NULL &&
		address_parse(arena, record->from, strlen(record->from), &from, 1) == 1
		? from.addr : NULL;
}

/* False after telling why not. */
static bool
put_message(struct cli *cli, const struct record_message *record)
{
	struct arena *arena;
	struct io_map map;
	struct err err;
	struct text text;

	if (!cli_raw(cli, record->id, &map, &err)) {
		(void)cli_fail(EX_DATAERR, "%s", err.text);
		return false;
	}
	/* A case may hold more than one arena does: mail by mail. */
	arena = arena_new(ARENA_WIPED, MESSAGE_ARENA);
	text_init(&text, arena, MESSAGE_TEXT_MAX);
	mbox_add(&text, sender_of(arena, record), record->received_at, (const char *)map.data,
		map.len);
	(void)fwrite(text.data, 1, text.len, stdout);
	arena_free(&arena);
	io_unmap(&map);
	return true;
}

int
export_mbox(struct cli *cli, const struct json_case *what)
{
	int status = EX_OK;

	for (size_t i = 0; i < what->message_count; i++) {
		if (!put_message(cli, &what->messages[i]))
			status = EXIT_LACKS;
	}
	return status;
}
