/*
 * What the makers of a message share while it is being read: the parts, and who
 * has taken which. For src/mail/message*.c alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_MESSAGE_PARTS_H
#define MAIL_MESSAGE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/charset.h"
#include "mail/mime.h"

struct arena;
struct header_block;
struct message;
struct text;

enum part_role {
	ROLE_NONE,
	ROLE_TEXT,	/* its text was read */
	ROLE_SKIP,	/* machinery: a signature, a ciphertext, the other alternative */
};

/* Mails inside of mails: how deep this one lies, and how many more, and what text of them, are read. */
struct message_nest {
	unsigned depth;
	unsigned left;
	size_t text_left;
};

struct message_parts {
	struct mime_tree tree;
	enum part_role *roles;
	bool *stubs;		/* of a plain text: the HTML beside it is read in its stead */
	const char **nested;	/* of a part that is a mail: what it says, as a quotation if it was sent on; else NULL */
	const struct message *wrapped;	/* what stands in a signed part's wrapper, NULL if there is none */
	struct message_nest *nest;
	bool protected;		/* the root's header fields are protected: it came out of a ciphertext or a signed part, and says so, or in a wrapper */
};

/* The index of a container's nth child, 0 if it has not so many. */
size_t message_parts_child(const struct message_parts *parts, size_t parent, size_t nth);

/* Reads message->fields: subject, addresses, threading, programs' marks, results. */
void message_fields_read(struct arena *arena, struct message *message);

/* Reads the Subject of that block. */
void message_subject_read(struct arena *arena, const struct header_block *block,
	struct message *message);

/* Whether a field that may stand once stands there twice. */
bool message_fields_doubled(const struct header_block *block);

/* Notes what came of reading a text by its charset. */
void message_note_charset(struct message *message, enum charset_result result);

/* The one address of its From, "" if it has none or several. */
const char *message_from(const struct message *message);

/* Whether its header holds protected fields: hp="…" (RFC 9788) or protected-headers="v1". */
bool message_part_protected(struct arena *arena, const struct mime_part *part);

/* Whether it is text that is read as it stands: text/plain, mutt's older application/pgp, markup made for being read so. */
bool message_part_is_plain(const struct mime_part *part);

/* Whether a leaf's bytes begin as an OpenPGP message does, armoured or not. */
bool message_part_is_openpgp(struct arena *arena, const struct mime_part *part);

/* Whether a leaf is a detached OpenPGP signature. */
bool message_part_is_signature(struct arena *arena, const struct mime_part *part);

/* Whether a leaf says "Version: 1" and no more, as the control part of RFC 3156 4 does. */
bool message_part_is_version(struct arena *arena, const struct mime_part *part);

/* Takes the OpenPGP message that a leaf is: crypt, form. */
void message_take_openpgp(struct arena *arena, struct mime_part *part, struct message *message);

/* Finds what people paste or attach: crypt, form, crypt_charset. */
bool message_armour_find(struct arena *arena, struct message_parts *parts,
	struct message *message);

/* Finds S/MIME in one part, signed or encrypted: crypt, form. With a form already, it is no file at least. */
bool message_smime_find(struct arena *arena, struct message_parts *parts,
	struct message *message);

/* Finds archives that are locked with a password: locked_archive. */
void message_archive_find(struct arena *arena, struct message_parts *parts,
	struct message *message);

/*
 * Whether a part that is all of what was signed or sealed is a wrapper (RFC 8551
 * 3.1) round the mail itself: its bytes. One that is, or may be, a mail sent on is none.
 */
bool message_unwrap(struct arena *arena, struct mime_part *part, const char *outer_from,
	const unsigned char **bytes_r, size_t *len_r);

/* Finds what must be opened elsewhere: form, crypt, covered. */
void message_crypt_find(struct arena *arena, struct message_parts *parts,
	struct message *message);

/* Reads the mails inside: nested, and what one of them holds sealed, if nothing else is to be opened. */
void message_nested_read(struct arena *arena, struct message_parts *parts,
	struct message *message);

/* As message_read(), of a mail as it came, that lies inside of another. */
void message_read_inside(struct arena *arena, const void *bytes, size_t len,
	struct message_nest *nest, struct message *message_r);

/* Whether it is left to be read, and no attachment, or all that there is. */
bool message_part_readable(const struct message_parts *parts, size_t i);

/* The first max bytes, or few less, of a text part out of their charset. */
char *message_part_utf8(struct arena *arena, const struct mime_part *part, size_t max,
	enum charset_result *result_r);

/* Finds the plain texts in whose stead HTML is read: stubs. */
void message_stubs_find(struct arena *arena, struct message_parts *parts);

/* Whether a reader of plain text would be shown another part than this HTML. */
bool message_has_plain(struct arena *arena, const struct message_parts *parts, size_t i);

/* Whether a plain text, or HTML, has one of the other kind beside it in an alternative. */
bool message_has_twin(const struct message_parts *parts, size_t i);

/* Reads the text of the parts nobody took: text, own and quoted, and their flags. */
void message_text_read(struct arena *arena, struct message_parts *parts,
	struct message *message);

/* Ends a text that is full at a whole character: its cap may have fallen inside of one. */
void message_end_whole(struct text *text);

/* Reads a delivery report (RFC 3464). */
void message_report_read(struct arena *arena, struct message_parts *parts,
	struct message *message);

#endif
