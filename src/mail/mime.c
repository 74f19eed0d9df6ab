/*
 * The one file that knows GMime: hands it the bytes in place once mime_scan has
 * found them bearable, and turns its tree into values. GMime's own depth and
 * charsets are not relied on, nor its offsets where a signature hangs on them.
 * A mail of one part never reaches it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mime.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/header.h"
#include "mail/limits.h"
#include "mail/mime_part.h"
#include "mail/mime_scan.h"

#include <gmime/gmime.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define MIME_LEAKS_TOLD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MIME_LEAKS_TOLD 1
#endif
#endif

/* GMime's table of types drops an entry that is replaced without freeing it: once a process. */
#ifdef MIME_LEAKS_TOLD
#include <sanitizer/lsan_interface.h>
#define LEAKS_ARE_GMIMES() __lsan_disable()
#define LEAKS_ARE_OURS() __lsan_enable()
#else
#define LEAKS_ARE_GMIMES() ((void)0)
#define LEAKS_ARE_OURS() ((void)0)
#endif

#define DECODE_STEP 4096u

struct walk {
	struct arena *arena;
	const unsigned char *bytes;
	size_t len;
	struct mime_lines lines;
	size_t shift;	/* where the bytes that GMime was given begin */
	size_t room;
	struct mime_tree *tree;
};

/* Where an entity hangs and, if that is known, where it lies. */
struct place {
	int parent;
	int depth;
	bool known;
	struct mime_span span;
};

static void
be_quiet(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

/*
 * A message inside stays closed: GMime would read its addresses, and nested
 * groups in them overflow its stack.
 */
static void
keep_messages_closed(void)
{
	static const char *const messages[] = { "rfc822", "rfc2822", "global", "news" };
	GMimeObject *probe = g_mime_object_new_type(NULL, "message", messages[0]);

	if (GMIME_IS_MESSAGE_PART(probe))
		for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
			g_mime_object_register_type("message", messages[i], GMIME_TYPE_PART);
	g_object_unref(probe);
}

void
mime_start(void)
{
	/* Lower floors do not log, and what GLib would say quotes the mail. */
	g_log_set_default_handler(be_quiet, NULL);
	LEAKS_ARE_GMIMES();
	g_mime_init();
	keep_messages_closed();
	LEAKS_ARE_OURS();
}

static void
set_limit(struct walk *walk, enum mime_limit limit)
{
	if (walk->tree->limit == MIME_FINE)
		walk->tree->limit = limit;
}

/* A new part, or NULL at the limit. Parts move when more come: keep indexes. */
static struct mime_part *
part_new(struct walk *walk, const struct place *place)
{
	struct mime_tree *tree = walk->tree;
	struct mime_part *part;

	if (tree->count == LIMIT_PARTS) {
		set_limit(walk, MIME_TOO_MANY_PARTS);
		return NULL;
	}
	if (tree->count == walk->room) {
		size_t room = walk->room ? walk->room * 4 : 1;
		struct mime_part *parts = arena_calloc(walk->arena, room, sizeof(*parts));

		if (tree->count > 0)
			memcpy(parts, tree->parts, tree->count * sizeof(*parts));
		tree->parts = parts;
		walk->room = room;
	}
	part = &tree->parts[tree->count++];
	part->head = arena_calloc(walk->arena, 1, sizeof(*part->head));
	part->parent = place->parent;
	part->depth = place->depth;
	if (place->known && place->parent >= 0) {
		part->raw = walk->bytes + place->span.at;
		part->raw_len = place->span.end - place->span.at;
	}
	return part;
}

/* GMime's decoder in pieces, max bytes at most; out may be NULL to count only. */
static size_t
decode(const struct mime_part *part, unsigned char *out, size_t max)
{
	static const GMimeContentEncoding encodings[] = {
		[MIME_AS_IS] = GMIME_CONTENT_ENCODING_BINARY,
		[MIME_BASE64] = GMIME_CONTENT_ENCODING_BASE64,
		[MIME_QUOTED_PRINTABLE] = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
		[MIME_UUENCODE] = GMIME_CONTENT_ENCODING_UUENCODE,
	};
	const char *in = (const char *)part->content;
	char piece[DECODE_STEP + 64];
	GMimeEncoding state;
	size_t total = 0;

	g_mime_encoding_init_decode(&state, encodings[part->encoding]);
	for (size_t at = 0, step; at < part->content_len && total < max; at += step) {
		size_t got;

		step = MIN(part->content_len - at, DECODE_STEP);
		got = g_mime_encoding_step(&state, in + at, step, piece);
		got = MIN(got, max - total);
		if (out)
			memcpy(out + total, piece, got);
		total += got;
	}
	return total;
}

/* [at, end) is clamped: GMime's bounds of an empty part may cross. */
static void
part_content(struct walk *walk, struct mime_part *part, size_t at, size_t end)
{
	if (end > walk->len)
		end = walk->len;
	if (at > end)
		at = end;
	mime_part_content(part, walk->bytes + at, end - at, walk->tree);
	if (part->encoding != MIME_AS_IS)
		part->body_len = decode(part, NULL, SIZE_MAX);
}

const unsigned char *
mime_body_head(struct arena *arena, const struct mime_part *part, size_t max, size_t *len_r)
{
	size_t len = MIN(part->body_len, max);
	unsigned char *out;

	*len_r = len;
	if (part->body)
		return part->body;
	if (part->head && part->head->bytes && part->head->len >= len)
		return part->head->bytes;
	out = arena_alloc(arena, len + 1);
	decode(part, out, len);
	if (part->head)
		*part->head = (struct mime_head){ out, len };
	return out;
}

const unsigned char *
mime_body(struct arena *arena, struct mime_part *part)
{
	size_t len;

	part->body = mime_body_head(arena, part, part->body_len, &len);
	return part->body;
}

static void
kind_of_object(struct walk *walk, GMimeObject *object, struct mime_kind *kind_r)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(object);
	int count = g_mime_header_list_get_count(list);

	memset(kind_r, 0, sizeof(*kind_r));
	for (int i = 0; i < count; i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(list, i);

		mime_kind_note(walk->arena, g_mime_header_get_name(header),
			g_mime_header_get_raw_value(header), kind_r);
	}
	if (count > LIMIT_HEADER_LINES)
		set_limit(walk, MIME_HEADER_TOO_LONG);
}

