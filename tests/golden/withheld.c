/*
 * No word of sealed text in mail to a person without a key, looked for in every letter
 * that went in clear because of a golden message. A word is a run of ASCII letters and
 * digits, or any five characters in a row of another script: what a letter bears of that
 * beyond templates, conf, handling numbers and times must not stand in what came sealed.
 *
 * The linker puts the smarthost of this file in the real one's place (-Wl,--wrap).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "golden.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/frame.h"
#include "base/io.h"
#include "base/text.h"
#include "flow/engine.h"
#include "mail/charset.h"
#include "mail/message.h"
#include "port/conf.h"
#include "room/frames.h"
#include "room/room.h"
#include "room/serve.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WITHHELD_ARENA ((size_t)256 * 1024 * 1024)
#define ALLOWED_MAX ((size_t)4 * 1024 * 1024)
#define LETTER_MAX ((size_t)1024 * 1024)
#define WORD_ASCII 5	/* a shorter one is anybody's */
#define WORD_OTHER 5	/* characters */
#define WORD_BYTES 200

struct withheld {
	const struct conf *conf;
	struct text allowed;
	struct arena *arena;
	unsigned char public_half[32];
	char *sealed_half;	/* NULL until the first store has it */
	size_t sealed_len;
	int sealed_texts, telling, clear_letters, carried, left_out;
};

/* --- the smarthost --- */

_Noreturn void __wrap_room_smarthost(const struct conf *conf, size_t desk, int fd);

static void
take(struct frame *frame, int fd)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 1 << 16);
	uint32_t id = frame_get_u32(frame);
	struct err err = { "" };
	int message;

	frame_get_string(frame, arena, 1024);
	frame_get_string(frame, arena, 1024);
	message = frame_get_fd(frame);
	serve_checked(frame);
	io_close(&message);
	frame_start(frame, FRAME_SUBMITTED);
	frame_put_u32(frame, id);
	frames_put_outcome(frame, DONE, &err);
	frame_put_u32(frame, 250);
	frame_put_string(frame, "2.0.0 Ok");
	frame_put_bool(frame, false);
	serve_answer(fd, frame);
	arena_free(&arena);
}

_Noreturn void
__wrap_room_smarthost(const struct conf *conf, size_t desk, int fd)
{
	static struct frame frame;

	(void)conf;
	(void)desk;
	for (;;) {
		serve_next(fd, &frame);
		if (frame.type == FRAME_SUBMIT)
			take(&frame, fd);
		else
			frame_drop(&frame);
	}
}

/* --- what may be said --- */

struct withheld *
withheld_new(struct arena *arena)
{
	struct withheld *withheld = arena_alloc(arena, sizeof(*withheld));

	withheld->arena = arena;
	return withheld;
}

void
withheld_pair(struct withheld *withheld, const struct conf *conf, struct store *store, bool give)
{
	const char *desk = conf->policy.desks[0].title;
	struct err err;

	if (!give && withheld->sealed_half == NULL)
		store_box_get(store, withheld->arena, desk, withheld->public_half,
			&withheld->sealed_half, &withheld->sealed_len);
	if (!give || withheld->sealed_half == NULL || store_begin(store, &err) != DONE)
		return;
	store_box_set(store, desk, withheld->public_half, withheld->sealed_half,
		withheld->sealed_len, clock_now());
	store_commit(store, &err);
}

static void
allow_file(struct withheld *withheld, struct arena *arena, const char *path)
{
	struct err err;
	size_t len;
	char *text;

	if (io_read_file(arena, path, ALLOWED_MAX, &text, &len, &err) == DONE)
		text_addf(&withheld->allowed, "%s\n", text);
}

