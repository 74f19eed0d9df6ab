/*
 * Filing: one opened message, decided by rule/ and written into the transaction
 * that is open. No rule of its own: it asks the store what the decision needs
 * to know, and writes down what the decision says.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/filing.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "mail/address.h"
#include "rule/calendar.h"

#include <stdlib.h>
#include <string.h>

#define FILING_ARENA ((size_t)256 * 1024 * 1024) /* a case may hold thousands of messages */
#define SITE_DAYS 90	/* a case that is older is not joined by site alone */

/* The candidates, but for the case that the message itself opened when it was first judged. */
static size_t
without_own(struct decide_case *list, size_t count, int64_t own_case)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (list[i].id != own_case || own_case == 0)
			list[kept++] = list[i];
	}
	return kept;
}

static size_t
number_list(const struct number_hits *hits, const char **list_r)
{
	for (size_t i = 0; i < hits->count; i++)
		list_r[i] = hits->hit[i].number;
	return hits->count;
}

static void
ask_by_number(struct filing *filing)
{
	const char *numbers[NUMBERS_MAX];
	size_t count = number_list(&filing->first.numbers, numbers);

	filing->known.by_number_count = without_own(filing->known.by_number,
		store_candidates_by_number(filing->store, filing->arena, filing->policy, filing->desk,
			numbers, count, filing->known.by_number),
		filing->own_case);
}

static void
ask_by_reference(struct filing *filing)
{
	const struct facts_header *header = &filing->facts->header;

	filing->known.by_reference_count = without_own(filing->known.by_reference,
		store_candidates_by_reference(filing->store, filing->arena, filing->policy, filing->desk,
			header->references, header->reference_count, filing->known.by_reference),
		filing->own_case);
}

static void
ask_by_site(struct filing *filing)
{
	int coordinator = filing->first.trust.coordinator;
	struct span span = { SITE_DAYS, SPAN_DAYS };
	const char *zone = filing->policy->desks[filing->desk].time_zone;

	if (coordinator < 0 || filing->first.sites == 0)
		return;
	filing->known.by_site_count = without_own(filing->known.by_site,
		store_candidates_by_site(filing->store, filing->arena, filing->policy, filing->desk,
			(size_t)coordinator, filing->first.sites,
			calendar_before(filing->policy, zone, filing->internal_date, span),
			filing->known.by_site),
		filing->own_case);
}

static bool
is_staff(const struct filing *filing, const char *address)
{
	for (size_t i = 0; i < filing->policy->staff_count; i++) {
		if (address_equal(filing->policy->staff[i].address, address))
			return true;
	}
	return false;
}

static bool
takes_part(struct filing *filing, const char *address)
{
	const struct decide_known *known = &filing->known;
	int64_t cases[2 * DECIDE_CASES];
	size_t count = 0;

	if (address[0] == '\0')
		return false;
	if (known->is_staff)
		return true;
	for (size_t i = 0; i < known->by_number_count; i++)
		cases[count++] = known->by_number[i].id;
	for (size_t i = 0; i < known->by_reference_count; i++)
		cases[count++] = known->by_reference[i].id;
	return store_takes_part(filing->store, address, cases, count);
}

static const char *
from_address(const struct facts *facts)
{
	return facts->header.from.count == 1 ? facts->header.from.at[0].address : "";
}

static void
ask_bounced(struct filing *filing, const char *message_id)
{
	struct record_outbox *entry;

	filing->known.bounced_outbox = store_outbox_by_message_id(filing->store, message_id);
	if (filing->known.bounced_outbox == 0)
		return;
	entry = store_outbox_get(filing->store, filing->arena, filing->known.bounced_outbox);
	filing->known.bounced_case =
		entry != NULL ? store_case_resolve(filing->store, entry->case_id) : 0;
}

