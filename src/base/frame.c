/*
 * The values in a frame: numbers little-endian, strings and bytes behind a
 * length of four bytes. Every get checks what is left; once something was
 * wrong, all that follows is nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/frame.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/utf8.h"

#include <string.h>

#define FRAME_DATA_MAX (FRAME_MAX - 2) /* without the type */
#define FRAME_NULL UINT32_MAX	       /* the length that says: no string at all */

void
frame_start(struct frame *frame, uint16_t type)
{
	frame->type = type;
	frame->len = 0;
	frame->at = 0;
	frame->bad = false;
	frame->fd_count = 0;
	frame->fd_at = 0;
}

static void
put(struct frame *frame, const void *bytes, size_t len)
{
	if (frame->bad || len > FRAME_DATA_MAX - frame->len) {
		frame->bad = true;
		return;
	}
	if (len > 0)
		memcpy(frame->data + frame->len, bytes, len);
	frame->len += len;
}

static void
put_number(struct frame *frame, uint64_t value, size_t size)
{
	unsigned char bytes[8];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
	put(frame, bytes, size);
}

void
frame_put_u8(struct frame *frame, uint8_t value)
{
	put_number(frame, value, 1);
}

void
frame_put_u32(struct frame *frame, uint32_t value)
{
	put_number(frame, value, 4);
}

void
frame_put_i64(struct frame *frame, int64_t value)
{
	put_number(frame, (uint64_t)value, 8);
}

void
frame_put_bool(struct frame *frame, bool value)
{
	put_number(frame, value ? 1 : 0, 1);
}

void
frame_put_bytes(struct frame *frame, const void *bytes, size_t len)
{
	if (len > FRAME_DATA_MAX) {
		frame->bad = true;
		return;
	}
	put_number(frame, len, 4);
	put(frame, bytes, len);
}

void
frame_put_string(struct frame *frame, const char *string)
{
	if (string == NULL)
		put_number(frame, FRAME_NULL, 4);
	else
		frame_put_bytes(frame, string, strlen(string));
}

void
frame_put_fd(struct frame *frame, int fd)
{
	if (fd < 0 || frame->fd_count == FRAME_FDS)
		frame->bad = true;
	else
		frame->fds[frame->fd_count++] = fd;
}

/* The next len bytes, or NULL and bad. */
static const unsigned char *
get(struct frame *frame, size_t len)
{
	const unsigned char *bytes = frame->data + frame->at;

	if (frame->bad || len > frame->len - frame->at) {
		frame->bad = true;
		return NULL;
	}
	frame->at += len;
	return bytes;
}

static uint64_t
get_number(struct frame *frame, size_t size)
{
	const unsigned char *bytes = get(frame, size);
	uint64_t value = 0;

	if (bytes == NULL)
		return 0;
	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return value;
}

uint8_t
frame_get_u8(struct frame *frame)
{
	return (uint8_t)get_number(frame, 1);
}

uint32_t
frame_get_u32(struct frame *frame)
{
	return (uint32_t)get_number(frame, 4);
}

int64_t
frame_get_i64(struct frame *frame)
{
	return (int64_t)get_number(frame, 8);
}

static uint32_t
below(struct frame *frame, uint32_t value, uint32_t limit)
{
	if (value < limit)
		return value;
	frame->bad = true;
	return 0;
}

bool
frame_get_bool(struct frame *frame)
{
	return below(frame, frame_get_u8(frame), 2) == 1;
}

uint32_t
frame_get_below(struct frame *frame, uint32_t limit)
{
	return below(frame, frame_get_u32(frame), limit);
}

void
frame_get_bytes(struct frame *frame, void *bytes_r, size_t len)
{
	const unsigned char *bytes;

	if (frame_get_u32(frame) != len)
		frame->bad = true;
	bytes = get(frame, len);
	if (len == 0)
		return;
	if (bytes == NULL)
		memset(bytes_r, 0, len);
	else
		memcpy(bytes_r, bytes, len);
}

void *
frame_get_blob(struct frame *frame, struct arena *arena, size_t max, size_t *len_r)
{
	size_t len = frame_get_u32(frame);
	const unsigned char *bytes;

	*len_r = 0;
	if (len > max)
		frame->bad = true;
	bytes = get(frame, len);
	if (bytes == NULL)
		return NULL;
	*len_r = len;
	return arena_strndup(arena, (const char *)bytes, len);
}

char *
frame_get_string(struct frame *frame, struct arena *arena, size_t max)
{
	uint32_t len = frame_get_u32(frame);
	const char *bytes;

	if (len == FRAME_NULL)
		return NULL;
	if (len > max)
		frame->bad = true;
	bytes = (const char *)get(frame, len);
	if (bytes == NULL)
		return NULL;
	if (!utf8_valid(bytes, len)) {
		frame->bad = true;
		return NULL;
	}
	return arena_strndup(arena, bytes, len);
}

int
frame_get_fd(struct frame *frame)
{
	if (frame->bad || frame->fd_at == frame->fd_count) {
		frame->bad = true;
		return -1;
	}
	return frame->fds[frame->fd_at++];
}

void
frame_drop(struct frame *frame)
{
	for (; frame->fd_at < frame->fd_count; frame->fd_at++)
		io_close(&frame->fds[frame->fd_at]);
}

bool
frame_end(struct frame *frame)
{
	bool whole = !frame->bad && frame->at == frame->len && frame->fd_at == frame->fd_count;

	frame_drop(frame);
	return whole;
}
