/*
 * A message as values, immutable once read: header fields decoded, own and
 * quoted text, attachments, and what must be opened elsewhere. Built from bytes
 * by message_read(); does no I/O and opens nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/address.h"
#include "mail/header.h"
#include "mail/mime.h"

struct arena;

#define MESSAGE_KEYS 4	/* parts looked at for public keys */

enum message_form {
	MESSAGE_PLAIN,
	MESSAGE_PGP_ENCRYPTED,	/* multipart/encrypted (RFC 3156 4), or what was pasted or attached: `crypt` holds the OpenPGP data */
	MESSAGE_PGP_SIGNED,	/* multipart/signed (RFC 3156 5): `covered` as sent with CRLF line ends, `crypt` the signature; or a clear-signed text (RFC 4880 7): `crypt` all of it, `covered` NULL */
	MESSAGE_SMIME_SIGNED,	/* multipart/signed (RFC 8551 3.5.3): as for OpenPGP; or signed data in one part (3.5.2): `crypt` all of it, `covered` NULL */
	MESSAGE_SMIME_ENCRYPTED,	/* also what is packed in another way that only S/MIME knows */
};

#define MESSAGE_OTHERS 3	/* further blocks of a text, or files, that are kept */

/* An armoured block in a text: bare words inside, of that charset ("" when nobody tells it). Or a file, as crypt and crypt_charset are. */
struct message_block {
	const unsigned char *bytes;
	size_t len;
	const char *charset;
};

struct message_attachment {
	const char *name;	/* or NULL */
	const char *type;
	size_t size;
};

/* A part that is, or may be, an OpenPGP public key: its first bytes. */
struct message_key {
	const unsigned char *bytes;
	size_t len;
};

struct message {
	struct header_block fields;	/* the outermost block, raw */
	const char *subject;		/* decoded, "" when there is none; from the protected header if there is one, else from outside */
	bool subject_protected;
	bool from_protected;		/* from stands in a protected header */
	struct address *from, *sender, *reply_to, *to, *cc;
	size_t from_count, sender_count, reply_to_count, to_count, cc_count;
	const char *message_id;		/* "<…>" or NULL */
	const char **references;	/* References then In-Reply-To, without doubles */
	size_t reference_count;
	bool has_date;
	int64_t date;
	bool auto_submitted, bulk, null_return_path;
	const char *x_madoguchi;	/* or NULL */
	bool delivery_report, report_failed;
	bool display_report;		/* that a mail of ours was shown, by RFC 8098 */
	bool abuse_report;		/* by RFC 5965, or X-ARF */
	const char *report_original_id;	/* or NULL */
	const char **auth_results;	/* raw values, topmost first */
	size_t auth_results_count;

	enum message_form form;
	const unsigned char *crypt;
	size_t crypt_len;
	const char *crypt_charset;	/* inline: bare words stand inside, of that charset ("" when nobody tells it); NULL: what the bytes themselves say */
	struct message_block others[MESSAGE_OTHERS];	/* beside an inline ciphertext, or a file that is one: to be opened in its stead, in this order, if it does not open */
	size_t other_count;
	bool more_blocks;	/* there are others, kept or not */
	const unsigned char *covered;
	size_t covered_len;
	bool loose_signature;	/* a detached signature is attached, over nobody knows what */
	bool locked_archive;	/* an archive is there that wants a password, or may want one */

	const char *text;		/* everything a reader would read, UTF-8, \n line ends: all text parts joined */
	const char *own_text;		/* without quoted lines and what follows a forward/original-message ruler */
	const char *quoted_text;	/* those, and what mails inside say */
	bool html_only;			/* text was made from HTML */
	bool text_stub;			/* HTML was read in the stead of a text that only says that there is some */
	const char *read_twin, *html_twin;	/* of what came twice, plain and as HTML, what was read and what the HTML says, where the letters differ; else NULL */
	struct message_attachment *attachments;
	size_t attachment_count;
	struct message_key keys[MESSAGE_KEYS];
	size_t key_count;

	enum mime_limit limit;
	bool broken, duplicate_field, has_nul, no_text;
	bool charset_unknown, charset_damaged, charset_guessed, charset_wrong;
};

/*
 * Reads a whole message as it came (outer_from NULL), or an entity that came out
 * of a ciphertext or a signed part, whose own header fields are the protected
 * ones (protected-headers="v1" or hp=, RFC 9788), or which is a mail in a wrapper
 * (RFC 8551 3.1), that is then read in its stead. outer_from: the one address of
 * the From outside, "" if it has none or several; a wrapper that does not say
 * whether it is one is, where that stands inside too. What came out and is no
 * entity is read as words of no known charset, or is a file: its only attachment.
 * Points into bytes, which must outlive it. Never fails.
 */
void message_read(struct arena *arena, const void *bytes, size_t len, const char *outer_from,
	struct message *message_r);

/*
 * Whether what came out of a ciphertext is an entity, or a mail, and not just words
 * or a file; `bare`: out of inline armour, of which only what has a Content-Type is
 * one. block: as header_scan() found it.
 */
bool message_is_entity(const struct header_block *block, bool bare);

/*
 * Reads what stood inside of inline armour: words in that charset ("" for
 * unknown). Only what begins with a whole header that has a Content-Type is an
 * entity all the same. Otherwise as above.
 */
void message_read_words(struct arena *arena, const void *bytes, size_t len, const char *charset,
	const char *outer_from, struct message *message_r);

#endif
