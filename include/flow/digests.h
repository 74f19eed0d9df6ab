/*
 * A person's digest of a desk: what it says, from the records, the keyring's list and what
 * the daemon left on record of itself; and its way into the outbox.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_DIGESTS_H
#define FLOW_DIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "rule/digest.h"
#include "view/digest.h"

struct arena;
struct engine;

#define DIGESTS_ROWS 50	/* of each list; of what is more the number is told */

/* One digest in the making; what it points to lives in the arena it was made in. */
struct digests {
	size_t desk, staff;
	int64_t as_of;		/* the instant of which it tells */
	bool past;		/* which lies on a day that is over */
	struct digest_marks marks;
	int64_t newest;		/* the message that was on record last at marks.looked, -1: not known */
	struct daily daily;
	struct digest digest;
	bool news;		/* something is new or owed, or in trouble */
};

/* What is on record of the person's digests, as far as it counts on that day. */
void digests_marks(struct engine *engine, struct arena *arena, size_t desk, size_t staff,
	int64_t now, struct digests *digests_r);

/* With marks, reads all that the digest is to tell. */
void digests_read(struct engine *engine, struct arena *arena, struct digests *digests);

/*
 * Puts it into the outbox as large as asked, and settles its day (of one to come: this
 * day); DIGEST_NOTHING: only that. In a transaction of its own. DONE with the entry's id
 * (0 for none).
 */
enum outcome digests_put(struct engine *engine, struct arena *arena, const struct digests *digests,
	enum digest_size size, int64_t *id_r, struct err *err_r);

/* Marks and all: what `digest` shows and sends. */
struct digests *digests_make(struct engine *engine, struct arena *arena, size_t desk, size_t staff,
	int64_t as_of);

#endif
