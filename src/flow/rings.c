/*
 * Lists a keyring in a short-lived process. It speaks in the frames of a
 * keyring's room, which does not exist yet: rooms are made from a conf that is
 * right, and this is asked to know whether it is.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/rings.h"

#include "base/arena.h"
#include "base/frame.h"
#include "base/io.h"
#include "port/pgp.h"
#include "room/frames.h"
#include "room/locks.h"

#include <sys/wait.h>
#include <unistd.h>

#define RINGS_ARENA ((size_t)64 * 1024 * 1024)

static _Noreturn void
tell_keys(const char *home, int fd)
{
	struct arena *arena = arena_new(ARENA_PLAIN, RINGS_ARENA);
	struct pgp_keys keys = { 0 };
	static struct frame frame;
	struct pgp *pgp = NULL;
	struct err err = { "" };
	enum outcome outcome = NEVER;

	/* Without its agent gpg lists secret keys as if they were not there. */
	if (locks_gpg(home, ""))
		outcome = pgp_start_agent(home, &err);
	if (outcome == DONE)
		outcome = pgp_open(home, NULL, &pgp, &err);
	if (outcome == DONE)
		outcome = pgp_list(pgp, arena, &keys, &err);
	for (size_t i = 0; outcome == DONE && i < keys.count; i++) {
		frame_start(&frame, FRAME_KEY);
		frames_put_key(&frame, &keys.keys[i]);
		if (frame_send(fd, &frame) != FRAME_OK)
			_exit(1);
	}
	frame_start(&frame, FRAME_KEYS_END);
	frames_put_outcome(&frame, outcome, &err);
	(void)frame_send(fd, &frame);
	pgp_close(&pgp);
	_exit(0);
}

/* True when the list came to its end. */
static bool
hear_keys(struct arena *arena, int fd, struct conf_ring_key *keys, size_t *count_r)
{
	static struct frame frame;
	enum outcome outcome;
	struct pgp_key key;
	struct err err;
	size_t count = 0;

	while (frame_recv(fd, &frame) == FRAME_OK) {
		if (frame.type == FRAME_KEYS_END) {
			*count_r = count;
			return frames_get_outcome(&frame, &outcome, &err) && frame_end(&frame) &&
				outcome == DONE;
		}
		if (frame.type != FRAME_KEY || count == PGP_KEYS_MAX ||
			!frames_get_key(&frame, arena, &key) || !frame_end(&frame))
			break;
		keys[count++] = (struct conf_ring_key){
			.fpr = arena_strdup(arena, key.fpr),
			.secret = key.secret,
		};
	}
	frame_drop(&frame);
	return false;
}

bool
rings_list(struct arena *arena, const char *home, const struct conf_ring_key **keys_r, size_t *count_r)
{
	struct conf_ring_key *keys = arena_calloc(arena, PGP_KEYS_MAX, sizeof(*keys));
	int pair[2];
	pid_t pid;
	bool heard;

	if (frame_pair(pair) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		io_close(&pair[0]);
		tell_keys(home, pair[1]);
	}
	io_close(&pair[1]);
	heard = pid > 0 && hear_keys(arena, pair[0], keys, count_r);
	io_close(&pair[0]);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	if (heard)
		*keys_r = keys;
	return heard;
}