void
withheld_allow(struct withheld *withheld, struct arena *arena, const struct conf *conf,
	const char *conf_file, const char *data_dir)
{
	glob_t found;

	withheld->conf = conf;
	mime_start();
	charset_open_all();
	text_init(&withheld->allowed, arena, ALLOWED_MAX);
	allow_file(withheld, arena, conf_file);
	if (glob(arena_printf(arena, "%s/templates/*/*", data_dir), 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			allow_file(withheld, arena, found.gl_pathv[i]);
		globfree(&found);
	}
	for (int i = 0; i < MAIL_KINDS; i++)
		text_addf(&withheld->allowed, "%s\n", mail_kind_name((enum mail_kind)i));
	for (int i = 0; i < DEADLINE_KINDS; i++)
		text_addf(&withheld->allowed, "%s\n", deadline_kind_name((enum deadline_kind)i));
	for (int i = 0; i < TRUSTS; i++)
		text_addf(&withheld->allowed, "%s\n", trust_name((enum trust)i));
}

/* Of a case: its numbers, and when something came or is due. */
static void
allow_case(const struct withheld *withheld, struct arena *arena, struct store *store, int64_t id,
	struct text *allowed)
{
	const char *zone = withheld->conf->policy.desks[0].time_zone;
	struct record_deadline *deadlines;
	struct record_message *messages;
	struct record_number *numbers;
	size_t count = store_case_numbers(store, arena, id, &numbers);

	for (size_t i = 0; i < count; i++)
		text_addf(allowed, "%s\n", numbers[i].number);
	count = store_deadlines(store, arena, id, &deadlines);
	for (size_t i = 0; i < count; i++)
		text_addf(allowed, "%s\n", clock_rfc3339(arena, deadlines[i].due, zone));
	count = store_case_messages(store, arena, id, &messages);
	for (size_t i = 0; i < count; i++)
		text_addf(allowed, "%s\n", clock_rfc3339(arena, messages[i].received_at, zone));
}

/* --- looking --- */

static size_t
char_len(const char *at)
{
	unsigned char c = (unsigned char)*at;

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* The word that begins there, its length in *len_r; false where none does. */
static bool
word_at(const char *text, const char *at, char word_r[WORD_BYTES], size_t *len_r)
{
	size_t len = 0, chars = 0;

	if ((unsigned char)*at < 0x80) {
		if (!isalnum((unsigned char)*at) || (at > text && isalnum((unsigned char)at[-1])))
			return false;
		while (isalnum((unsigned char)at[len]) && len < WORD_BYTES - 1)
			len++;
		if (len < WORD_ASCII)
			return false;
	} else {
		for (; chars < WORD_OTHER; chars++) {
			if ((unsigned char)at[len] < 0x80)
				return false;
			len += char_len(at + len);
		}
	}
	memcpy(word_r, at, len);
	word_r[len] = '\0';
	*len_r = len;
	return true;
}

/* The first word of the letter that stands in the sealed text and may not be said; NULL for none. */
static const char *
leak(struct arena *arena, const char *letter, const char *sealed, const char *allowed,
	const char *also)
{
	for (const char *at = letter; *at != '\0'; at += char_len(at)) {
		char word[WORD_BYTES];
		size_t len;

		if (word_at(letter, at, word, &len) && strstr(allowed, word) == NULL &&
			strstr(also, word) == NULL && strstr(sealed, word) != NULL)
			return arena_strdup(arena, word);
	}
	return NULL;
}

/* All that came sealed of the messages on record, as a person would read it. */
static const char *
sealed_text(struct withheld *withheld, struct arena *arena, struct engine *engine,
	struct store *store)
{
	struct record_message *list;
	size_t count = store_message_list(store, arena, STORE_IN, 0, &list);
	struct text all;

	text_init(&all, arena, WITHHELD_ARENA / 4);
	for (size_t i = 0; i < count; i++) {
		struct engine_texts texts;
		struct io_map map = { 0 };
		struct err err;
		const char *text;

		if (!list[i].encrypted || list[i].kind == KIND_UNREADABLE ||
			engine_show(engine, list[i].id, ENGINE_SHOW_TEXT, &texts, &err) != DONE)
			continue;
		if (io_map(texts.fds[0], WITHHELD_ARENA / 8, &map, &err) == DONE) {
			text = arena_strndup(arena, (const char *)map.data, map.len);
			text_add(&all, text);
			withheld->sealed_texts++;
			/* The search finds a letter that bears it all. */
			withheld->telling +=
				leak(arena, text, text, withheld->allowed.data, "") != NULL;
		}
		io_unmap(&map);
		for (size_t k = 0; k < texts.count; k++)
			io_close(&texts.fds[k]);
	}
	return all.data;
}

/* Everything that a person, or a program, finds in the letter. */
static const char *
letter_text(struct arena *arena, struct store *store, int64_t entry, bool *attached_r)
{
	struct message message;
	struct text text;
	char *bytes;
	size_t len;

	*attached_r = false;
	if (!store_outbox_bytes(store, arena, entry, &bytes, &len))
		return "";
	message_read(arena, bytes, len, NULL, &message);
	text_init(&text, arena, LETTER_MAX);
	text_addf(&text, "%s\n%s\n", message.subject, message.text);
	/* What is signed, and how, is of every such letter. */
	for (size_t i = 0; i < message.fields.count; i++)
		if (!text_starts_ci(message.fields.fields[i].name, "Content-"))
			text_addf(&text, "%s: %s\n", message.fields.fields[i].name,
				message.fields.fields[i].value);
	for (size_t i = 0; i < message.attachment_count; i++)
		*attached_r = *attached_r ||
			!text_equal(message.attachments[i].type, "application/pgp-signature");
	return text.data;
}

static bool
is_clean(struct withheld *withheld, struct arena *arena, struct store *store,
	const struct record_outbox *entry, const char *sealed, const char *eml)
{
	struct text also;
	const char *letter, *word;
	bool attached;

	withheld->clear_letters++;
	text_init(&also, arena, ALLOWED_MAX);
	allow_case(withheld, arena, store, entry->case_id, &also);
	letter = letter_text(arena, store, entry->id, &attached);
	word = leak(arena, letter, sealed, withheld->allowed.data, also.data);
	if (word != NULL)
		printf("%s: a letter in clear, to %s, bears \"%s\", which came sealed\n", eml,
			entry->to, word);
	if (attached)
		printf("%s: a letter in clear, to %s, has a file with it\n", eml, entry->to);
	return word == NULL && !attached;
}

bool
withheld_look(struct withheld *withheld, struct engine *engine, struct store *store,
	const char *eml)
{
	struct arena *arena = arena_new(ARENA_PLAIN, WITHHELD_ARENA);
	const char *sealed = sealed_text(withheld, arena, engine, store);
	struct record_outbox *list;
	size_t count = store_outbox_list(store, arena, OUTBOX_STATES, &list);
	bool clean = true;

	for (size_t i = 0; i < count; i++) {
		if (list[i].state == OUTBOX_HELD)
			continue;
		printf("%s: outbox %lld (%s) was not sent: %s\n", eml, (long long)list[i].id,
			mail_kind_name(list[i].kind), list[i].last_error);
		clean = false;
	}
	count = store_outbox_list(store, arena, OUTBOX_SENT, &list);
	for (size_t i = 0; i < count; i++) {
		bool in_clear = list[i].keys == NULL || list[i].keys[0] == '\0';

		if (in_clear)
			clean = is_clean(withheld, arena, store, &list[i], sealed, eml) && clean;
		withheld->carried += !in_clear && strstr(list[i].params, "carries: ") != NULL;
		withheld->left_out += strstr(list[i].params, "left_out: ") != NULL;
	}
	arena_free(&arena);
	return clean;
}

bool
withheld_end(const struct withheld *withheld)
{
	printf("%d sealed texts, %d with words of their own; %d letters in clear\n"
	       "%d letters brought a mail along, sealed; %d had to leave it out\n",
		withheld->sealed_texts, withheld->telling, withheld->clear_letters, withheld->carried,
		withheld->left_out);
	charset_close_all();
	return withheld->telling > 0 && withheld->telling == withheld->sealed_texts &&
		withheld->clear_letters > 0 && withheld->carried > 0;
}
