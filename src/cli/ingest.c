/*
 * `ingest`: mail from elsewhere onto record, the same way as from a mailbox:
 * readers, keyrings, rules, one transaction. Messages go in batches, so that
 * they are read side by side and share commits; what was printed is on record.
 * Answers are the daemon's to send.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/mail_files.h"
#include "cli/verbs.h"
#include "flow/engine.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/store.h"
#include "view/json.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

#define BATCH_MESSAGES 64
#define BATCH_BYTES ((size_t)16 * 1024 * 1024)

struct waiting {
	const char *name;
	unsigned char sha256[32];
	bool known;		/* on record before, or in this batch already */
};

struct ingest {
	struct cli *cli;
	struct arena *arena;	/* of one batch */
	size_t desk;
	int64_t received_at;	/* of all, by --received; 0: each as its place tells */
	struct waiting batch[BATCH_MESSAGES];
	size_t count, bytes;
	struct jsontext *array;	/* with --json */
};

static size_t
max_size(const struct ingest *ingest)
{
	return (size_t)ingest->cli->conf->desks[ingest->desk].imap.max_size;
}

static const char *
title_of(const struct ingest *ingest)
{
	return ingest->cli->conf->policy.desks[ingest->desk].title;
}

/* --- telling --- */

static void
tell(struct ingest *ingest, const struct waiting *waiting, const struct record_message *record)
{
	struct cli *cli = ingest->cli;
	const char *cases = cli_ids(cli, record->cases, record->case_count);

	cli_put(text_printable(ingest->arena,
		arena_printf(ingest->arena, "%s: %smessage %lld, %s, %s, case %s\n", waiting->name,
			waiting->known ? "known already: " : "", (long long)record->id,
			mail_kind_name(record->kind), trust_name(record->trust),
			cases != NULL ? cases : "-")));
}

static void
tell_json(struct ingest *ingest, const struct waiting *waiting, const struct record_message *record)
{
	struct jsontext *object = jsontext_object(ingest->cli->arena);
	struct jsontext *cases = jsontext_array(ingest->cli->arena);

	for (size_t i = 0; i < record->case_count; i++)
		jsontext_add_number(cases, record->cases[i]);
	jsontext_string(object, "file", waiting->name);
	jsontext_bool(object, "known", waiting->known);
	jsontext_id(object, "message", record->id);
	jsontext_string(object, "kind", mail_kind_name(record->kind));
	jsontext_string(object, "trust", trust_name(record->trust));
	jsontext_put(object, "cases", cases);
	jsontext_add(ingest->array, object);
}

/* --- onto record --- */

/* Who brought it, in the logs of the cases that it came into. */
static int
log_new(struct ingest *ingest, const struct waiting *waiting, struct record_message **records)
{
	struct cli *cli = ingest->cli;
	int status = cli_begin(cli);

	if (status != EX_OK)
		return status;
	for (size_t i = 0; i < ingest->count; i++) {
		if (!waiting[i].known)
			cli_log_message(cli, records[i], "ingested");
	}
	return cli_commit(cli);
}

static int
tell_batch(struct ingest *ingest)
{
	struct cli *cli = ingest->cli;
	struct record_message *records[BATCH_MESSAGES];
	bool any_new = false;
	int status = EX_OK;

	for (size_t i = 0; i < ingest->count; i++) {
		const struct waiting *waiting = &ingest->batch[i];

		records[i] = store_message_get(cli->store, ingest->arena,
			store_message_by_hash(cli->store, title_of(ingest), waiting->sha256));
		if (records[i] == NULL)
			return cli_fail(EX_TEMPFAIL, "%s is not on record: give it again",
				waiting->name);
		any_new = any_new || !waiting->known;
	}
	if (any_new)
		status = log_new(ingest, ingest->batch, records);
	for (size_t i = 0; i < ingest->count && status == EX_OK; i++) {
		if (ingest->array != NULL)
			tell_json(ingest, &ingest->batch[i], records[i]);
		else
			tell(ingest, &ingest->batch[i], records[i]);
	}
	return status;
}

/* Turns the engine until the batch is on record. What a store does not take now comes again. */
static int
settle(struct ingest *ingest)
{
	struct engine *engine = ingest->cli->engine;
	int status;

	if (ingest->count == 0)
		return EX_OK;
	while (!engine_idle(engine) && !engine_failed(engine) && engine_standing(engine))
		engine_turn(engine, -1, -1);
	if (engine_failed(engine) || !engine_standing(engine))
		return cli_fail(EX_TEMPFAIL,
			"the store does not take mail at the moment (madoguchi doctor says why): "
			"give it again from %s on",
			ingest->batch[0].name);
	ingest->cli->changed = true;
	status = tell_batch(ingest);
	ingest->count = ingest->bytes = 0;
	arena_reset(ingest->arena);
	return status;
}

