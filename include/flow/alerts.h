/*
 * Alerts to staff, over the store alone: the daemon writes them for what happens, the
 * tool for what a person does. They go out with the next look at the outbox.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_ALERTS_H
#define FLOW_ALERTS_H

#include <stddef.h>
#include <stdint.h>

#include "rule/decide.h"

struct conf;
struct store;

/*
 * One outbox entry for each person whom it concerns, in the open transaction: case 0 and
 * message 0 for none; detail as the template's `reason`, NULL for none. An incident
 * concerns the decision makers whatever else they are told, everybody where there
 * are none.
 */
void alerts_add(struct store *store, const struct conf *conf, size_t desk, enum alert_kind kind,
	int64_t case_id, int64_t message, const char *detail, int64_t now);

#endif
