/*
 * The keyring: decrypts and verifies for readers, over links that the desk
 * makes. What was signed by whom over which bytes it tells the desk itself, and
 * nobody else; what it opened it gives to a fresh reader, and nobody else. It
 * signs nothing and parses no MIME.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/room.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/frame.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "mail/limits.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/pgp.h"
#include "room/frames.h"
#include "room/keyring.h"
#include "room/sandbox.h"
#include "room/secret.h"
#include "room/serve.h"

#include <string.h>
#include <unistd.h>

#define KEYRING_HELD 16		/* opened contents waiting for their reader */
#define KEYRING_ROOTED 64	/* answers of pgp_certified() remembered */
#define KEYRING_LINK_MS 10000
#define SEALED_SECRET_MAX (16 * 1024)

struct held {
	uint32_t job, layer;
	int fd;
	bool words;	/* bare words, no entity: a reader said so */
	char charset[FRAMES_CHARSET_MAX + 1];
};

struct keyring {
	const struct conf *conf;
	size_t desk;
	int fd;
	struct pgp *pgp;
	struct smime *smime;
	struct arena *arena;	/* the listing's */
	struct pgp_keys keys;
	struct held held[KEYRING_HELD];
	size_t next_held;
	struct {
		char fpr[PGP_FPR];
		bool yes;
		uint32_t coordinator;
	} rooted[KEYRING_ROOTED];
	size_t rooted_count;
	bool has_box;
	struct box_public box_public;
	struct box_secret box_secret;
	struct frame frame;
};

static enum outcome
list_keys(struct keyring *keyring, struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	struct pgp_keys keys;
	enum outcome outcome = pgp_list(keyring->pgp, arena, &keys, err_r);

	if (outcome != DONE) {
		arena_free(&arena);
		return outcome;
	}
	arena_free(&keyring->arena);
	keyring->arena = arena;
	keyring->keys = keys;
	keyring->rooted_count = 0;
	return DONE;
}

/* The home is opened at the first need: a desk that sees no sealed mail pays for no gpg. */
static enum outcome
ready(struct keyring *keyring, struct err *err_r)
{
	const struct conf_pgp *pgp = &keyring->conf->desks[keyring->desk].pgp;
	struct arena *secrets;
	char *passphrase = NULL;
	enum outcome outcome;

	if (keyring->pgp != NULL)
		return DONE;
	secrets = arena_new(ARENA_WIPED, 4 * SECRET_MAX);
	outcome = secret_read(secrets, pgp->passphrase_file, &passphrase, err_r);
	/* Another file stands there by now, which this room may not open: the next one may. */
	if (outcome != DONE && sandbox_stale())
		_exit(ROOM_EXIT_FINE);
	if (outcome == DONE)
		outcome = pgp_open(pgp->home, passphrase, &keyring->pgp, err_r);
	arena_free(&secrets);
	if (outcome == DONE)
		outcome = list_keys(keyring, err_r);
	if (outcome != DONE)
		pgp_close(&keyring->pgp);
	return outcome;
}

static void
hold(struct keyring *keyring, uint32_t job, uint32_t layer, const char *charset, int fd)
{
	struct held *held = &keyring->held[keyring->next_held++ % KEYRING_HELD];

	io_close(&held->fd);
	*held = (struct held){ .job = job, .layer = layer, .fd = fd, .words = charset != NULL };
	if (charset != NULL)
		memcpy(held->charset, charset, strlen(charset) + 1);
}

static bool
is_pinned(const struct policy *policy, const char *fpr)
{
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		for (size_t k = 0; k < policy->coordinators[i].keys.count; k++) {
			if (text_equal(policy->coordinators[i].keys.at[k], fpr))
				return true;
		}
	}
	return false;
}

/* Asked once a key: gpg has to check every certification on it. */
static bool
certified(struct keyring *keyring, const char *fpr, uint32_t *coordinator_r)
{
	const struct policy *policy = &keyring->conf->policy;
	bool yes = false;
	uint32_t by = 0;

	for (size_t i = 0; i < keyring->rooted_count; i++) {
		if (strcmp(keyring->rooted[i].fpr, fpr) != 0)
			continue;
		*coordinator_r = keyring->rooted[i].coordinator;
		return keyring->rooted[i].yes;
	}
	for (size_t i = 0; i < policy->coordinator_count && !yes; i++) {
		const char *root = policy->coordinators[i].root_key;
		struct err err;

		if (root[0] == '\0' || strcmp(root, fpr) == 0)
			continue;
		if (pgp_certified(keyring->pgp, fpr, root, &yes, &err) != DONE)
			yes = false;
		by = (uint32_t)i;
	}
	if (keyring->rooted_count < KEYRING_ROOTED) {
		strncpy(keyring->rooted[keyring->rooted_count].fpr, fpr, PGP_FPR - 1);
		keyring->rooted[keyring->rooted_count].yes = yes;
		keyring->rooted[keyring->rooted_count++].coordinator = by;
	}
	*coordinator_r = by;
	return yes;
}

