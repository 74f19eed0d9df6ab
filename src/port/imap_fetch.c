/*
 * Messages' bytes: asked for in batches, taken chunk by chunk as they come, and
 * handed on message by message, so that memory holds one of them at a time.
 * Must not believe that the server sends what was asked for, nor as much as it
 * announced.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/arena.h"
#include "base/clock.h"

#include <libetpan/libetpan.h>
#include <stdlib.h>
#include <string.h>

#define KEEP_BYTES (1024 * 1024) /* a larger buffer is given back after its message */
#define SPARE_BYTES (64 * 1024) /* for each message; the sizes of some servers are estimates */

/* The batch under way. */
struct taking {
	struct imap *imap;
	const struct imap_item *items;
	size_t count;
	bool given[IMAP_BATCH_MESSAGES]; /* each message is taken once, however often it is sent */
	bool streamed; /* a body came for the message under way */
	bool stopped;
	char *buffer;
	size_t len, room;
	imap_take_fn *take;
	void *context;
};

static bool
take_chunk(int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t len,
	void *context)
{
	struct taking *taking = context;
	size_t room = taking->room;

	(void)section;
	if (type != MAILIMAP_MSG_ATT_BODY_SECTION)
		return true;
	taking->streamed = true;
	while (room - taking->len < len)
		room = room == 0 ? SPARE_BYTES : room * 2;
	if (room != taking->room) {
		taking->buffer = mem_realloc(taking->buffer, room);
		taking->room = room;
	}
	if (len > 0)
		memcpy(taking->buffer + taking->len, bytes, len);
	taking->len += len;
	return true;
}

/* The item of the batch with that UID, if it was not given yet. */
static bool
find_item(const struct taking *taking, uint32_t uid, size_t *index_r)
{
	size_t i;

	for (i = 0; i < taking->count; i++)
		if (taking->items[i].uid == uid && !taking->given[i]) {
			*index_r = i;
			return true;
		}
	return false;
}

/* A body that came as a quoted string or NIL is not streamed: libetpan keeps it. */
static void
read_attributes(
	struct taking *taking, const struct mailimap_msg_att *att, uint32_t *uid_r, bool *body_r)
{
	const struct mailimap_msg_att_static *fixed;
	struct mailimap_msg_att_item *item;
	clistiter *at;

	*uid_r = 0;
	*body_r = taking->streamed;
	for (at = clist_begin(att->att_list); at != NULL; at = clist_next(at)) {
		item = clist_content(at);
		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		fixed = item->att_data.att_static;
		if (fixed->att_type == MAILIMAP_MSG_ATT_UID)
			*uid_r = fixed->att_data.att_uid;
		if (fixed->att_type != MAILIMAP_MSG_ATT_BODY_SECTION || taking->streamed)
			continue;
		*body_r = true;
		if (fixed->att_data.att_body_section->sec_body_part != NULL)
			take_chunk(MAILIMAP_MSG_ATT_BODY_SECTION, NULL,
				fixed->att_data.att_body_section->sec_body_part,
				fixed->att_data.att_body_section->sec_length, taking);
		taking->streamed = false;
	}
}

/* One FETCH response is whole. Flags that changed elsewhere come so too: they have no body. */
static void
take_message(struct mailimap_msg_att *att, void *context)
{
	struct taking *taking = context;
	int64_t started_ms;
	uint32_t uid;
	size_t i;
	bool body;

	read_attributes(taking, att, &uid, &body);
	if (body && !taking->stopped && find_item(taking, uid, &i)) {
		taking->given[i] = true;
		started_ms = clock_mono_ms();
		taking->stopped = !taking->take(
			taking->context, uid, taking->len > 0 ? taking->buffer : "", taking->len);
		imap_excuse(taking->imap, started_ms);
	}
	taking->len = 0;
	taking->streamed = false;
	if (taking->room > KEEP_BYTES) {
		free(taking->buffer);
		taking->buffer = NULL;
		taking->room = 0;
	}
}

static struct mailimap_fetch_type *
wanted(bool header_only)
{
	struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
	struct mailimap_fetch_att *body;

	if (header_only)
		body = mailimap_fetch_att_new_body_peek_section_partial(
			mailimap_section_new_header(), 0, IMAP_HEADER_BYTES);
	else
		body = mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL));
	mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
	mailimap_fetch_type_new_fetch_att_list_add(type, body);
	return type;
}

