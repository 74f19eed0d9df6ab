/*
 * The outermost shape of a CMS object (RFC 5652), which S/MIME is made of: what
 * kind it is, and how much stands round its content. Looks at tags and lengths
 * alone, in time that grows with the bytes; checks nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_CMS_H
#define MAIL_CMS_H

#include <stdbool.h>
#include <stddef.h>

enum cms_kind {
	CMS_NONE,	/* no CMS object */
	CMS_SIGNED,
	CMS_ENCRYPTED,	/* enveloped, authenticated-enveloped or encrypted data */
	CMS_OTHER	/* compressed data and the like */
};

struct cms_look {
	enum cms_kind kind;
	/* of signed data alone: */
	bool whole;		/* could be walked to its end; what follows holds only then */
	bool content;		/* the text stands inside (opaque), not beside */
	size_t certificates, signers;
	size_t frame;		/* bytes but for the content */
};

void cms_look(const void *bytes, size_t len, struct cms_look *look_r);

/* Whether it is signed data within LIMIT_CMS_*: certificates are looked up one for one, so many are dear. */
bool cms_fits(const struct cms_look *look);

#endif
