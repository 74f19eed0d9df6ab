/*
 * The signs by which a mail in the window's mailbox is weighed, and the words
 * of each. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_FINDER_SIGNS_H
#define RULE_FINDER_SIGNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct message;
struct phrase_text;

enum finder_sign {
	/* for a report, by words */
	SIGN_YOURS,	/* speaks of what is the reader's */
	SIGN_PLACE,	/* a page, an account, a server: something of a site */
	SIGN_WRONG,	/* it can be seen, entered, changed, or was */
	SIGN_OTHERS,	/* other people, or everybody */
	SIGN_UNGUARDED,	/* no password, no limit, a number that can be counted up */
	SIGN_SAW,	/* how the writer came upon it */
	SIGN_WORRY,	/* it should not be so; somebody should see to it */
	SIGN_PROOF,	/* steps, or a picture */
	/* for a report, by other things */
	SIGN_PERSON,	/* short, to the window alone, leading nowhere: a person's own letter */
	SIGN_SITE,	/* names the house's site or domain */
	SIGN_TRADE,	/* a word of the trade, or an effect in lay words (rule/finder.c) */
	SIGN_PICTURE,	/* a picture, film, log or recording is attached */
	SIGN_SEALED,	/* sealed for the window: nobody sells that way */
	/* for something else, by words */
	SIGN_OFFER,
	SIGN_PRICE,
	SIGN_INVOICE,
	SIGN_JOB,
	SIGN_SUPPORT,	/* a customer's question for himself */
	SIGN_PHISHING,
	SIGN_EXTORTION,
	SIGN_MACHINE,
	SIGN_MEETING,	/* appointments, greetings, thanks */
	SIGN_PRESS,	/* press, studies, surveys */
	SIGN_NEWS,	/* newsletters, events, releases */
	SIGN_LEGAL,	/* trade marks, licences, insurance, lost property */
	SIGN_ASKS,	/* asks or wants something for himself */
	SIGN_HOUSE,	/* speaks as a house: we, our */
	/* for something else, by other things */
	SIGN_BULK,	/* bulk mail's own marks, in words or header fields */
	SIGN_CALENDAR,	/* an invitation is attached */
	SIGN_DOCUMENT,	/* a document or archive is attached */
	SIGN_CIRCULAR,	/* written to several addresses */
	SIGN_ROLE,	/* from sales@, news@, billing@ or the like */
	SIGN_ELSEWHERE,	/* leads to other houses' pages, to none of ours */
	SIGNS
};
_Static_assert(SIGNS <= 64, "a bit for each sign");
#define SIGN_AGAINST SIGN_OFFER		/* this one and those behind it speak against */
#define SIGNS_FOR_WORDS (SIGN_PROOF + 1)
#define SIGNS_AGAINST_WORDS (SIGN_HOUSE + 1 - SIGN_AGAINST)

struct finder_list {
	const char *const *words;	/* in their match copy's spelling */
	size_t count;
};

/* By sign; those against from SIGN_AGAINST on. */
extern const struct finder_list finder_for[SIGNS_FOR_WORDS];
extern const struct finder_list finder_against[SIGNS_AGAINST_WORDS];

/* What else than words is to be weighed. */
struct finder_setting {
	bool site, trade, picture, sealed, bulk, machine, calendar, document, circular, role, elsewhere,
		answer;	/* answers a mail: no sign, but such a one is nobody's first letter */
};

/* Makes what is shared by all texts, for a process that forks others; else the first text does. */
void finder_start(void);

/* What the message itself tells of it; what is found in its text is the caller's to fill in. */
void finder_setting_read(const struct message *message, struct finder_setting *setting);

#define FINDER_TEXT_MAX 2048	/* bytes of a text in which signs are looked for, the first ones */
#define FINDER_LETTER_MAX 1500	/* bytes of a short letter */
/* down from which the signs of a letter speak against a report */
#define FINDER_VETO (-2)

struct finder_balance {
	int left;		/* what speaks for a report, less what speaks against */
	bool personal;		/* a person's own short letter to the window alone */
	uint64_t signs;		/* bit i: sign i was seen */
};

/*
 * Weighs a text and what stands round it; passed_on is what it passes on, or
 * NULL. Linear in both.
 */
void finder_weigh(const struct phrase_text *text, const struct phrase_text *passed_on,
	const struct finder_setting *setting, struct finder_balance *balance_r);

/* The sign as a person would tell it: "speaks of what is ours". */
const char *finder_sign_text(enum finder_sign sign);

/* The words of all signs, one after the other; NULL beyond the last. How many the lists hold. */
const char *finder_sign_word(size_t index);
size_t finder_sign_words(void);

#endif
