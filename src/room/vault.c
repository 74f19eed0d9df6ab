/*
 * The vault's inside: gpg's work on one home for the tool. Secret halves go from
 * the keyring into the lock, and out of the lock into the keyring, within this
 * process; the tool sees them locked alone. Opens no mail, seals no mail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/vault_private.h"

#include "base/arena.h"
#include "base/frame.h"
#include "base/io.h"
#include "base/text.h"
#include "room/frames.h"
#include "room/room.h"
#include "room/secret.h"
#include "room/serve.h"

#include <string.h>
#include <unistd.h>

#define INSIDE_ARENA ((size_t)256 * 1024 * 1024)
#define TRY_BYTES 32

/* What was asked for: text and descriptor where the frame's type has them. */
void
vault_did(struct inside *inside, enum outcome outcome, const struct err *err, const char *text, int fd)
{
	frame_start(&inside->frame, FRAME_VAULT_DID);
	frames_put_outcome(&inside->frame, outcome, err);
	frame_put_string(&inside->frame, text);
	frame_put_bool(&inside->frame, fd >= 0);
	if (fd >= 0)
		frame_put_fd(&inside->frame, fd);
	serve_answer(inside->fd, &inside->frame);
	io_close(&fd);
}

/* The answer is bytes. */
void
vault_did_bytes(struct inside *inside, enum outcome outcome, struct err *err, const char *bytes,
	size_t len)
{
	int fd = outcome == DONE ? io_memfd(bytes, len) : -1;

	if (outcome == DONE && fd < 0)
		outcome = err_set(err, LATER, "no memory file for what was asked");
	vault_did(inside, outcome, err, NULL, fd);
}

enum outcome
vault_ready(struct inside *inside, struct err *err_r)
{
	struct arena *secrets;
	char *passphrase = NULL;
	enum outcome outcome;

	if (inside->pgp != NULL)
		return DONE;
	secrets = arena_new(ARENA_WIPED, 4 * SECRET_MAX);
	outcome = secret_read(secrets, inside->passphrase_file, &passphrase, err_r);
	if (outcome == DONE)
		outcome = pgp_open(inside->home, passphrase, &inside->pgp, err_r);
	arena_free(&secrets);
	return outcome;
}

static const char *
get_passphrase(struct inside *inside)
{
	const char *passphrase =
		frame_get_string(&inside->frame, inside->arena, VAULT_PASSPHRASE_MAX);

	if (passphrase == NULL || passphrase[0] == '\0')
		_exit(ROOM_EXIT_FRAME);
	return passphrase;
}

/* The frame's last value: bytes. The frame is wiped: a passphrase may have come in it. */
struct io_map
vault_get_bytes(struct inside *inside)
{
	int fd = frame_get_fd(&inside->frame);
	struct io_map map = { 0 };
	struct err err;

	serve_checked(&inside->frame);
	mem_wipe(inside->frame.data, inside->frame.len);
	if (io_map(fd, VAULT_BYTES_MAX, &map, &err) != DONE)
		_exit(ROOM_EXIT_FRAME);
	io_close(&fd);
	return map;
}

static void
serve_make(struct inside *inside)
{
	const char *user_id = frame_get_string(&inside->frame, inside->arena, FRAME_MAX / 2);
	int64_t lifetime = frame_get_i64(&inside->frame);
	char fpr[PGP_FPR] = "";
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&inside->frame);
	outcome = vault_ready(inside, &err);
	if (outcome == DONE)
		outcome = pgp_make_key(
			inside->pgp, user_id != NULL ? user_id : "", lifetime, fpr, &err);
	vault_did(inside, outcome, &err, fpr, -1);
}

static void
tell_keys(struct inside *inside, enum outcome outcome, const struct pgp_keys *keys,
	const struct err *err)
{
	for (size_t i = 0; outcome == DONE && i < keys->count; i++) {
		frame_start(&inside->frame, FRAME_KEY);
		frames_put_key(&inside->frame, &keys->keys[i]);
		serve_answer(inside->fd, &inside->frame);
	}
	frame_start(&inside->frame, FRAME_KEYS_END);
	frames_put_outcome(&inside->frame, outcome, err);
	serve_answer(inside->fd, &inside->frame);
}

static void
serve_list(struct inside *inside)
{
	struct pgp_keys keys = { 0 };
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&inside->frame);
	outcome = vault_ready(inside, &err);
	if (outcome == DONE)
		outcome = pgp_list(inside->pgp, inside->arena, &keys, &err);
	tell_keys(inside, outcome, &keys, &err);
}