static void
ask_about_us(struct filing *filing)
{
	const struct facts_header *header = &filing->facts->header;
	const char *title = filing->policy->desks[filing->desk].title;
	const char *from = from_address(filing->facts);

	filing->known.from_sent = filing->from_sent;
	filing->known.first_seen = filing->first_seen;
	/* A store that began empty knows none of our own: what lay in Sent may say so itself. */
	filing->known.is_own = filing->first.trust.sender == SENDER_DESK && header->message_id != NULL &&
		(store_own_message_id(filing->store, title, header->message_id) ||
			(filing->dry && filing->from_sent && header->x_madoguchi != NULL));
	if (header->delivery_report && header->report_original_id != NULL)
		ask_bounced(filing, header->report_original_id);
	/* Exchange returns nothing of the mail, but answers it. */
	for (size_t i = header->reference_count; header->delivery_report && i > 0 &&
		header->report_original_id == NULL && filing->known.bounced_outbox == 0; i--)
		ask_bounced(filing, header->references[i - 1]);
	filing->known.is_staff = from[0] != '\0' && is_staff(filing, from);
	filing->known.takes_part = takes_part(filing, from);
	if (from[0] != '\0')
		filing->known.acknowledged_today =
			store_acknowledged_since(filing->store, from, filing->now - CLOCK_DAY);
}

/* Three steps of rule/decide, with the store asked in between. */
static void
decide(struct filing *filing)
{
	decide_first(filing->arena, filing->policy, filing->desk, filing->facts, &filing->first);
	ask_by_number(filing);
	ask_by_reference(filing);
	ask_by_site(filing);
	ask_about_us(filing);
	decide_thread(filing->arena, filing->policy, filing->desk, filing->facts, &filing->first,
		&filing->known, &filing->thread);
	if (filing->thread.place == PLACE_JOIN) {
		filing->known.acknowledged_stages =
			store_acknowledged_stages(filing->store, filing->thread.join);
		filing->known.doubted_stages =
			store_doubted_stages(filing->store, filing->thread.join);
	}
	decide_finish(filing->arena, filing->policy, filing->desk, filing->facts, &filing->first,
		&filing->known, &filing->thread, filing->internal_date, filing->now, &filing->decision);
	filing->own_numbers = filing->first.own_numbers;
	/* A person's word and numbers that are another case's were weighed last: that is what is written. */
	filing->first = filing->decision.first;
	filing->thread = filing->decision.thread;
}

static void
file_new(struct engine *engine, struct filing *filing, struct intake_job *job)
{
	struct record_message *record = filing_record(engine, filing, job);
	struct filing_kept kept = filing_keep(engine, filing, job, record);

	filing->message = store_message_add(filing->store, record, kept.bytes, kept.len);
	if (job->mailbox != 0)
		store_place_add(filing->store, filing->message, job->mailbox, job->uid_validity, job->uid);
	filing_key_ids(filing);
}

/* It was on record: what was found now takes the place of what was found then. */
static void
file_again(struct engine *engine, struct filing *filing, struct intake_job *job,
	const struct record_message *old)
{
	struct record_message *record = filing_record(engine, filing, job);

	record->id = old->id;
	record->staff_trusted = old->staff_trusted;
	record->staff_forged = old->staff_forged;
	store_message_update(filing->store, record);
	store_flag_again(filing->store, old->id, false);
}

/*
 * Of a message on record nothing could be read this time, which could be read
 * before: what is written of it stays. Its mark stays too, so that it is tried again.
 */
static bool
is_unread(const struct intake_job *job, const struct record_message *old)
{
	const struct facts *facts = job->opening->facts;

	return facts->layer_count == 0 && (facts->failed_open || old->kind != KIND_UNREADABLE);
}

/*
 * The key that it waits for is not among those that came: hidden recipients make
 * it be tried with each. What was asked of its sender stays as it is.
 */
static bool
waits_still(const struct intake_job *job, const struct record_message *old)
{
	const struct facts *facts = job->opening->facts;

	return old->kind == KIND_UNREADABLE && !old->staff_trusted && !old->staff_forged &&
		facts->failed_open && facts->opened_failed.status == OPEN_NO_SECRET_KEY;
}

