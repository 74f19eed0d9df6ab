/*
 * Silence is an alarm: a mailbox that is not read, an outbox that does not move, a
 * clock that jumped. Each is told in steps (rule/silence), what was told is on record,
 * and its end is told once: by mail, or, where mail is what fails, by alert_command. What
 * that was told is kept in memory while the store takes nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/silence.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/alerts.h"
#include "flow/parts.h"
#include "rule/silence.h"

#include <stdlib.h>
#include <string.h>

#define SILENCE_ARENA ((size_t)16 * 1024 * 1024)
#define SILENCE_MS 60000	/* between two looks */
#define NAMES_MAX 4000
#define PASSES 2		/* of poll_interval that a folder may miss, however long it is */

/* What is looked at of a desk. */
struct listening {
	struct engine *engine;
	struct arena *arena;
	size_t desk;
	int64_t now;
};

/* --- folders --- */

static bool
is_read_here(const struct conf_imap *imap, const char *folder)
{
	for (size_t i = 0; i < imap->folders.count; i++) {
		if (text_equal(imap->folders.at[i], folder))
			return true;
	}
	return text_equal(imap->sent_folder, folder);
}

void
silence_folders(struct store *store, const struct conf *conf, struct arena *arena, size_t desk,
	int64_t now, struct silence_folders *folders_r)
{
	const struct conf_imap *imap = &conf->desks[desk].imap;
	int64_t patience = imap->poll_interval * PASSES * CLOCK_SECOND;
	struct store_mailbox *list;
	size_t count = store_mailboxes(store, arena, &list);
	struct text names;

	text_init(&names, arena, NAMES_MAX);
	*folders_r = (struct silence_folders){ .first = patience > SILENCE_FIRST ? patience : SILENCE_FIRST };
	for (size_t i = 0; i < count; i++) {
		const struct store_cursor *cursor = &list[i].cursor;
		int64_t last = cursor->last_pass != 0 ? cursor->last_pass : cursor->first_seen;

		if (!text_equal(list[i].desk, conf->policy.desks[desk].title) ||
			!is_read_here(imap, list[i].folder) || now - last < folders_r->first)
			continue;
		text_addf(&names, "%s%s", names.len > 0 ? ", " : "", list[i].folder);
		if (folders_r->since == 0 || last < folders_r->since)
			folders_r->since = last;
	}
	folders_r->names = text_printable(arena, names.data);
}

/* --- what is on record of a silence --- */

static char *
value_name(const struct listening *listening, const char *what)
{
	return arena_printf(listening->arena, "desk.%s.silence.%s",
		engine_policy(listening->engine, listening->desk)->title, what);
}

/* "SINCE TOLD"; nothing, or what cannot be read, is no silence. */
static struct silence
known(const struct listening *listening, const char *what)
{
	char *value = store_value_get(listening->engine->store, listening->arena,
		value_name(listening, what));
	char *blank = value != NULL ? strchr(value, ' ') : NULL;
	int64_t since, told;

	if (blank == NULL)
		return (struct silence){ 0, 0 };
	*blank = '\0';
	if (!text_number(value, 0, INT64_MAX, &since) || !text_number(blank + 1, 0, INT32_MAX, &told))
		return (struct silence){ 0, 0 };
	return (struct silence){ since, (int)told };
}

/* In one transaction with the alert, if there is one to mail; else the next look does it. */
static bool
note(const struct listening *listening, const char *what, const struct silence *next,
	const struct alert *alert)
{
	struct engine *engine = listening->engine;
	struct err err;

	if (store_begin(engine->store, &err) == DONE) {
		store_value_set(engine->store, value_name(listening, what),
			arena_printf(listening->arena, "%lld %d", (long long)next->since, next->told));
		if (alert != NULL)
			(void)alerts_add(engine->store, engine->conf, listening->desk, alert, listening->now);
		if (store_commit(engine->store, &err) == DONE) {
			engine->outbox_changed = engine->outbox_changed || alert != NULL;
			return true;
		}
	}
	log_warn("desk=%s a silence could not be noted: %s",
		engine_policy(engine, listening->desk)->title, err.text);
	return false;
}

static void
look_at_mailbox(const struct listening *listening)
{
	struct engine *engine = listening->engine;
	const char *title = engine_policy(engine, listening->desk)->title;
	struct silence before = known(listening, "mailbox"), next;
	struct silence_folders folders;
	struct alert alert = { .kind = ALERT_MAILBOX_SILENT, .to = ALERT_TO_STAFF };

	silence_folders(engine->store, engine->conf, listening->arena, listening->desk, listening->now,
		&folders);
	/* While one folder is not read, another that is read again ends nothing. */
	switch (silence_step(&before, silence_since(&before, folders.since, false), folders.first, listening->now, &next)) {
	case SILENCE_TELL:
		log_err("desk=%s mailbox not read since %s", title,
			clock_rfc3339(listening->arena, next.since, "UTC"));
		alert.since = next.since;
		alert.detail = folders.names;
		(void)note(listening, "mailbox", &next, &alert);
		break;
	case SILENCE_OVER:
		log_info("desk=%s mailbox is read again", title);
		alert.kind = ALERT_MAILBOX_READ;
		alert.since = before.since;
		(void)note(listening, "mailbox", &next, &alert);
		break;
	default:
		break;
	}
}

