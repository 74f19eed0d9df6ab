/*
 * The limits behind which hostile mail is read, all in one place. A message
 * that meets one of them is not tried again: it is filed with the reason.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_LIMITS_H
#define MAIL_LIMITS_H

#define LIMIT_MESSAGE_BYTES (96u * 1024 * 1024)	/* a message, or an opened layer, as the reader takes it */
#define LIMIT_HEADER_BYTES (256u * 1024)	/* the header block of a message or part */
#define LIMIT_HEADER_LINES 4000			/* its lines */
#define LIMIT_FIELD_BYTES (64u * 1024)		/* one field, unfolded */
#define LIMIT_INNER_HEADER_BYTES (4u * 1024 * 1024)	/* what may be header fields of parts, all together, before GMime sees the message */
#define LIMIT_INNER_HEADER_LINES 40000	/* their lines */
#define LIMIT_BOUNDARY_LINES 20000		/* lines that begin with "--" before GMime sees the message */
#define LIMIT_PREAMBLE_BYTES (1024u * 1024)	/* before a multipart's first boundary line */
#define LIMIT_PARTS 500				/* parts of one message */
#define LIMIT_DEPTH 20				/* nesting of multiparts */
#define LIMIT_NESTED_DEPTH 3			/* a mail in a mail in a mail: deeper ones stay files */
#define LIMIT_NESTED_MAILS 16			/* mails read inside of one, all depths together; their text is LIMIT_TEXT_BYTES together */
#define LIMIT_TEXT_BYTES (1024u * 1024)		/* decoded text that is looked at, all parts together */
#define LIMIT_UNPACKED_BYTES (64u * 1024 * 1024)	/* plaintext out of one ciphertext */
#define LIMIT_ENCODED_WORDS 500			/* in one field */
#define LIMIT_ADDRESSES 1000			/* parsed of one field */
#define LIMIT_ADDRESS_BYTES 512			/* of one addr-spec; a longer one is none */
#define LIMIT_MESSAGE_ID_BYTES 998		/* of one Message-ID, brackets included: a line of RFC 5322 */
#define LIMIT_KEY_BYTES (64u * 1024)		/* of a part that may be a public key */
#define LIMIT_CMS_CERTIFICATES 32	/* in one S/MIME signature */
#define LIMIT_CMS_SIGNERS 8		/* of one */
#define LIMIT_CMS_FRAME_BYTES (128u * 1024)	/* of one, the text that it covers apart */
#define LIMIT_PARAM_PIECES 200			/* continuations of one parameter (RFC 2231 3) */

#endif
