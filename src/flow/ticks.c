/*
 * Ticks and the phase that follows: no item is ticked past this file, but for those
 * that a merging brings, so that the phase can never lag behind.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/ticks.h"

#include "base/arena.h"
#include "base/text.h"
#include "port/store.h"

#define TICKS_ARENA ((size_t)4 * 1024 * 1024)

static size_t
find(const struct record_tick *ticks, size_t count, const char *item)
{
	size_t i;

	for (i = 0; i < count && !text_equal(ticks[i].item, item); i++)
		;
	return i;
}

static void
follow(struct store *store, struct arena *arena, int64_t case_id, enum phase before,
	enum phase now, struct record_case *record)
{
	struct record_case *own = record != NULL ? record : store_case_get(store, arena, case_id);
	enum phase to;

	if (own == NULL)
		return;
	to = checklist_follow(own->phase, before, now);
	if (to == own->phase)
		return;
	own->phase = to;
	/* The caller's record is written by the caller, with all else that changes in it. */
	if (record == NULL)
		store_case_update(store, own);
}

enum phase
ticks_phase(struct store *store, const struct checklist *checklist, int64_t case_id)
{
	struct arena *arena = arena_new(ARENA_PLAIN, TICKS_ARENA);
	struct record_tick *ticks;
	size_t count = store_ticks(store, arena, case_id, &ticks);
	enum phase phase = checklist_phase(checklist, ticks, count);

	arena_free(&arena);
	return phase;
}

bool
ticks_set(struct store *store, const struct checklist *checklist, int64_t case_id,
	const char *item, int64_t now, const char *who, struct record_case *record)
{
	struct arena *arena = arena_new(ARENA_PLAIN, TICKS_ARENA);
	struct record_tick *ticks;
	size_t count = store_ticks(store, arena, case_id, &ticks);
	bool set = find(ticks, count, item) == count;

	if (set) {
		enum phase before = checklist_phase(checklist, ticks, count);

		store_tick(store, case_id, item, now, who);
		count = store_ticks(store, arena, case_id, &ticks);
		follow(store, arena, case_id, before, checklist_phase(checklist, ticks, count),
			record);
	}
	arena_free(&arena);
	return set;
}

bool
ticks_clear(struct store *store, const struct checklist *checklist, int64_t case_id,
	const char *item, struct record_case *record)
{
	struct arena *arena = arena_new(ARENA_PLAIN, TICKS_ARENA);
	struct record_tick *ticks;
	size_t count = store_ticks(store, arena, case_id, &ticks);
	enum phase before = checklist_phase(checklist, ticks, count);
	bool cleared = store_untick(store, case_id, item);

	if (cleared) {
		count = store_ticks(store, arena, case_id, &ticks);
		follow(store, arena, case_id, before, checklist_phase(checklist, ticks, count),
			record);
	}
	arena_free(&arena);
	return cleared;
}

void
ticks_event(struct store *store, const struct checklist *checklist, int64_t case_id,
	enum tick_event event, int64_t now, const char *who, struct record_case *record)
{
	for (size_t i = 0; i < checklist->count; i++) {
		if (checklist->items[i].ticked_by == event)
			(void)ticks_set(store, checklist, case_id, checklist->items[i].item, now, who,
				record);
	}
}
