/*
 * What a message does to cases: opens one, joins one, or stays outside; its
 * numbers, sites; its answer.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/filing.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/address.h"
#include "rule/deadline.h"
#include "rule/held.h"
#include "rule/title.h"

#include <string.h>

#define ANSWER_PARAMS_MAX (64 * 1024)

static void
case_log(struct filing *filing, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
case_log(struct filing *filing, const char *format, ...)
{
	struct text text;
	va_list args;

	text_init(&text, filing->arena, 1000);
	va_start(args, format);
	text_vaddf(&text, format, args);
	va_end(args);
	store_log(filing->store, filing->case_id, filing->now, "madoguchid", text.data);
}

int64_t
filing_own_case(struct filing *filing, const struct record_message *message)
{
	struct record_message *list;
	size_t count, came_in = 0;

	struct record_case *record;

	if (message->case_count != 1 || store_message_put(filing->store, message->id) != 0)
		return 0;
	/* It came to a case that was there before any mail. */
	record = store_case_get(filing->store, filing->arena, message->cases[0]);
	if (record == NULL || record->origin == ORIGIN_STAFF)
		return 0;
	count = store_case_messages(filing->store, filing->arena, message->cases[0], &list);
	for (size_t i = 0; i < count; i++)
		came_in += list[i].direction == DIRECTION_IN;
	return came_in == 1 ? message->cases[0] : 0;
}

/* Made of what may be known in clear: number, site, kind. */
static char *
title_of(struct filing *filing)
{
	const struct policy_desk *desk = &filing->policy->desks[filing->desk];
	const struct number_hits *numbers = &filing->first.numbers;
	const char *site = NULL;

	for (size_t i = 0; i < desk->sites.count && site == NULL; i++) {
		if ((filing->first.sites & (UINT32_C(1) << i)) != 0)
			site = desk->sites.at[i];
	}
	return title_make(filing->arena,
		filing->first.own_numbers > 0 ? numbers->hit[0].number : NULL, site,
		mail_kind_name(filing->thread.kind));
}

static enum origin
origin_of(const struct filing *filing)
{
	switch (filing->thread.row) {
	case ROW_FORM:
		return ORIGIN_FORM;
	case ROW_FINDER:
		return filing->first.trust.sender == SENDER_FORM ? ORIGIN_FORM : ORIGIN_FINDER;
	default:
		return ORIGIN_COORDINATOR;
	}
}

static const char *
coordinator_name(const struct filing *filing)
{
	int at = filing->first.trust.coordinator;

	if (at < 0)
		at = filing->first.text_coordinator;
	return at >= 0 ? filing->policy->coordinators[at].name : NULL;
}

static void
open_case(struct filing *filing)
{
	struct record_case record = { 0 };

	record.desk = filing->policy->desks[filing->desk].title;
	record.title = title_of(filing);
	record.coordinator = coordinator_name(filing);
	record.origin = origin_of(filing);
	record.state = CASE_OPEN;
	record.stage = filing->thread.stage;
	record.phase = PHASE_RECEIVE;
	record.trust = filing->first.trust.trust;
	record.opened_at = filing->internal_date;
	record.updated_at = filing->now;
	filing->case_id = store_case_add(filing->store, &record);
	filing->new_case = true;
	case_log(filing, "case opened by message %lld (%s, %s)", (long long)filing->message,
		mail_kind_name(filing->thread.kind), trust_name(record.trust));
}

/* What ends with a closed case goes on with it; what was known of the mail then reopens nothing. */
static void
reopen(struct filing *filing, struct record_case *record, const struct record_message *old)
{
	if (!filing->decision.reopens || (old != NULL && old->kind == filing->thread.kind))
		return;
	record->state = CASE_OPEN;
	store_deadlines_resume(filing->store, record->id);
	case_log(filing, "case reopened by message %lld (%s)", (long long)filing->message,
		mail_kind_name(filing->thread.kind));
}

/* The case follows its mails: its stage only forward, its trust the best of them. */
static void
update_case(struct filing *filing, int64_t id, const struct record_message *old)
{
	struct record_case *record = store_case_get(filing->store, filing->arena, id);

	filing->case_id = id;
	if (record == NULL)
		return;
	if (filing->thread.stage > record->stage)
		record->stage = filing->thread.stage;
	if (filing->first.trust.trust > record->trust)
		record->trust = filing->first.trust.trust;
	if (record->coordinator == NULL && filing->thread.row == ROW_COORDINATOR)
		record->coordinator = coordinator_name(filing);
	reopen(filing, record, old);
	record->updated_at = filing->now;
	store_case_update(filing->store, record);
	case_log(filing, "message %lld (%s, %s) joined", (long long)filing->message,
		mail_kind_name(filing->thread.kind), trust_name(filing->first.trust.trust));
}