static void
serve_show(struct inside *inside)
{
	struct io_map map = vault_get_bytes(inside);
	struct pgp_keys keys = { 0 };
	struct err err = { "" };
	enum outcome outcome = vault_ready(inside, &err);

	if (outcome == DONE)
		outcome = pgp_show(
			inside->pgp, inside->arena, map.data, map.len, &keys, &err);
	tell_keys(inside, outcome, &keys, &err);
	io_unmap(&map);
}

static enum outcome
import(struct inside *inside, const void *bytes, size_t len, struct err *err_r)
{
	char (*fprs)[PGP_FPR];
	size_t count;

	return pgp_import(inside->pgp, inside->arena, bytes, len, &fprs, &count, err_r);
}

static void
serve_import(struct inside *inside)
{
	struct io_map map = vault_get_bytes(inside);
	struct err err = { "" };
	enum outcome outcome = vault_ready(inside, &err);

	if (outcome == DONE)
		outcome = import(inside, map.data, map.len, &err);
	io_unmap(&map);
	vault_did(inside, outcome, &err, NULL, -1);
}

/* What it sealed must come out again, and be signed by it. */
static enum outcome
open_again(struct inside *inside, const char *fpr, const char *armour, size_t len,
	const unsigned char *words, struct err *err_r)
{
	struct facts_opened opened;
	struct io_map map = { 0 };
	struct pgp_keys keys;
	bool same;
	int fd = -1;

	if (pgp_list(inside->pgp, inside->arena, &keys, err_r) != DONE)
		return LATER;
	pgp_decrypt(inside->pgp, &keys, armour, len, TRY_BYTES, &fd, &opened, err_r);
	if (opened.status != OPEN_OK)
		return err_wrap(err_r, opened.status == OPEN_LATER ? LATER : NEVER,
			"it does not open what is sealed to it");
	same = io_map(fd, TRY_BYTES, &map, err_r) == DONE && map.len == TRY_BYTES &&
		memcmp(map.data, words, TRY_BYTES) == 0;
	io_unmap(&map);
	io_close(&fd);
	if (!same || opened.signature_count != 1 ||
		opened.signatures[0].status != SIGNATURE_GOOD ||
		!text_equal(opened.signatures[0].key, fpr))
		return err_set(err_r, NEVER, "what it signed does not verify");
	return DONE;
}

static void
serve_try(struct inside *inside)
{
	const char *fpr = frame_get_string(&inside->frame, inside->arena, PGP_FPR - 1), *bad;
	unsigned char words[TRY_BYTES];
	struct err err = { "" };
	enum outcome outcome;
	char *armour;
	size_t len;

	serve_checked(&inside->frame);
	if (fpr == NULL)
		_exit(ROOM_EXIT_FRAME);
	io_random(words, sizeof(words));
	outcome = vault_ready(inside, &err);
	if (outcome == DONE) {
		outcome = pgp_seal(inside->pgp, inside->arena, PGP_SIGN_SEAL, fpr, &fpr, 1, words,
			sizeof(words), &armour, &len, NULL, &bad, &err);
		if (outcome != DONE)
			err_wrap(&err, outcome, "it does not sign and seal");
	}
	if (outcome == DONE)
		outcome = open_again(inside, fpr, armour, len, words, &err);
	vault_did(inside, outcome, &err, NULL, -1);
}

static void
serve_certified(struct inside *inside)
{
	const char *key = frame_get_string(&inside->frame, inside->arena, PGP_FPR - 1);
	const char *root = frame_get_string(&inside->frame, inside->arena, PGP_FPR - 1);
	struct err err = { "" };
	enum outcome outcome;
	bool yes = false;

	serve_checked(&inside->frame);
	if (key == NULL || root == NULL)
		_exit(ROOM_EXIT_FRAME);
	outcome = vault_ready(inside, &err);
	if (outcome == DONE)
		outcome = pgp_certified(inside->pgp, key, root, &yes, &err);
	vault_did(inside, outcome, &err, yes ? "yes" : "no", -1);
}

static void
serve_refresh(struct inside *inside)
{
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&inside->frame);
	outcome = vault_ready(inside, &err);
	if (outcome == DONE)
		outcome = pgp_refresh(inside->pgp, &err);
	vault_did(inside, outcome, &err, NULL, -1);
}

