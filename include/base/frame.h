/*
 * What goes between rooms: typed frames of values over SOCK_SEQPACKET
 * socketpairs, one datagram a frame, with up to FRAME_FDS descriptors. Values
 * only, never pointers or raw structs; a reader of a frame checks every length
 * and must come out exactly at the end (frame_end). Knows nothing of what the
 * frames mean; the sender may be an attacker.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

/* Bytes of a frame, type included: below the kernel's default socket buffer. */
#define FRAME_MAX (96 * 1024)
#define FRAME_FDS 4

struct frame {
	uint16_t type;
	unsigned char data[FRAME_MAX];
	size_t len;	/* bytes in data */
	size_t at;	/* where the next get reads */
	bool bad;	/* a put did not fit, or a get went past the end or met a wrong value */
	int fds[FRAME_FDS];
	size_t fd_count;
	size_t fd_at;
};

/* Starts a frame to write. */
void frame_start(struct frame *frame, uint16_t type);

void frame_put_u8(struct frame *frame, uint8_t value);
void frame_put_u32(struct frame *frame, uint32_t value);
void frame_put_i64(struct frame *frame, int64_t value);
void frame_put_bool(struct frame *frame, bool value);

/* Length and bytes; a NULL string is told from an empty one. */
void frame_put_bytes(struct frame *frame, const void *bytes, size_t len);
void frame_put_string(struct frame *frame, const char *string);

/* The descriptor is sent along; it stays the caller's. */
void frame_put_fd(struct frame *frame, int fd);

/* Gets: past the end, or a wrong value, sets bad and gives 0, false, NULL or -1. */
uint8_t frame_get_u8(struct frame *frame);
uint32_t frame_get_u32(struct frame *frame);
int64_t frame_get_i64(struct frame *frame);
bool frame_get_bool(struct frame *frame);

/* A value that must be below limit (an enumerator, an index). */
uint32_t frame_get_below(struct frame *frame, uint32_t limit);

/* Exactly len bytes. */
void frame_get_bytes(struct frame *frame, void *bytes_r, size_t len);

/* Bytes of any length up to max, in the arena, NUL-ended. */
void *frame_get_blob(struct frame *frame, struct arena *arena, size_t max, size_t *len_r);

/* Valid UTF-8 of at most max bytes, or NULL if NULL was put; anything else is bad. */
char *frame_get_string(struct frame *frame, struct arena *arena, size_t max);

/* The next descriptor, now the caller's to close; -1 and bad if there is none. */
int frame_get_fd(struct frame *frame);

/* Whether all was well and nothing is left over. Descriptors not taken are closed. */
bool frame_end(struct frame *frame);

/* Closes descriptors not taken (of a frame that was refused). */
void frame_drop(struct frame *frame);

/* A connected pair, close-on-exec. -1 with errno. */
int frame_pair(int pair_r[2]);

enum frame_result {
	FRAME_OK,
	FRAME_AGAIN,	/* would block (the socket is non-blocking) */
	FRAME_CLOSED,	/* the other side is gone */
	FRAME_BAD,	/* cut, too many descriptors, or a put did not fit: no peer to trust */
};

/* Sends one whole frame, or nothing. */
enum frame_result frame_send(int fd, const struct frame *frame);

/*
 * Receives one frame; what frame_r held is overwritten, not closed (frame_end() or
 * frame_drop() the one before first). Blocks unless fd is non-blocking.
 */
enum frame_result frame_recv(int fd, struct frame *frame_r);

#endif
