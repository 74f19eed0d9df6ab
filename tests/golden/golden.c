/*
 * Golden messages: each tests/messages/THEME/NAME.eml goes through the real
 * rooms into a store in memory, with a fixed clock, and what is on record
 * afterwards is compared with NAME.expect, which a person wrote from the mail.
 *
 * An .expect file holds lines "key: value". `received`, `now`, `folder`, `after`
 * (names of messages that come first, in order; "../THEME/NAME.eml" too),
 * `letters` ("sent": what the window answered them has gone out) and `roots` ("none":
 * judged when the conf has no smime.roots, all others when it has) set the scene;
 * `habit` is for readers: what in the world sends such mail; `note`: what is to be
 * seen in it. One of the two may not be missing. Every other key is compared, and
 * those of must_say[] may not be missing either.
 *
 * A third of the messages, by the hash of their names, is held back: who mends
 * the rules runs --open and looks at --held-back once, when all is done.
 *
 * With --withheld nothing is compared: of every message that holds a ciphertext the
 * letters are sent, to a smarthost that takes all, and those that went in clear are
 * searched for what came sealed (withheld.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "golden.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/engine.h"
#include "port/box.h"
#include "port/conf.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOLDEN_ARENA ((size_t)64 * 1024 * 1024)
#define GOLDEN_MS 60000
#define FILE_MAX_BYTES (80u * 1024 * 1024)

enum share { SHARE_ALL, SHARE_OPEN, SHARE_HELD_BACK };

struct golden {
	const struct conf *conf;
	struct engine *engine;
	struct tally *tally;
	enum share share;
	const char *only;	/* part of a name, NULL for all */
	int checks, failures;
	bool rewrite;
	struct withheld *withheld;	/* --withheld, else NULL */
};

static const char *const scene[] = {
	"received", "now", "folder", "after", "letters", "note", "habit",
	"roots",
};
static const char *const must_say[] = { "kind", "trust", "case", "answer" };

static bool
is_scene(const char *key)
{
	for (size_t i = 0; i < sizeof(scene) / sizeof(scene[0]); i++) {
		if (text_equal(key, scene[i]))
			return true;
	}
	return false;
}

static void
read_lines(struct arena *arena, const char *path, struct lines *lines_r)
{
	struct err err;
	size_t len;
	char *text, *save, *line;

	lines_r->count = 0;
	if (io_read_file(arena, path, 1 << 20, &text, &len, &err) != DONE)
		return;
	for (line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		char *colon = strstr(line, ":");

		if (line[0] == '#' || colon == NULL)
			continue;
		*colon++ = '\0';
		lines_add(lines_r, line, colon + strspn(colon, " "));
	}
}

/* --- the way in --- */

static bool
offer(struct golden *golden, struct arena *arena, struct store *store, const char *eml,
	const struct lines *expect)
{
	const char *zone = golden->conf->policy.desks[0].time_zone;
	const char *received = lines_value(expect, "received"), *folder = lines_value(expect, "folder");
	int64_t until = clock_mono_ms() + GOLDEN_MS, at = 0;
	struct err err;
	size_t len;
	char *bytes;
	int fd;

	if (received == NULL || !clock_parse(received, zone, &at) ||
		io_read_file(arena, eml, FILE_MAX_BYTES, &bytes, &len, &err) != DONE)
		return false;
	if (lines_value(expect, "letters") != NULL) {
		letters_sent(arena, store);
		bytes = letters_named(arena, store, bytes, &len);
	}
	fd = io_memfd(bytes, len);
	engine_offer(golden->engine, 0, folder != NULL ? folder : "INBOX", at, fd);
	io_close(&fd);
	while (!engine_idle(golden->engine) && clock_mono_ms() < until)
		engine_turn(golden->engine, 1000, -1);
	return engine_idle(golden->engine);
}

/* As the expectation says or, where it does not, as the bytes look. */
static bool
may_be_sealed(const char *eml, const struct lines *expect)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 2 * (size_t)FILE_MAX_BYTES);
	const char *said = lines_value(expect, "encrypted");
	bool may = text_equal(said, "yes");
	struct err err;
	size_t len;
	char *bytes;

	if (said == NULL && io_read_file(arena, eml, FILE_MAX_BYTES, &bytes, &len, &err) == DONE)
		may = memmem(bytes, len, "PGP", 3) != NULL ||
			memmem(bytes, len, "LS0tLS1CRUdJ", 12) != NULL;
	arena_free(&arena);
	return may;
}

static char *
beside(struct arena *arena, const char *eml, const char *name)
{
	const char *slash = strrchr(eml, '/');

	return arena_printf(arena, "%.*s/%s", (int)(slash - eml), eml, name);
}

