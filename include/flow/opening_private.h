/*
 * What the files of flow/opening*.c share of a message's way. Not for anyone else: parts.h has what
 * its owner may do.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_OPENING_PRIVATE_H
#define FLOW_OPENING_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/parts.h"

/* The one of that id; NULL when there is none any more. */
struct opening *opening_of(struct engine *engine, uint32_t id);

/* Its keyring is free for others; nothing where it has none. */
void opening_release_keyring(struct opening *opening);

/* Anything from before counts for nothing: the next try starts from the bytes. */
void opening_restart(struct opening *opening);

/* Its rooms are let go, and its owner is called: it may be gone afterwards. */
void opening_finish(struct engine *engine, struct opening *opening);

/* The innermost layer asks to be opened: a link from its reader to a keyring. False while none is free. */
bool opening_ask_keyring(struct engine *engine, struct opening *opening);

/*
 * What its keyring holds goes straight to a fresh reader: a whole message, or a part; out of a
 * ciphertext or not.
 */
void opening_give_content(struct engine *engine, struct opening *opening, bool whole, bool sealed);

#endif
