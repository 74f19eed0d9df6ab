/*
 * A plain text part made readable: line ends, soft line breaks (RFC 3676) and
 * what OpenPGP armour leaves in it. Verifies nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_PLAIN_TEXT_H
#define MAIL_PLAIN_TEXT_H

struct arena;
struct text;

enum plain_flag {
	PLAIN_FLOWED = 1,	/* format=flowed */
	PLAIN_DELSP = 2,	/* delsp=yes */
	PLAIN_LEGACY = 4,	/* begins with a copy of header fields, to be dropped (RFC 9788) */
	PLAIN_DROP_ARMOUR = 8,	/* leave out armoured messages: they are opened elsewhere */
};

/*
 * Appends text (valid UTF-8) to out with \n line ends. A clear-signed block
 * loses its armour lines and its dash escapes (RFC 9580 7.1, 7.2). A flowed line
 * that was stuffed because it begins as a quotation does bears QUOTE_OWN before
 * it (mail/quote.h): quote_split() understands it.
 */
void plain_text_add(struct arena *arena, struct text *out, const char *text, unsigned flags);

#endif
