/*
 * A mail that a person hands over to another of staff, over the store alone: it goes
 * out with the next look at the outbox.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_FORWARDS_H
#define FLOW_FORWARDS_H

#include <stddef.h>
#include <stdint.h>

#include "rule/record.h"

struct conf;
struct store;

/*
 * Its outbox entry, in the open transaction; the person takes part in the case from
 * then on. The entry's id.
 */
int64_t forwards_add(struct store *store, const struct conf *conf, size_t desk,
	const struct record_case *record, const struct record_message *message, size_t staff,
	int64_t now);

#endif
