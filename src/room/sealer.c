/*
 * The sealer: signs and encrypts what the desk gives it, with the desk's own
 * key and to the fingerprints that the desk gives it. A mail that is handed over
 * comes to it from a keyring, over a link, and leaves it sealed alone. It talks to
 * no reader and decrypts nothing.
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
#include "room/serve.h"

#include <unistd.h>

#define SEALER_ARENA ((size_t)256 * 1024 * 1024)
#define SEALER_LINK_MS 10000

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

/* What shall be sealed, in memory; all of it is gone with the arena and the maps. */
struct entity {
	struct io_map map, carried;
	const void *bytes;
	size_t len;
};

/* What a keyring opened comes over the link that the desk made, and never from the desk. */
static enum outcome
take_carried(struct sealer *sealer, struct arena *arena, const struct frames_seal *seal,
	struct compose_carried *carried_r, struct io_map *map_r, struct err *err_r)
{
	enum outcome outcome;
	char *charset;
	int fd;

	if (!serve_link(seal->link_fd, SEALER_LINK_MS, FRAME_CONTENT, &sealer->frame) ||
		!frames_get_content(&sealer->frame, arena, &charset, &fd))
		return err_set(err_r, LATER, "the keyring did not give what it had opened");
	/* A keyring that errs is no reason to end: other letters wait here. */
	outcome = io_memfd_sealed(fd) ? io_map(fd, COMPOSE_CARRIED_MAX, map_r, err_r)
		: err_set(err_r, NEVER, "what the keyring gave can still be written to");
	io_close(&fd);
	if (outcome != DONE)
		return outcome;
	*carried_r = (struct compose_carried){ map_r->data, map_r->len, seal->whole, charset };
	return DONE;
}

static enum outcome
take_entity(struct sealer *sealer, struct arena *arena, const struct frames_seal *seal,
	struct entity *entity, struct err *err_r)
{
	struct compose_carried carried;
	struct text whole;
	enum outcome outcome;

	if (!io_memfd_sealed(seal->entity_fd) ||
		io_map(seal->entity_fd, COMPOSE_MAX, &entity->map, err_r) != DONE)
		_exit(ROOM_EXIT_FRAME);
	entity->bytes = entity->map.data;
	entity->len = entity->map.len;
	if (seal->link_fd < 0)
		return DONE;
	outcome = take_carried(sealer, arena, seal, &carried, &entity->carried, err_r);
	if (outcome == DONE)
		outcome = compose_carry(arena, entity->map.data, entity->map.len, &carried, &whole,
			err_r);
	if (outcome != DONE)
		return outcome;
	entity->bytes = whole.data;
	entity->len = whole.len;
	return DONE;
}

static void
serve_seal(struct sealer *sealer)
{
	struct arena *arena = arena_new(ARENA_WIPED, SEALER_ARENA);
	const char *micalg = NULL, *bad_key = NULL;
	const char *own = sealer->conf->policy.desks[sealer->desk].key;
	struct frames_seal seal;
	struct entity entity = { 0 };
	struct err err = { "" };
	enum outcome outcome;
	char *armour = NULL;
	size_t len = 0;
	int fd = -1;

	if (!frames_get_seal(&sealer->frame, arena, &seal))
		_exit(ROOM_EXIT_FRAME);
	outcome = take_entity(sealer, arena, &seal, &entity, &err);
	if (outcome == DONE)
		outcome = ready(sealer, &err);
	if (outcome == DONE)
		outcome = pgp_seal(sealer->pgp, arena, seal.mode, own, seal.recipients,
			seal.recipient_count, entity.bytes, entity.len, &armour, &len, &micalg,
			&bad_key, &err);
	if (outcome == DONE && (fd = io_memfd(armour, len)) < 0)
		outcome = err_set(&err, LATER, "no memory file for what was sealed");
	frame_start(&sealer->frame, FRAME_SEALED);
	frame_put_u32(&sealer->frame, seal.job);
	frames_put_outcome(&sealer->frame, outcome, &err);
	frame_put_string(&sealer->frame, micalg);
	frame_put_string(&sealer->frame, bad_key);
	if (fd >= 0)
		frame_put_fd(&sealer->frame, fd);
	serve_answer(sealer->fd, &sealer->frame);
	io_close(&fd);
	io_unmap(&entity.map);
	io_unmap(&entity.carried);
	io_close(&seal.entity_fd);
	io_close(&seal.link_fd);
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
