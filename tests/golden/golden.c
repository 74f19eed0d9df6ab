/*
 * Golden messages: each tests/messages/THEME/NAME.eml goes through the real
 * rooms into a store in memory, with a fixed clock, and what is on record
 * afterwards is compared with NAME.expect, which a person wrote from the mail.
 *
 * An .expect file holds lines "key: value". `received`, `now`, `folder` and
 * `after` (names of messages that come first, in order) set the scene; every
 * other key is compared, and those of must_say[] may not be missing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/engine.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/store.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOLDEN_ARENA ((size_t)64 * 1024 * 1024)
#define GOLDEN_MS 60000
#define LINES_MAX 64
#define FILE_MAX_BYTES (80u * 1024 * 1024)

struct line {
	const char *key, *value;
};

struct lines {
	struct line at[LINES_MAX];
	size_t count;
};

struct golden {
	const struct conf *conf;
	struct engine *engine;
	int checks, failures;
	bool rewrite;
};

static const char *const scene[] = { "received", "now", "folder", "after", "note" };
static const char *const must_say[] = { "kind", "trust", "case", "answer" };

static void
add(struct lines *lines, const char *key, const char *value)
{
	if (lines->count < LINES_MAX)
		lines->at[lines->count++] = (struct line){ key, value };
}

static const char *
value_of(const struct lines *lines, const char *key)
{
	for (size_t i = 0; i < lines->count; i++) {
		if (text_equal(lines->at[i].key, key))
			return lines->at[i].value;
	}
	return NULL;
}

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
		add(lines_r, line, colon + strspn(colon, " "));
	}
}

/* --- what is on record, as lines --- */

static const char *
stamp(const struct golden *golden, struct arena *arena, int64_t at)
{
	return clock_rfc3339(arena, at, golden->conf->policy.desks[0].time_zone);
}

static const char *
signer(const struct golden *golden, const char *fpr)
{
	const struct policy *policy = &golden->conf->policy;

	if (fpr == NULL)
		return "nobody";
	if (text_equal(fpr, policy->desks[0].key))
		return "desk";
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		for (size_t k = 0; k < policy->coordinators[i].keys.count; k++) {
			if (text_equal(policy->coordinators[i].keys.at[k], fpr))
				return policy->coordinators[i].name;
		}
	}
	return "other";
}

static const char *
joined(struct arena *arena, const char *lines)
{
	struct text text;

	text_init(&text, arena, 65536);
	for (const char *at = lines; *at != '\0'; at++) {
		if (*at == '\n')
			text_add(&text, "; ");
		else
			text_add_char(&text, *at);
	}
	return text.len > 0 ? text.data : "none";
}

static const char *
attachments(struct arena *arena, const struct record_message *message)
{
	struct text text;

	text_init(&text, arena, 65536);
	for (size_t i = 0; i < message->attachment_count; i++)
		text_addf(&text, "%s%s %lld", i > 0 ? "; " : "", message->attachments[i].type,
			(long long)message->attachments[i].size);
	return text.len > 0 ? text.data : "none";
}

static void
say_message(const struct golden *golden, struct arena *arena, const struct record_message *message,
	struct lines *lines)
{
	add(lines, "kind", mail_kind_name(message->kind));
	add(lines, "stage", message->stage == STAGE_NONE ? "none" : stage_name(message->stage));
	add(lines, "trust", trust_name(message->trust));
	add(lines, "encrypted", message->encrypted ? "yes" : "no");
	add(lines, "signed", signer(golden, message->signed_by));
	add(lines, "subject", message->subject != NULL && message->subject[0] != '\0' ? message->subject : "none");
	add(lines, "from", message->from);
	add(lines, "kept", !message->has_raw ? "header" : message->boxed ? "boxed" : "sealed");
	add(lines, "problems", joined(arena, message->problems));
	add(lines, "attachments", attachments(arena, message));
}