/* The one way in which secret keys leave: locked. */
static void
serve_give(struct inside *inside)
{
	const char *passphrase = get_passphrase(inside);
	char *secrets = NULL, *locked = NULL;
	struct err err = { "" };
	enum outcome outcome;
	size_t len = 0;

	serve_checked(&inside->frame);
	mem_wipe(inside->frame.data, inside->frame.len);
	outcome = vault_ready(inside, &err);
	if (outcome == DONE)
		outcome = pgp_export_secrets(inside->pgp, inside->arena, &secrets, &len, &err);
	if (outcome == DONE)
		outcome = pgp_lock(inside->pgp, inside->arena, passphrase, secrets, len, &locked,
			&len, &err);
	vault_did_bytes(inside, outcome, &err, locked, len);
}

static void
serve_take(struct inside *inside)
{
	const char *passphrase = get_passphrase(inside);
	struct io_map map = vault_get_bytes(inside);
	struct err err = { "" };
	enum outcome outcome = vault_ready(inside, &err);
	char *secrets;
	size_t len;

	if (outcome == DONE)
		outcome = pgp_unlock(inside->pgp, inside->arena, passphrase, map.data, map.len,
			VAULT_BYTES_MAX, &secrets, &len, &err);
	if (outcome == DONE)
		outcome = import(inside, secrets, len, &err);
	io_unmap(&map);
	vault_did(inside, outcome, &err, NULL, -1);
}

static void
serve_lock(struct inside *inside)
{
	const char *passphrase = get_passphrase(inside);
	struct io_map map = vault_get_bytes(inside);
	struct err err = { "" };
	enum outcome outcome = vault_ready(inside, &err);
	char *locked = NULL;
	size_t len = 0;

	if (outcome == DONE)
		outcome = pgp_lock(inside->pgp, inside->arena, passphrase, map.data, map.len,
			&locked, &len, &err);
	io_unmap(&map);
	vault_did_bytes(inside, outcome, &err, locked, len);
}

/* A bundle alone, no keyring, is given out in clear. */
static void
serve_unlock(struct inside *inside)
{
	const char *passphrase = get_passphrase(inside);
	struct io_map map = vault_get_bytes(inside);
	struct err err = { "" };
	enum outcome outcome = vault_ready(inside, &err);
	char *bundle = NULL;
	size_t len = 0;

	if (outcome == DONE)
		outcome = pgp_unlock(inside->pgp, inside->arena, passphrase, map.data, map.len,
			VAULT_BYTES_MAX, &bundle, &len, &err);
	if (outcome == DONE && !text_starts(bundle, VAULT_BUNDLE))
		outcome = err_set(&err, NEVER, "it opens, and is not a backup of ours");
	io_unmap(&map);
	vault_did_bytes(inside, outcome, &err, bundle, len);
}

static void (*
serve_of(uint16_t type))(struct inside *)
{
	switch (type) {
	case FRAME_VAULT_MAKE:
		return serve_make;
	case FRAME_VAULT_LIST:
		return serve_list;
	case FRAME_VAULT_SHOW:
		return serve_show;
	case FRAME_VAULT_IMPORT:
		return serve_import;
	case FRAME_VAULT_TRY:
		return serve_try;
	case FRAME_VAULT_CERTIFIED:
		return serve_certified;
	case FRAME_VAULT_REFRESH:
		return serve_refresh;
	case FRAME_VAULT_EXPORT:
		return vault_serve_export;
	case FRAME_VAULT_SEAL:
		return vault_serve_seal;
	case FRAME_VAULT_CHECK:
		return vault_serve_check;
	case FRAME_VAULT_GIVE:
		return serve_give;
	case FRAME_VAULT_TAKE:
		return serve_take;
	case FRAME_VAULT_LOCK:
		return serve_lock;
	case FRAME_VAULT_UNLOCK:
		return serve_unlock;
	default:
		return NULL;
	}
}

_Noreturn void
room_vault(const char *home, const char *passphrase_file, int fd)
{
	static struct inside inside;

	inside.home = home;
	inside.passphrase_file = passphrase_file;
	inside.fd = fd;
	for (;;) {
		void (*serve)(struct inside *);

		serve_next(fd, &inside.frame);
		serve = serve_of(inside.frame.type);
		if (serve == NULL)
			_exit(ROOM_EXIT_FRAME);
		inside.arena = arena_new(ARENA_WIPED, INSIDE_ARENA);
		serve(&inside);
		arena_free(&inside.arena);
	}
}
