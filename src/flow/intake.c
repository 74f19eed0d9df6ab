/*
 * Intake: from a mailbox's wire to the store.
 *
 * The promise: the store commits before the mailbox is touched and before the
 * cursor counts as moved. Bytes that were seen before are a no-op. The key is
 * the hash of the raw message, never a Message-ID, which a stranger chooses.
 *
 * Messages are read side by side and decided strictly in the order in which
 * they came; those that are ready together share one commit. A commit that
 * fails leaves them in the queue.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMMIT_AGAIN_MS 1000

static void
opened(struct engine *engine, struct opening *opening)
{
	struct intake_job *job = opening->owner;

	(void)engine;
	job->ready = true;
}

static void
enqueue(struct engine *engine, struct intake_job *job)
{
	job->next = NULL;
	*engine->jobs_tail = job;
	engine->jobs_tail = &job->next;
	engine->job_count++;
}

static void
job_free(struct engine *engine, struct intake_job *job)
{
	opening_free(engine, &job->opening);
	io_close(&job->fd);
	free(job);
}

/* The same bytes twice, be it from another folder or after a UIDVALIDITY change, are one message. */
static bool
hash_job(struct intake_job *job)
{
	struct io_map map = { 0 };
	struct err err;

	if (!io_memfd_sealed(job->fd) || io_map(job->fd, FLOW_MESSAGE_MAX, &map, &err) != DONE)
		return false;
	box_sha256(map.data, map.len, job->sha256);
	job->len = map.len;
	io_unmap(&map);
	return true;
}

bool
intake_offer(struct engine *engine, struct intake_job *job)
{
	const char *title = engine_policy(engine, job->desk)->title;
	int copy = -1;

	if (!hash_job(job) || (copy = dup(job->fd)) < 0) {
		log_err("a message's bytes cannot be had at the moment: it stays in the mailbox");
		engine->failed = true;
		job_free(engine, job);
		return false;
	}
	job->known = store_message_by_hash(engine->store, title, job->sha256) != 0;
	job->ready = job->known;
	if (job->known) {
		io_close(&copy);
	} else {
		job->opening = opening_start(engine, job->desk, READ_FACTS, copy, false, opened, job);
		job->opening->received_at = job->internal_date;
	}
	enqueue(engine, job);
	return true;
}

void
intake_seen(struct engine *engine, size_t desk, int at, uint32_t uid_validity, uint32_t uid)
{
	struct flow_folder *folder = &engine->desks[desk].mailbox.folders[at];
	struct intake_job *job = mem_alloc(sizeof(*job));

	*job = (struct intake_job){ .desk = desk,
		.mailbox = folder->cursor.mailbox,
		.folder = folder->name,
		.at = at,
		.uid_validity = uid_validity,
		.size = uid,
		.mark_only = true,
		.ready = true,
		.fd = -1 };
	enqueue(engine, job);
}

void
intake_again(struct engine *engine, int64_t message)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)256 * 1024 * 1024);
	struct record_message *record = store_message_get(engine->store, arena, message);
	struct intake_job *job;
	bool boxed;
	char *raw;
	size_t len;
	int fd = -1;

	if (record != NULL && engine_desk_of(engine, record->desk) < engine->desk_count &&
		store_message_raw(engine->store, arena, message, &raw, &len, &boxed) &&
		(fd = io_memfd(raw, len)) >= 0) {
		job = mem_alloc(sizeof(*job));
		*job = (struct intake_job){ .desk = engine_desk_of(engine, record->desk),
			.at = -1,
			.again = message,
			.internal_date = record->received_at,
			.from_sent = text_equal(record->folder,
				engine_policy(engine, engine_desk_of(engine, record->desk))->sent_folder),
			.size = record->size,
			.fd = -1 };
		memcpy(job->sha256, record->sha256, sizeof(job->sha256));
		job->opening = opening_start(engine, job->desk, READ_FACTS, fd, boxed, opened, job);
		job->opening->received_at = job->internal_date;
		enqueue(engine, job);
	}
	arena_free(&arena);
}

/* What comes after the commit: the mailbox may be touched now. */
static void
settle(struct engine *engine, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct intake_job *job = engine->jobs;

		engine->jobs = job->next;
		if (engine->jobs == NULL)
			engine->jobs_tail = &engine->jobs;
		engine->job_count--;
		mailboxes_taken(engine, job);
		job_free(engine, job);
	}
	engine->outbox_changed = true;
	if (engine->again_due && engine->jobs == NULL && !engine->stopping)
		engine_judge_more(engine);
}

/* The transaction was rolled back: everything in it is still to be done. */
static void
unsettle(struct engine *engine, size_t count, const struct err *err)
{
	struct intake_job *job = engine->jobs;

	log_err("the store did not take %zu messages: %s", count, err->text);
	engine->failed = true;
	engine->commit_again_ms = clock_mono_ms() + COMMIT_AGAIN_MS;
	for (size_t i = 0; i < count; i++, job = job->next)
		job->filed = false;
}

static void
judged_before(struct engine *engine, const struct intake_job *job)
{
	struct engine_judged judged = { .tag = job->tag };

	if (engine->options.judged != NULL)
		engine->options.judged(engine->options.context, &judged);
}

static void
write_job(struct engine *engine, struct intake_job *job)
{
	const char *title = engine_policy(engine, job->desk)->title;
	int64_t known = 0;

	if (job->mark_only) {
		store_cursor_set(engine->store, job->mailbox, job->uid_validity, (uint32_t)job->size);
		return;
	}
	if (job->again == 0)
		known = store_message_by_hash(engine->store, title, job->sha256);
	if (known != 0) {
		judged_before(engine, job);
		job->mark = store_message_kept(engine->store, known);
		if (job->mailbox != 0)
			store_place_add(engine->store, known, job->mailbox, job->uid_validity, job->uid);
	} else if (!drills_take(engine, job)) {
		filing_write(engine, job);
	}
	if (job->mailbox == 0)
		return;
	job->mark = job->mark && !job->from_sent &&
		engine->conf->desks[job->desk].imap.after != AFTER_KEEP;
	if (job->mark)
		store_mark_due(engine->store, job->mailbox, job->uid_validity, job->uid);
	store_cursor_set(engine->store, job->mailbox, job->uid_validity, job->uid);
}

/* As many as are ready at the head, up to the commit's bounds. */
static size_t
write_ready(struct engine *engine)
{
	int64_t until = clock_mono_ms() + FLOW_COMMIT_MS;
	size_t count = 0;

	for (struct intake_job *job = engine->jobs; job != NULL && job->ready; job = job->next) {
		write_job(engine, job);
		job->filed = true;
		if (++count == FLOW_COMMIT_MESSAGES || clock_mono_ms() >= until)
			break;
	}
	return count;
}

void
intake_advance(struct engine *engine)
{
	while (engine->jobs != NULL && engine->jobs->ready && clock_mono_ms() >= engine->commit_again_ms) {
		struct err err = { "" };
		size_t count;

		if (store_begin(engine->store, &err) != DONE) {
			unsettle(engine, 0, &err);
			return;
		}
		count = write_ready(engine);
		if (store_commit(engine->store, &err) != DONE) {
			unsettle(engine, count, &err);
			return;
		}
		settle(engine, count);
	}
}

void
intake_close(struct engine *engine)
{
	while (engine->jobs != NULL) {
		struct intake_job *job = engine->jobs;

		engine->jobs = job->next;
		job_free(engine, job);
	}
	engine->jobs_tail = &engine->jobs;
	engine->job_count = 0;
}