/* libetpan calls the handlers only while somebody watches its progress. */
static void
watch(size_t done, size_t all, void *context)
{
	(void)done;
	(void)all;
	(void)context;
}

static void
set_handlers(struct imap *imap, struct taking *taking)
{
	mailprogress_function *watcher = taking != NULL ? watch : NULL;

	mailimap_set_progress_callback(imap->session, watcher, watcher, taking);
	mailimap_set_msg_body_handler(imap->session, taking != NULL ? take_chunk : NULL, taking);
	mailimap_set_msg_att_handler(imap->session, taking != NULL ? take_message : NULL, taking);
}

static enum outcome
fetch_batch(struct taking *taking, size_t bytes, bool header_only, struct err *err_r)
{
	struct imap *imap = taking->imap;
	struct mailimap_fetch_type *type;
	struct mailimap_set *set;
	clist *list = NULL;
	size_t i;
	int result;

	if (!imap_begin(imap, bytes, 2 * bytes + taking->count * SPARE_BYTES + IMAP_REPLY_BYTES,
		    err_r))
		return LATER;
	set = mailimap_set_new_empty();
	for (i = 0; i < taking->count; i++)
		mailimap_set_add_single(set, taking->items[i].uid);
	type = wanted(header_only);
	set_handlers(imap, taking);
	result = mailimap_uid_fetch(imap->session, set, type, &list);
	set_handlers(imap, NULL);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	if (result != MAILIMAP_NO_ERROR) {
		imap_failed(imap, result, "FETCH", err_r);
		return LATER;
	}
	if (list != NULL)
		mailimap_fetch_list_free(list);
	if (taking->stopped)
		return err_set(err_r, LATER, "stopped while mail was fetched from %s", imap->host);
	return DONE;
}

/*
 * A message that did not come may be gone. One that is still there could not
 * be read by the server just now: it must not be passed over.
 */
static enum outcome
account_for_missing(struct taking *taking, struct err *err_r)
{
	bool there[IMAP_BATCH_MESSAGES];
	enum outcome outcome;
	size_t i, missing = 0;

	for (i = 0; i < taking->count; i++)
		missing += !taking->given[i];
	if (missing == 0)
		return DONE;
	outcome = imap_present(taking->imap, taking->items, taking->count, there, err_r);
	for (i = 0; i < taking->count && outcome == DONE; i++)
		if (there[i] && !taking->given[i])
			return err_set(err_r, LATER, "%s does not give the message with UID %u",
				taking->imap->host, (unsigned)taking->items[i].uid);
	return outcome;
}

/* What an item may bring: a size of 0 is one that the caller does not know. */
static size_t
expected(const struct imap_item *item, bool header_only)
{
	size_t size = item->size == 0 ? IMAP_UNKNOWN_BYTES : item->size;

	return header_only && size > IMAP_HEADER_BYTES ? IMAP_HEADER_BYTES : size;
}

/* How many of items go into one FETCH, and their bytes. */
static size_t
batch_of(const struct imap_item *items, size_t count, bool header_only, size_t *bytes_r)
{
	size_t bytes = 0;
	size_t i, size;

	for (i = 0; i < count && i < IMAP_BATCH_MESSAGES; i++) {
		size = expected(&items[i], header_only);
		if (i > 0 && bytes + size > IMAP_BATCH_BYTES)
			break;
		bytes += size;
	}
	*bytes_r = bytes;
	return i;
}

enum outcome
imap_fetch(struct imap *imap, const struct imap_item *items, size_t count, bool header_only,
	imap_take_fn *take, void *context, struct err *err_r)
{
	struct taking taking = { .imap = imap, .take = take, .context = context };
	enum outcome outcome = DONE;
	size_t bytes;

	if (imap->selected == NULL)
		return err_set(err_r, LATER, "no folder is selected on %s", imap->host);
	while (count > 0 && outcome == DONE) {
		taking.items = items;
		taking.count = batch_of(items, count, header_only, &bytes);
		memset(taking.given, 0, sizeof taking.given);
		outcome = fetch_batch(&taking, bytes, header_only, err_r);
		if (outcome == DONE)
			outcome = account_for_missing(&taking, err_r);
		items += taking.count;
		count -= taking.count;
	}
	free(taking.buffer);
	return outcome;
}
