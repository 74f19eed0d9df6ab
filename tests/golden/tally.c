/*
 * The tables at the end of a run: which kinds of mail each theme has, and what
 * the recogniser took each kind for, with the three figures that count. Judges
 * no message: a row that is off its diagonal has failed already.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "golden.h"

#include "base/arena.h"
#include "base/text.h"
#include "rule/kinds.h"

#include <stdio.h>
#include <string.h>

#define THEMES_MAX 100
#define COLUMNS (MAIL_KINDS + 1)	/* the last: of no kind, not on record */

struct tally {
	struct arena *arena;
	const char *themes[THEMES_MAX];
	size_t theme_count;
	int by_theme[THEMES_MAX][COLUMNS];
	int confusion[COLUMNS][COLUMNS];	/* expected by found */
	int theirs, theirs_lost;	/* a coordinator's or finder's; taken for unrelated */
	int unrelated, unrelated_filed;	/* unrelated; in a case all the same */
	int forged, forged_answered;
};

struct tally *
tally_new(struct arena *arena)
{
	struct tally *tally = arena_alloc(arena, sizeof(*tally));

	memset(tally, 0, sizeof(*tally));
	tally->arena = arena;
	return tally;
}

static size_t
kind_of(const struct lines *lines)
{
	const char *word = lines_value(lines, "kind");
	enum mail_kind kind;

	return word != NULL && mail_kind_read(word, &kind) ? (size_t)kind : MAIL_KINDS;
}

static size_t
theme_at(struct tally *tally, const char *theme)
{
	for (size_t i = 0; i < tally->theme_count; i++) {
		if (text_equal(tally->themes[i], theme))
			return i;
	}
	if (tally->theme_count == THEMES_MAX)
		return THEMES_MAX - 1;
	tally->themes[tally->theme_count] = arena_strdup(tally->arena, theme);
	return tally->theme_count++;
}

static bool
is_theirs(size_t kind)
{
	return kind <= KIND_FORM_REPORT || kind == KIND_UNREADABLE;
}

static bool
says(const struct lines *lines, const char *key, const char *value)
{
	const char *said = lines_value(lines, key);

	return said != NULL && text_equal(said, value);
}

static bool
in_a_case(const struct lines *lines)
{
	return says(lines, "case", "new") || says(lines, "case", "joined");
}

void
tally_add(struct tally *tally, const char *theme, const struct lines *expect,
	const struct lines *got)
{
	size_t kind = kind_of(expect), found = kind_of(got);

	tally->by_theme[theme_at(tally, theme)][kind]++;
	tally->confusion[kind][found]++;
	if (is_theirs(kind) && !says(expect, "trust", "suspect")) {
		tally->theirs++;
		tally->theirs_lost += found == KIND_UNRELATED;
	}
	if (kind == KIND_UNRELATED) {
		tally->unrelated++;
		tally->unrelated_filed += in_a_case(got);
	}
	if (says(expect, "trust", "suspect")) {
		tally->forged++;
		tally->forged_answered += !says(got, "answer", "none");
	}
}

/* What stands over a column: short, so that fifteen of them fit a screen. */
static const char *
head(struct arena *arena, size_t kind)
{
	const char *name = kind < MAIL_KINDS ? mail_kind_name((enum mail_kind)kind) : "nothing";

	return arena_printf(arena, "%.6s", name);
}

static bool
is_used(const struct tally *tally, size_t kind)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (tally->confusion[i][kind] > 0 || tally->confusion[kind][i] > 0)
			return true;
	}
	return false;
}

static void
print_heads(const struct tally *tally, const char *corner)
{
	printf("%-18s", corner);
	for (size_t kind = 0; kind < COLUMNS; kind++) {
		if (is_used(tally, kind))
			printf(" %6s", head(tally->arena, kind));
	}
	printf("\n");
}

static void
print_row(const struct tally *tally, const char *name, const int counts[COLUMNS])
{
	printf("%-18s", name);
	for (size_t kind = 0; kind < COLUMNS; kind++) {
		if (is_used(tally, kind) && counts[kind] > 0)
			printf(" %6d", counts[kind]);
		else if (is_used(tally, kind))
			printf(" %6s", "-");
	}
	printf("\n");
}

void
tally_print(const struct tally *tally)
{
	int sum[COLUMNS] = { 0 };

	printf("\nMessages by theme and kind\n");
	print_heads(tally, "");
	for (size_t i = 0; i < tally->theme_count; i++) {
		print_row(tally, tally->themes[i], tally->by_theme[i]);
		for (size_t kind = 0; kind < COLUMNS; kind++)
			sum[kind] += tally->by_theme[i][kind];
	}
	print_row(tally, "all", sum);
	printf("\nWhat each kind (its row) was taken for\n");
	print_heads(tally, "");
	for (size_t kind = 0; kind < COLUMNS; kind++) {
		const char *name = kind < MAIL_KINDS ? mail_kind_name((enum mail_kind)kind) :
			"nothing";

		if (is_used(tally, kind))
			print_row(tally, name, tally->confusion[kind]);
	}
	printf("\nA coordinator's or finder's mail taken for unrelated: %d of %d\n"
	       "Unrelated mail in a case:                            %d of %d\n"
	       "Forged mail answered:                                %d of %d\n\n",
		tally->theirs_lost, tally->theirs, tally->unrelated_filed, tally->unrelated,
		tally->forged_answered, tally->forged);
}
