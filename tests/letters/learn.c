/*
 * Learns finder_learned_weights: logistic regression over the strings of labelled
 * letters, beside what their words and signs say already (rule/finder_settle.c), by
 * plain gradient descent, so that every run gives the same table.
 * usage: learn LIST             the table as a source file
 *        learn LIST --across    for each set of letters how a table does that was
 *                               learned from the others: a line a letter
 * LIST has a line a letter: "report|other SET PATH".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/io.h"
#include "mail/charset.h"
#include "mail/message.h"
#include "mail/mime.h"
#include "rule/facts.h"
#include "rule/finder_learned.h"
#include "rule/finder_letter.h"
#include "rule/form.h"
#include "rule/observe_part.h"
#include "rule/policy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS_MAX 8192
#define ROUNDS 1500
#define STEP 60.0
#define STAY 0.00002	/* how strongly each weight is held near 0 */
#define SCALE 1000000	/* of a weight, in the table */
#define GOLDEN_SHARE 4.0	/* a golden message counts as so many letters: its verdict must hold */

struct letter {
	char path[512], set[32];
	bool report;
	uint16_t *buckets;
	size_t count;
	int spoken;
	struct finder_letter seen;
};

static struct letter letters[LETTERS_MAX];
static size_t letter_count;

static const char *const own[] = { "vuln-contact@ipa.go.jp" }, *const www[] = { "www@example.co.jp" };
static const char *const sites[] = { "https://www.example.co.jp/", "https://shop.example.co.jp/" };
static const struct policy_coordinator ipa = {
	.name = "IPA", .addresses = { 1, (const char **)own }, .root_key = "" };
static const struct policy_form form = { .from = { 1, (const char **)www },
	.text_field = "お問い合わせ内容", .reply_field = "メールアドレス", .only_if = "" };
static const struct policy_desk desk = { .address = "security@example.co.jp",
	.sites = { 2, (const char **)sites }, .key = "" };
static const struct policy policy = { .desks = &desk, .desk_count = 1, .coordinators = &ipa,
	.coordinator_count = 1, .forms = &form, .form_count = 1 };

/* As a reader sees its outermost layer. */
static void
see(struct arena *arena, const struct message *message, struct letter *letter)
{
	struct observe_reading reading = { .arena = arena, .policy = &policy, .message = message };
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	int form_index = form_find(arena, &policy, message);

	memset(layer, 0, sizeof(*layer));
	observe_reading_make(&reading, form_index >= 0 ? &form : NULL);
	observe_sites(&reading, false, layer);
	observe_letter(&reading, false, layer, &letter->seen);
	letter->spoken = finder_spoken(&letter->seen);
}

static void
read_letter(struct letter *letter)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)512 * 1024 * 1024);
	struct message *message = arena_alloc(arena, sizeof(*message));
	static uint16_t buckets[LEARNED_BUCKETS];
	struct err err;
	char *bytes;
	size_t len;

	if (io_read_file(arena, letter->path, (size_t)64 * 1024 * 1024, &bytes, &len, &err) != DONE) {
		(void)fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	message_read(arena, (unsigned char *)bytes, len, NULL, message);
	see(arena, message, letter);
	letter->count = finder_learned_buckets(letter->seen.text, buckets);
	letter->buckets = mem_alloc((letter->count + 1) * sizeof(*buckets));
	memcpy(letter->buckets, buckets, letter->count * sizeof(*buckets));
	letter->seen.text = NULL;
	arena_free(&arena);
}

static double
margin(const struct letter *letter, const double *weights)
{
	double sum = 0;

	for (size_t i = 0; i < letter->count; i++)
		sum += weights[letter->buckets[i]];
	return letter->count > 0 ? sum / sqrt((double)letter->count) : 0;
}

/* What a letter says of the slope at the present weights. */
static void
add_slope(const struct letter *letter, const double *weights, double share, double *slope)
{
	double error = letter->report - 1 / (1 + exp(-margin(letter, weights) - letter->spoken / 100.0));

	error *= share / sqrt((double)letter->count);
	for (size_t i = 0; i < letter->count; i++)
		slope[letter->buckets[i]] += error;
}

