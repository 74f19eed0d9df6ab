/*
 * Two cases made one at a person's word: what of the two cannot both stand, and
 * which gives way. The promise of one acknowledgement for each stage holds in
 * the case that comes of it. Pure: decides, and moves nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_MERGE_H
#define RULE_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/record.h"

/*
 * A number of each case that differ and are of one scheme ("IPA#"): by its own
 * numbers the coordinator handles them as two. False when there is no such pair.
 */
bool merge_numbers_clash(const struct record_number *from, size_t from_count,
	const struct record_number *into, size_t into_count, const char **from_r,
	const char **into_r);

/* What becomes of two acknowledgements of the same stage. */
enum merge_letters {
	MERGE_BOTH,	/* both went out: each stays on the record that it was written for */
	MERGE_KEEP,	/* the receiving case's stands, the other is dropped */
	MERGE_TAKE,	/* the other way round */
	MERGE_WAIT,	/* the one that must go is being sent at this moment: not now */
};

/* Neither is dropped already. */
enum merge_letters merge_letters(const struct record_outbox *into,
	const struct record_outbox *from);

/*
 * Whether the pending deadline list[at] ends with the merging. The list: all
 * deadlines of the receiving case, then those of the other. acknowledged: bit
 * (1 << stage) for each stage whose acknowledgement has gone out in either.
 */
bool merge_deadline_ends(const struct record_deadline *list, size_t count, size_t at,
	uint32_t acknowledged);

/*
 * The record of the case that comes of it: the further stage and phase (a suspect
 * case's stage is nobody's word), the better trust, a coordinator and an assignee
 * where it had none.
 */
void merge_record(struct record_case *into, const struct record_case *from);

#endif
