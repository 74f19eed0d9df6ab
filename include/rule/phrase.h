/*
 * The phrase book: what marks a stage in a coordinator's wording, as data
 * (conf/ipa.phrases), and a matcher that survives hard wraps inside Japanese
 * words, full and half width, and spelling variants. Pure: bytes in, hits out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_PHRASE_H
#define RULE_PHRASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct fold;
struct phrase_book;
struct phrase_text;

#define PHRASES_MAX 1024	/* one book holds fewer phrases than this */
#define PHRASE_WITHHELD (PHRASES_MAX - 1)	/* the index in facts of a sealed mail */
#define PHRASE_HITS_MAX 128	/* distinct phrases reported for one text */

/* What a phrase is evidence of. The spelling in the file is phrase_meaning_name(). */
enum phrase_meaning {
	PHRASE_IDENTITY,	/* the coordinator names itself */
	PHRASE_CONTACT,		/* stage 1 */
	PHRASE_CONTACT_ASK,	/* stage 1: asks where details may be sent */
	PHRASE_ENCRYPTION,	/* stage 2 */
	PHRASE_ENCRYPTION_WORD,	/* stage 2 only beside a choice word */
	PHRASE_ENCRYPTION_CHOICE,
	PHRASE_DETAILS,		/* stage 3 */
	PHRASE_DETAILS_HEADING,	/* stage 3 when two or more stand there, each heading its line */
	PHRASE_DETAILS_WORD,	/* stage 3 only beside others, and where nothing is asked */
	PHRASE_VULNERABILITY,	/* a kind of vulnerability or its effect */
	PHRASE_REMINDER,
	PHRASE_REMINDER_WORD,	/* a reminder only beside another */
	PHRASE_CLOSING,
	PHRASE_NUMBER_LABEL,
	PHRASE_FORM,		/* wrapper lines of a web form */
	PHRASE_FINDER,		/* a finder's report */
	PHRASE_MEANINGS		/* how many there are */
};

struct phrase_hit {
	uint16_t phrase;	/* index in the book: its line's id in `message why` */
	enum phrase_meaning meaning;
	bool quoted;		/* it stands in quoted text only */
	bool subject;		/* else: it stands in the subject; set by rule/observe.c, and withheld of a sealed mail */
};

struct phrase_hits {
	struct phrase_hit hit[PHRASE_HITS_MAX];
	size_t count;
};

/*
 * Reads a book: lines "phrase TAB meaning [TAB source]", '#' comments. A phrase
 * of two parts with an ellipsis (…) between them stands where the second follows
 * the first within the sentence; the second may be several, with '|' between
 * them, of which one must follow. NEVER with the line's number and what is wrong.
 * The book lives in the arena.
 */
enum outcome phrase_book_read(struct arena *arena, const char *bytes, size_t len,
	struct phrase_book **book_r, struct err *err_r);

/* How many phrases; the text of one (NULL beyond the end); what one that is there is evidence of. */
size_t phrase_book_count(const struct phrase_book *book);
const char *phrase_book_text(const struct phrase_book *book, size_t phrase);
enum phrase_meaning phrase_book_meaning(const struct phrase_book *book, size_t phrase);

const char *phrase_meaning_name(enum phrase_meaning meaning);

/*
 * The match copy: NFKC, case folded, line breaks (and the blanks of the wrap)
 * between two CJK characters dropped, every run of blanks one blank, blanks
 * beside CJK dropped, wave dashes and minus signs folded to one each,
 * 取り扱い/取扱い/取扱 made one, and likewise the other spellings of rule/fold.c:
 * 致します/いたします, ヶ月/か月/箇月, サーバー/サーバ. Commas and middle dots in
 * Japanese count as blanks. Both sides of a match go through it.
 */
char *phrase_match_copy(struct arena *arena, const char *text);

/*
 * A text made ready for matching, once for every book. NULL for NULL. At most
 * FOLD_TEXT_MAX bytes of it are looked at.
 */
struct phrase_text *phrase_text_make(struct arena *arena, const char *text);

/* Its match copy; the same with the beginnings of its lines. */
const char *phrase_text_copy(const struct phrase_text *text);
const struct fold *phrase_text_fold(const struct phrase_text *text);

/*
 * Which phrases stand in own text and which in quoted text alone, in the book's
 * order. A phrase that begins or ends with an ASCII letter or digit matches whole
 * words only. A request that the same sentence gives thanks for, an end that it
 * makes depend on something, an effect that it denies, and details or encryption
 * that it puts off to a later mail are no hits. Of phrases
 * of one meaning, one that stands inside another found one is left out, so that a
 * sentence counts once. Either text may be NULL.
 */
void phrase_find_texts(const struct phrase_book *book, const struct phrase_text *own,
	const struct phrase_text *quoted, struct phrase_hits *hits_r);

/* The same from raw texts. Either may be NULL. */
void phrase_find(struct arena *arena, const struct phrase_book *book, const char *own,
	const char *quoted, struct phrase_hits *hits_r);

#endif
