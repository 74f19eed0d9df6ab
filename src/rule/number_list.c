/*
 * Rows and fields of a list of numbers. Quotes count while each has its end:
 * from the first that has none they are letters, so that no text is searched
 * twice to its end.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/number_list.h"

#include "base/arena.h"
#include "base/text.h"
#include "rule/number_pattern.h"
#include "rule/policy.h"

#include <string.h>

#define SCRATCH ((size_t)64 * 1024 * 1024)
#define SPELLING_MAX 160	/* bytes of a field that may be a number and no more */

struct field {
	const char *at;
	size_t len;
};

struct listing {
	struct arena *scratch;	/* of one row */
	const struct policy *policy;
	int only;
	const char *at;
	size_t line;
	bool no_quotes;
	struct field fields[NUMBER_LIST_FIELDS_MAX];
	size_t field_count;
	struct number_list *list;
	size_t room, row_from;	/* in the list: where the row's numbers begin */
	struct arena *arena;
};

/* Bytes of a separator at that place, 0 for none. */
static size_t
separator(const char *at)
{
	static const char *const wide[] = { "，", "；", "、", "｜" };

	if (*at != '\0' && strchr(",;|\t", *at) != NULL)
		return 1;
	for (size_t i = 0; (unsigned char)*at >= 0x80 && i < sizeof(wide) / sizeof(wide[0]); i++) {
		if (text_starts(at, wide[i]))
			return strlen(wide[i]);
	}
	return 0;
}

static bool
ends_row(char c)
{
	return c == '\0' || c == '\n' || c == '\r';
}

/* Behind blanks: whether the field ends there. */
static bool
ends_field(const char *at)
{
	at += strspn(at, " ");
	return ends_row(*at) || separator(at) > 0;
}

/* The quote that ends the field which begins behind `at`; NULL when there is none. */
static const char *
closing_quote(const char *at)
{
	while ((at = strchr(at, '"')) != NULL) {
		if (at[1] == '"')
			at += 2;
		else if (ends_field(at + 1))
			return at;
		else
			at++;
	}
	return NULL;
}

static void
add_field(struct listing *listing, const char *from, const char *to)
{
	struct field *last = &listing->fields[NUMBER_LIST_FIELDS_MAX - 1];

	if (listing->field_count < NUMBER_LIST_FIELDS_MAX)
		listing->fields[listing->field_count++] = (struct field){ from, (size_t)(to - from) };
	else
		last->len = (size_t)(to - last->at);
}

static void
read_field(struct listing *listing)
{
	const char *from = listing->at + strspn(listing->at, " "), *end = NULL;

	if (*from == '"' && !listing->no_quotes) {
		end = closing_quote(from + 1);
		listing->no_quotes = end == NULL;
	}
	if (end != NULL) {
		add_field(listing, from + 1, end);
		for (const char *at = from; at < end; at++)
			listing->line += *at == '\n';
		listing->at = end + 1 + strspn(end + 1, " ");
		return;
	}
	end = listing->at;
	while (!ends_row(*end) && separator(end) == 0)
		end++;
	add_field(listing, listing->at, end);
	listing->at = end;
}

/* The next row; false at the end. */
static bool
read_row(struct listing *listing, size_t *line_r)
{
	listing->field_count = 0;
	if (*listing->at == '\0')
		return false;
	*line_r = listing->line;
	for (;;) {
		size_t len;

		read_field(listing);
		len = separator(listing->at);
		if (len == 0)
			break;
		listing->at += len;
	}
	if (listing->at[0] == '\r' && listing->at[1] == '\n')
		listing->at++;
	listing->line += *listing->at != '\0';
	listing->at += *listing->at != '\0';
	return true;
}

static void
add_number(struct listing *listing, const char *number, size_t coordinator, size_t line)
{
	struct number_list *list = listing->list;

	if (listing->only >= 0 && (size_t)listing->only != coordinator)
		return;
	for (size_t i = listing->row_from; i < list->count; i++) {
		if (text_equal(list->entries[i].number, number))
			return;
	}
	if (list->count == NUMBER_LIST_MAX) {
		list->more = true;
		return;
	}
	if (list->count == listing->room) {
		size_t room = 2 * listing->room + 64;

		list->entries = arena_resize(listing->arena, list->entries,
			listing->room * sizeof(*list->entries), room * sizeof(*list->entries));
		listing->room = room;
	}
	list->entries[list->count] = (struct number_list_entry){ .coordinator = coordinator,
		.line = line };
	memcpy(list->entries[list->count++].number, number, strlen(number) + 1);
}

