/*
 * `verify`: the store as a whole.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/store.h"
#include "view/json.h"

#include <stdlib.h>
#include <sysexits.h>

static void
put_rows(struct cli *cli, const struct store_verify_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cli_put(rows[i].fine
			? arena_printf(cli->arena, "fine     %s\n", rows[i].what)
			: arena_printf(cli->arena, "ALTERED  %s: %s\n", rows[i].what,
				rows[i].why != NULL ? text_printable(cli->arena, rows[i].why)
						    : "not as it was written"));
}

static void
put_rows_json(struct cli *cli, const struct store_verify_row *rows, size_t count)
{
	struct jsontext *array = jsontext_array(cli->arena);

	for (size_t i = 0; i < count; i++) {
		struct jsontext *object = jsontext_object(cli->arena);

		jsontext_string(object, "what", rows[i].what);
		jsontext_bool(object, "fine", rows[i].fine);
		jsontext_string(object, "why", rows[i].why);
		jsontext_add(array, object);
	}
	cli_put_json(array);
}

int
verb_verify(struct cli *cli)
{
	struct store_verify_row *rows;
	struct err err;
	size_t count;
	enum outcome outcome = store_verify(
		cli->store, cli->arena, cli->options[CLI_ALL] != NULL, &rows, &count, &err);
	int status = EX_OK;

	if (outcome != DONE)
		return cli_storage(outcome, &err);
	if (cli->options[CLI_JSON] != NULL)
		put_rows_json(cli, rows, count);
	else
		put_rows(cli, rows, count);
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].fine)
			status = EXIT_FAILURE;
	}
	return status;
}