static void walk_object(struct walk *walk, GMimeObject *object, const struct place *place);

/* Without a usable boundary it is shown as the text that it is, so that nothing is missed. */
static void
walk_barren(struct walk *walk, int index, const struct place *place)
{
	struct mime_part *part = &walk->tree->parts[index];
	struct mime_span span = place->known ? place->span : (struct mime_span){ 0, 0 };

	walk->tree->broken = true;
	part->type = "text/plain";
	part->multipart = false;
	part->encoding = MIME_AS_IS;
	part_content(walk, part, mime_scan_body(walk->bytes, span), span.end);
}

static void
walk_multipart(struct walk *walk, GMimeObject *object, int index, const struct place *place)
{
	GMimeMultipart *multipart = GMIME_MULTIPART(object);
	const char *boundary = g_mime_object_get_content_type_parameter(object, "boundary");
	int count = g_mime_multipart_get_count(multipart);
	size_t most = (size_t)MIN(MAX(count, 0), LIMIT_PARTS);
	struct mime_span *spans = arena_calloc(walk->arena, most + 1, sizeof(*spans));
	struct mime_division division = { .count = 0 };
	bool agreed;

	if (most == 0) {
		walk_barren(walk, index, place);
		return;
	}
	if (place->known && boundary)
		mime_scan_parts(&walk->lines, place->span, boundary, spans, most, &division);
	agreed = division.count == (size_t)count;
	if (!division.closed || !agreed)
		walk->tree->broken = true;
	for (size_t i = 0; i < most && walk->tree->limit == MIME_FINE; i++) {
		struct place child = { index, place->depth + 1, agreed, spans[i] };

		walk_object(walk, g_mime_multipart_get_part(multipart, (int)i), &child);
	}
	if (count > LIMIT_PARTS)
		set_limit(walk, MIME_TOO_MANY_PARTS);
}

/* Where the scan knows the end it is exact; GMime's is a byte off when line ends are mixed. */
static void
walk_leaf(struct walk *walk, GMimeObject *object, int index, const struct place *place)
{
	struct mime_part *part = &walk->tree->parts[index];
	GMimeDataWrapper *content = GMIME_IS_PART(object) ?
		g_mime_part_get_content(GMIME_PART(object)) : NULL;
	GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
	size_t at = 0, end = 0;

	if (stream && stream->bound_start >= 0) {
		at = (size_t)stream->bound_start + walk->shift;
		end = at;
		if (place->known)
			end = place->span.end;
		else if (stream->bound_end > stream->bound_start)
			end = (size_t)stream->bound_end + walk->shift;
	}
	part_content(walk, part, at, end);
}

