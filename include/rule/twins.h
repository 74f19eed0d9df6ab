/*
 * A text that came twice, plain and as HTML: whether who is shown the one is told
 * what the other says. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_TWINS_H
#define RULE_TWINS_H

#include <stdbool.h>

struct arena;
struct message;
struct policy;

/*
 * Whether one of the two names a handling number that the other does not, or bears
 * a phrase of a coordinator's whose meaning the other lacks. Their first
 * OBSERVE_TEXT_MAX bytes are compared.
 */
bool twins_differ(struct arena *arena, const struct policy *policy, const struct message *message);

#endif
