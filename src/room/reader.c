/*
 * The reader: opens one message's MIME and charsets, and tells the desk facts.
 * It meets raw hostile bytes and has nothing but memory and its sockets. It
 * opens no ciphertext itself: it hands that to a keyring over a link that the
 * desk makes, and what comes out goes to another, fresh reader that has seen
 * nothing of the sender's but these bytes. A reader that was given opened bytes
 * ends with its message.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/room.h"

#include "base/arena.h"
#include "base/frame.h"
#include "base/io.h"
#include "mail/auth_results.h"
#include "mail/limits.h"
#include "mail/message.h"
#include "port/conf.h"
#include "room/frames.h"
#include "room/hooks.h"
#include "room/serve.h"
#include "rule/evidence.h"
#include "rule/observe.h"
#include "rule/twins.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What GMime keeps beside it is bounded by the room's own limit. */
#define READER_ARENA ((size_t)256 * 1024 * 1024)
#define READER_LINK_MS 60000

_Static_assert(1 + MESSAGE_OTHERS <= FRAME_FDS, "no room for the blocks of a text");

struct reader {
	const struct conf *conf;
	size_t desk;
	int fd;
	uint32_t job;
	enum read_mode mode;
	bool opened;	/* these bytes came from a keyring */
	bool whole;	/* they are a whole message as it came, not an entity out of one */
	bool sealed;
	const char *outer_from;	/* of the message that an opened layer came out of */
	struct arena *arena;
	struct io_map map;
	const char *charset;	/* of bare words out of inline armour; NULL: an entity, or a whole message */
	struct message message;
	struct frame frame;
};

static void
forget(struct reader *reader)
{
	io_unmap(&reader->map);
	arena_free(&reader->arena);
	reader->job = 0;
	if (reader->opened)
		_exit(ROOM_EXIT_FINE);
}

/* A header that does not fit one frame loses the lists that decide nothing. */
static void
tell_header(struct reader *reader)
{
	struct facts_header *header = arena_alloc(reader->arena, sizeof(*header));

	observe_header(reader->arena, &reader->conf->policy, reader->desk, &reader->message, header);
	for (int attempt = 0; attempt < 2; attempt++) {
		frame_start(&reader->frame, FRAME_HEADER);
		frame_put_u32(&reader->frame, reader->job);
		frames_put_header(&reader->frame, header);
		if (!reader->frame.bad)
			break;
		header->to.count = header->to.count > 1 ? 1 : header->to.count;
		header->cc.count = 0;
		header->reply_to.count = header->reply_to.count > 1 ? 1 : header->reply_to.count;
		header->sender.count = header->sender.count > 1 ? 1 : header->sender.count;
		header->from.count = header->from.count > 2 ? 2 : header->from.count;
		if (header->reference_count > 20)
			header->reference_count = 20;
	}
	serve_answer(reader->fd, &reader->frame);
}

static void
tell_layer(struct reader *reader)
{
	struct facts_layer *layer = arena_alloc(reader->arena, sizeof(*layer));

	observe_layer(reader->arena, &reader->conf->policy, reader->desk, &reader->message, reader->sealed,
		layer);
	if (!reader->whole)
		observe_from(&reader->message, reader->outer_from, layer);
	frame_start(&reader->frame, FRAME_LAYER);
	frame_put_u32(&reader->frame, reader->job);
	frames_put_layer(&reader->frame, layer);
	serve_answer(reader->fd, &reader->frame);
}

/* Sends a memory file that a person has asked for. */
static void
tell_file(struct reader *reader, int fd)
{
	frame_start(&reader->frame, FRAME_TEXT);
	frame_put_u32(&reader->frame, reader->job);
	frame_put_fd(&reader->frame, fd);
	serve_answer(reader->fd, &reader->frame);
}

static void
tell_words(struct reader *reader, const struct text *text)
{
	int fd = io_memfd(text->data, text->len);

	if (fd < 0)
		_exit(ROOM_EXIT_MEMORY);
	tell_file(reader, fd);
	io_close(&fd);
}

