/*
 * What the store knows of drills: the one under way, as tool and daemon tell it each
 * other, and how the last ones ended. Small values, no table of its own.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/drills.h"

#include "flow/alerts.h"
#include "flow/parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "rule/drill.h"

#include <string.h>

#define DRILL_TEXT 4096
#define DRILLS_ARENA ((size_t)4 * 1024 * 1024)	/* with its rows of the outbox */

static char *
value_name(struct arena *arena, const char *desk, const char *what)
{
	return arena_printf(arena, "drill.%s%s", desk, what);
}

/* A value that is there and not empty. */
static char *
value_of(struct store *store, struct arena *arena, const char *desk, const char *what)
{
	char *value = store_value_get(store, arena, value_name(arena, desk, what));

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static int64_t
number_of(struct arena *arena, const char *lines, const char *name)
{
	const char *text = letter_param(arena, lines, name);
	int64_t number;

	return text != NULL && text_number(text, 0, INT64_MAX, &number) ? number : 0;
}

bool
drills_get(struct store *store, struct arena *arena, const char *desk, struct drill *drill_r)
{
	const char *lines = value_of(store, arena, desk, ".now");
	struct drill drill = { 0 };

	if (lines == NULL)
		return false;
	drill.number = (uint32_t)number_of(arena, lines, "number");
	drill.key = letter_param(arena, lines, "key");
	drill.until = number_of(arena, lines, "until");
	drill.question = number_of(arena, lines, "question");
	drill.answer = number_of(arena, lines, "answer");
	drill.came_at = number_of(arena, lines, "came");
	drill.back_at = number_of(arena, lines, "back");
	drill.folder = letter_param(arena, lines, "folder");
	drill.back_folder = letter_param(arena, lines, "back_folder");
	drill.failed = letter_param(arena, lines, "failed");
	drill.left = letter_param(arena, lines, "left");
	drill.gone[DRILL_QUESTION] = letter_param(arena, lines, "gone") != NULL;
	drill.gone[DRILL_ANSWER] = letter_param(arena, lines, "back_gone") != NULL;
	if (drill.key == NULL || drill.number == 0)
		return false;
	*drill_r = drill;
	return true;
}

static void
add_number(struct text *text, const char *name, int64_t number)
{
	if (number != 0)
		text_addf(text, "%s: %lld\n", name, (long long)number);
}

static void
add_line(struct text *text, struct arena *arena, const char *name, const char *value)
{
	char *line = arena_strdup(arena, value != NULL ? value : "");

	text_one_line(line);
	if (line[0] != '\0')
		text_addf(text, "%s: %s\n", name, line);
}

void
drills_set(struct store *store, const char *desk, const struct drill *drill)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 16 * DRILL_TEXT);
	struct text text;

	text_init(&text, arena, DRILL_TEXT);
	text_add(&text, "");
	if (drill != NULL) {
		add_number(&text, "number", drill->number);
		add_line(&text, arena, "key", drill->key);
		add_number(&text, "until", drill->until);
		add_number(&text, "question", drill->question);
		add_number(&text, "answer", drill->answer);
		add_number(&text, "came", drill->came_at);
		add_number(&text, "back", drill->back_at);
		add_line(&text, arena, "folder", drill->folder);
		add_line(&text, arena, "back_folder", drill->back_folder);
		add_line(&text, arena, "failed", drill->failed);
		add_line(&text, arena, "left", drill->left);
		add_number(&text, "gone", drill->gone[DRILL_QUESTION]);
		add_number(&text, "back_gone", drill->gone[DRILL_ANSWER]);
	} else if (value_of(store, arena, desk, ".answer") != NULL) {
		store_value_set(store, value_name(arena, desk, ".answer"), "");
	}
	store_value_set(store, value_name(arena, desk, ".now"), text.data);
	arena_free(&arena);
}

char *
drills_answer(struct store *store, struct arena *arena, const char *desk)
{
	return value_of(store, arena, desk, ".answer");
}

/* A drill's mail must not go out when nobody waits for it any more. */
static void
drop(struct store *store, struct arena *arena, int64_t id)
{
	const struct record_outbox *entry = id != 0 ? store_outbox_get(store, arena, id) : NULL;

	if (entry != NULL && entry->state != OUTBOX_SENT && entry->state != OUTBOX_DROPPED)
		store_outbox_drop(store, id, "the drill is over");
}

/* False: one that began is not there any more, for it was ended. */
static bool
take_away(struct store *store, struct arena *arena, const char *desk, int64_t question)
{
	struct drill drill;

	if (question == 0)
		return true;
	if (!drills_get(store, arena, desk, &drill) || drill.question != question)
		return false;
	drop(store, arena, drill.question);
	drop(store, arena, drill.answer);
	drills_set(store, desk, NULL);
	return true;
}

