/*
 * Whom the desk believes: doc/RULES 1. Pure: facts and policy in,
 * a trust and its reasons out. The signature facts come from the keyring alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_TRUST_H
#define RULE_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include "rule/facts.h"
#include "rule/kinds.h"

struct arena;
struct policy;
struct policy_coordinator;

enum sender_role {
	SENDER_STRANGER,
	SENDER_COORDINATOR,	/* From is one of a coordinator's addresses */
	SENDER_LOOK_ALIKE,	/* like a coordinator's but not: doc/RULES 1 */
	SENDER_FORM,
	SENDER_STAFF,
	SENDER_DESK,		/* the desk's own address or an alias */
	SENDER_ROLES
};

enum trust_reason {
	REASON_BAD_SIGNATURE,
	REASON_PINNED_FOR_ANOTHER,
	REASON_PINNED_SIGNATURE,
	REASON_SENDER_DIFFERS,
	REASON_UNKNOWN_KEY,
	REASON_DMARC_PASS,
	REASON_DKIM_ALIGNED,
	REASON_DMARC_FAIL,
	REASON_NO_AUTHENTICATION,
	REASON_LOOK_ALIKE,
	REASON_SEVERAL_FROM,
	REASON_FORM,
	REASON_STAFF_SAID_TRUE,
	REASON_STAFF_SAID_FORGED,
	/* From, Subject or Content-Type given twice: readers differ, so nothing is proven */
	REASON_DUPLICATE_FIELD,
	REASON_SMIME_SIGNATURE,
	TRUST_REASONS
};

struct trust_verdict {
	enum trust trust;
	enum trust_reason reason;	/* the row that decided */
	enum sender_role sender;
	/* whom it is taken to be from (by address, or by pinned signature), -1 for nobody */
	int coordinator;
	/* a pinned (or root-certified) key's good signature, or an S/MIME one that counts, covers the used layer */
	bool signed_by_pinned;
	bool sender_differs;
	/* a look-alike by nothing but its text: not so for staff and vendors */
	bool alike_by_text;
	bool authentication_failed;	/* dmarc=fail noted beside a good signature */
	size_t used_layer;		/* whose numbers, phrases and sites count */
	char signed_by[41];		/* fingerprint of the key, or certificate, whose signature counted, or "" */
};

/*
 * Who wrote it, by From alone and by what it pretends; *coordinator_r is -1 unless it
 * is (or looks like) one.
 */
enum sender_role trust_sender(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, int *coordinator_r);

/*
 * Whether addr's domain, or the display name, looks like the coordinator's without
 * being it (labels inside, UTS 39 confusables, one edit).
 */
bool trust_look_alike(struct arena *arena, const struct policy *policy, const char *address,
	const char *display_name, int *coordinator_r);

/*
 * Whether the display name bears what the coordinator's phrase book calls its
 * identity (the conf's names are ASCII, so 情報処理推進機構 can be none of them), or
 * the conf's name with or without its signs. Many a team's name has a part of
 * these: to be believed only beside what the mail says.
 */
bool trust_name_alike(struct arena *arena, const struct policy_coordinator *coordinator,
	const char *display_name);

/* The first table, its rows from the top. */
void trust_judge(struct arena *arena, const struct policy *policy, size_t desk,
	const struct facts *facts, struct trust_verdict *verdict_r);

const char *trust_reason_text(enum trust_reason reason);

#endif
