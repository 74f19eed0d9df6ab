/*
 * What is asked of the conf's values again and again. Must not decide anything.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/policy.h"

#include "base/text.h"

const struct policy_desk *
policy_desk_of(const struct policy *policy, const char *title)
{
	for (size_t i = 0; i < policy->desk_count; i++) {
		if (text_equal(policy->desks[i].title, title))
			return &policy->desks[i];
	}
	return NULL;
}

const struct policy_coordinator *
policy_coordinator_of(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		if (text_equal(policy->coordinators[i].name, name))
			return &policy->coordinators[i];
	}
	return NULL;
}

bool
policy_serves(const struct policy_staff *staff, const char *desk)
{
	for (size_t i = 0; i < staff->desks.count; i++) {
		if (text_equal(staff->desks.at[i], desk))
			return true;
	}
	return staff->desks.count == 0;
}