static void
note_end(struct store *store, struct arena *arena, const struct conf *conf, size_t desk,
	const struct drill_end *end, int64_t now)
{
	const char *title = conf->policy.desks[desk].title;
	const char *at = arena_printf(arena, "%lld", (long long)now);
	const char *how = end->fault == NULL ? "passed" : "failed";
	struct alert alert = { .kind = ALERT_DRILL, .to = ALERT_TO_STAFF, .detail = end->fault };

	store_value_set(store, value_name(arena, title, ""), arena_printf(arena, "%s %s", at, how));
	if (end->fault == NULL)
		store_value_set(store, value_name(arena, title, ".passed"), at);
	store_log(store, 0, now, end->who,
		arena_printf(arena, "desk %s: drill %s %s", title, end->name, how));
	if (end->fault != NULL)
		(void)alerts_add(store, conf, desk, &alert, now);
}

void
drills_end(struct store *store, const struct conf *conf, size_t desk, const struct drill_end *end,
	int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, DRILLS_ARENA);

	if (take_away(store, arena, conf->policy.desks[desk].title, end->question))
		note_end(store, arena, conf, desk, end, now);
	arena_free(&arena);
}

static bool
get_dead(struct store *store, struct arena *arena, const char *desk, int64_t now,
	struct drill *drill_r)
{
	return drills_get(store, arena, desk, drill_r) && drill_r->until < now;
}

bool
drills_dead(struct store *store, const char *desk, int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, DRILLS_ARENA);
	struct drill drill;
	bool dead = get_dead(store, arena, desk, now, &drill);

	arena_free(&arena);
	return dead;
}

bool
drills_end_dead(struct store *store, const struct conf *conf, size_t desk, int64_t now,
	const char *who)
{
	struct arena *arena = arena_new(ARENA_PLAIN, DRILLS_ARENA);
	struct drill drill;
	bool dead = get_dead(store, arena, conf->policy.desks[desk].title, now, &drill);

	if (dead) {
		const char *name = drill_number_text(arena, drill.number);
		const struct drill_end end = { drill.question, name,
			arena_printf(arena, "%s was cut off before its end", name), who };

		drills_end(store, conf, desk, &end, now);
	}
	arena_free(&arena);
	return dead;
}

void
drills_last(struct store *store, const char *desk, int64_t *passed_r, int64_t *last_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4 * DRILL_TEXT);
	const char *passed = value_of(store, arena, desk, ".passed");
	char *last = value_of(store, arena, desk, "");

	*passed_r = *last_r = 0;
	if (last != NULL)
		last[strcspn(last, " ")] = '\0';
	if (passed == NULL || !text_number(passed, 0, INT64_MAX, passed_r))
		*passed_r = 0;
	if (last == NULL || !text_number(last, 0, INT64_MAX, last_r))
		*last_r = 0;
	arena_free(&arena);
}

bool
drills_entry(const struct record_outbox *entry)
{
	return entry->case_id == 0 && entry->params != NULL && text_starts(entry->params, "drill: ");
}

char *
drills_message_id(struct arena *arena, const struct policy_desk *desk)
{
	return outbox_message_id(arena, desk, DRILL_MESSAGE_ID);
}

int64_t
drills_begin(struct store *store, const struct conf *conf, size_t desk, const struct drill *drill,
	const char *message_id, const char *bytes, size_t len, int64_t now)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 16 * DRILL_TEXT);
	const struct policy_desk *policy = &conf->policy.desks[desk];
	struct record_outbox entry = { .kind = KIND_DETAILS,
		.state = OUTBOX_QUEUED,
		.to = policy->address,
		.copied = true,
		.message_id = message_id };
	struct drill begun = *drill;
	unsigned char hash[32];
	char hex[2 * sizeof(hash) + 1];

	entry.params = arena_printf(arena, "drill: %s\nnumber: %s\n", drill->key,
		drill_number_text(arena, drill->number));
	begun.question = outbox_add(store, conf, desk, &entry, now);
	box_sha256(bytes, len, hash);
	text_hex(hex, hash, sizeof(hash));
	store_outbox_seal(store, begun.question, bytes, len, hex, policy->key);
	drills_set(store, policy->title, &begun);
	arena_free(&arena);
	return begun.question;
}

void
drills_keep_answer(struct store *store, const char *desk, const char *bytes, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, len + 16 * DRILL_TEXT);

	store_value_set(store, value_name(arena, desk, ".answer"), arena_strndup(arena, bytes, len));
	arena_free(&arena);
}

bool
drills_told(struct store *store, const char *desk, int64_t passed_at)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 16 * DRILL_TEXT);
	const char *told = value_of(store, arena, desk, ".told");
	bool same = text_equal(told, arena_printf(arena, "%lld", (long long)passed_at));

	arena_free(&arena);
	return same;
}

void
drills_tell(struct store *store, const char *desk, int64_t passed_at)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 16 * DRILL_TEXT);

	store_value_set(store, value_name(arena, desk, ".told"),
		arena_printf(arena, "%lld", (long long)passed_at));
	arena_free(&arena);
}