static const char *
list_of(struct arena *arena, const char *const *list, size_t count)
{
	struct text text;

	text_init(&text, arena, 65536);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s", i > 0 ? " " : "", list[i]);
	return text.len > 0 ? text.data : "none";
}

static const char *
deadlines(const struct golden *golden, struct arena *arena, struct store *store, int64_t id)
{
	struct record_deadline *list;
	size_t count = store_deadlines(store, arena, id, &list);
	struct text text;

	text_init(&text, arena, 65536);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s %s%s%s", i > 0 ? "; " : "", deadline_kind_name(list[i].kind),
			stamp(golden, arena, list[i].due),
			list[i].state == DEADLINE_PENDING ? "" : " ",
			list[i].state == DEADLINE_PENDING ? "" : deadline_state_name(list[i].state));
	return text.len > 0 ? text.data : "none";
}

static void
say_case(const struct golden *golden, struct arena *arena, struct store *store,
	const struct record_message *message, struct lines *lines)
{
	struct record_case *record;

	if (message->case_count == 0) {
		add(lines, "case", message->unfiled ? "unfiled" : "none");
		return;
	}
	record = store_case_get(store, arena, message->cases[0]);
	add(lines, "case", record->messages > 1 ? "joined" : "new");
	add(lines, "origin", origin_name(record->origin));
	add(lines, "numbers", list_of(arena, record->numbers, record->number_count));
	add(lines, "bound", record->number_bound ? "yes" : "no");
	add(lines, "sites", list_of(arena, record->sites, record->site_count));
	add(lines, "beside", record->beside_count > 0 ? "yes" : "no");
	add(lines, "case-stage", record->stage == STAGE_NONE ? "none" : stage_name(record->stage));
	add(lines, "case-trust", trust_name(record->trust));
	add(lines, "coordinator", record->coordinator != NULL ? record->coordinator : "none");
	add(lines, "deadlines", deadlines(golden, arena, store, record->id));
}

static const char *
param(struct arena *arena, const char *params, const char *name)
{
	const char *at = strstr(params, name);

	return at != NULL ? arena_strndup(arena, at + strlen(name), strcspn(at + strlen(name), "\n")) : "";
}

static void
say_outbox(struct arena *arena, struct store *store, int64_t message, struct lines *lines)
{
	struct record_outbox *list;
	size_t count = store_outbox_list(store, arena, OUTBOX_STATES, &list);
	const char *answer = "none", *alert = "none";
	char *mark = arena_printf(arena, "message: %lld\n", (long long)message);

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == KIND_ALERT && strstr(list[i].params, mark) != NULL)
			alert = param(arena, list[i].params, "alert: ");
		if (list[i].answers == message && list[i].kind != KIND_ALERT)
			answer = arena_printf(arena, "%s %s %s to %s", mail_kind_name(list[i].kind),
				list[i].stage == STAGE_NONE ? "none" : stage_name(list[i].stage),
				outbox_state_name(list[i].state), list[i].to);
	}
	add(lines, "answer", answer);
	add(lines, "alert", alert);
}

/* --- the way in --- */

