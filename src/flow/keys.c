/*
 * What the desk knows of a keyring: the list of its public keys, asked for at
 * the start and after each change. No key material but public halves.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "mail/address.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_ARENA ((size_t)64 * 1024 * 1024)
#define KEYS_ADDRESS_ARENA ((size_t)4 * 1024 * 1024)
#define KEYS_MS 30000			/* what a keyring may take to list or import */
#define AUTOCRYPT_MAX (10 * 1024)	/* bytes of key that go into a header field (Autocrypt 1.1 advises 10 KiB) */

/* One question to a keyring, waited for. */
struct keys_wait {
	struct house_room *keyring;
	struct arena *arena;
	struct pgp_keys keys;
	const char **fprs;
	size_t fpr_count;
	char *bytes;
	size_t len;
	bool done;
	enum outcome outcome;
	struct err err;
};

static bool
usable(const struct pgp_key *key, int64_t now)
{
	return key != NULL && !key->revoked && !key->expired && !key->disabled && !key->invalid &&
		key->can_encrypt && (key->expires_at == 0 || key->expires_at > now);
}

static const struct pgp_key *
newer(const struct pgp_key *best, const struct pgp_key *key, int64_t now)
{
	if (!usable(key, now))
		return best;
	return best == NULL || key->created_at > best->created_at ? key : best;
}

const struct pgp_key *
keys_usable(const struct engine *engine, size_t desk, const char *const *fprs, size_t count)
{
	const struct pgp_keys *keys = &engine->desks[desk].keys.keys;
	const struct pgp_key *best = NULL;

	for (size_t i = 0; i < count; i++)
		best = newer(best, pgp_find(keys, fprs[i]), engine_now(engine));
	return best;
}

const struct pgp_key *
keys_of_coordinator(const struct engine *engine, size_t desk, size_t coordinator)
{
	const struct pgp_keys *keys = &engine->desks[desk].keys.keys;
	const struct string_list *pinned = &engine->conf->policy.coordinators[coordinator].keys;
	const struct pgp_key *best = keys_usable(engine, desk, pinned->at, pinned->count);

	for (size_t i = 0; i < keys->count; i++) {
		if (keys->keys[i].by_root && keys->keys[i].root_coordinator == coordinator)
			best = newer(best, &keys->keys[i], engine_now(engine));
	}
	return best;
}

const struct pgp_key *
keys_of_address(const struct engine *engine, size_t desk, const char *address)
{
	const struct pgp_keys *keys = &engine->desks[desk].keys.keys;
	struct arena *scratch = arena_new(ARENA_PLAIN, KEYS_ADDRESS_ARENA);
	const struct pgp_key *best = NULL;

	for (size_t i = 0; i < keys->count; i++) {
		const char *user_id = keys->keys[i].user_id;
		struct address named;

		if (user_id != NULL &&
			address_parse(scratch, user_id, strlen(user_id), &named, 1) == 1 &&
			address_equal(named.addr, address))
			best = newer(best, &keys->keys[i], engine_now(engine));
	}
	arena_free(&scratch);
	return best;
}

static bool
said_key(struct keys_wait *wait, struct frame *frame)
{
	if (wait->keys.keys == NULL)
		wait->keys.keys = arena_calloc(wait->arena, PGP_KEYS_MAX, sizeof(*wait->keys.keys));
	if (wait->keys.count == PGP_KEYS_MAX ||
		!frames_get_key(frame, wait->arena, &wait->keys.keys[wait->keys.count]))
		return false;
	wait->keys.count++;
	return frame_end(frame);
}

static bool
said_imported(struct keys_wait *wait, struct frame *frame)
{
	if (!frames_get_outcome(frame, &wait->outcome, &wait->err))
		return false;
	wait->fpr_count = frame_get_below(frame, PGP_KEYS_MAX + 1);
	wait->fprs = arena_calloc(wait->arena, wait->fpr_count + 1, sizeof(*wait->fprs));
	for (size_t i = 0; i < wait->fpr_count; i++) {
		wait->fprs[i] = frame_get_string(frame, wait->arena, PGP_FPR);
		if (wait->fprs[i] == NULL)
			return false;
	}
	wait->done = true;
	return frame_end(frame);
}