/* What a person shall see of it; for the screen alone. */
static void
tell_text(struct reader *reader)
{
	const struct message *message = &reader->message;
	struct text text;

	text_init(&text, reader->arena, LIMIT_TEXT_BYTES * 3);
	text_addf(&text, "Subject: %s\n", message->subject);
	for (size_t i = 0; i < message->attachment_count; i++) {
		const struct message_attachment *attachment = &message->attachments[i];

		text_addf(&text, "Attachment: %s (%s, %zu bytes)\n",
			attachment->name != NULL ? attachment->name : "-", attachment->type,
			attachment->size);
	}
	text_addf(&text, "\n%s\n", message->text);
	/* Whoever is shown the mail by another program is shown this. */
	if (twins_differ(reader->arena, &reader->conf->policy, message))
		text_addf(&text, "\nIts HTML says something else:\n\n%s\n", message->html_twin);
	tell_words(reader, &text);
}

/* The words that spoke for what it was taken for; for the screen alone too. */
static void
tell_evidence(struct reader *reader)
{
	struct text text;

	text_init(&text, reader->arena, LIMIT_TEXT_BYTES);
	evidence_add(reader->arena, &reader->conf->policy, reader->desk, &reader->message, &text);
	tell_words(reader, &text);
}

/* Which mail server wrote its results on top of these header fields. */
static void
tell_server(struct reader *reader)
{
	const struct message *message = &reader->message;
	const char *id = "";

	if (message->auth_results_count > 0)
		id = auth_results_id(reader->arena, message->auth_results[0]);
	frame_start(&reader->frame, FRAME_SERVER);
	frame_put_u32(&reader->frame, reader->job);
	frame_put_string(&reader->frame, id);
	serve_answer(reader->fd, &reader->frame);
}

static void
read_bytes(struct reader *reader, int fd)
{
	struct err err;

	if (!io_memfd_sealed(fd) || io_map(fd, LIMIT_MESSAGE_BYTES, &reader->map, &err) != DONE)
		_exit(ROOM_EXIT_FRAME);
	/* Unread: what is wrong with a message must not keep a person from its bytes. */
	if (reader->mode == READ_RAW)
		tell_file(reader, fd);
	io_close(&fd);
	memset(&reader->message, 0, sizeof(reader->message));
	if (reader->mode == READ_RAW)
		return;
	hooks_reader(reader->map.data, reader->map.len);
	if (reader->charset != NULL)
		message_read_words(reader->arena, reader->map.data, reader->map.len, reader->charset,
			reader->outer_from, &reader->message);
	else
		message_read(reader->arena, reader->map.data, reader->map.len,
			reader->whole ? NULL : reader->outer_from, &reader->message);
	if (reader->mode == READ_SERVER) {
		tell_server(reader);
		return;
	}
	if (reader->whole)
		tell_header(reader);
	if (reader->mode == READ_TEXT)
		tell_text(reader);
	if (reader->mode == READ_EVIDENCE)
		tell_evidence(reader);
	tell_layer(reader);
}

static void
serve_read(struct reader *reader)
{
	int fd;

	if (reader->arena != NULL)
		forget(reader);
	reader->job = frame_get_u32(&reader->frame);
	reader->mode = (enum read_mode)frame_get_below(&reader->frame, READ_MODES);
	reader->whole = true;
	reader->charset = NULL;
	fd = frame_get_fd(&reader->frame);
	serve_checked(&reader->frame);
	reader->arena = arena_new(ARENA_WIPED, READER_ARENA);
	read_bytes(reader, fd);
}