static void
walk_object(struct walk *walk, GMimeObject *object, const struct place *place)
{
	struct mime_part *part;
	struct mime_kind kind;
	int index;

	if (place->depth > LIMIT_DEPTH) {
		set_limit(walk, MIME_TOO_DEEP);
		return;
	}
	part = part_new(walk, place);
	if (!part)
		return;
	index = (int)walk->tree->count - 1;
	kind_of_object(walk, object, &kind);
	mime_part_describe(walk->arena, &kind, part, walk->tree);
	part->multipart = GMIME_IS_MULTIPART(object);
	if (part->multipart != text_starts(part->type, "multipart/")) {
		walk->tree->broken = true;
		part->type = part->multipart ? "multipart/mixed" : "application/octet-stream";
	}
	if (place->parent >= 0 && !part->content_type &&
	    text_equal(walk->tree->parts[place->parent].type, "multipart/digest"))
		part->type = "message/rfc822";
	part->message = text_equal(part->type, "message/rfc822");
	if (part->multipart)
		walk_multipart(walk, object, index, place);
	else
		walk_leaf(walk, object, index, place);
}

/* The root as a leaf: what it says it is, or what is left when GMime gives up. */
static void
read_leaf(struct walk *walk, const struct mime_kind *kind, size_t body_at)
{
	struct place root = { .parent = -1 };
	struct mime_part *part = part_new(walk, &root);

	mime_part_describe(walk->arena, kind, part, walk->tree);
	if (text_starts(part->type, "multipart/"))
		part->type = "text/plain";
	part->message = text_equal(part->type, "message/rfc822");
	part_content(walk, part, body_at, walk->len);
}

/* GMime over the bytes up to end, in place. */
static bool
read_tree(struct walk *walk, size_t end)
{
	GByteArray array = { .data = NULL };
	GMimeStream *stream = g_mime_stream_mem_new();
	struct place root = { .parent = -1, .known = true, .span = { 0, walk->len } };
	GMimeParser *parser;
	GMimeObject *object;

	walk->shift = mime_scan_first_field(walk->bytes, walk->len);
	/* Never written to: the stream does not own the array. */
	array.data = (guint8 *)(uintptr_t)(walk->bytes + walk->shift);
	array.len = (guint)(end - walk->shift);
	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), &array);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, TRUE);
	object = g_mime_parser_construct_part(parser, NULL);
	if (object)
		walk_object(walk, object, &root);
	g_clear_object(&object);
	g_object_unref(parser);
	g_object_unref(stream);
	return walk->tree->count > 0;
}

/*
 * A multipart at the root. GMime copies what stands before the first and behind
 * the last delimiter, so it gets no more of that than a greeting's worth.
 */
static void
read_multipart(struct walk *walk, const struct mime_kind *kind, size_t body_at)
{
	const char *boundary = header_param(walk->arena, kind->type, "boundary");
	struct mime_span whole = { body_at, walk->len };
	struct mime_division division = { .first = walk->len };

	walk->tree->limit = mime_scan_lines(walk->arena, walk->bytes, walk->len, body_at,
		&walk->lines);
	if (walk->tree->limit != MIME_FINE)
		return;
	if (boundary)
		mime_scan_parts(&walk->lines, whole, boundary, NULL, 0, &division);
	if (division.count == 0 || division.first - body_at > LIMIT_PREAMBLE_BYTES) {
		walk->tree->broken = true;
		read_leaf(walk, kind, body_at);
	} else if (!read_tree(walk, division.end)) {
		read_leaf(walk, kind, body_at);
		set_limit(walk, MIME_BROKEN);
	}
}

void
mime_read_block(struct arena *arena, const void *bytes, size_t len,
	const struct header_block *block, struct mime_tree *tree_r)
{
	struct walk walk = { .arena = arena, .bytes = bytes, .len = len, .tree = tree_r };
	struct mime_kind kind;
	/* Without a single field there is no header, and all of it is text. */
	size_t body_at = block->count == 0 && block->broken ? 0 : block->body_at;

	memset(tree_r, 0, sizeof(*tree_r));
	if (len > LIMIT_MESSAGE_BYTES)
		tree_r->limit = MIME_TOO_LARGE;
	else if (block->too_long)
		tree_r->limit = MIME_HEADER_TOO_LONG;
	if (tree_r->limit != MIME_FINE)
		return;
	mime_kind_of_block(block, &kind);
	if (kind.type && text_starts(header_token(arena, kind.type), "multipart/")) {
		read_multipart(&walk, &kind, body_at);
		return;
	}
	read_leaf(&walk, &kind, body_at);
	if (len == 0)
		set_limit(&walk, MIME_BROKEN);
}

void
mime_read(struct arena *arena, const void *bytes, size_t len, struct mime_tree *tree_r)
{
	struct header_block block;

	memset(&block, 0, sizeof(block));
	if (len <= LIMIT_MESSAGE_BYTES)
		header_scan(arena, bytes, len, &block);
	mime_read_block(arena, bytes, len, &block, tree_r);
}