static bool
said_exported(struct keys_wait *wait, struct frame *frame)
{
	struct io_map map = { 0 };
	int fd = -1;

	if (!frames_get_outcome(frame, &wait->outcome, &wait->err))
		return false;
	if (wait->outcome == DONE)
		fd = frame_get_fd(frame);
	if (!frame_end(frame)) {
		io_close(&fd);
		return false;
	}
	if (fd >= 0 && io_memfd_sealed(fd) && io_map(fd, KEYS_ARENA / 8, &map, &wait->err) == DONE) {
		wait->bytes = arena_strndup(wait->arena, (const char *)map.data, map.len);
		wait->len = map.len;
	}
	io_unmap(&map);
	io_close(&fd);
	wait->done = true;
	return true;
}

bool
keys_frame(struct engine *engine, struct house_room *room, struct frame *frame)
{
	struct keys_wait *wait = engine->keys_wait;

	if (wait == NULL || wait->keyring != room) {
		frame_drop(frame);
		return false;
	}
	switch (frame->type) {
	case FRAME_KEY:
		return said_key(wait, frame);
	case FRAME_KEYS_END:
		wait->done = true;
		return frames_get_outcome(frame, &wait->outcome, &wait->err) && frame_end(frame);
	case FRAME_IMPORTED:
		return said_imported(wait, frame);
	default:
		return said_exported(wait, frame);
	}
}

/* Sends what engine->frame holds to a keyring of the desk and turns the loop until it has answered. */
static enum outcome
ask(struct engine *engine, struct keys_wait *wait, struct err *err_r)
{
	int64_t until = clock_mono_ms() + KEYS_MS;

	/* It may have ended with its last answer. */
	if (wait->keyring == NULL)
		return err_set(err_r, LATER, "the keyring has ended");
	wait->done = false;
	engine->keys_wait = wait;
	house_send(engine->house, wait->keyring, &engine->frame);
	while (!wait->done && wait->keyring != NULL && clock_mono_ms() < until)
		engine_turn(engine, (int)(until - clock_mono_ms()), -1);
	engine->keys_wait = NULL;
	if (!wait->done)
		return err_set(err_r, LATER, "the keyring does not answer");
	if (wait->outcome != DONE)
		return err_set(err_r, wait->outcome, "%s", wait->err.text);
	return DONE;
}

static void
begin(struct engine *engine, size_t desk, struct keys_wait *wait)
{
	*wait = (struct keys_wait){ .arena = arena_new(ARENA_PLAIN, KEYS_ARENA) };
	wait->keyring = house_spawn(engine->house, ROOM_KEYRING, desk);
	/* Not for messages while it is asked: its answers are waited for here. */
	if (wait->keyring != NULL)
		house_set_job(wait->keyring, UINT32_MAX);
}

static void
end(struct engine *engine, struct keys_wait *wait)
{
	if (wait->keyring != NULL)
		house_dismiss(engine->house, wait->keyring);
	wait->keyring = NULL;
}

static enum outcome
export(struct engine *engine, struct keys_wait *wait, const char *fpr, bool armour, struct err *err_r)
{
	frame_start(&engine->frame, FRAME_EXPORT);
	frame_put_string(&engine->frame, fpr);
	frame_put_bool(&engine->frame, armour);
	return ask(engine, wait, err_r);
}

/* The field folds its value itself: the line ends of base64 fall away. */
static char *
base64(struct arena *arena, const void *bytes, size_t len)
{
	struct text lines, plain;

	text_init(&lines, arena, 2 * AUTOCRYPT_MAX);
	text_init(&plain, arena, 2 * AUTOCRYPT_MAX);
	compose_base64(&lines, bytes, len);
	for (size_t i = 0; i < lines.len; i++) {
		if (lines.data[i] != '\r' && lines.data[i] != '\n')
			text_add_char(&plain, lines.data[i]);
	}
	return plain.data;
}

