/*
 * The sections of a digest that tell of the desk itself: how far its cases are, its keys, its
 * health.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "view/spoken.h"

#include <string.h>

#define FINGERPRINT_SHOWN 16	/* hex digits, the last ones */
#define KEY_SOON_DAYS 30	/* a key that ends so soon wants a person */

void
digest_tell_phases(struct digest_telling *telling)
{
	const struct digest_words *words = telling->words;
	struct digest_section *section;
	int64_t cases = 0;

	for (int phase = 0; phase < PHASES; phase++)
		cases += telling->daily->progress[phase].cases;
	if (cases == 0)
		return;
	section = digest_section(telling, words->phases_title, -1, NULL);
	digest_column(section, COLUMN_HEAD, words->phase);
	digest_column(section, COLUMN_BODY, words->cases);
	digest_column(section, COLUMN_BAR, words->checklist);
	for (int phase = 0; phase < PHASES; phase++) {
		const struct daily_progress *progress = &telling->daily->progress[phase];
		int64_t items = progress->cases * (int64_t)telling->digest->checklist_count;
		const char *const cells[] = {
			spoken_phase((enum phase)phase, telling->page->language),
			digest_counted(telling, words->case_count, progress->cases),
			NULL,
		};
		struct digest_row *row;

		if (progress->cases == 0)
			continue;
		row = digest_row(telling, section, TONE_PLAIN, cells);
		if (items > 0)
			row->percent = progress->ticks >= items
				? 100
				: (int)(progress->ticks * 100 / items);
	}
}

enum digest_tone
digest_key_tone(const struct digest *digest, const struct digest_key *key)
{
	int64_t now = digest->daily->now;

	if (key->replaced)
		return TONE_PLAIN;
	if (key->missing || key->unusable || (key->expires_at != 0 && key->expires_at <= now))
		return TONE_LATE;
	if (key->expires_at != 0 && key->expires_at <= now + KEY_SOON_DAYS * CLOCK_DAY)
		return TONE_SOON;
	return TONE_PLAIN;
}

static const char *
key_state(struct digest_telling *telling, const struct digest_key *key)
{
	if (key->missing || key->unusable)
		return key->missing ? telling->words->missing : telling->words->unusable;
	if (key->expires_at == 0)
		return telling->words->no_end;
	if (key->expires_at <= telling->daily->now)
		return telling->words->ended;
	return digest_left(telling, key->expires_at);
}

static const char *
tail_of(const char *fpr)
{
	size_t len = strlen(fpr);

	return len > FINGERPRINT_SHOWN ? fpr + len - FINGERPRINT_SHOWN : fpr;
}

void
digest_tell_keys(struct digest_telling *telling)
{
	const struct digest *digest = telling->digest;
	const struct digest_words *words = telling->words;
	struct digest_section *section;
	bool trouble = false;

	if (digest->key_count == 0)
		return;
	section = digest_section(telling, words->keys_title, -1, NULL);
	digest_column(section, COLUMN_HEAD, words->key);
	digest_column(section, COLUMN_STATE, words->left);
	digest_column(section, COLUMN_SMALL, words->until);
	digest_column(section, COLUMN_SMALL, words->fingerprint);
	for (size_t i = 0; i < digest->key_count; i++) {
		const struct digest_key *key = &digest->keys[i];
		enum digest_tone tone = digest_key_tone(digest, key);
		const char *const cells[] = {
			key->owner == OWNER_DESK ? words->own_key : key->name,
			key_state(telling, key),
			digest_time(telling, key->expires_at),
			tail_of(key->fpr),
		};

		digest_row(telling, section, tone, cells);
		trouble = trouble || tone != TONE_PLAIN;
	}
	section->what_to_do = trouble && !digest->outside ? words->do_keys : NULL;
}

static void
tell_drill(struct digest_telling *telling, struct digest_section *section)
{
	const struct digest *digest = telling->digest;
	const struct digest_words *words = telling->words;
	bool bad = digest->drill_at != 0 && !digest->drill_passed;
	const char *const cells[] = {
		words->drill,
		digest->drill_at == 0 ? words->unknown : bad ? words->failed : words->passed,
		digest_time(telling, digest->drill_at),
	};

	digest_row(telling, section, bad ? TONE_LATE : TONE_PLAIN, cells);
}

static char *
outbox_text(struct digest_telling *telling)
{
	const int64_t *outbox = telling->daily->outbox;

	return digest_fill(telling->arena, telling->words->outbox_detail,
		(const char *[DIGEST_VALUES]){ digest_number(telling, outbox[OUTBOX_QUEUED]),
			digest_number(telling, outbox[OUTBOX_HELD]),
			digest_number(telling, outbox[OUTBOX_DEFERRED]),
			digest_number(telling, outbox[OUTBOX_FAILED]) });
}

void
digest_tell_health(struct digest_telling *telling)
{
	const struct digest *digest = telling->digest;
	const struct digest_words *words = telling->words;
	struct digest_section *section = digest_section(telling, words->health_title, -1, NULL);
	bool failed = telling->daily->outbox[OUTBOX_FAILED] > 0;
	const char *outbox = failed ? spoken_outbox_state(OUTBOX_FAILED, telling->page->language)
				    : words->fine;

	digest_column(section, COLUMN_HEAD, words->what);
	digest_column(section, COLUMN_STATE, words->state);
	digest_column(section, COLUMN_NOTE, words->detail);
	for (size_t i = 0; i < digest->folder_count; i++) {
		const struct digest_folder *folder = &digest->folders[i];
		const char *const cells[] = {
			digest_fill(telling->arena, words->folder,
				(const char *[DIGEST_VALUES]){ folder->name }),
			folder->late ? words->late : words->fine,
			digest_fill(telling->arena, words->last_read, (const char *[DIGEST_VALUES]){
				folder->last_pass != 0 ? digest_time(telling, folder->last_pass)
						       : words->never }),
		};

		digest_row(telling, section, folder->late ? TONE_LATE : TONE_PLAIN, cells);
	}
	digest_row(telling, section, failed ? TONE_LATE : TONE_PLAIN,
		(const char *const[]){ words->outbox, outbox, outbox_text(telling) });
	tell_drill(telling, section);
}
