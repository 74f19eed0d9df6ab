/*
 * What staff are told of a message: one alert for each person and case, with what of it
 * cannot wait (a day that it asks for, a key that it offers); for a failure report, that
 * a letter has failed, once.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/alerts.h"
#include "flow/filing.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

#define OFFERED_MAX 1000

/* A letter that failed before was told then; one to staff that failed would be told likewise in vain. */
static bool
failure_is_told(const struct record_outbox *entry)
{
	return entry->state == OUTBOX_FAILED || entry->kind == KIND_ALERT || entry->kind == KIND_DIGEST;
}

void
filing_bounce(struct filing *filing)
{
	struct record_outbox *entry;

	if (filing->known.bounced_outbox == 0 || filing->thread.row != ROW_BOUNCE ||
		filing->thread.place == PLACE_UNFILED || !filing->facts->header.report_failed)
		return;
	entry = store_outbox_get(filing->store, filing->arena, filing->known.bounced_outbox);
	if (entry == NULL)
		return;
	if (failure_is_told(entry))
		filing->decision.alert = ALERT_NONE;
	if (entry->state != OUTBOX_SENT)
		return;
	entry->state = OUTBOX_FAILED;
	entry->last_error = "a delivery failure report came back";
	store_outbox_update(filing->store, entry);
	if (entry->case_id != 0)
		store_log(filing->store, entry->case_id, filing->now, "madoguchid",
			arena_printf(filing->arena, "outbox %lld failed: delivery report, message %lld",
				(long long)entry->id, (long long)filing->message));
}

/* Mail that lay in the mailbox before it was first looked at: counted now, told once after the pass. */
static void
count_for_summary(struct filing *filing)
{
	char *name = arena_printf(filing->arena, "desk.%s.old_mail",
		filing->policy->desks[filing->desk].title);
	char *value = store_value_get(filing->store, filing->arena, name);
	int64_t count = 0;

	if (value != NULL)
		text_number(value, 0, INT32_MAX, &count);
	store_value_set(filing->store, name, arena_printf(filing->arena, "%lld", (long long)count + 1));
}

/* The day that the mail asks for something by, 0 for none. */
static int64_t
requested(const struct decision *decision)
{
	for (size_t i = 0; decision->opens_deadlines && i < decision->open_count; i++) {
		if (decision->opens[i].kind == DEADLINE_REQUESTED)
			return decision->opens[i].due;
	}
	return 0;
}

/* Why a day that the mail set may be another, or none to work on; NULL where it is sure. */
static const char *
doubt(const struct decision *decision)
{
	return decision->opens_deadlines && decision->due_problem != PROBLEM_NONE
		? problem_text(decision->due_problem) : NULL;
}

/* Fingerprints of the keys that come along with what says that it is a coordinator's mail; NULL for none. */
static const char *
offered(struct filing *filing)
{
	const struct facts_header *header = &filing->facts->header;
	struct text text;

	if (!filing->decision.offers_key)
		return NULL;
	text_init(&text, filing->arena, OFFERED_MAX);
	for (size_t i = 0; i < header->offered_count; i++)
		text_addf(&text, "%s%s", i > 0 ? ", " : "",
			letter_grouped(filing->arena, header->offered[i]));
	return text.data;
}

static void
put(struct engine *engine, struct filing *filing, struct alert *alert, int64_t case_id)
{
	alert->case_id = case_id;
	(void)alerts_add(engine->store, engine->conf, filing->desk, alert, engine_now(engine));
	engine->outbox_changed = true;
}

void
filing_alert(struct engine *engine, struct filing *filing, const struct record_message *old)
{
	const struct decision *decision = &filing->decision;
	struct alert alert = { .kind = decision->alert, .message = filing->message,
		.proven = decision->first.trust.trust == TRUST_VERIFIED,
		.requested = requested(decision), .doubt = doubt(decision), .offered = offered(filing),
		.outbox = filing->known.bounced_outbox };
	bool owes_copy = old == NULL && filing_owes_copy(filing);

	if (owes_copy) {
		alert.kind = ALERT_PASS_ON;
		store_log(filing->store, filing->case_id, filing->now, "madoguchid",
			arena_printf(filing->arena, "message %lld is the finder's or to the finder: the "
				"coordinator is owed a copy", (long long)filing->message));
	}
	/* Told when it first came, but for a day that nobody knew of then. */
	if (old != NULL && !filing->new_case)
		alert.kind = alert.requested != 0 && filing->opened_requested ? ALERT_REQUESTED : ALERT_NONE;
	if (alert.kind == ALERT_NONE)
		return;
	if (decision->alert_in_summary) {
		count_for_summary(filing);
		return;
	}
	put(engine, filing, &alert, filing->case_id);
	alert.kind = owes_copy ? decision->alert : alert.kind;
	/* Another person may be on another of its cases. */
	for (size_t i = 0; alert.kind != ALERT_NONE && i < filing->thread.also_count; i++)
		put(engine, filing, &alert, filing->thread.also[i]);
}
