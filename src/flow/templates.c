/*
 * The shipped templates (conf/templates/LANGUAGE/NAME), read once and each
 * tried out at the start: a placeholder that nobody fills is found then, not in
 * a mail to a coordinator.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/templates.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "flow/parts.h"
#include "view/mailtext.h"

#define TEMPLATE_MAX (64 * 1024)

static const char *const names[] = {
	"acknowledgement-contact", "acknowledgement-encryption", "acknowledgement-details",
	"acknowledgement-finder", "acknowledgement-clear", "question-unreadable", "alert-new-case",
	"alert-details", "alert-suspect", "alert-unreadable", "alert-correspondence", "alert-held",
	"alert-failed", "alert-form", "alert-finder", "alert-bounce", "alert-old-mail", "alert-incident",
	"alert-soon", "alert-today", "alert-overdue", "alert-deadlines", "alert-untaken",
	"alert-untaken-cases", "alert-pass-on", "alert-drill", "alert-several",
	"alert-mailbox-silent", "alert-mailbox-read", "alert-outbox-silent", "alert-outbox-moves",
	"alert-clock", "alert-requested", "alert-key-own", "alert-key-coordinator", "alert-key-staff",
	"key-roll", "digest", "forward", "forward-vendor", "forward-coordinator", "reply-finding-confirmed",
	"reply-finding-not-reproduced", "reply-finding-not-a-vulnerability", "reply-finding-known",
	"reply-progress", "reply-extension", "reply-completion", "reply-question", "reply-plain",
};

#define NAMES (sizeof(names) / sizeof(names[0]))

static const char *const languages[] = { "ja", "en" };

struct flow_templates {
	const char *text[2][NAMES];
};

/* Reads one and fills it once: the text, in the arena. */
static enum outcome
load_one(struct arena *arena, const char *data_dir, size_t language, size_t name,
	const char **text_r, struct err *err_r)
{
	struct mailtext_value values[TEMPLATE_VALUES];
	char *path = arena_printf(arena, "%s/templates/%s/%s", data_dir, languages[language],
		names[name]);
	struct mailtext mail;
	size_t len;
	char *text;

	if (io_read_file(arena, path, TEMPLATE_MAX, &text, &len, err_r) != DONE)
		return err_wrap(err_r, NEVER, "template %s", path);
	for (size_t i = 0; i < TEMPLATE_VALUES; i++)
		values[i] = (struct mailtext_value){ template_values[i], "x" };
	if (mailtext_fill(arena, text, values, TEMPLATE_VALUES, &mail, err_r) != DONE)
		return err_wrap(err_r, NEVER, "template %s", path);
	*text_r = text;
	return DONE;
}

enum outcome
templates_load(struct engine *engine, struct err *err_r)
{
	engine->templates = arena_alloc(engine->arena, sizeof(*engine->templates));
	for (size_t language = 0; language < 2; language++) {
		for (size_t name = 0; name < NAMES; name++) {
			if (load_one(engine->arena, engine->conf->data_dir, language, name,
				    &engine->templates->text[language][name], err_r) != DONE)
				return NEVER;
		}
	}
	return DONE;
}

size_t
templates_try(struct arena *arena, const char *data_dir,
	void (*tell)(void *context, const struct err *why), void *context)
{
	size_t fine = 0;

	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]) * NAMES; i++) {
		const char *text;
		struct err err;

		if (load_one(arena, data_dir, i / NAMES, i % NAMES, &text, &err) == DONE)
			fine++;
		else
			tell(context, &err);
	}
	return fine;
}

const char *
templates_find(const struct engine *engine, enum language language, const char *name)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (text_equal(names[i], name))
			return engine->templates->text[language == LANGUAGE_EN][i];
	}
	return NULL;
}