static void
note_roots(struct keyring *keyring, struct facts_opened *opened)
{
	for (size_t i = 0; i < opened->signature_count; i++) {
		struct facts_signature *signature = &opened->signatures[i];

		if (signature->status == SIGNATURE_GOOD &&
			!is_pinned(&keyring->conf->policy, signature->key))
			signature->by_root =
				certified(keyring, signature->key, &signature->root_coordinator);
	}
}

static void
tell_opened(struct keyring *keyring, uint32_t job, uint32_t layer, const struct facts_opened *opened)
{
	frame_start(&keyring->frame, FRAME_OPENED);
	frame_put_u32(&keyring->frame, job);
	frame_put_u32(&keyring->frame, layer);
	frames_put_opened(&keyring->frame, opened);
	serve_answer(keyring->fd, &keyring->frame);
}

/* Runs the operation; *content_r is what a reader may be given, -1 for nothing. */
static void
operate(struct keyring *keyring, enum open_operation operation, int data_fd, int covered_fd,
	int *content_r, struct facts_opened *opened_r)
{
	struct io_map data = { 0 }, covered = { 0 };
	struct err err;

	opened_r->encrypted = operation == OPERATION_DECRYPT;
	if (ready(keyring, &err) != DONE) {
		log_warn("the keyring cannot be used: %s", err.text);
		opened_r->status = OPEN_LATER;
		return;
	}
	serve_map(data_fd, &data);
	if (operation == OPERATION_DECRYPT) {
		pgp_decrypt(keyring->pgp, &keyring->keys, data.data, data.len, LIMIT_UNPACKED_BYTES,
			content_r, opened_r, &err);
	} else {
		serve_map(covered_fd, &covered);
		pgp_verify(keyring->pgp, &keyring->keys, covered.data, covered.len, data.data, data.len,
			opened_r, &err);
		*content_r = dup(covered_fd);
	}
	note_roots(keyring, opened_r);
	io_unmap(&data);
	io_unmap(&covered);
}

/* Of several blocks the first that opens; if none does, it is told why of the first one. */
static void
open_first(struct keyring *keyring, struct arena *arena, int64_t at, char **charset_r,
	int *content_r, struct facts_opened *opened_r)
{
	struct frames_asked asked;
	struct facts_opened opened = { .status = OPEN_FAILED };

	frames_get_asked(&keyring->frame, arena, &asked);
	serve_checked(&keyring->frame);
	for (size_t i = 0; i < asked.count && opened.status != OPEN_OK &&
		opened.status != OPEN_LATER; i++) {
		opened = (struct facts_opened){ .status = OPEN_FAILED };
		if (asked.operation == OPERATION_SMIME_OPEN ||
			asked.operation == OPERATION_SMIME_VERIFY)
			keyring_smime(&keyring->smime, &keyring->conf->desks[keyring->desk], at,
				asked.data[i].fd, asked.covered_fd, content_r, &opened);
		else
			operate(keyring, asked.operation, asked.data[i].fd, asked.covered_fd,
				content_r, &opened);
		*charset_r = asked.data[i].charset;
		if (i == 0 || opened.status == OPEN_OK || opened.status == OPEN_LATER)
			*opened_r = opened;
	}
	for (size_t i = 0; i < asked.count; i++)
		io_close(&asked.data[i].fd);
	io_close(&asked.covered_fd);
}

static void
serve_ask(struct keyring *keyring)
{
	uint32_t job = frame_get_u32(&keyring->frame);
	uint32_t layer = frame_get_u32(&keyring->frame);
	int64_t at = frame_get_i64(&keyring->frame);
	int link = frame_get_fd(&keyring->frame);
	struct facts_opened opened = { .status = OPEN_FAILED };
	struct arena *arena;
	char *charset = NULL;
	int content = -1;

	serve_checked(&keyring->frame);
	/* Its reader ended in between: no fault of the message yet. */
	if (!serve_link(link, KEYRING_LINK_MS, FRAME_OPEN, &keyring->frame)) {
		io_close(&link);
		opened.status = OPEN_LATER;
		tell_opened(keyring, job, layer, &opened);
		return;
	}
	io_close(&link);
	arena = arena_new(ARENA_PLAIN, 4096);
	open_first(keyring, arena, at, &charset, &content, &opened);
	if (content >= 0)
		hold(keyring, job, layer, charset, content);
	tell_opened(keyring, job, layer, &opened);
	arena_free(&arena);
}

