/*
 * The trials' loop: all rooms of all desks at a time, each under a watch, until
 * every one has told what it found or the time is up.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/trials_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "room/room.h"

#include <stdlib.h>
#include <string.h>

void
trials_tell(struct trials_result *result, enum outcome outcome, const struct err *err)
{
	*result = (struct trials_result){ .tried = true, .outcome = outcome };
	if (outcome != DONE)
		result->err = *err;
}

void
trials_dismiss(struct trials *trials, struct house_room **room)
{
	if (*room != NULL)
		house_dismiss(trials->house, *room);
	*room = NULL;
}

static bool
said(void *context, struct house_room *room, struct frame *frame)
{
	struct trials *trials = context;
	struct trying *trying = &trials->desks[house_desk(room)];

	switch (house_kind(room)) {
	case ROOM_MAILBOX:
	case ROOM_SMARTHOST:
		return trials_wire_said(trials, trying, room, frame);
	case ROOM_READER:
		return trials_reader_said(trials, trying, frame);
	case ROOM_KEYRING:
		return trials_keyring_said(trials, trying, frame);
	default:
		return trials_sealer_said(trials, trying, frame);
	}
}

/* A room that ended before it had told everything. */
static void
gone(void *context, struct house_room *room, enum house_end end)
{
	struct trials *trials = context;
	struct trying *trying = &trials->desks[house_desk(room)];
	struct house_room **rooms[] = { &trying->mailbox, &trying->smarthost, &trying->reader,
		&trying->keyring, &trying->sealer };

	(void)end;
	if (room == trying->mailbox)
		trying->result->mailbox.cut = true;
	if (room == trying->smarthost)
		trying->result->smarthost.cut = true;
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		if (*rooms[i] == room)
			*rooms[i] = NULL;
	}
	if (house_kind(room) != ROOM_KEYRING && house_kind(room) != ROOM_SEALER)
		return;
	trials_keys_gone(trying, room_kind_name(house_kind(room)));
	trials_dismiss(trials, &trying->keyring);
	trials_dismiss(trials, &trying->sealer);
}

enum outcome
trials_open(const struct conf *conf, struct trials **trials_r, struct err *err_r)
{
	struct trials *trials = mem_alloc(sizeof(*trials));
	struct house_calls calls = { said, gone, trials };
	enum outcome outcome;

	memset(trials, 0, sizeof(*trials));
	trials->conf = conf;
	outcome = house_open(conf, &calls, &trials->house, err_r);
	if (outcome == DONE)
		*trials_r = trials;
	else
		free(trials);
	return outcome;
}

static bool
under_way(const struct trials *trials)
{
	for (size_t i = 0; i < trials->conf->policy.desk_count; i++) {
		const struct trying *trying = &trials->desks[i];

		if (trying->mailbox != NULL || trying->smarthost != NULL ||
			trying->reader != NULL || trying->keyring != NULL ||
			trying->sealer != NULL)
			return true;
	}
	return false;
}

static void
turn(struct trials *trials, int64_t until)
{
	struct pollfd fds[HOUSE_ROOMS + 1];
	int64_t left = until - clock_mono_ms();
	int house_ms;
	size_t count = house_poll(trials->house, fds, HOUSE_ROOMS + 1, &house_ms);

	if (house_ms >= 0 && house_ms < left)
		left = house_ms;
	if (poll(fds, count, left > 0 ? (int)left : 0) >= 0)
		house_serve(trials->house, fds, count);
}

/* The time is up: what has not told everything is cut. */
static void
cut(struct trials *trials, struct trying *trying)
{
	trying->result->mailbox.cut |= trying->mailbox != NULL;
	trying->result->smarthost.cut |= trying->smarthost != NULL;
	if (trying->keyring != NULL || trying->sealer != NULL)
		trials_keys_gone(trying, "gpg");
	trials_dismiss(trials, &trying->mailbox);
	trials_dismiss(trials, &trying->smarthost);
	trials_dismiss(trials, &trying->reader);
	trials_dismiss(trials, &trying->keyring);
	trials_dismiss(trials, &trying->sealer);
	trials_wires_end(trying);
}

struct trials_desk *
trials_run(struct trials *trials, struct arena *arena, const bool *keyrings,
	const struct trials_pair *pairs)
{
	size_t count = trials->conf->policy.desk_count;
	struct trials_desk *results = arena_calloc(arena, count, sizeof(*results));
	int64_t until = clock_mono_ms() + TRIALS_MS;

	trials->arena = arena;
	trials->desks = arena_calloc(arena, count, sizeof(*trials->desks));
	for (size_t i = 0; i < count; i++) {
		trials->desks[i] = (struct trying){ .desk = i,
			.result = &results[i],
			.pair = &pairs[i] };
		trials_wires_begin(trials, &trials->desks[i]);
		if (keyrings[i])
			trials_keys_begin(trials, &trials->desks[i]);
	}
	while (under_way(trials) && house_standing(trials->house) && clock_mono_ms() < until)
		turn(trials, until);
	for (size_t i = 0; i < count; i++)
		cut(trials, &trials->desks[i]);
	return results;
}

void
trials_close(struct trials **trials)
{
	struct trials *old = *trials;

	if (old == NULL)
		return;
	house_close(&old->house);
	free(old);
	*trials = NULL;
}
