/*
 * What the Content-* fields of an entity say, made into a mime_part. Shared by
 * the two ways on which mime.c meets fields: GMime's lists and header_scan().
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_MIME_PART_H
#define MAIL_MIME_PART_H

#include <stddef.h>

#include "mail/mime.h"

struct arena;
struct header_block;

/* Raw unfolded values, NULL for none, and how often a field was there. */
struct mime_kind {
	const char *type;
	const char *disposition;
	const char *encoding;
	size_t types, encodings;
};

/* Of a scanned block; of fields given twice the first counts. */
void mime_kind_of_block(const struct header_block *block, struct mime_kind *kind_r);

/*
 * Takes in a field as GMime keeps it, folding and all, if it is one of these; of
 * fields given twice the last counts, because GMime's tree follows that one.
 */
void mime_kind_note(struct arena *arena, const char *name, const char *value,
	struct mime_kind *kind);

/*
 * Fills the part's type, parameters, name, disposition and encoding; sets the
 * tree's broken and duplicate_type as it must.
 */
void mime_part_describe(struct arena *arena, const struct mime_kind *kind,
	struct mime_part *part, struct mime_tree *tree);

/*
 * Lays the content of a leaf at [bytes, bytes + len), behind the "begin" line
 * of uuencoded data. body_len is right for what is not encoded, and still to be
 * counted for the rest.
 */
void mime_part_content(struct mime_part *part, const unsigned char *bytes, size_t len,
	struct mime_tree *tree);

#endif
