/*
 * Makes the bytes of mail that we send: the inner entity with its protected
 * header fields (RFC 9788), the PGP/MIME envelope round sealed or signed bytes
 * (RFC 3156), multipart/alternative. 7-bit clean, CRLF line ends, lines under
 * 78 (but a sealed message/rfc822, which stands as it is, and may be 8-bit where
 * it is carried). Knows no keys and no
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
#define COMPOSE_CARRIED_MAX (24u * 1024 * 1024)	/* what base64 and armour leave below COMPOSE_MAX */

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
	bool carries;	/* a last part is another's to add: compose_inner() leaves it open, compose_carry() fills it */
};

/* What a keyring opened, to be carried in a mail of ours. */
struct compose_carried {
	const void *bytes;
	size_t len;
	bool whole;		/* a whole message as it came, not what stood in a ciphertext */
	const char *charset;	/* bare words out of inline armour, of that charset ("" unknown); NULL: an entity, if it looks like one */
};

/*
 * The entity to be signed and encrypted: Content-Type with hp="cipher" and the
 * protected fields, HP-Outer for each outer field as it will stand, then the
 * body. For a mail that is only signed: hp="clear".
 */
enum outcome compose_inner(struct arena *arena, const struct compose_mail *mail, bool sealed,
	struct text *entity_r, struct err *err_r);

/*
 * Fills the part that compose_inner() left open, and ends the entity: a message
 * (message/rfc822), words, or a file. The bytes are looked at for how they must be
 * written, not taken apart. NEVER: too large, or the entity is not open.
 */
enum outcome compose_carry(struct arena *arena, const void *entity, size_t entity_len,
	const struct compose_carried *carried, struct text *whole_r, struct err *err_r);

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
