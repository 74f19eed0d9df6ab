/*
 * What a digest says: the page. It may go in clear: handling numbers, ids, dates and what to
 * do stand in it; no subject, sender, addressee or text of a mail. How it looks is
 * digest_text.c's and digest_html.c's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest_private.h"

#include "base/arena.h"
#include "base/clock.h"
#include "view/spoken.h"

static void
figure(struct digest_telling *telling, const char *label, int64_t number, enum digest_tone tone)
{
	struct digest_page *page = telling->page;

	page->figures[page->figure_count++] = (struct digest_figure){
		number > 0 ? tone : TONE_PLAIN, label, digest_number(telling, number) };
}

static void
tell_head(struct digest_telling *telling)
{
	const struct daily *daily = telling->daily;
	const struct digest_words *words = telling->words;
	struct clock_civil civil;

	clock_civil(daily->now, telling->desk->time_zone, &civil);
	telling->page->title = digest_clean(telling->arena, digest_fill(telling->arena, words->title,
		(const char *[DIGEST_VALUES]){ telling->desk->name }));
	telling->page->since = digest_fill(telling->arena, words->since,
		(const char *[DIGEST_VALUES]){
			arena_printf(telling->arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day),
			spoken_weekday(civil.weekday, telling->page->language),
			arena_printf(telling->arena, "%02d:%02d", civil.hour, civil.minute),
			digest_time(telling, daily->since) });
	figure(telling, words->overdue, daily->overdue, TONE_LATE);
	figure(telling, words->soon, daily->soon, TONE_SOON);
	figure(telling, words->came, daily->came_all, TONE_PLAIN);
	if (!telling->digest->outside)
		figure(telling, words->stuck, digest_stuck_all(daily),
			daily->outbox[OUTBOX_FAILED] > 0 ? TONE_LATE : TONE_SOON);
}

static void
tell_feet(struct digest_telling *telling)
{
	const struct digest_words *words = telling->words;
	struct digest_page *page = telling->page;

	if (!telling->digest->outside) {
		page->feet[page->foot_count++] =
			digest_counted(telling, words->unrelated, telling->daily->unrelated);
		page->feet[page->foot_count++] = words->how;
	}
	page->feet[page->foot_count++] =
		digest_fill(telling->arena, words->log_head,
			(const char *[DIGEST_VALUES]){ telling->daily->log_head });
}

/* The folder that was read longest ago says since when all is known. */
static char *
line_text(struct digest_telling *telling)
{
	const struct digest *digest = telling->digest;
	int64_t read = digest->folder_count > 0 ? digest->folders[0].last_pass : 0;

	for (size_t i = 1; i < digest->folder_count; i++)
		read = digest->folders[i].last_pass < read ? digest->folders[i].last_pass : read;
	return digest_fill(telling->arena, telling->words->line,
		(const char *[DIGEST_VALUES]){ digest_time(telling, telling->daily->since),
			read != 0 ? digest_time(telling, read) : telling->words->never,
			telling->daily->log_head });
}

struct digest_page *
digest_page(struct arena *arena, const struct digest *digest, bool line)
{
	struct digest_page *page = arena_calloc(arena, 1, sizeof(*page));
	struct digest_telling telling = { .arena = arena, .digest = digest, .daily = digest->daily,
		.desk = &digest->policy->desks[digest->desk],
		.words = digest_words(digest->language), .page = page };
	const struct daily *daily = digest->daily;

	page->language = digest->language;
	if (line) {
		page->line = line_text(&telling);
		return page;
	}
	tell_head(&telling);
	digest_tell_owed(&telling);
	digest_tell_stuck(&telling);
	digest_tell_mails(&telling, telling.words->came_title, daily->came, daily->came_count,
		daily->came_all, NULL);
	digest_tell_sent(&telling);
	digest_tell_mails(&telling, telling.words->unfiled_title, daily->unfiled, daily->unfiled_count,
		daily->unfiled_all, telling.words->do_unfiled);
	digest_tell_phases(&telling);
	digest_tell_keys(&telling);
	if (!digest->outside)
		digest_tell_health(&telling);
	tell_feet(&telling);
	return page;
}

bool
digest_has_trouble(const struct digest *digest)
{
	for (size_t i = 0; i < digest->key_count; i++) {
		if (digest_key_tone(digest, &digest->keys[i]) != TONE_PLAIN)
			return true;
	}
	for (size_t i = 0; i < digest->folder_count; i++) {
		if (digest->folders[i].late)
			return true;
	}
	return digest->drill_at != 0 && !digest->drill_passed;
}
