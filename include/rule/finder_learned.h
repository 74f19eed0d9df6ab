/*
 * How much a text reads like reports that the window gets, and how much like the
 * other letters: learned from the letters of tests/letters and the golden messages
 * (tests/letters/learn.c), since no list of words holds what lay people write. A
 * text is the set of its short strings; each has a learned weight. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_FINDER_LEARNED_H
#define RULE_FINDER_LEARNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct phrase_text;

#define LEARNED_CHARS 1200	/* characters of a text that are looked at, the first ones */
#define LEARNED_STRING 4	/* characters of a string at most */
#define LEARNED_BUCKETS 16384	/* strings share them by their hash */

/* The weights as learned: margin = LEARNED_SCALE * sum / sqrt(count), in hundredths. */
extern const signed char finder_learned_weights[LEARNED_BUCKETS];
extern const int finder_learned_scale;

/* Which buckets the text's strings are of, each once, in order of their first string. How many. */
size_t finder_learned_buckets(const struct phrase_text *text, uint16_t buckets_r[LEARNED_BUCKETS]);

/*
 * Hundredths of a natural-logarithm odds: above 0 for a report, below for
 * another letter; 0 for no text.
 */
int finder_learned(const struct phrase_text *text);

/*
 * Whether the text is mostly of letters of which nothing was learned: neither
 * Latin, kana nor han. What it is like says nothing then.
 */
bool finder_learned_not(const struct phrase_text *text);

#endif
