/*
 * Ticks of the checklist, and the phase that follows from them. Over the store alone:
 * the daemon ticks by what happened, the tool for a person.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_TICKS_H
#define FLOW_TICKS_H

#include <stdbool.h>
#include <stdint.h>

#include "rule/checklist.h"
#include "rule/record.h"

struct store;

/*
 * Ticks the item of the checklist or of the incident's list in the open transaction;
 * false when it is ticked already. The case's phase follows in the store, and in
 * *record where that is given (NULL: not).
 */
bool ticks_set(struct store *store, const struct checklist *checklist, int64_t case_id,
	const char *item, int64_t now, const char *who, struct record_case *record);

/* The phase that the ticks say; to be asked before and behind what brings in ticks of another case. */
enum phase ticks_phase(struct store *store, const struct checklist *checklist, int64_t case_id);

/* Takes it off again; false when it is not ticked. */
bool ticks_clear(struct store *store, const struct checklist *checklist, int64_t case_id,
	const char *item, struct record_case *record);

/* Every item that the event ticks; *record as above. */
void ticks_event(struct store *store, const struct checklist *checklist, int64_t case_id,
	enum tick_event event, int64_t now, const char *who, struct record_case *record);

#endif
