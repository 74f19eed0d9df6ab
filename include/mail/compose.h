/*
 * Makes the bytes of mail that we send: the inner entity with its protected
 * header fields (RFC 9788), the PGP/MIME envelope round sealed or signed bytes
 * (RFC 3156), multipart/alternative. 7-bit clean, CRLF line ends, lines under
 * 78 (but a sealed message/rfc822, which stands as it is). Knows no keys and no
 * templates. Every value must be valid UTF-8 without control characters; a
 * value that has any is refused. Ids of other people's mail that no field can
 * hold (not ASCII, too long) are left out, and so are the middle ones of a
 * References of more than 32 KiB.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_COMPOSE_H
#define MAIL_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct arena;

#define COMPOSE_MAX (48u * 1024 * 1024)

struct compose_attachment {
	const char *name;
	const char *type;
	const void *bytes;
	size_t len;
};

struct compose_mail {
	const char *from_name;	/* or NULL */
	const char *from;	/* addr-spec */
	const char *to;		/* addr-spec */
	const char *const *cc;	/* addr-specs */
	size_t cc_count;
	const char *subject;	/* inner, real one */
	const char *outer_subject;	/* what stands outside when sealed */
	const char *message_id;	/* "<…>" */
	const char *in_reply_to;	/* "<…>" or NULL */
	const char *const *references;
	size_t reference_count;
	const char *date;	/* RFC 5322 form */
	const char *auto_submitted;	/* "auto-replied", "auto-generated" or NULL */
	const char *x_madoguchi;	/* "acknowledgement; desk=www" or NULL */
	const char *autocrypt;	/* whole value, unfolded, or NULL */
	const char *text;	/* body, \n line ends */
	const char *html;	/* or NULL */
	const struct compose_attachment *attachments;
	size_t attachment_count;
};

/*
 * The entity to be signed and encrypted: Content-Type with hp="cipher" and the
 * protected fields, HP-Outer for each outer field as it will stand, then the
 * body. For a mail that is only signed: hp="clear".
 */
enum outcome compose_inner(struct arena *arena, const struct compose_mail *mail, bool sealed,
	struct text *entity_r, struct err *err_r);

/* The whole message round an armoured OpenPGP message: multipart/encrypted; outer Subject is outer_subject. */
enum outcome compose_encrypted(struct arena *arena, const struct compose_mail *mail,
	const void *armour, size_t armour_len, struct text *message_r, struct err *err_r);

/* The whole message round the entity (exactly the bytes that were signed) and its detached armoured signature: multipart/signed, micalg e.g. "pgp-sha512". */
enum outcome compose_signed(struct arena *arena, const struct compose_mail *mail,
	const void *entity, size_t entity_len, const void *armour, size_t armour_len,
	const char *micalg, struct text *message_r, struct err *err_r);

/* Base64 in lines of 76 with CRLF behind each. */
void compose_base64(struct text *out, const void *bytes, size_t len);

#endif
