/*
 * The inside of filing: what is known of one message while it is written down,
 * and the steps, in the order in which they run. Not for the programs.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_FILING_H
#define FLOW_FILING_H

#include "flow/parts.h"

struct filing {
	struct arena *arena;
	struct store *store;
	const struct policy *policy;
	size_t desk;
	struct facts *facts;
	int64_t now, internal_date, first_seen;
	bool from_sent;
	bool dry;
	int64_t own_case;	/* judged again: the case that it alone made, else 0 */
	struct decide_first first;
	struct decide_known known;
	struct decide_thread thread;
	struct decision decision;
	size_t own_numbers;	/* of first.numbers, before the case had to take them */
	int64_t message, case_id;
	bool new_case;
	bool met_before;	/* judged again, it is what it was, where it was: what it answers it has answered */
	bool opened_requested;	/* the day that it asks for something by was not on record */
};

/* What is kept of the bytes. */
struct filing_kept {
	const void *bytes;	/* NULL: nothing */
	size_t len;
};

/* The case into which this message alone came in (our own answers aside), 0 if there is none. */
int64_t filing_own_case(struct filing *filing, const struct record_message *message);

/* The message's record, as doc/RULES 3 lets it be kept. */
struct record_message *filing_record(struct engine *engine, struct filing *filing,
	const struct intake_job *job);

/* The bytes to keep: ciphertext as it came, anything in clear sealed with the desk's box; sets record->boxed and has_raw. */
struct filing_kept filing_keep(struct engine *engine, struct filing *filing,
	const struct intake_job *job, struct record_message *record);

/* The key ids that it was sealed to or signed by, when a key is what is missing. */
void filing_key_ids(struct filing *filing);

/* Its case: a new one, the one it joins, or none. */
void filing_case(struct filing *filing, const struct record_message *old);

/* Drops what an earlier judgement of the message had put into the outbox and nobody has sent. */
void filing_withdraw(struct filing *filing, const char *why);

/* A failure report: its outbox entry has failed. Where that was told before, the report is no news. */
void filing_bounce(struct filing *filing);
void filing_deadlines(struct filing *filing);
/* What its coming ticks. */
void filing_ticks(struct engine *engine, struct filing *filing);
/*
 * Whether it is of a direct exchange with the finder, and the coordinator, who is to see all
 * of it, is not among its addressees.
 */
bool filing_owes_copy(struct filing *filing);
/*
 * It is suspect, or no more believed, and was not before: what stood back behind it in its
 * open cases is judged again.
 */
void filing_judge_others(struct engine *engine, struct filing *filing,
	const struct record_message *old);
void filing_answer(struct engine *engine, struct filing *filing, const struct record_message *old);
void filing_alert(struct engine *engine, struct filing *filing, const struct record_message *old);

#endif
