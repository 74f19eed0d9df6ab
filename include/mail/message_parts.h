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