static bool
is_known(const struct ingest *ingest, const unsigned char sha256[32])
{
	for (size_t i = 0; i < ingest->count; i++) {
		if (memcmp(ingest->batch[i].sha256, sha256, 32) == 0)
			return true;
	}
	return store_message_by_hash(ingest->cli->store, title_of(ingest), sha256) != 0;
}

static int
hand_over(struct ingest *ingest, const struct mail_found *found, const struct mail_wire *wire)
{
	int64_t at = ingest->received_at != 0 ? ingest->received_at : found->at;
	struct engine_handed handed = { .desk = ingest->desk,
		.received_at = mail_files_received(at, ingest->cli->now),
		.header_only = wire->header_only,
		.size = found->size };
	struct waiting *waiting = &ingest->batch[ingest->count];

	waiting->name = arena_strdup(ingest->arena, found->name);
	box_sha256(wire->text.data, wire->len, waiting->sha256);
	waiting->known = is_known(ingest, waiting->sha256);
	if (!waiting->known) {
		handed.fd = io_memfd(wire->text.data, wire->len);
		if (handed.fd < 0)
			return cli_fail(EX_TEMPFAIL, "%s: no memory file: %s", found->name,
				strerrordesc_np(errno));
		engine_hand_over(ingest->cli->engine, &handed);
		io_close(&handed.fd);
	}
	ingest->count++;
	ingest->bytes += wire->len;
	return EX_OK;
}

static int
take(void *context, const struct mail_found *found)
{
	struct ingest *ingest = context;
	struct mail_wire wire;
	int status = EX_OK;

	if (ingest->count == BATCH_MESSAGES || ingest->bytes > BATCH_BYTES)
		status = settle(ingest);
	if (status != EX_OK)
		return status;
	mail_wire_make(found, max_size(ingest), &wire);
	status = hand_over(ingest, found, &wire);
	mail_wire_free(&wire);
	return status;
}

/* --- the verb --- */

static int
choose_desk(struct ingest *ingest)
{
	struct cli *cli = ingest->cli;
	int status;

	if (cli->options[CLI_DESK] != NULL)
		return cli_find_desk(cli, cli->options[CLI_DESK], &ingest->desk, &status) ? EX_OK
											   : status;
	if (cli->conf->policy.desk_count > 1)
		return cli_fail(EX_USAGE, "the conf has several desks: say which with --desk");
	return EX_OK;
}

static int
choose_time(struct ingest *ingest)
{
	struct cli *cli = ingest->cli;
	const char *given = cli->options[CLI_RECEIVED];

	if (given == NULL)
		return EX_OK;
	if (!clock_parse(given, cli->conf->policy.desks[ingest->desk].time_zone,
		    &ingest->received_at) ||
		ingest->received_at > cli->now)
		return cli_fail(EX_USAGE, "--received wants a time that has passed, like "
					  "\"2026-11-22 09:00\"");
	return EX_OK;
}

static int
take_all(struct ingest *ingest)
{
	struct mail_sink sink = { take, ingest };
	struct cli *cli = ingest->cli;
	int status = EX_OK;

	if (cli->arg_count == 0)
		return mail_files_input(cli, max_size(ingest) + 1, &sink);
	for (size_t i = 0; i < cli->arg_count && status != EX_TEMPFAIL; i++) {
		int one = mail_files_path(cli, cli->args[i], &sink);

		status = one != EX_OK ? one : status;
	}
	return status;
}

int
verb_ingest(struct cli *cli)
{
	struct ingest ingest = { .cli = cli };
	int status = choose_desk(&ingest), settled = EX_OK;

	if (status == EX_OK)
		status = choose_time(&ingest);
	if (status != EX_OK)
		return status;
	if (cli->options[CLI_JSON] != NULL)
		ingest.array = jsontext_array(cli->arena);
	ingest.arena = arena_new(ARENA_PLAIN, CLI_ARENA);
	status = take_all(&ingest);
	if (status != EX_TEMPFAIL)
		settled = settle(&ingest);
	if (ingest.array != NULL)
		cli_put_json(ingest.array);
	arena_free(&ingest.arena);
	return settled != EX_OK ? settled : status;
}