/* What alert_command was told, or what is over: on record, or else in memory until it is. */
static void
note_outage(const struct listening *listening, const struct silence *next, const struct alert *alert)
{
	struct silence *kept = &listening->engine->desks[listening->desk].outage;

	if (note(listening, "outbox", next, alert))
		*kept = (struct silence){ 0, 0 };
	else if (alert == NULL)
		*kept = *next;
}

static struct silence
known_outage(const struct listening *listening)
{
	const struct silence kept = listening->engine->desks[listening->desk].outage;

	if (kept.told == 0)
		return known(listening, "outbox");
	note_outage(listening, &kept, NULL);
	return kept;
}

static void
look_at_outbox(const struct listening *listening)
{
	struct engine *engine = listening->engine;
	const char *title = engine_policy(engine, listening->desk)->title;
	struct silence before = known_outage(listening), next;
	struct store_stuck stuck = { 0 };
	struct alert alert = { .kind = ALERT_OUTBOX_MOVES, .to = ALERT_TO_STAFF };
	enum silence_act act;
	bool went_out = store_outbox_sent_last(engine->store, title, listening->now) > before.since;

	/* What waited was given up: there is nothing more to tell, but it is not over either. */
	if (!store_outbox_stuck(engine->store, listening->arena, title, listening->now, &stuck) &&
		!went_out)
		return;
	stuck.since = silence_since(&before, stuck.since, went_out);
	act = silence_step(&before, stuck.since, SILENCE_FIRST, listening->now, &next);
	if (act == SILENCE_TELL) {
		log_err("desk=%s no mail has gone out since %s: %lld letters wait", title,
			clock_rfc3339(listening->arena, next.since, "UTC"), (long long)stuck.count);
		note_outage(listening, &next, NULL);
		outage_tell(engine, listening->desk, listening->arena, &stuck);
	} else if (act == SILENCE_OVER) {
		log_info("desk=%s mail goes out again", title);
		alert.since = before.since;
		note_outage(listening, &next, &alert);
	}
}

static void
look_at_clock(const struct listening *listening)
{
	struct engine *engine = listening->engine;
	int64_t mono = clock_mono_ms(), off;
	struct alert alert = { .kind = ALERT_CLOCK, .to = ALERT_TO_STAFF };
	struct err err;

	off = engine->clock_seen != 0 ? silence_jump(engine->clock_seen, engine->clock_seen_mono_ms,
		listening->now, mono) : 0;
	engine->clock_seen = listening->now;
	engine->clock_seen_mono_ms = mono;
	if (off == 0)
		return;
	log_err("the clock has jumped by %lld seconds", (long long)(off / CLOCK_SECOND));
	alert.detail = arena_printf(listening->arena, "%+lld s", (long long)(off / CLOCK_SECOND));
	if (store_begin(engine->store, &err) != DONE)
		return;
	for (size_t i = 0; i < engine->desk_count; i++)
		(void)alerts_add(engine->store, engine->conf, i, &alert, listening->now);
	if (store_commit(engine->store, &err) == DONE)
		engine->outbox_changed = true;
}

/* The daemon alone; of a single pass, when it is over. */
static bool
runs(const struct engine *engine)
{
	const struct engine_options *options = &engine->options;

	if (!options->send || !options->mailboxes || engine->stopping)
		return false;
	for (size_t i = 0; options->once && i < engine->desk_count; i++) {
		const struct flow_outbox *outbox = &engine->desks[i].outbox;

		if (mailboxes_busy(engine, i) || outbox_busy(engine, i) || outbox->sending != NULL)
			return false;
	}
	return !options->once || engine->jobs == NULL;
}

void
silence_advance(struct engine *engine)
{
	int64_t mono = clock_mono_ms(), now = engine_now(engine);

	if (!runs(engine) || mono < engine->silence_again_ms)
		return;
	engine->silence_again_ms = mono + SILENCE_MS;
	if (engine->started_at == 0)
		engine->started_at = now;
	for (size_t i = 0; i < engine->desk_count; i++) {
		struct listening listening = { engine, arena_new(ARENA_PLAIN, SILENCE_ARENA), i, now };

		if (i == 0)
			look_at_clock(&listening);
		if (engine->options.once || now - engine->started_at >= SILENCE_GRACE) {
			look_at_mailbox(&listening);
			look_at_outbox(&listening);
		}
		arena_free(&listening.arena);
	}
}

int
silence_timeout(const struct engine *engine)
{
	int64_t wait = engine->silence_again_ms - clock_mono_ms();

	if (!runs(engine))
		return -1;
	return wait > 0 ? (int)wait : 0;
}