/* The opened bytes come straight from the keyring; the desk only made the link. */
static void
serve_read_link(struct reader *reader)
{
	char *charset;
	int link, fd;

	if (reader->arena != NULL)
		forget(reader);
	reader->job = frame_get_u32(&reader->frame);
	reader->mode = (enum read_mode)frame_get_below(&reader->frame, READ_MODES);
	reader->whole = frame_get_bool(&reader->frame);
	reader->sealed = frame_get_bool(&reader->frame);
	reader->opened = true;
	reader->arena = arena_new(ARENA_WIPED, READER_ARENA);
	reader->outer_from = frame_get_string(&reader->frame, reader->arena, FACTS_STRING_MAX);
	link = frame_get_fd(&reader->frame);
	serve_checked(&reader->frame);
	if (!serve_link(link, READER_LINK_MS, FRAME_CONTENT, &reader->frame) ||
		!frames_get_content(&reader->frame, reader->arena, &charset, &fd))
		_exit(ROOM_EXIT_FRAME);
	reader->charset = charset;
	io_close(&link);
	read_bytes(reader, fd);
}

static int
memfd_or_leave(const void *bytes, size_t len)
{
	int fd = io_memfd(bytes, len);

	if (fd < 0)
		_exit(ROOM_EXIT_MEMORY);
	return fd;
}

static void
put_data(struct reader *reader, const char *charset, const void *bytes, size_t len, int *fd_r)
{
	*fd_r = memfd_or_leave(bytes, len);
	frame_put_string(&reader->frame, charset);
	frame_put_fd(&reader->frame, *fd_r);
}

/* gpg opens a clear-signed text by itself, as it does a ciphertext. */
static enum open_operation
operation_of(const struct message *message)
{
	if (message->form == MESSAGE_SMIME_SIGNED)
		return message->covered == NULL ? OPERATION_SMIME_OPEN : OPERATION_SMIME_VERIFY;
	if (message->form == MESSAGE_PGP_ENCRYPTED)
		return OPERATION_DECRYPT;
	return message->covered == NULL ? OPERATION_DECRYPT : OPERATION_VERIFY;
}

/* Asks the keyring at the other end of the link to open what this layer holds. */
static void
serve_ask(struct reader *reader)
{
	const struct message *message = &reader->message;
	uint32_t job = frame_get_u32(&reader->frame);
	int link = frame_get_fd(&reader->frame);
	enum open_operation operation = operation_of(message);
	int fds[1 + MESSAGE_OTHERS] = { -1 };
	size_t count = 0;

	serve_checked(&reader->frame);
	if (reader->arena == NULL || job != reader->job || message->form == MESSAGE_PLAIN ||
		message->form == MESSAGE_SMIME_ENCRYPTED)
		_exit(ROOM_EXIT_FRAME);
	frame_start(&reader->frame, FRAME_OPEN);
	frame_put_u32(&reader->frame, operation);
	put_data(reader, message->crypt_charset, message->crypt, message->crypt_len, &fds[count++]);
	if (operation == OPERATION_VERIFY || operation == OPERATION_SMIME_VERIFY) {
		fds[count] = memfd_or_leave(message->covered, message->covered_len);
		frame_put_fd(&reader->frame, fds[count++]);
	}
	for (size_t i = 0; i < message->other_count; i++)
		put_data(reader, message->others[i].charset, message->others[i].bytes,
			message->others[i].len, &fds[count++]);
	frame_send(link, &reader->frame);
	for (size_t i = 0; i < count; i++)
		io_close(&fds[i]);
	io_close(&link);
	/* The last that is asked of this message: opened bytes end with their reader. */
	forget(reader);
}

_Noreturn void
room_reader(const struct conf *conf, size_t desk, int fd)
{
	static struct reader reader;

	reader.conf = conf;
	reader.desk = desk;
	reader.fd = fd;
	for (;;) {
		serve_next(fd, &reader.frame);
		switch (reader.frame.type) {
		case FRAME_READ:
			serve_read(&reader);
			break;
		case FRAME_READ_LINK:
			serve_read_link(&reader);
			break;
		case FRAME_LINK:
			serve_ask(&reader);
			break;
		default:
			_exit(ROOM_EXIT_FRAME);
		}
	}
}