static enum outcome
export_own(struct engine *engine, size_t desk, struct keys_wait *wait, struct flow_keys *keys,
	struct err *err_r)
{
	const struct policy_desk *policy = engine_policy(engine, desk);
	enum outcome outcome = export(engine, wait, policy->key, true, err_r);

	if (outcome != DONE)
		return outcome;
	keys->own_armour = wait->bytes;
	keys->own_armour_len = wait->len;
	outcome = export(engine, wait, policy->key, false, err_r);
	if (outcome == DONE && wait->len <= AUTOCRYPT_MAX)
		keys->autocrypt = arena_printf(wait->arena, "addr=%s; keydata=%s", policy->address,
			base64(wait->arena, wait->bytes, wait->len));
	return outcome;
}

enum outcome
keys_list(struct engine *engine, size_t desk, struct err *err_r)
{
	struct flow_keys *keys = &engine->desks[desk].keys;
	struct flow_keys fresh = { .arena = NULL };
	struct keys_wait wait;
	enum outcome outcome;

	begin(engine, desk, &wait);
	if (wait.keyring == NULL) {
		arena_free(&wait.arena);
		return err_set(err_r, LATER, "no keyring can be started");
	}
	frame_start(&engine->frame, FRAME_KEYS);
	outcome = ask(engine, &wait, err_r);
	if (outcome == DONE) {
		fresh = (struct flow_keys){ .arena = wait.arena, .keys = wait.keys };
		if (pgp_find(&wait.keys, engine_policy(engine, desk)->key) != NULL)
			outcome = export_own(engine, desk, &wait, &fresh, err_r);
	}
	end(engine, &wait);
	if (outcome != DONE) {
		arena_free(&wait.arena);
		return outcome;
	}
	/* Letters are made while the keyring is asked: with the old list, until the new one is whole. */
	arena_free(&keys->arena);
	*keys = fresh;
	return DONE;
}

enum outcome
engine_import(struct engine *engine, size_t desk, int fd, struct arena *arena, const char ***fprs_r,
	size_t *count_r, struct err *err_r)
{
	struct keys_wait wait;
	enum outcome outcome;

	begin(engine, desk, &wait);
	if (wait.keyring == NULL) {
		arena_free(&wait.arena);
		return err_set(err_r, LATER, "no keyring can be started");
	}
	frame_start(&engine->frame, FRAME_IMPORT);
	frame_put_fd(&engine->frame, fd);
	outcome = ask(engine, &wait, err_r);
	end(engine, &wait);
	if (outcome == DONE) {
		*fprs_r = arena_calloc(arena, wait.fpr_count + 1, sizeof(**fprs_r));
		for (size_t i = 0; i < wait.fpr_count; i++)
			(*fprs_r)[i] = arena_strdup(arena, wait.fprs[i]);
		*count_r = wait.fpr_count;
	}
	arena_free(&wait.arena);
	return outcome;
}

void
keys_room_end(struct engine *engine, struct house_room *room)
{
	if (engine->keys_wait != NULL && engine->keys_wait->keyring == room)
		engine->keys_wait->keyring = NULL;
}

const struct pgp_keys *
engine_keys(const struct engine *engine, size_t desk)
{
	return &engine->desks[desk].keys.keys;
}

const char *
engine_key_of_staff(const struct engine *engine, size_t desk, size_t staff)
{
	const struct policy_staff *person = &engine->conf->policy.staff[staff];
	const struct pgp_key *key =
		person->key[0] != '\0' ? keys_usable(engine, desk, &person->key, 1) : NULL;

	return key != NULL ? key->fpr : NULL;
}

const char *
engine_key_of_coordinator(const struct engine *engine, size_t desk, size_t coordinator)
{
	const struct pgp_key *key = keys_of_coordinator(engine, desk, coordinator);

	return key != NULL ? key->fpr : NULL;
}
