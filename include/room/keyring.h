/*
 * The part of the keyring that checks S/MIME. For src/room/keyring*.c alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_KEYRING_H
#define ROOM_KEYRING_H

#include <stdint.h>

#include "rule/facts.h"

struct conf_desk;
struct smime;

/*
 * Checks what a reader sent: a signature in data_fd over covered_fd, or (that
 * being -1) signed data with its text inside. Certificates count as they were
 * at that time (0: now). *smime is made at the first call. *content_r is a
 * descriptor of the text for the next reader, left as it is when there is none.
 * Ends the room when what was sent is no sealed memory file.
 */
void keyring_smime(struct smime **smime, const struct conf_desk *desk, int64_t at, int data_fd,
	int covered_fd, int *content_r, struct facts_opened *opened_r);

#endif
