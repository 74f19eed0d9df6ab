/*
 * Which mails may be handed over, opened and sealed to a person's key, and what
 * that means to a case. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_HAND_OVER_H
#define RULE_HAND_OVER_H

#include <stdbool.h>
#include <stddef.h>

#include "rule/decide.h"
#include "rule/record.h"

/* Why the mail goes to nobody, in words for a person; NULL when it may be handed over. */
const char *hand_over_refused(const struct record_message *message);

/*
 * Of a case's messages, oldest first, the one that is meant where none is named: the
 * newest details, else the newest that came in; NULL if none may be handed over.
 */
const struct record_message *hand_over_choose(const struct record_message *list, size_t count);

/* Whether an alert of that kind brings its mail along, to whom it can be sealed. */
bool hand_over_by_alert(enum alert_kind kind);

/*
 * Whether such an alert, once the server took it, is the guide's hand-over of the
 * report to the right person: later mail of the case is none.
 */
bool hand_over_ticks(enum alert_kind kind);

#endif
