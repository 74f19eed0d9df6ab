/*
 * What kind of mail it is and how far the notification has come, from evidence
 * that is weighed here and kept with its reasons (`message why`). Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_STAGE_H
#define RULE_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "rule/facts.h"
#include "rule/kinds.h"

struct policy;

struct stage_verdict {
	enum mail_kind kind;	/* KIND_CONTACT_REQUEST to KIND_CORRESPONDENCE */
	enum stage stage;	/* STAGE_NONE for reminder, closing, correspondence */
	int contact, encryption, details, reminder, closing;	/* the weights that decided */
	bool by_address_alone;	/* no phrase known: its first mail about one of our sites */
};

/*
 * What a coordinator's mail is. known_case: its number or
 * References name a case that is on record already. The layer is the used one.
 */
void stage_judge(const struct policy *policy, size_t coordinator, const struct facts *facts,
	size_t used_layer, bool known_case, struct stage_verdict *verdict_r);

/*
 * Whether a text that did not come from the coordinator's address is its
 * notification all the same (through a form): identity phrase and stage phrases;
 * -1 for none.
 */
int stage_coordinator_by_text(const struct policy *policy, const struct facts_layer *layer);

#endif
