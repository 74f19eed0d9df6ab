/*
 * The vault's inside, for the files src/room/vault*.c: one question under way, and
 * how it is answered. Not for anyone else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_VAULT_PRIVATE_H
#define ROOM_VAULT_PRIVATE_H

#include "base/arena.h"
#include "base/frame.h"
#include "base/io.h"
#include "room/vault.h"

struct inside {
	const char *home, *passphrase_file;
	int fd;
	struct pgp *pgp;
	struct arena *arena;	/* of one question, wiped */
	struct frame frame;
};

/* The home is open, its passphrase read; at the first question that needs it. */
enum outcome vault_ready(struct inside *inside, struct err *err_r);

/* The frame's last value: bytes, the caller's to unmap. The frame is wiped. */
struct io_map vault_get_bytes(struct inside *inside);

/* Answers with an outcome, and text (NULL) and descriptor (-1, else closed) where the frame's type has them. */
void vault_did(struct inside *inside, enum outcome outcome, const struct err *err, const char *text,
	int fd);

/* Answers with an outcome and bytes. */
void vault_did_bytes(struct inside *inside, enum outcome outcome, struct err *err, const char *bytes,
	size_t len);

/* What is asked of it (vault_drill.c). */
void vault_serve_export(struct inside *inside);
void vault_serve_seal(struct inside *inside);
void vault_serve_check(struct inside *inside);

#endif