static bool
was_in(const struct record_message *old, int64_t case_id)
{
	for (size_t i = 0; i < old->case_count; i++) {
		if (old->cases[i] == case_id)
			return true;
	}
	return false;
}

/*
 * The case in which a mail that could be read stands with others. What it joined it by may be
 * gone (the site of a case that has a number now): it opens no second one.
 */
static int64_t
stands_in(const struct filing *filing, const struct record_message *old)
{
	if (filing->own_case != 0 || old->case_count != 1 || old->kind == KIND_UNREADABLE ||
		old->trust == TRUST_SUSPECT || filing->known.staff_said != 0)
		return 0;
	return old->cases[0];
}

static bool
is_as_it_was(const struct filing *filing, const struct record_message *old)
{
	return old->kind == filing->thread.kind && old->trust == filing->first.trust.trust &&
		was_in(old, filing->case_id);
}

static void
log_filed(const struct filing *filing)
{
	const struct decide_thread *thread = &filing->thread;

	log_info("message=%lld case=%lld kind=%s trust=%s row=%s problems=%zu",
		(long long)filing->message, (long long)filing->case_id, mail_kind_name(thread->kind),
		trust_name(filing->first.trust.trust), decide_row_name(thread->row),
		filing->decision.problem_count);
}

static void
tell_judged(struct engine *engine, const struct filing *filing, const struct intake_job *job)
{
	struct engine_judged judged = { .tag = job->tag,
		.facts = filing->facts,
		.decision = &filing->decision,
		.case_id = filing->case_id,
		.new_case = filing->new_case };

	if (engine->options.judged != NULL)
		engine->options.judged(engine->options.context, &judged);
}

void
filing_write(struct engine *engine, struct intake_job *job)
{
	struct arena *arena = arena_new(ARENA_PLAIN, FILING_ARENA + job->len + 65536);
	struct filing *filing = arena_alloc(arena, sizeof(*filing));
	struct record_message *old = NULL;

	filing->arena = arena;
	filing->store = engine->store;
	filing->policy = &engine->conf->policy;
	filing->desk = job->desk;
	filing->facts = job->opening->facts;
	filing->now = engine->options.dry ? job->internal_date : engine_now(engine);
	filing->internal_date = job->internal_date;
	filing->from_sent = job->from_sent;
	filing->dry = engine->options.dry;
	/* Judged again, it is no older than it was. */
	filing->first_seen = job->again != 0 ? job->internal_date : filing->now;
	if (job->header_only)
		facts_problem(&filing->facts->layers[0], PROBLEM_TRUNCATED);
	if (job->again != 0) {
		old = store_message_get(filing->store, arena, job->again);
		if (is_unread(job, old)) {
			log_warn("message=%lld could not be read to be judged again: it stands as it was",
				(long long)old->id);
			engine->failed = true;
			arena_free(&arena);
			return;
		}
		if (waits_still(job, old)) {
			store_flag_again(filing->store, old->id, false);
			arena_free(&arena);
			return;
		}
		filing->own_case = filing_own_case(filing, old);
		filing->known.put = store_message_put(filing->store, old->id);
		filing->known.staff_said = old->staff_trusted ? 1 : old->staff_forged ? -1 : 0;
		filing->known.in = stands_in(filing, old);
		filing->message = old->id;
		filing_withdraw(filing, "the mail was judged again");
	}
	decide(filing);
	if (old == NULL)
		file_new(engine, filing, job);
	else
		file_again(engine, filing, job, old);
	filing_case(filing, old);
	filing->met_before = old != NULL && is_as_it_was(filing, old);
	filing_bounce(filing);
	filing_deadlines(filing);
	filing_ticks(engine, filing);
	filing_answer(engine, filing, old);
	filing_alert(engine, filing, old);
	filing_judge_others(engine, filing, old);
	job->mark = filing->decision.keep_whole;
	log_filed(filing);
	tell_judged(engine, filing, job);
	arena_free(&arena);
}