static bool
is_learned_from(const struct letter *letter, const char *but)
{
	return letter->count > 0 && (but == NULL || strcmp(letter->set, but) != 0);
}

static double
share_of(const struct letter *letter)
{
	return strcmp(letter->set, "golden") == 0 ? GOLDEN_SHARE : 1;
}

/* From all letters but those of one set; NULL: from all. Both kinds weigh the same, however many they are. */
static void
learn(const char *but, double *weights)
{
	static double slope[LEARNED_BUCKETS];
	double number[2] = { 0, 0 };

	memset(weights, 0, LEARNED_BUCKETS * sizeof(*weights));
	for (size_t i = 0; i < letter_count; i++)
		if (is_learned_from(&letters[i], but))
			number[letters[i].report]++;
	for (int round = 0; round < ROUNDS; round++) {
		memset(slope, 0, sizeof(slope));
		for (size_t i = 0; i < letter_count; i++)
			if (is_learned_from(&letters[i], but))
				add_slope(&letters[i], weights,
					share_of(&letters[i]) * 0.5 / number[letters[i].report], slope);
		for (size_t i = 0; i < LEARNED_BUCKETS; i++)
			weights[i] += STEP * (slope[i] - STAY * weights[i]);
	}
}

static void
tell_across(double *weights)
{
	for (size_t i = 0; i < letter_count; i++) {
		bool first = true;

		for (size_t k = 0; k < i; k++)
			first = first && strcmp(letters[k].set, letters[i].set) != 0;
		if (!first)
			continue;
		learn(letters[i].set, weights);
		for (size_t k = i; k < letter_count; k++)
			if (strcmp(letters[k].set, letters[i].set) == 0)
				(void)printf("%s %s %d %d %.0f %s\n", letters[k].set,
					letters[k].report ? "report" : "other",
					letters[k].seen.words.report, letters[k].spoken,
					100 * margin(&letters[k], weights), letters[k].path);
	}
}

static void
tell_table(double *weights)
{
	double most = 0;

	learn(NULL, weights);
	for (size_t i = 0; i < LEARNED_BUCKETS; i++)
		most = fabs(weights[i]) > most ? fabs(weights[i]) : most;
	(void)printf("/*\n * What was learned of %zu letters by tests/letters/learn.c: data, made by\n"
		" * `make learn`. Must not be changed by hand.\n */\n"
		"/* SPDX-License-Identifier: GPL-3.0-or-later */\n"
		"#include \"rule/finder_learned.h\"\n\n"
		"const int finder_learned_scale = %.0f;\n\n"
		"const signed char finder_learned_weights[LEARNED_BUCKETS] = {",
		letter_count, most / 127 * SCALE);
	for (size_t i = 0; i < LEARNED_BUCKETS; i++)
		(void)printf("%s%.0f,", i % 24 == 0 ? "\n\t" : " ", weights[i] / most * 127);
	(void)printf("\n};\n");
}

static void
read_list(const char *path)
{
	FILE *list = fopen(path, "r");
	char label[16];

	while (list != NULL && letter_count < LETTERS_MAX &&
		fscanf(list, "%15s %31s %511s", label, letters[letter_count].set,
			letters[letter_count].path) == 3) {
		letters[letter_count].report = strcmp(label, "report") == 0;
		read_letter(&letters[letter_count++]);
	}
	if (list == NULL || letter_count == 0) {
		(void)fprintf(stderr, "no letters in %s\n", path);
		exit(1);
	}
	(void)fclose(list);
}

int
main(int argc, char **argv)
{
	static double weights[LEARNED_BUCKETS];

	mime_start();
	charset_open_all();
	if (argc < 2)
		return 64;
	read_list(argv[1]);
	if (argc > 2)
		tell_across(weights);
	else
		tell_table(weights);
	return 0;
}
