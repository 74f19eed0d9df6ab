/*
 * `digest`: shows what a digest would say now, or has it sent now. Sending is
 * the daemon's; where none runs, this process does it under the daemon's lock.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/digests.h"
#include "flow/engine.h"
#include "port/conf.h"
#include "view/json.h"

#include <stdlib.h>
#include <sysexits.h>

/* Whose digest of which desk. */
struct reader {
	size_t desk, staff;
};

static bool
concerns(const struct policy_staff *staff, const struct policy_desk *desk)
{
	for (size_t i = 0; i < staff->desks.count; i++) {
		if (text_equal(staff->desks.at[i], desk->title))
			return true;
	}
	return staff->desks.count == 0;
}

/* Everyone who is meant: --staff alone, else all staff of each desk. */
static size_t
find_readers(struct cli *cli, struct reader **readers_r, int *status_r)
{
	const struct policy *policy = &cli->conf->policy;
	struct reader *readers = arena_calloc(cli->arena,
		policy->desk_count * policy->staff_count + 1, sizeof(*readers));
	const char *title = cli->options[CLI_STAFF];
	size_t count = 0, staff;

	if (title != NULL && !cli_find_staff(cli, title, &staff, status_r))
		return 0;
	for (size_t i = 0; i < policy->desk_count; i++) {
		for (size_t k = 0; k < policy->staff_count; k++) {
			if ((title == NULL || k == staff) &&
				concerns(&policy->staff[k], &policy->desks[i]))
				readers[count++] = (struct reader){ i, k };
		}
	}
	if (count == 0)
		*status_r =
			cli_fail(EX_DATAERR, "the conf names no staff for whom a digest could be");
	*readers_r = readers;
	return count;
}

static char *
text_of(struct cli *cli, const struct reader *reader)
{
	return text_printable(cli->arena, digests_text(cli->store, &cli->conf->policy, cli->arena,
		reader->desk, reader->staff, cli->now));
}

static int
show(struct cli *cli, const struct reader *readers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cli_put(arena_printf(cli->arena, "%s[%s]\n%s", i > 0 ? "\n" : "",
			cli->conf->policy.staff[readers[i].staff].title,
			text_of(cli, &readers[i])));
	return cli_read_well(cli);
}

static int
show_json(struct cli *cli, const struct reader *readers, size_t count)
{
	const struct policy *policy = &cli->conf->policy;
	struct jsontext *array = jsontext_array(cli->arena);

	for (size_t i = 0; i < count; i++) {
		struct jsontext *object = jsontext_object(cli->arena);

		jsontext_string(object, "desk", policy->desks[readers[i].desk].title);
		jsontext_string(object, "staff", policy->staff[readers[i].staff].title);
		jsontext_string(object, "text", text_of(cli, &readers[i]));
		jsontext_add(array, object);
	}
	cli_put_json(array);
	return cli_read_well(cli);
}

static int
send(struct cli *cli, const struct reader *readers, size_t count)
{
	const struct policy *policy = &cli->conf->policy;

	for (size_t i = 0; i < count; i++) {
		const char *title = policy->staff[readers[i].staff].title;
		int64_t id =
			engine_digest(cli->engine, readers[i].desk, readers[i].staff, cli->now);

		if (id == 0)
			return cli_fail(EX_TEMPFAIL,
				"the digest for %s could not be put into the outbox", title);
		cli->changed = true;
		cli_put(arena_printf(cli->arena, "outbox %lld: digest of desk %s for %s\n",
			(long long)id, policy->desks[readers[i].desk].title, title));
	}
	if (cli->lock < 0)
		return EX_OK;
	cli_settle(cli);
	return engine_failed(cli->engine) ? EXIT_FAILURE : EX_OK;
}

int
verb_digest(struct cli *cli)
{
	struct reader *readers;
	int status = EX_OK;
	size_t count = find_readers(cli, &readers, &status);

	if (count == 0)
		return status;
	if (cli->options[CLI_SEND] != NULL)
		return send(cli, readers, count);
	return cli->options[CLI_JSON] != NULL ? show_json(cli, readers, count)
					      : show(cli, readers, count);
}
