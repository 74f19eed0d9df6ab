/*
 * The file of open deadlines for calendars. Looked at with the reminders, once a
 * minute, and written only when something has changed on record.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/log.h"
#include "view/ical.h"

#include <string.h>

#define FEED_ARENA ((size_t)1 << 30)
#define FEED_MODE 0640

static bool
write_feed(struct engine *engine, struct arena *arena)
{
	const char *path = engine->conf->feed_file, *text;
	struct store_open_deadline *open;
	size_t count = store_deadlines_open(engine->store, arena, &open);
	struct ical_deadline *list = arena_calloc(arena, count + 1, sizeof(*list));
	struct err err;

	/* An empty list that could not be read would say that nothing is owed. */
	if (store_fault(engine->store, &err) != DONE) {
		log_warn("feed_file stays as it is: %s", err.text);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		list[i] = (struct ical_deadline){ &open[i].deadline, open[i].desk, open[i].number };
	text = ical_text(arena, &engine->conf->policy, list, count, engine_now(engine));
	if (io_put_file(path, text, strlen(text), FEED_MODE, true, &err) == DONE)
		return true;
	log_warn("feed_file cannot be written: %s", err.text);
	return false;
}

void
feed_write(struct engine *engine)
{
	struct arena *arena;
	char stamp[STORE_STAMP];

	if (engine->conf->feed_file[0] == '\0')
		return;
	store_deadlines_stamp(engine->store, stamp);
	if (strcmp(stamp, engine->feed_stamp) == 0)
		return;
	arena = arena_new(ARENA_PLAIN, FEED_ARENA);
	if (write_feed(engine, arena))
		memcpy(engine->feed_stamp, stamp, sizeof(stamp));
	arena_free(&arena);
}