/* The mail belongs to further cases: it stands in each, and lends each its trust. */
static void
join_also(struct filing *filing, const struct record_message *old)
{
	for (size_t i = 0; i < filing->thread.also_count; i++) {
		int64_t id = filing->thread.also[i];
		struct record_case *record = store_case_get(filing->store, filing->arena, id);

		if (record == NULL)
			continue;
		if (filing->first.trust.trust > record->trust)
			record->trust = filing->first.trust.trust;
		if (record->state == CASE_CLOSED && filing->decision.reopens_also &&
			old == NULL) {
			record->state = CASE_OPEN;
			store_deadlines_resume(filing->store, id);
		}
		record->updated_at = filing->now;
		store_case_update(filing->store, record);
		store_case_message_add(filing->store, id, filing->message);
		store_log(filing->store, id, filing->now, "madoguchid",
			arena_printf(filing->arena, "message %lld (%s, %s) joined, as case %lld",
				(long long)filing->message, mail_kind_name(filing->thread.kind),
				trust_name(filing->first.trust.trust), (long long)filing->case_id));
	}
}

static void
add_numbers(struct filing *filing)
{
	const struct number_hits *numbers = &filing->first.numbers;

	for (size_t i = 0; i < filing->first.own_numbers; i++) {
		const struct number_hit *hit = &numbers->hit[i];

		store_case_number_add(filing->store, filing->case_id,
			filing->policy->coordinators[hit->coordinator].name, hit->number,
			filing->decision.bind_numbers);
	}
}

static void
add_sites(struct filing *filing)
{
	const struct policy_desk *desk = &filing->policy->desks[filing->desk];

	for (size_t i = 0; i < desk->sites.count && i < FACTS_SITES; i++) {
		if ((filing->first.sites & (UINT32_C(1) << i)) != 0)
			store_case_site_add(filing->store, filing->case_id, desk->sites.at[i]);
	}
}

/* Who is no coordinator and wrote in a case takes part in it from then on. */
static void
add_party(struct filing *filing)
{
	const struct facts_header *header = &filing->facts->header;

	if (filing->thread.row != ROW_FINDER && filing->thread.row != ROW_PARTICIPANT)
		return;
	if (header->from.count == 1 && header->from.at[0].address[0] != '\0')
		store_case_party_add(filing->store, filing->case_id, header->from.at[0].address);
	if (header->form_reply != NULL)
		store_case_party_add(filing->store, filing->case_id, header->form_reply);
}

/*
 * A mail of the case was judged again: its trust is the best of its mails, and
 * where no believed one is left, its numbers are claimed only.
 */
static void
follow_mails(struct filing *filing, int64_t id, const struct record_message *old)
{
	struct record_case *record = store_case_get(filing->store, filing->arena, id);
	struct record_message *list;
	size_t count = store_case_messages(filing->store, filing->arena, id, &list);
	enum trust best = TRUST_SUSPECT;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (list[i].direction != DIRECTION_IN)
			continue;
		any = true;
		best = list[i].trust > best ? list[i].trust : best;
	}
	if (record == NULL || !any)
		return;
	record->trust = best;
	if (old->trust >= TRUST_AUTHENTICATED && best < TRUST_AUTHENTICATED &&
		record->origin != ORIGIN_STAFF) {
		store_case_numbers_unbind(filing->store, id);
		record->number_bound = false;
	}
	store_case_update(filing->store, record);
}

/*
 * Judged again, it belongs elsewhere: the case that it alone had made ends with the reason.
 * What it had met is owed again.
 */
static void
leave_old_case(struct filing *filing, const struct record_message *old)
{
	for (size_t i = 0; i < old->case_count; i++) {
		int64_t left = old->cases[i];
		struct record_case *record;

		if (left == filing->case_id)
			continue;
		store_case_message_remove(filing->store, left, filing->message);
		store_deadlines_unmeet(filing->store, left, filing->message);
		record = store_case_get(filing->store, filing->arena, left);
		if (record != NULL && left == filing->own_case) {
			record->state = CASE_CLOSED;
			record->updated_at = filing->now;
			store_case_update(filing->store, record);
		}
		if (record != NULL && record->state == CASE_CLOSED)
			(void)store_deadlines_end(filing->store, left, filing->now);
		store_log(filing->store, left, filing->now, "madoguchid",
			arena_printf(filing->arena, "message %lld was judged again and is in case %lld now",
				(long long)filing->message, (long long)filing->case_id));
		follow_mails(filing, left, old);
	}
}

void
filing_case(struct filing *filing, const struct record_message *old)
{
	enum decide_place place = filing->thread.place;

	if (place == PLACE_JOIN)
		update_case(filing, filing->thread.join, old);
	else if (place == PLACE_NEW && filing->own_case != 0)
		update_case(filing, filing->own_case, old);
	else if (place == PLACE_NEW)
		open_case(filing);
	if (filing->case_id == 0)
		return;
	store_case_message_add(filing->store, filing->case_id, filing->message);
	/* A person may have filed it in further cases: it stays there while it is believed. */
	if (old != NULL && (filing->own_case != 0 || filing->first.trust.trust == TRUST_SUSPECT))
		leave_old_case(filing, old);
	join_also(filing, old);
	add_numbers(filing);
	add_sites(filing);
	add_party(filing);
	if (old != NULL)
		follow_mails(filing, filing->case_id, old);
	if (filing->thread.number_conflict)
		case_log(filing, "message %lld: number and References name different cases",
			(long long)filing->message);
}

