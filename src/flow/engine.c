/*
 * The engine: one loop over the rooms' sockets. It holds no rule; each part of
 * flow/ advances by what the last turn brought.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/engine.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/outbox.h"
#include "flow/parts.h"
#include "mail/address.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENGINE_ARENA ((size_t)64 * 1024 * 1024)
#define ENGINE_POLL (HOUSE_ROOMS + 1) /* sockets of one turn: the rooms' and the nursery's */
#define ENGINE_TURN_MS 60000	/* the longest wait of one turn */
#define SHOW_MS 120000

int64_t
engine_now(const struct engine *engine)
{
	(void)engine;
	return clock_now();
}

const struct policy_desk *
engine_policy(const struct engine *engine, size_t desk)
{
	return &engine->conf->policy.desks[desk];
}

size_t
engine_desk_of(const struct engine *engine, const char *title)
{
	for (size_t i = 0; i < engine->desk_count; i++) {
		if (text_equal(engine_policy(engine, i)->title, title))
			return i;
	}
	return (size_t)-1;
}

bool
engine_is_coordinators(const struct policy_coordinator *coordinator, const char *address)
{
	for (size_t i = 0; i < coordinator->addresses.count; i++) {
		if (address_equal(coordinator->addresses.at[i], address))
			return true;
	}
	return false;
}

static bool
said(void *context, struct house_room *room, struct frame *frame)
{
	struct engine *engine = context;

	switch (house_kind(room)) {
	case ROOM_READER:
		return opening_frame(engine, room, frame);
	case ROOM_KEYRING:
		return frame->type == FRAME_OPENED ? opening_frame(engine, room, frame)
						   : keys_frame(engine, room, frame);
	case ROOM_MAILBOX:
		return mailboxes_frame(engine, room, frame);
	default:
		return outbox_frame(engine, room, frame);
	}
}

static void
gone(void *context, struct house_room *room, enum house_end end)
{
	struct engine *engine = context;

	switch (house_kind(room)) {
	case ROOM_KEYRING:
		keys_room_end(engine, room);
		opening_room_end(engine, room, end);
		break;
	case ROOM_READER:
		opening_room_end(engine, room, end);
		break;
	case ROOM_MAILBOX:
		mailboxes_room_end(engine, room, end);
		break;
	default:
		outbox_room_end(engine, room, end);
		break;
	}
}

enum outcome
engine_open(const struct conf *conf, const struct engine_options *options, struct engine **engine_r,
	struct err *err_r)
{
	struct engine *engine = mem_alloc(sizeof(*engine));
	struct house_calls calls = { said, gone, engine };
	enum outcome outcome;

	memset(engine, 0, sizeof(*engine));
	engine->conf = conf;
	engine->options = *options;
	engine->arena = arena_new(ARENA_PLAIN, ENGINE_ARENA);
	engine->jobs_tail = &engine->jobs;
	engine->desk_count = conf->policy.desk_count;
	engine->desks = arena_calloc(engine->arena, engine->desk_count, sizeof(*engine->desks));
	outcome = templates_load(engine, err_r);
	/* gpg-agent inherits the limits of whoever starts it: it is started before any are set. */
	for (size_t i = 0; outcome == DONE && i < engine->desk_count; i++)
		outcome = room_agent(conf->desks[i].pgp.home, err_r);
	if (outcome == DONE)
		outcome = house_open(conf, &calls, &engine->house, err_r);
	for (size_t i = 0; outcome == DONE && i < engine->desk_count; i++)
		outcome = keys_list(engine, i, err_r);
	if (outcome != DONE) {
		engine_close(&engine);
		return outcome;
	}
	*engine_r = engine;
	return DONE;
}

void
engine_close(struct engine **engine)
{
	struct engine *old = *engine;

	if (old == NULL)
		return;
	intake_close(old);
	/* What is being sent owns openings too. */
	for (size_t i = 0; i < old->desk_count; i++) {
		while (old->desks[i].outbox.sending != NULL)
			outbox_release(old, i, old->desks[i].outbox.sending);
		arena_free(&old->desks[i].keys.arena);
	}
	while (old->openings != NULL) {
		struct opening *opening = old->openings;

		opening_free(old, &opening);
	}
	house_close(&old->house);
	arena_free(&old->arena);
	free(old);
	*engine = NULL;
}

