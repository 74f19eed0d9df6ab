/*
 * What a person writes who reports a vulnerability, in Japanese or English, and
 * in short in some other languages: the words, and how many kinds of them make a
 * report. Needs no phrase book, since a
 * finder has no standing text. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_FINDER_H
#define RULE_FINDER_H

#include <stdbool.h>
#include <stddef.h>

struct phrase_text;
struct policy;

struct finder_verdict {
	bool report;	/* reads like one: a weakness and at least one more kind of evidence */
	bool trade;	/* names a weakness, a kind of one or its effect, and is no advertisement */
	bool kind;	/* names a kind of vulnerability or its effect */
	bool bulk;	/* bears the marks of an advertisement or newsletter */
};

/* site_named: one of the desk's sites stands in the text. text may be NULL. */
void finder_judge(const struct phrase_text *text, bool site_named,
	struct finder_verdict *verdict_r);

/*
 * Whether the desk may write to it as a finder's: one address that is fit for a
 * wire, and not a window's own, a coordinator's or a form's.
 */
bool finder_address_valid(const struct policy *policy, const char *address);

/* The words, in their match copy's spelling; NULL beyond the last. */
const char *finder_word(size_t index);

#endif