static bool
offer(struct golden *golden, struct arena *arena, const char *eml, const struct lines *expect)
{
	const char *zone = golden->conf->policy.desks[0].time_zone;
	const char *received = value_of(expect, "received"), *folder = value_of(expect, "folder");
	int64_t until = clock_mono_ms() + GOLDEN_MS, at = 0;
	struct err err;
	size_t len;
	char *bytes;
	int fd;

	if (received == NULL || !clock_parse(received, zone, &at) ||
		io_read_file(arena, eml, FILE_MAX_BYTES, &bytes, &len, &err) != DONE)
		return false;
	fd = io_memfd(bytes, len);
	engine_offer(golden->engine, 0, folder != NULL ? folder : "INBOX", at, fd);
	io_close(&fd);
	while (!engine_idle(golden->engine) && clock_mono_ms() < until)
		engine_turn(golden->engine, 1000, -1);
	return engine_idle(golden->engine);
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
offer_before(struct golden *golden, struct arena *arena, const char *eml, const struct lines *expect)
{
	const char *after = value_of(expect, "after");
	char *names = arena_strdup(arena, after != NULL ? after : ""), *save, *name;

	for (name = strtok_r(names, ", ", &save); name != NULL; name = strtok_r(NULL, ", ", &save)) {
		char *path = beside(arena, eml, name);
		struct lines lines;

		read_lines(arena, expect_of(arena, path), &lines);
		if (!offer(golden, arena, path, &lines)) {
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
		if (value_of(expect, must_say[i]) != NULL)
			continue;
		printf("%s: the expectation does not say %s\n", eml, must_say[i]);
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
		const char *value = value_of(got, line->key);

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
		const char *value = value_of(got, expect->at[i].key);
		bool as_is = is_scene(expect->at[i].key) || value == NULL;

		fprintf(file, "%s: %s\n", expect->at[i].key, as_is ? expect->at[i].value : value);
	}
	fclose(file);
}

static void
set_clock(struct arena *arena, const struct golden *golden, const struct lines *expect)
{
	const char *now = value_of(expect, "now");
	int64_t at;

	(void)arena;
	if (now == NULL)
		now = value_of(expect, "received");
	if (now != NULL && clock_parse(now, golden->conf->policy.desks[0].time_zone, &at))
		clock_pretend(at);
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
	if (engine_start(golden->engine, store, &err) != DONE ||
		!offer_before(golden, arena, eml, &expect) || !offer(golden, arena, eml, &expect)) {
		printf("%s: could not be taken in\n", eml);
		return false;
	}
	count = store_message_list(store, arena, STORE_ALL, 0, &list);
	if (count == 0) {
		printf("%s: is not on record\n", eml);
		return false;
	}
	say_message(golden, arena, &list[count - 1], &got);
	say_case(golden, arena, store, &list[count - 1], &got);
	say_outbox(arena, store, list[count - 1].id, &got);
	if (golden->rewrite)
		rewrite(arena, eml, &expect, &got);
	return compare(eml, &expect, &got);
}

static void
run_one(struct golden *golden, const char *eml)
{
	struct arena *arena = arena_new(ARENA_PLAIN, GOLDEN_ARENA * 4);
	struct store *store = NULL;
	struct err err;

	golden->checks++;
	if (store_open(":memory:", true, &store, &err) != DONE || !judge(golden, arena, store, eml))
		golden->failures++;
	store_close(&store);
	arena_free(&arena);
}

static void
run_all(struct golden *golden, const char *folder, const char *only)
{
	struct arena *arena = arena_new(ARENA_PLAIN, GOLDEN_ARENA);
	glob_t found;

	if (glob(arena_printf(arena, "%s/*/*.eml", folder), 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			if (only == NULL || strstr(found.gl_pathv[i], only) != NULL)
				run_one(golden, found.gl_pathv[i]);
		}
		globfree(&found);
	}
	arena_free(&arena);
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
		fputs("usage: golden CONF DATA-DIR MESSAGES [PART-OF-NAME] [--rewrite]\n", stderr);
		return 64;
	}
	golden.rewrite = text_equal(argv[argc - 1], "--rewrite");
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
	run_all(&golden, argv[3], argc > 4 && !text_equal(argv[4], "--rewrite") ? argv[4] : NULL);
	engine_close(&golden.engine);
	conf_close(conf);
	arena_free(&arena);
	printf("%d%%: Checks: %d, Failures: %d, Errors: 0\n",
		golden.checks > 0 ? 100 * (golden.checks - golden.failures) / golden.checks : 0,
		golden.checks, golden.failures);
	return golden.failures == 0 && golden.checks > 0 ? 0 : 1;
}