void
engine_judge_more(struct engine *engine)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
	int64_t *list;
	size_t count = store_again_list(engine->store, arena, &list), i;

	/* Their bytes are in memory while they wait: the rest follows when these are done. */
	for (i = 0; i < count && engine->job_count < FLOW_AGAIN; i++) {
		if (list[i] <= engine->again_after)
			continue;
		engine_judge_again(engine, list[i]);
		engine->again_after = list[i];
	}
	engine->again_due = i < count;
	arena_free(&arena);
}

void
engine_judge_marked(struct engine *engine)
{
	engine->again_after = 0;
	engine_judge_more(engine);
}

enum outcome
engine_start(struct engine *engine, struct store *store, struct err *err_r)
{
	engine->store = store;
	/* What is never kept is never sealed. */
	for (size_t i = 0; !engine->options.dry && i < engine->desk_count; i++) {
		if (pair_ready(engine, i, err_r) != DONE)
			return LATER;
	}
	if (engine->options.send && outbox_recover(engine, err_r) != DONE)
		return LATER;
	for (size_t i = 0; engine->options.mailboxes && i < engine->desk_count; i++)
		mailboxes_start(engine, i);
	if (engine->options.mailboxes)
		engine_judge_marked(engine);
	return DONE;
}

static int
soonest(int a, int b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

static void
advance(struct engine *engine)
{
	if (engine->store == NULL)
		return;
	opening_advance(engine);
	intake_advance(engine);
	mailboxes_advance(engine);
	reminders_advance(engine);
	daily_advance(engine);
	summaries_advance(engine);
	outbox_advance(engine);
	silence_advance(engine);
}

static int
wait_of(struct engine *engine, int timeout_ms, int house_ms)
{
	int wait = soonest(timeout_ms, ENGINE_TURN_MS);

	wait = soonest(wait, house_ms);
	if (engine->store == NULL)
		return wait;
	wait = soonest(wait, opening_timeout(engine));
	wait = soonest(wait, outbox_timeout(engine));
	wait = soonest(wait, reminders_timeout(engine));
	wait = soonest(wait, daily_timeout(engine));
	wait = soonest(wait, summaries_timeout(engine));
	wait = soonest(wait, silence_timeout(engine));
	if (engine->commit_again_ms > clock_mono_ms())
		wait = soonest(wait, (int)(engine->commit_again_ms - clock_mono_ms()));
	return soonest(wait, mailboxes_timeout(engine));
}

bool
engine_turn(struct engine *engine, int timeout_ms, int extra_fd)
{
	struct pollfd fds[ENGINE_POLL + 1];
	int house_ms;
	size_t count;

	expiry_look(engine);
	advance(engine);
	count = house_poll(engine->house, fds, ENGINE_POLL, &house_ms);
	fds[count] = (struct pollfd){ extra_fd, POLLIN, 0 };
	if (poll(fds, count + 1, wait_of(engine, timeout_ms, house_ms)) < 0) {
		if (errno != EINTR)
			log_err("poll failed: %s", strerrordesc_np(errno));
		return false;
	}
	house_serve(engine->house, fds, count);
	advance(engine);
	return extra_fd >= 0 && fds[count].revents != 0;
}

bool
engine_idle(const struct engine *engine)
{
	if (engine->jobs != NULL || engine->openings != NULL || daily_timeout(engine) == 0)
		return false;
	for (size_t i = 0; i < engine->desk_count; i++) {
		if (outbox_busy(engine, i) || (!engine->stopping && mailboxes_busy(engine, i)))
			return false;
	}
	return true;
}

bool
engine_failed(const struct engine *engine)
{
	return engine->failed;
}

bool
engine_standing(const struct engine *engine)
{
	return house_standing(engine->house);
}

void
engine_stop(struct engine *engine)
{
	engine->stopping = true;
	for (size_t i = 0; i < engine->desk_count; i++) {
		struct flow_mailbox *mailbox = &engine->desks[i].mailbox;

		if (mailbox->wire != NULL)
			house_dismiss(engine->house, mailbox->wire);
		mailbox->wire = NULL;
	}
}

void
engine_wake(struct engine *engine)
{
	struct err err;

	for (size_t i = 0; i < engine->desk_count; i++) {
		opening_fresh_keyrings(engine, i);
		if (keys_list(engine, i, &err) != DONE)
			log_warn("the keyring's list was not renewed: %s", err.text);
		engine->desks[i].mailbox.wanted_due = true;
	}
	engine->outbox_changed = true;
	engine->remind_again_ms = 0;
	engine_judge_marked(engine);
	mailboxes_look(engine);
}

void
engine_offer(struct engine *engine, size_t desk, const char *folder, int64_t received_at, int fd)
{
	struct intake_job *job = mem_alloc(sizeof(*job));

	*job = (struct intake_job){ .desk = desk,
		.folder = folder,
		.at = -1,
		.internal_date = received_at,
		.size = io_size(fd),
		.from_sent = text_equal(folder, engine_policy(engine, desk)->sent_folder),
		.fd = dup(fd) };
	intake_offer(engine, job);
}

void
engine_hand_over(struct engine *engine, const struct engine_handed *handed)
{
	struct intake_job *job = mem_alloc(sizeof(*job));

	*job = (struct intake_job){ .desk = handed->desk,
		.at = -1,
		.internal_date = handed->received_at,
		.size = handed->size,
		.header_only = handed->header_only,
		.only_copy = true,
		.tag = handed->tag,
		.from_sent = handed->from_sent,
		.fd = dup(handed->fd) };
	intake_offer(engine, job);
}

size_t
engine_waiting(const struct engine *engine)
{
	return engine->job_count;
}

void
engine_judge_again(struct engine *engine, int64_t message)
{
	for (const struct intake_job *job = engine->jobs; job != NULL; job = job->next) {
		if (job->again == message)
			return;
	}
	intake_again(engine, message);
}

struct showing {
	bool done;
	enum engine_show what;
	struct engine_texts texts;
	enum problem problem;
	bool failed_open;
};

static void
take_text(struct showing *showing, struct opening *opening, size_t layer)
{
	showing->texts.fds[showing->texts.count++] = opening->text_fds[layer];
	opening->text_fds[layer] = -1;
}

static void
shown(struct engine *engine, struct opening *opening)
{
	struct showing *showing = opening->owner;
	const struct facts *facts = opening->facts;
	size_t last = facts->layer_count > 0 ? facts->layer_count - 1 : 0;

	(void)engine;
	showing->done = true;
	showing->problem = facts->room_problem;
	showing->failed_open = facts->failed_open;
	for (size_t i = 0; showing->what == ENGINE_SHOW_EVIDENCE && i < facts->layer_count &&
		opening->text_fds[i] >= 0; i++)
		take_text(showing, opening, i);
	/* A signed part stands in its frame's text too: of those only what is round a ciphertext. */
	for (size_t i = last + 1; i-- > 0 && showing->what != ENGINE_SHOW_EVIDENCE;) {
		const struct facts_layer *layer = &facts->layers[i];

		if (opening->text_fds[i] < 0 ||
			(i != last && (layer->form != FORM_ENCRYPTED || layer->empty)))
			continue;
		take_text(showing, opening, i);
	}
}

enum outcome
engine_show(struct engine *engine, int64_t message, enum engine_show show,
	struct engine_texts *texts_r, struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)256 * 1024 * 1024);
	struct record_message *record = store_message_get(engine->store, arena, message);
	static const enum read_mode modes[] = {
		[ENGINE_SHOW_TEXT] = READ_TEXT,
		[ENGINE_SHOW_RAW] = READ_RAW,
		[ENGINE_SHOW_EVIDENCE] = READ_EVIDENCE,
	};
	struct showing showing = { .what = show };
	int64_t until = clock_mono_ms() + SHOW_MS;
	struct opening *opening;
	bool boxed;
	char *bytes;
	size_t len;

	if (record == NULL || engine_desk_of(engine, record->desk) >= engine->desk_count ||
		!store_message_raw(engine->store, arena, message, &bytes, &len, &boxed)) {
		arena_free(&arena);
		return err_set(err_r, NEVER, "of message %lld nothing but its header fields is kept",
			(long long)message);
	}
	opening = opening_start(engine, engine_desk_of(engine, record->desk), modes[show],
		io_memfd(bytes, len), boxed, shown, &showing);
	opening->received_at = record->received_at;
	arena_free(&arena);
	while (!showing.done && clock_mono_ms() < until)
		engine_turn(engine, (int)(until - clock_mono_ms()), -1);
	opening_free(engine, &opening);
	if (showing.texts.count == 0)
		return err_set(err_r, NEVER, "message %lld cannot be opened", (long long)message);
	if (showing.failed_open)
		log_warn("message %lld: what it holds cannot be opened; this is what stands outside",
			(long long)message);
	*texts_r = showing.texts;
	return DONE;
}