static void
serve_give(struct keyring *keyring)
{
	uint32_t job = frame_get_u32(&keyring->frame);
	uint32_t layer = frame_get_u32(&keyring->frame);
	int link = frame_get_fd(&keyring->frame);

	serve_checked(&keyring->frame);
	for (size_t i = 0; i < KEYRING_HELD; i++) {
		struct held *held = &keyring->held[i];

		if (held->fd < 0 || held->job != job || held->layer != layer)
			continue;
		frame_start(&keyring->frame, FRAME_CONTENT);
		frame_put_string(&keyring->frame, held->words ? held->charset : NULL);
		frame_put_fd(&keyring->frame, held->fd);
		frame_send(link, &keyring->frame);
		io_close(&held->fd);
		break;
	}
	io_close(&link);
}

static void
serve_forget(struct keyring *keyring)
{
	uint32_t job = frame_get_u32(&keyring->frame);

	serve_checked(&keyring->frame);
	for (size_t i = 0; i < KEYRING_HELD; i++) {
		if (keyring->held[i].fd >= 0 && keyring->held[i].job == job)
			io_close(&keyring->held[i].fd);
	}
}

/* The box's secret half, opened by the desk's OpenPGP key once in the room's life. */
static enum open_status
open_box(struct keyring *keyring, const void *sealed, size_t len)
{
	struct facts_opened opened = { .status = OPEN_FAILED };
	struct io_map map = { 0 };
	struct err err;
	int fd = -1;

	if (keyring->has_box)
		return OPEN_OK;
	if (ready(keyring, &err) != DONE)
		return OPEN_LATER;
	pgp_decrypt(keyring->pgp, &keyring->keys, sealed, len, BOX_KEY_BYTES, &fd, &opened, &err);
	if (fd >= 0 && io_map(fd, BOX_KEY_BYTES, &map, &err) == DONE && map.len == BOX_KEY_BYTES) {
		memcpy(keyring->box_secret.bytes, map.data, BOX_KEY_BYTES);
		box_public_of(&keyring->box_secret, &keyring->box_public);
		keyring->has_box = true;
	}
	io_unmap(&map);
	io_close(&fd);
	if (keyring->has_box)
		return OPEN_OK;
	return opened.status == OPEN_LATER ? OPEN_LATER : OPEN_FAILED;
}

static int
unbox(struct keyring *keyring, int fd)
{
	struct io_map map = { 0 };
	struct arena *arena;
	struct err err;
	unsigned char *plain;
	int content = -1;

	if (!io_memfd_sealed(fd) || io_map(fd, LIMIT_MESSAGE_BYTES + BOX_OVERHEAD, &map, &err) != DONE)
		_exit(ROOM_EXIT_FRAME);
	arena = arena_new(ARENA_WIPED, map.len + 4096);
	plain = arena_alloc(arena, map.len);
	if (map.len >= BOX_OVERHEAD &&
		box_open(&keyring->box_public, &keyring->box_secret, map.data, map.len, plain))
		content = io_memfd(plain, map.len - BOX_OVERHEAD);
	io_unmap(&map);
	arena_free(&arena);
	return content;
}

static void
serve_unbox(struct keyring *keyring)
{
	struct arena *arena = arena_new(ARENA_WIPED, 2 * SEALED_SECRET_MAX);
	struct facts_opened opened = { 0 };
	uint32_t job = frame_get_u32(&keyring->frame);
	size_t len;
	void *sealed = frame_get_blob(&keyring->frame, arena, SEALED_SECRET_MAX, &len);
	int fd = frame_get_fd(&keyring->frame);
	int content = -1;

	serve_checked(&keyring->frame);
	opened.status = open_box(keyring, sealed, len);
	if (opened.status == OPEN_OK)
		content = unbox(keyring, fd);
	io_close(&fd);
	arena_free(&arena);
	if (content >= 0)
		hold(keyring, job, 0, NULL, content);
	else if (opened.status == OPEN_OK)
		opened.status = OPEN_FAILED;
	tell_opened(keyring, job, 0, &opened);
}