static char *
expect_of(struct arena *arena, const char *eml)
{
	return arena_printf(arena, "%.*s.expect", (int)(strlen(eml) - strlen(".eml")), eml);
}

static bool
offer_before(struct golden *golden, struct arena *arena, struct store *store, const char *eml,
	const struct lines *expect)
{
	const char *after = lines_value(expect, "after");
	char *names = arena_strdup(arena, after != NULL ? after : ""), *save, *name;

	for (name = strtok_r(names, ", ", &save); name != NULL; name = strtok_r(NULL, ", ", &save)) {
		char *path = beside(arena, eml, name);
		struct lines lines;

		read_lines(arena, expect_of(arena, path), &lines);
		if (!offer(golden, arena, store, path, &lines)) {
			printf("%s: %s, which comes before, could not be taken in\n", eml, name);
			return false;
		}
	}
	return true;
}

/* --- comparing --- */

static bool
said_enough(const char *eml, const struct lines *expect)
{
	bool enough = true;

	for (size_t i = 0; i < sizeof(must_say) / sizeof(must_say[0]); i++) {
		if (lines_value(expect, must_say[i]) != NULL)
			continue;
		printf("%s: the expectation does not say %s\n", eml, must_say[i]);
		enough = false;
	}
	if (lines_value(expect, "habit") == NULL && lines_value(expect, "note") == NULL) {
		printf("%s: the expectation tells no habit\n", eml);
		enough = false;
	}
	return enough;
}

static bool
compare(const char *eml, const struct lines *expect, const struct lines *got)
{
	bool same = said_enough(eml, expect);

	for (size_t i = 0; i < expect->count; i++) {
		const struct line *line = &expect->at[i];
		const char *value = lines_value(got, line->key);

		if (is_scene(line->key) || text_equal(line->value, value != NULL ? value : "none"))
			continue;
		printf("%s: %s: expected \"%s\", got \"%s\"\n", eml, line->key, line->value,
			value != NULL ? value : "(nothing)");
		same = false;
	}
	return same;
}

static void
rewrite(struct arena *arena, const char *eml, const struct lines *expect, const struct lines *got)
{
	FILE *file = fopen(expect_of(arena, eml), "w");

	if (file == NULL)
		return;
	for (size_t i = 0; i < expect->count; i++) {
		const char *value = lines_value(got, expect->at[i].key);
		bool as_is = is_scene(expect->at[i].key) || value == NULL;

		fprintf(file, "%s: %s\n", expect->at[i].key, as_is ? expect->at[i].value : value);
	}
	fclose(file);
}

static void
set_clock(struct arena *arena, const struct golden *golden, const struct lines *expect)
{
	const char *now = lines_value(expect, "now");
	int64_t at;

	(void)arena;
	if (now == NULL)
		now = lines_value(expect, "received");
	if (now != NULL && clock_parse(now, golden->conf->policy.desks[0].time_zone, &at))
		clock_pretend(at);
}

static const char *
theme_of(struct arena *arena, const char *eml)
{
	const char *slash = strrchr(eml, '/'), *start = slash;

	while (start > eml && start[-1] != '/')
		start--;
	return arena_strndup(arena, start, (size_t)(slash - start));
}

/* The last that was filed; the list goes by the time of arrival. */
static const struct record_message *
newest(const struct record_message *list, size_t count)
{
	const struct record_message *last = list;

	for (size_t i = 1; i < count; i++) {
		if (list[i].id > last->id)
			last = &list[i];
	}
	return last;
}

static bool
judge(struct golden *golden, struct arena *arena, struct store *store, const char *eml)
{
	struct record_message *list;
	struct lines expect, got = { .count = 0 };
	struct err err;
	size_t count;

	read_lines(arena, expect_of(arena, eml), &expect);
	set_clock(arena, golden, &expect);
	if (golden->withheld != NULL)
		withheld_pair(golden->withheld, golden->conf, store, true);
	if (engine_start(golden->engine, store, &err) != DONE) {
		printf("%s: the desk does not start: %s\n", eml, err.text);
		return false;
	}
	if (golden->withheld != NULL)
		withheld_pair(golden->withheld, golden->conf, store, false);
	if (!offer_before(golden, arena, store, eml, &expect) ||
		!offer(golden, arena, store, eml, &expect)) {
		printf("%s: could not be taken in\n", eml);
		return false;
	}
	if (golden->withheld != NULL)
		return withheld_look(golden->withheld, golden->engine, store, eml);
	count = store_message_list(store, arena, STORE_ALL, 0, &list);
	if (count == 0) {
		printf("%s: is not on record\n", eml);
		return false;
	}
	say_record(golden->conf, arena, store, newest(list, count), &got);
	tally_add(golden->tally, theme_of(arena, eml), &expect, &got);
	if (golden->rewrite)
		rewrite(arena, eml, &expect, &got);
	return compare(eml, &expect, &got);
}

