/*
 * The mailboxes of a header field as a record keeps them, and who wrote a mail, read from
 * there: From tells it, and its display name is whatever the sender likes. Pure.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_SENDERS_H
#define FLOW_SENDERS_H

struct arena;
struct facts_addresses;

/*
 * Each as "name <addr-spec>" or the addr-spec alone, ", " between; a name with what separates
 * or marks addresses stands in quotes (RFC 5322 3.2.4). In the arena, cut off when too long.
 */
char *senders_text(struct arena *arena, const struct facts_addresses *list);

/*
 * The addr-spec of the one mailbox in such a text (NULL counts as an empty one), in the arena;
 * NULL where there is none, where there are several, or where it is not plain which is meant.
 * Of what was kept before names stood in quotes, what stands in the last <> counts.
 */
const char *senders_one(struct arena *arena, const char *from);

#endif
