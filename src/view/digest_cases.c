/*
 * The sections of a digest that tell of cases and their mail: what is owed, what came, what
 * was sent, what does not go out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/digest_private.h"

#include "base/arena.h"
#include "rule/deadline.h"
#include "view/spoken.h"

#include <string.h>

#define SHA256_SHOWN 16	/* hex digits */

static const char *
owed_kind(struct digest_telling *telling, const struct daily_owed *owed)
{
	const struct record_deadline deadline = { .item = owed->item, .kind = owed->kind };

	return spoken_deadline(&deadline, telling->page->language);
}

static enum digest_tone
owed_tone(struct digest_telling *telling, const struct daily_owed *owed)
{
	int64_t now = telling->daily->now;

	if (deadline_overdue(owed->due, DEADLINE_PENDING, now))
		return TONE_LATE;
	return owed->due <= telling->daily->soon_until ? TONE_SOON : TONE_PLAIN;
}

void
digest_tell_owed(struct digest_telling *telling)
{
	const struct daily *daily = telling->daily;
	const struct digest_words *words = telling->words;
	struct digest_section *section = digest_section(telling, words->owed_title, daily->owed_all,
		daily->owed_count > 0 && !telling->digest->outside ? words->do_owed : NULL);

	digest_column(section, COLUMN_HEAD, words->number);
	digest_column(section, COLUMN_BODY, words->kind);
	digest_column(section, COLUMN_BAR, words->gone);
	digest_column(section, COLUMN_STATE, words->left);
	digest_column(section, COLUMN_SMALL, words->due);
	digest_column(section, COLUMN_SMALL, words->staff);
	digest_column(section, COLUMN_SMALL, words->case_id);
	for (size_t i = 0; i < daily->owed_count; i++) {
		const struct daily_owed *owed = &daily->owed[i];
		enum digest_tone tone = owed_tone(telling, owed);
		const char *const cells[] = {
			digest_case(telling, &owed->of),
			owed_kind(telling, owed),
			NULL,
			digest_left(telling, owed->due),
			digest_time(telling, owed->due),
			owed->assignee != NULL ? owed->assignee : words->nobody,
			digest_id(telling, owed->of.id),
		};

		digest_row(telling, section, tone, cells)->percent =
			digest_percent(owed->began, owed->due, daily->now);
	}
}

int64_t
digest_stuck_all(const struct daily *daily)
{
	return daily->outbox[OUTBOX_HELD] + daily->outbox[OUTBOX_DEFERRED] +
		daily->outbox[OUTBOX_FAILED];
}

void
digest_tell_stuck(struct digest_telling *telling)
{
	const struct daily *daily = telling->daily;
	const struct digest_words *words = telling->words;
	struct digest_section *section;

	if (daily->stuck_count == 0)
		return;
	section = digest_section(telling, words->stuck_title, digest_stuck_all(daily), words->do_stuck);
	digest_column(section, COLUMN_HEAD, words->number);
	digest_column(section, COLUMN_BODY, words->kind);
	digest_column(section, COLUMN_STATE, words->state);
	digest_column(section, COLUMN_SMALL, words->entry);
	digest_column(section, COLUMN_SMALL, words->next_try);
	digest_column(section, COLUMN_SMALL, words->why);
	for (size_t i = 0; i < daily->stuck_count; i++) {
		const struct daily_stuck *stuck = &daily->stuck[i];
		const char *const cells[] = {
			digest_case(telling, &stuck->of),
			spoken_mail_kind(stuck->kind, telling->page->language),
			spoken_outbox_state(stuck->state, telling->page->language),
			digest_id(telling, stuck->entry),
			stuck->state == OUTBOX_DEFERRED ? digest_time(telling, stuck->next_try_at) : NULL,
			stuck->state == OUTBOX_HELD && stuck->why != NULL
				? spoken_held_why(stuck->why, telling->page->language) : NULL,
		};

		digest_row(telling, section, stuck->state == OUTBOX_FAILED ? TONE_LATE : TONE_SOON, cells);
	}
}

void
digest_tell_mails(struct digest_telling *telling, const char *title,
	const struct daily_mail *list, size_t count, int64_t all, const char *what_to_do)
{
	const struct digest_words *words = telling->words;
	struct digest_section *section;

	if (count == 0)
		return;
	section = digest_section(telling, title, all, what_to_do);
	digest_column(section, COLUMN_HEAD, words->number);
	digest_column(section, COLUMN_BODY, words->kind);
	digest_column(section, COLUMN_SMALL, words->received);
	digest_column(section, COLUMN_SMALL, words->trust);
	digest_column(section, COLUMN_SMALL, words->form);
	digest_column(section, COLUMN_SMALL, words->message);
	digest_column(section, COLUMN_SMALL, words->case_id);
	for (size_t i = 0; i < count; i++) {
		const struct daily_mail *mail = &list[i];
		const char *const cells[] = {
			mail->of.id != 0 ? digest_case(telling, &mail->of)
					 : digest_counted(telling, words->message_name, mail->id),
			spoken_mail_kind(mail->kind, telling->page->language),
			digest_time(telling, mail->received_at),
			spoken_trust(mail->trust, telling->page->language),
			digest_form(telling, mail->encrypted),
			digest_id(telling, mail->id),
			digest_id(telling, mail->of.id),
		};

		digest_row(telling, section, TONE_PLAIN, cells);
	}
}

void
digest_tell_sent(struct digest_telling *telling)
{
	const struct daily *daily = telling->daily;
	const struct digest_words *words = telling->words;
	struct digest_section *section;

	if (daily->sent_count == 0)
		return;
	section = digest_section(telling, words->sent_title, daily->sent_all, NULL);
	digest_column(section, COLUMN_HEAD, words->number);
	digest_column(section, COLUMN_BODY, words->kind);
	digest_column(section, COLUMN_SMALL, words->sent_at);
	digest_column(section, COLUMN_SMALL, words->form);
	digest_column(section, COLUMN_SMALL, words->entry);
	digest_column(section, COLUMN_SMALL, words->sha256);
	digest_column(section, COLUMN_SMALL, words->reply);
	for (size_t i = 0; i < daily->sent_count; i++) {
		const struct daily_sent *sent = &daily->sent[i];
		const char *const cells[] = {
			digest_case(telling, &sent->of),
			spoken_mail_kind(sent->kind, telling->page->language),
			digest_time(telling, sent->sent_at),
			digest_form(telling, sent->encrypted),
			digest_id(telling, sent->entry),
			sent->sha256 != NULL
				? arena_strndup(telling->arena, sent->sha256,
					  strnlen(sent->sha256, SHA256_SHOWN))
				: NULL,
			digest_reply(telling->arena, sent->reply),
		};

		digest_row(telling, section, TONE_PLAIN, cells);
	}
}