static void
run_one(struct golden *golden, const char *eml)
{
	struct arena *arena = arena_new(ARENA_PLAIN, GOLDEN_ARENA * 4);
	struct store *store = NULL;
	struct lines expect;
	struct err err;

	read_lines(arena, expect_of(arena, eml), &expect);
	if ((lines_value(&expect, "roots") != NULL) !=
		(golden->conf->desks[0].smime.certificates.count == 0)) {
		arena_free(&arena);
		return;
	}
	if (golden->withheld != NULL && !may_be_sealed(eml, &expect)) {
		arena_free(&arena);
		return;
	}
	golden->checks++;
	if (store_open(":memory:", true, &store, &err) != DONE || !judge(golden, arena, store, eml))
		golden->failures++;
	store_close(&store);
	arena_free(&arena);
}

/* By the hash of "THEME/NAME.eml": nobody chose. */
static bool
is_held_back(const char *eml)
{
	const char *name = strrchr(eml, '/');
	unsigned char hash[32];

	while (name > eml && name[-1] != '/')
		name--;
	box_sha256(name, strlen(name), hash);
	return hash[0] % 3 == 0;
}

static bool
is_wanted(const struct golden *golden, const char *eml)
{
	if (golden->only != NULL && strstr(eml, golden->only) == NULL)
		return false;
	return golden->share == SHARE_ALL ||
		is_held_back(eml) == (golden->share == SHARE_HELD_BACK);
}

static void
run_all(struct golden *golden, const char *folder)
{
	struct arena *arena = arena_new(ARENA_PLAIN, GOLDEN_ARENA);
	glob_t found;

	if (glob(arena_printf(arena, "%s/*/*.eml", folder), 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			if (is_wanted(golden, found.gl_pathv[i]))
				run_one(golden, found.gl_pathv[i]);
		}
		globfree(&found);
	}
	arena_free(&arena);
}

static void
read_option(struct golden *golden, struct arena *arena, const char *word)
{
	if (text_equal(word, "--rewrite"))
		golden->rewrite = true;
	else if (text_equal(word, "--open"))
		golden->share = SHARE_OPEN;
	else if (text_equal(word, "--held-back"))
		golden->share = SHARE_HELD_BACK;
	else if (text_equal(word, "--withheld"))
		golden->withheld = withheld_new(arena);
	else
		golden->only = word;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new(ARENA_PLAIN, GOLDEN_ARENA);
	struct engine_options options = { .mailboxes = false };
	struct golden golden = { 0 };
	struct text mistakes;
	struct conf *conf;
	struct err err;

	if (argc < 4) {
		fputs("usage: golden CONF DATA-DIR MESSAGES [PART-OF-NAME] [--open|--held-back]"
		      " [--rewrite|--withheld]\n",
			stderr);
		return 64;
	}
	for (int i = 4; i < argc; i++)
		read_option(&golden, arena, argv[i]);
	options.send = golden.withheld != NULL;
	if (golden.rewrite && getenv("MADOGUCHI_BUILD") != NULL) {
		fputs("golden: a test run rewrites no expectation\n", stderr);
		return 64;
	}
	text_init(&mistakes, arena, 1 << 20);
	box_start();
	conf = conf_read(arena, argv[1], argv[2], NULL, &mistakes);
	if (conf == NULL || engine_open(conf, &options, &golden.engine, &err) != DONE) {
		fprintf(stderr, "golden: %s\n", conf == NULL ? mistakes.data : err.text);
		return 1;
	}
	golden.conf = conf;
	if (golden.withheld != NULL)
		withheld_allow(golden.withheld, arena, conf, argv[1], argv[2]);
	golden.tally = tally_new(arena);
	run_all(&golden, argv[3]);
	if (golden.withheld == NULL)
		tally_print(golden.tally);
	else if (!withheld_end(golden.withheld))
		golden.failures++;
	engine_close(&golden.engine);
	conf_close(conf);
	arena_free(&arena);
	printf("%d%%: Checks: %d, Failures: %d, Errors: 0\n",
		golden.checks > 0 ? 100 * (golden.checks - golden.failures) / golden.checks : 0,
		golden.checks, golden.failures);
	return golden.failures == 0 && golden.checks > 0 ? 0 : 1;
}
