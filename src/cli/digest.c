/*
 * `digest`: shows what a digest would say now or on another day, or has it sent now.
 * Sending is the daemon's; where none runs, this process does it under the daemon's lock.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/digests.h"
#include "flow/engine.h"
#include "port/conf.h"
#include "view/json.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define DATE_LEN 10 /* "2026-11-22" */

/* Whose digest of which desk. */
struct reader {
	size_t desk, staff;
};

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
				policy_serves(&policy->staff[k], policy->desks[i].title))
				readers[count++] = (struct reader){ i, k };
		}
	}
	if (count == 0)
		*status_r =
			cli_fail(EX_DATAERR, "the conf names no staff for whom a digest could be");
	*readers_r = readers;
	return count;
}

/*
 * The instant of which a digest of that desk tells: with --date the person's hour on that
 * day, or the time that was given; else, and on this very day, now. False when it is none.
 */
static bool
find_instant(struct cli *cli, const struct reader *reader, int64_t *as_of_r)
{
	const struct policy *policy = &cli->conf->policy;
	const char *zone = policy->desks[reader->desk].time_zone;
	const char *date = cli->options[CLI_DATE];
	int64_t end;

	*as_of_r = cli->now;
	if (date == NULL)
		return true;
	if (!clock_parse(date, zone, &end))
		return false;
	if (strlen(date) != DATE_LEN)
		*as_of_r = end;
	else if (digest_day_end(zone, end) != digest_day_end(zone, cli->now))
		*as_of_r = digest_hour(policy, reader->desk, reader->staff, end);
	return true;
}

static struct digests *
make(struct cli *cli, const struct reader *reader)
{
	int64_t as_of = cli->now;

	(void)find_instant(cli, reader, &as_of);
	return digests_make(cli->engine, cli->arena, reader->desk, reader->staff, as_of);
}

static char *
text_of(struct cli *cli, const struct digest_page *page)
{
	return text_printable(cli->arena, digest_text(cli->arena, page));
}

static int
show(struct cli *cli, const struct reader *readers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct digests *digests = make(cli, &readers[i]);
		const struct digest_page *page = digest_page(cli->arena, &digests->digest, false);

		cli_put(arena_printf(cli->arena, "%s[%s]\n%s", i > 0 ? "\n" : "",
			cli->conf->policy.staff[readers[i].staff].title, text_of(cli, page)));
	}
	return cli_read_well(cli);
}

static struct jsontext *
json_of(struct cli *cli, const struct digests *digests)
{
	const struct policy_desk *desk = &cli->conf->policy.desks[digests->desk];
	const struct digest_page *page = digest_page(cli->arena, &digests->digest, false);
	const struct daily *daily = &digests->daily;
	struct jsontext *object = jsontext_object(cli->arena);

	jsontext_string(object, "desk", desk->title);
	jsontext_string(object, "staff", cli->conf->policy.staff[digests->staff].title);
	jsontext_time(object, "as_of", digests->as_of, desk->time_zone);
	jsontext_time(object, "since", daily->since, desk->time_zone);
	jsontext_bool(object, "news", digests->news);
	jsontext_number(object, "owed", daily->owed_all);
	jsontext_number(object, "overdue", daily->overdue);
	jsontext_number(object, "due_soon", daily->soon);
	jsontext_number(object, "came", daily->came_all);
	jsontext_number(object, "sent", daily->sent_all);
	jsontext_number(object, "held", daily->outbox[OUTBOX_HELD]);
	jsontext_number(object, "deferred", daily->outbox[OUTBOX_DEFERRED]);
	jsontext_number(object, "failed", daily->outbox[OUTBOX_FAILED]);
	jsontext_number(object, "unfiled", daily->unfiled_all);
	jsontext_number(object, "unrelated", daily->unrelated);
	jsontext_string(object, "log_head", daily->log_head);
	jsontext_string(object, "text", text_of(cli, page));
	jsontext_string(object, "html", digest_html(cli->arena, page->title, page));
	return object;
}

static int
show_json(struct cli *cli, const struct reader *readers, size_t count)
{
	struct jsontext *array = jsontext_array(cli->arena);

	for (size_t i = 0; i < count; i++)
		jsontext_add(array, json_of(cli, make(cli, &readers[i])));
	cli_put_json(array);
	return cli_read_well(cli);
}

static int
send(struct cli *cli, const struct reader *readers, size_t count)
{
	const struct policy *policy = &cli->conf->policy;

	for (size_t i = 0; i < count; i++) {
		const char *title = policy->staff[readers[i].staff].title;
		struct err err = { "" };
		int64_t id;

		if (digests_put(cli->engine, cli->arena, make(cli, &readers[i]), DIGEST_WHOLE, &id,
			    &err) != DONE)
			return cli_fail(EX_TEMPFAIL,
				"the digest for %s could not be put into the outbox: %s", title,
				err.text);
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
	int64_t as_of;

	if (count == 0)
		return status;
	for (size_t i = 0; i < count; i++) {
		if (!find_instant(cli, &readers[i], &as_of))
			return cli_fail(EX_USAGE, "--date wants a day, like \"2026-11-22\"");
	}
	if (cli->options[CLI_SEND] != NULL)
		return send(cli, readers, count);
	return cli->options[CLI_JSON] != NULL ? show_json(cli, readers, count)
					      : show(cli, readers, count);
}
