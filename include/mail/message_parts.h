/*
 * What the makers of a message share while it is being read: the parts, and who
 * has taken which. For src/mail/message*.c alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_MESSAGE_PARTS_H
#define MAIL_MESSAGE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/mime.h"

struct arena;
struct message;

enum part_role {
	ROLE_NONE,
	ROLE_TEXT,	/* its text was read */
	ROLE_SKIP,	/* machinery: a signature, a ciphertext, the other alternative */
};

struct message_parts {
	struct mime_tree tree;
	enum part_role *roles;
};

/* The index of a container's nth child, 0 if it has not so many. */
size_t message_parts_child(const struct message_parts *parts, size_t parent, size_t nth);

/* Whether its header holds protected fields: hp="…" (RFC 9788) or protected-headers="v1". */
bool message_part_protected(struct arena *arena, const struct mime_part *part);

/* Whether it is text without markup: text/plain, or mutt's older application/pgp. */
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

/* Finds what must be opened elsewhere: form, crypt, covered. */
void message_crypt_find(struct arena *arena, struct message_parts *parts,
	struct message *message);

/* Reads the text of the parts nobody took: text, own and quoted, and their flags. */
void message_text_read(struct arena *arena, struct message_parts *parts,
	struct message *message);

/* Reads a delivery report (RFC 3464). */
void message_report_read(struct arena *arena, struct message_parts *parts,
	struct message *message);

#endif