/*
 * A coordinator's newer key, which its root vouches for: only what mail could be sealed to
 * is asked about, or could until it ended.
 */
static void
note_root_of(struct keyring *keyring, struct pgp_key *key)
{
	if ((key->can_encrypt || key->encrypt_until != 0) && !key->secret &&
		!is_pinned(&keyring->conf->policy, key->fpr))
		key->by_root = certified(keyring, key->fpr, &key->root_coordinator);
}

static void
serve_keys(struct keyring *keyring)
{
	struct err err = { "" };
	enum outcome outcome;

	serve_checked(&keyring->frame);
	outcome = ready(keyring, &err);
	if (outcome == DONE)
		outcome = list_keys(keyring, &err);
	for (size_t i = 0; outcome == DONE && i < keyring->keys.count; i++) {
		note_root_of(keyring, &keyring->keys.keys[i]);
		frame_start(&keyring->frame, FRAME_KEY);
		frames_put_key(&keyring->frame, &keyring->keys.keys[i]);
		serve_answer(keyring->fd, &keyring->frame);
	}
	frame_start(&keyring->frame, FRAME_KEYS_END);
	frames_put_outcome(&keyring->frame, outcome, &err);
	serve_answer(keyring->fd, &keyring->frame);
}

static void
serve_import(struct keyring *keyring)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	int fd = frame_get_fd(&keyring->frame);
	char (*fprs)[PGP_FPR] = NULL;
	struct io_map map = { 0 };
	struct err err = { "" };
	enum outcome outcome;
	size_t count = 0;

	serve_checked(&keyring->frame);
	if (!io_memfd_sealed(fd) || io_map(fd, LIMIT_MESSAGE_BYTES, &map, &err) != DONE)
		_exit(ROOM_EXIT_FRAME);
	outcome = ready(keyring, &err);
	if (outcome == DONE)
		outcome = pgp_import(keyring->pgp, arena, map.data, map.len, &fprs, &count, &err);
	frame_start(&keyring->frame, FRAME_IMPORTED);
	frames_put_outcome(&keyring->frame, outcome, &err);
	frame_put_u32(&keyring->frame, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		frame_put_string(&keyring->frame, fprs[i]);
	serve_answer(keyring->fd, &keyring->frame);
	io_unmap(&map);
	io_close(&fd);
	arena_free(&arena);
}

static void
serve_export(struct keyring *keyring)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)8 * 1024 * 1024);
	const char *fpr = frame_get_string(&keyring->frame, arena, PGP_FPR);
	bool armour = frame_get_bool(&keyring->frame);
	struct err err = { "" };
	enum outcome outcome;
	char *bytes = NULL;
	size_t len = 0;
	int fd = -1;

	serve_checked(&keyring->frame);
	outcome = ready(keyring, &err);
	if (outcome == DONE)
		outcome = pgp_export(keyring->pgp, arena, fpr, armour, &bytes, &len, &err);
	if (outcome == DONE && (fd = io_memfd(bytes, len)) < 0)
		outcome = err_set(&err, LATER, "no memory file for the key");
	frame_start(&keyring->frame, FRAME_EXPORTED);
	frames_put_outcome(&keyring->frame, outcome, &err);
	if (fd >= 0)
		frame_put_fd(&keyring->frame, fd);
	serve_answer(keyring->fd, &keyring->frame);
	io_close(&fd);
	arena_free(&arena);
}

static void (*
serve_of(uint16_t type))(struct keyring *)
{
	switch (type) {
	case FRAME_ASK:
		return serve_ask;
	case FRAME_GIVE:
		return serve_give;
	case FRAME_FORGET:
		return serve_forget;
	case FRAME_UNBOX:
		return serve_unbox;
	case FRAME_KEYS:
		return serve_keys;
	case FRAME_IMPORT:
		return serve_import;
	case FRAME_EXPORT:
		return serve_export;
	default:
		return NULL;
	}
}

_Noreturn void
room_keyring(const struct conf *conf, size_t desk, int fd)
{
	static struct keyring keyring;

	keyring.conf = conf;
	keyring.desk = desk;
	keyring.fd = fd;
	for (size_t i = 0; i < KEYRING_HELD; i++)
		keyring.held[i].fd = -1;
	for (;;) {
		void (*serve)(struct keyring *);

		serve_next(fd, &keyring.frame);
		serve = serve_of(keyring.frame.type);
		if (serve == NULL)
			_exit(ROOM_EXIT_FRAME);
		serve(&keyring);
	}
}