static void
drop(struct filing *filing, struct record_outbox *list, size_t count, const char *why)
{
	for (size_t i = 0; i < count; i++) {
		list[i].state = OUTBOX_DROPPED;
		list[i].last_error = why;
		store_outbox_update(filing->store, &list[i]);
		if (list[i].case_id != 0)
			store_log(filing->store, list[i].case_id, filing->now, "madoguchid",
				arena_printf(filing->arena, "outbox %lld dropped: %s", (long long)list[i].id,
					why));
	}
}

static void
withdraw(struct filing *filing, enum outbox_state state, const char *why)
{
	struct record_outbox *list;
	size_t count =
		store_outbox_answering(filing->store, filing->arena, filing->message, state, &list);

	drop(filing, list, count, why);
}

/*
 * A stage has one acknowledgement. What is held for a mail that nobody believes, a
 * forger's perhaps, must not keep the coordinator's own from its answer.
 */
static void
give_way(struct filing *filing)
{
	const struct decision *decision = &filing->decision;
	enum stage stage = decision->answer_stage;
	struct record_outbox *list;
	size_t count;

	if (decision->answer != KIND_ACKNOWLEDGEMENT || decision->answer_coordinator < 0 ||
		stage == STAGE_NONE || decision->first.trust.trust < TRUST_AUTHENTICATED ||
		(filing->known.doubted_stages & (UINT32_C(1) << stage)) == 0)
		return;
	count = store_outbox_doubted(filing->store, filing->arena, filing->case_id, stage, &list);
	drop(filing, list, count, "the coordinator's own mail of this stage came");
}

/* What an earlier judgement put into the outbox: held; for a forged mail also what waits to go. */
void
filing_withdraw(struct filing *filing, const char *why)
{
	withdraw(filing, OUTBOX_HELD, why);
	if (filing->known.staff_said < 0) {
		withdraw(filing, OUTBOX_QUEUED, why);
		withdraw(filing, OUTBOX_DEFERRED, why);
	}
}

/* The window's own words for what is answered: no sealed content among them. */
static char *
answer_params(struct filing *filing)
{
	const struct number_hits *numbers = &filing->first.numbers;
	struct text text;

	text_init(&text, filing->arena, ANSWER_PARAMS_MAX);
	text_addf(&text, "received_at: %lld\n", (long long)filing->internal_date);
	if (filing->first.own_numbers > 0)
		text_addf(&text, "number: %s\n", numbers->hit[0].number);
	if (filing->decision.answer_coordinator >= 0)
		text_addf(&text, "coordinator: %s\n",
			filing->policy->coordinators[filing->decision.answer_coordinator].name);
	if (filing->decision.asks_reported || filing->decision.asks_publication)
		text_add(&text, "ask: yes\n");
	if (filing->decision.asks_reported)
		text_add(&text, "ask_reported: yes\n");
	if (filing->decision.asks_publication)
		text_add(&text, "ask_publication: yes\n");
	text_add(&text, "references:");
	for (size_t i = 0; i < filing->facts->header.reference_count; i++)
		text_addf(&text, " %s", filing->facts->header.references[i]);
	if (filing->facts->header.message_id != NULL)
		text_addf(&text, " %s", filing->facts->header.message_id);
	text_add(&text, "\n");
	return text.data;
}

void
filing_answer(struct engine *engine, struct filing *filing, const struct record_message *old)
{
	const struct decision *decision = &filing->decision;
	struct record_outbox entry = { 0 };

	if (decision->answer == KIND_OWN || filing->case_id == 0)
		return;
	entry.case_id = filing->case_id;
	entry.kind = decision->answer;
	entry.stage = decision->answer_stage;
	entry.state = decision->answer_state;
	entry.to = decision->answer_coordinator >= 0
		? filing->policy->coordinators[decision->answer_coordinator].addresses.at[0]
		: decision->answer_to;
	entry.hold_why = entry.state == OUTBOX_HELD ? answer_why_text(decision->answer_why) : NULL;
	/* A key that came later releases nothing by itself: a person looks first. */
	if (old != NULL && filing->known.staff_said <= 0 && entry.state == OUTBOX_QUEUED) {
		entry.state = OUTBOX_HELD;
		entry.hold_why = held_why_text(HELD_JUDGED_AGAIN);
	}
	entry.answers = filing->message;
	entry.params = answer_params(filing);
	entry.created_at = filing->now;
	give_way(filing);
	entry.id = outbox_put(engine, filing->desk, &entry);
	if (entry.id == 0)
		return;
	case_log(filing, "outbox %lld (%s) %s", (long long)entry.id, mail_kind_name(entry.kind),
		outbox_state_name(entry.state));
	if (entry.state == OUTBOX_HELD && decision->alert == ALERT_NONE)
		alerts_put(engine, filing->desk, ALERT_HELD, filing->case_id, filing->message, entry.hold_why);
}
