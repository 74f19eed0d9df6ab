/*
 * A tar archive (ustar) in memory: plain files, so that a person can take apart
 * by hand what was packed here. What is read may be anyone's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TAR_H
#define BASE_TAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define TAR_NAME_MAX 256	/* bytes of a name, NUL included */

struct tar_member {
	char name[TAR_NAME_MAX];
	unsigned mode;		/* permission bits */
	const char *bytes;	/* in the archive, not NUL-ended */
	size_t len;
};

/* Adds a file; false, and nothing added, when ustar has no room for the name. */
bool tar_add(struct text *tar, const char *name, unsigned mode, const void *bytes, size_t len);

/* The two empty blocks at the end. */
void tar_end(struct text *tar);

/*
 * The member at *at, which moves behind it. False at the end, and for what is no
 * archive or cut: *at is SIZE_MAX then. Members that are no plain files are passed over.
 */
bool tar_next(const char *tar, size_t len, size_t *at, struct tar_member *member_r);

#endif
