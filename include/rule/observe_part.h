/*
 * The inside of observing: the texts of a layer, and the part that looks for a
 * finder's report. Not for others.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_OBSERVE_PART_H
#define RULE_OBSERVE_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "rule/plain.h"

struct arena;
struct facts_layer;
struct finder_letter;
struct message;
struct phrase_text;
struct policy;
struct policy_form;

/* The texts of a layer, each made ready once for all that is looked for in it. */
struct observe_reading {
	struct arena *arena;
	const struct policy *policy;
	size_t desk;
	const struct message *message;
	const char *own_text;		/* without the subject */
	struct phrase_text *own;	/* the writer's; with the subject, unless of an answer */
	struct phrase_text *quoted;	/* what others wrote; NULL when there is none */
	struct phrase_text *title;	/* the subject, where it is the writer's; NULL when it is not */
	struct plain subject, plain;	/* plain: of own_text */
};

/* Whether a subject says that the mail answers or passes on another. */
bool observe_is_answer(const char *subject);

/* What finder_settle() is asked of; the layer's sites and foreign URLs are known by then. */
void observe_letter(const struct observe_reading *reading, bool sealed,
	const struct facts_layer *layer, struct finder_letter *letter_r);

/* A layer's facts about a finder's report, likewise. */
void observe_finder(const struct observe_reading *reading, bool sealed, struct facts_layer *layer);

/* The layer's texts: the form is the one that it came by, NULL for none. */
void observe_reading_make(struct observe_reading *reading, const struct policy_form *form);

/* Its sites and foreign URLs. */
void observe_sites(const struct observe_reading *reading, bool sealed, struct facts_layer *layer);

#endif
