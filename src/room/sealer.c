/*
 * The sealer: signs and encrypts what the desk gives it, with the desk's own
 * key and to the fingerprints that the desk gives it. It talks to no reader and
 * decrypts nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/room.h"

#include "base/arena.h"
#include "base/frame.h"
#include "base/io.h"
#include "mail/compose.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/pgp.h"
#include "room/frames.h"
#include "room/sandbox.h"
#include "room/secret.h"
#include "room/sealer.h"
#include "room/serve.h"

#include <unistd.h>

#define SEALER_ARENA ((size_t)256 * 1024 * 1024)

struct sealer {
	const struct conf *conf;
	size_t desk;
	int fd;
	struct pgp *pgp;
	struct frame frame;
};

static enum outcome
ready(struct sealer *sealer, struct err *err_r)
{
	const struct conf_pgp *pgp = &sealer->conf->desks[sealer->desk].pgp;
	struct arena *secrets;
	char *passphrase = NULL;
	enum outcome outcome;

	if (sealer->pgp != NULL)
		return DONE;
	secrets = arena_new(ARENA_WIPED, 4 * SECRET_MAX);
	outcome = secret_read(secrets, pgp->passphrase_file, &passphrase, err_r);
	/* Another file stands there by now, which this room may not open: the next one may. */
	if (outcome != DONE && sandbox_stale())
		_exit(ROOM_EXIT_FINE);
	if (outcome == DONE)
		outcome = pgp_open(pgp->home, passphrase, &sealer->pgp, err_r);
	arena_free(&secrets);
	return outcome;
}

struct request {
	uint32_t job;
	enum pgp_mode mode;
	const char *recipients[SEALER_RECIPIENTS];
	size_t count;
	int fd;
};

static void
take_request(struct sealer *sealer, struct arena *arena, struct request *request_r)
{
	request_r->job = frame_get_u32(&sealer->frame);
	request_r->mode = (enum pgp_mode)frame_get_below(&sealer->frame, PGP_SIGN_SEAL + 1);
	request_r->count = frame_get_below(&sealer->frame, SEALER_RECIPIENTS + 1);
	for (size_t i = 0; i < request_r->count && !sealer->frame.bad; i++) {
		request_r->recipients[i] = frame_get_string(&sealer->frame, arena, PGP_FPR - 1);
		if (request_r->recipients[i] == NULL)
			sealer->frame.bad = true;
	}
	request_r->fd = frame_get_fd(&sealer->frame);
	serve_checked(&sealer->frame);
}

static void
serve_seal(struct sealer *sealer)
{
	struct arena *arena = arena_new(ARENA_WIPED, SEALER_ARENA);
	struct request request = { 0 };
	const char *micalg = NULL, *bad_key = NULL;
	const char *own = sealer->conf->policy.desks[sealer->desk].key;
	struct io_map map = { 0 };
	struct err err = { "" };
	enum outcome outcome;
	char *armour = NULL;
	size_t len = 0;
	int fd = -1;

	take_request(sealer, arena, &request);
	if (!io_memfd_sealed(request.fd) || io_map(request.fd, COMPOSE_MAX, &map, &err) != DONE)
		_exit(ROOM_EXIT_FRAME);
	outcome = ready(sealer, &err);
	if (outcome == DONE)
		outcome = pgp_seal(sealer->pgp, arena, request.mode, own, request.recipients,
			request.count, map.data, map.len, &armour, &len, &micalg, &bad_key, &err);
	if (outcome == DONE && (fd = io_memfd(armour, len)) < 0)
		outcome = err_set(&err, LATER, "no memory file for what was sealed");
	frame_start(&sealer->frame, FRAME_SEALED);
	frame_put_u32(&sealer->frame, request.job);
	frames_put_outcome(&sealer->frame, outcome, &err);
	frame_put_string(&sealer->frame, micalg);
	frame_put_string(&sealer->frame, bad_key);
	if (fd >= 0)
		frame_put_fd(&sealer->frame, fd);
	serve_answer(sealer->fd, &sealer->frame);
	io_close(&fd);
	io_unmap(&map);
	io_close(&request.fd);
	arena_free(&arena);
}

/* The pair for sealing clear mail at rest: its secret half leaves this room only sealed to the desk's own key. */
static void
serve_make_pair(struct sealer *sealer)
{
	struct arena *arena = arena_new(ARENA_WIPED, (size_t)1024 * 1024);
	const char *own = sealer->conf->policy.desks[sealer->desk].key;
	struct box_secret *secret = arena_alloc(arena, sizeof(*secret));
	uint32_t job = frame_get_u32(&sealer->frame);
	struct box_public public_half;
	struct err err = { "" };
	const char *bad_key;
	enum outcome outcome;
	char *armour = NULL;
	size_t len = 0;
	int fd = -1;

	serve_checked(&sealer->frame);
	box_make_pair(&public_half, secret);
	outcome = ready(sealer, &err);
	if (outcome == DONE)
		outcome = pgp_seal(sealer->pgp, arena, PGP_SEAL, own, &own, 1, secret->bytes,
			sizeof(secret->bytes), &armour, &len, NULL, &bad_key, &err);
	if (outcome == DONE && (fd = io_memfd(armour, len)) < 0)
		outcome = err_set(&err, LATER, "no memory file for the pair");
	frame_start(&sealer->frame, FRAME_PAIR);
	frame_put_u32(&sealer->frame, job);
	frames_put_outcome(&sealer->frame, outcome, &err);
	frame_put_bytes(&sealer->frame, public_half.bytes, sizeof(public_half.bytes));
	if (fd >= 0)
		frame_put_fd(&sealer->frame, fd);
	serve_answer(sealer->fd, &sealer->frame);
	io_close(&fd);
	arena_free(&arena);
}

_Noreturn void
room_sealer(const struct conf *conf, size_t desk, int fd)
{
	static struct sealer sealer;

	sealer.conf = conf;
	sealer.desk = desk;
	sealer.fd = fd;
	for (;;) {
		serve_next(fd, &sealer.frame);
		if (sealer.frame.type == FRAME_SEAL)
			serve_seal(&sealer);
		else if (sealer.frame.type == FRAME_MAKE_PAIR)
			serve_make_pair(&sealer);
		else
			_exit(ROOM_EXIT_FRAME);
	}
}