/* Whether the field is a number and nothing else. */
static bool
is_number(struct listing *listing, const struct field *field, char number_r[NUMBER_MAX],
	size_t *coordinator_r)
{
	const char *spelling, *prefix;

	if (field->len == 0 || field->len > SPELLING_MAX)
		return false;
	spelling = arena_strndup(listing->scratch, field->at, field->len);
	if (number_canonical(listing->scratch, listing->policy, spelling, number_r, coordinator_r))
		return true;
	prefix = listing->only >= 0
		? number_pattern_prefix(listing->policy->coordinators[listing->only].pattern) : NULL;
	return prefix != NULL && number_canonical(listing->scratch, listing->policy,
		arena_printf(listing->scratch, "%s%s", prefix, spelling), number_r, coordinator_r);
}

/* Whether each of its words is one. */
static bool
are_numbers(struct listing *listing, const struct field *field)
{
	const char *at = field->at, *end = field->at + field->len;
	char number[NUMBER_MAX];
	size_t coordinator;
	bool any = false;

	for (; at < end; at++) {
		const char *blank = memchr(at, ' ', (size_t)(end - at));
		struct field word = { at, (size_t)((blank != NULL ? blank : end) - at) };

		if (word.len > 0 && !is_number(listing, &word, number, &coordinator))
			return false;
		any = any || word.len > 0;
		at += word.len;
	}
	return any;
}

static void
find_numbers(struct listing *listing, const struct field *field, size_t line)
{
	struct number_hits *hits = arena_alloc(listing->scratch, sizeof(*hits));

	number_find(listing->scratch, listing->policy,
		arena_strndup(listing->scratch, field->at, field->len), hits);
	for (size_t i = 0; i < hits->count; i++)
		add_number(listing, hits->hit[i].number, hits->hit[i].coordinator, line);
	listing->list->more = listing->list->more || hits->more || field->len > NUMBER_TEXT_MAX;
}

static bool
has_words(const struct listing *listing)
{
	for (size_t i = 0; i < listing->field_count; i++) {
		const struct field *field = &listing->fields[i];

		if (strspn(field->at, " ") < field->len)
			return true;
	}
	return false;
}

static void
take_row(struct listing *listing, size_t line)
{
	struct number_list *list = listing->list;
	char number[NUMBER_MAX];
	size_t coordinator;
	bool alone = false;	/* some field is nothing but a number, or several */

	arena_reset(listing->scratch);
	listing->row_from = list->count;
	for (size_t i = 0; i < listing->field_count; i++) {
		const struct field *field = &listing->fields[i];

		if (is_number(listing, field, number, &coordinator)) {
			add_number(listing, number, coordinator, line);
			alone = true;
		} else if (are_numbers(listing, field)) {
			find_numbers(listing, field, line);
			alone = true;
		}
	}
	for (size_t i = 0; i < listing->field_count && !alone; i++) {
		if (listing->fields[i].len > 0)
			find_numbers(listing, &listing->fields[i], line);
	}
	if (list->count == listing->row_from && !list->more && has_words(listing) &&
		list->without_count < NUMBER_LIST_EMPTY_MAX)
		list->without[list->without_count++] = line;
}

void
number_list_read(struct arena *arena, const struct policy *policy, int only, const char *text,
	struct number_list *list_r)
{
	struct listing *listing = arena_alloc(arena, sizeof(*listing));
	size_t line;

	memset(list_r, 0, sizeof(*list_r));
	list_r->without = arena_calloc(arena, NUMBER_LIST_EMPTY_MAX, sizeof(*list_r->without));
	listing->arena = arena;
	listing->scratch = arena_new(ARENA_PLAIN, SCRATCH);
	listing->policy = policy;
	listing->only = only;
	listing->at = text_starts(text, "\xef\xbb\xbf") ? text + 3 : text;
	listing->line = 1;
	listing->list = list_r;
	while (read_row(listing, &line))
		take_row(listing, line);
	arena_free(&listing->scratch);
}
