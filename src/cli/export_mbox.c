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
#include "rule/facts.h"

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

/* What was larger than max_size: of it the header fields are what is kept. */
static bool
is_truncated(const struct record_message *record)
{
	return record->problems != NULL &&
		strstr(record->problems, problem_text(PROBLEM_TRUNCATED)) != NULL;
}

/* False after telling what lacks. */
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
	if (is_truncated(record))
		(void)cli_fail(EX_DATAERR, "of message %lld nothing but its header fields is kept",
			(long long)record->id);
	return !is_truncated(record);
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
