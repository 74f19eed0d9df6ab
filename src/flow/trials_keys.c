/*
 * A desk's keys on trial: the keyring tells its list, the sealer signs a word
 * and seals it to the desk, the keyring opens it; then the keyring opens what
 * was sealed to the desk's pair. The word is made up here, and known.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/trials_private.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "room/frames.h"

#include <string.h>

static const char word[] = "madoguchi: a trial of the desk's key\n";

enum keys_job { JOB_SEAL = 1, JOB_OPEN, JOB_BOX };

void
trials_keys_begin(struct trials *trials, struct trying *trying)
{
	struct err err;

	trying->keyring = house_spawn(trials->house, ROOM_KEYRING, trying->desk);
	if (trying->keyring == NULL) {
		trials_tell(&trying->result->keys,
			err_set(&err, LATER, "no keyring can be started"), &err);
		return;
	}
	house_watch(trying->keyring, TRIALS_MS);
	frame_start(&trials->frame, FRAME_KEYS);
	house_send(trials->house, trying->keyring, &trials->frame);
}

/* The pair: a word sealed to its public half goes to the keyring with its sealed secret one. */
static void
try_box(struct trials *trials, struct trying *trying)
{
	const struct trials_pair *pair = trying->pair;
	unsigned char boxed[sizeof(word) + BOX_OVERHEAD];
	int fd;

	trials_dismiss(trials, &trying->sealer);
	if (pair->sealed == NULL || trying->keyring == NULL) {
		trials_dismiss(trials, &trying->keyring);
		return;
	}
	box_seal(&pair->public_half, word, sizeof(word), boxed);
	fd = io_memfd(boxed, sizeof(boxed));
	frame_start(&trials->frame, FRAME_UNBOX);
	frame_put_u32(&trials->frame, JOB_BOX);
	frame_put_bytes(&trials->frame, pair->sealed, pair->sealed_len);
	frame_put_fd(&trials->frame, fd);
	house_send(trials->house, trying->keyring, &trials->frame);
	io_close(&fd);
}

static const char *
own_key(const struct trials *trials, const struct trying *trying)
{
	return trials->conf->policy.desks[trying->desk].key;
}

static void
try_seal(struct trials *trials, struct trying *trying)
{
	struct frames_seal seal = { .job = JOB_SEAL, .mode = PGP_SIGN_SEAL, .recipient_count = 1,
		.link_fd = -1 };
	struct err err;

	trying->sealer = house_spawn(trials->house, ROOM_SEALER, trying->desk);
	if (trying->sealer == NULL) {
		trials_tell(&trying->result->seal,
			err_set(&err, LATER, "no sealer can be started"), &err);
		try_box(trials, trying);
		return;
	}
	house_watch(trying->sealer, TRIALS_MS);
	seal.recipients[0] = own_key(trials, trying);
	seal.entity_fd = io_memfd(word, sizeof(word));
	frame_start(&trials->frame, FRAME_SEAL);
	frames_put_seal(&trials->frame, &seal);
	house_send(trials->house, trying->sealer, &trials->frame);
	io_close(&seal.entity_fd);
}

/* Over a link, as a reader asks: the keyring then tells who signed. */
static void
try_open(struct trials *trials, struct trying *trying, int armour_fd)
{
	int pair[2];
	struct err err;

	if (trying->keyring == NULL || house_link(pair) < 0) {
		trials_tell(&trying->result->open, err_set(&err, LATER, "no keyring to ask"), &err);
		try_box(trials, trying);
		return;
	}
	frame_start(&trials->frame, FRAME_ASK);
	frame_put_u32(&trials->frame, JOB_OPEN);
	frame_put_u32(&trials->frame, 1);
	frame_put_i64(&trials->frame, 0);
	frame_put_fd(&trials->frame, pair[0]);
	house_send(trials->house, trying->keyring, &trials->frame);
	frame_start(&trials->frame, FRAME_OPEN);
	frame_put_u32(&trials->frame, OPERATION_DECRYPT);
	frame_put_string(&trials->frame, NULL);
	frame_put_fd(&trials->frame, armour_fd);
	(void)frame_send(pair[1], &trials->frame);
	io_close(&pair[0]);
	io_close(&pair[1]);
}

static bool
said_key(struct trials *trials, struct pgp_keys *ring, struct frame *frame)
{
	if (ring->keys == NULL)
		ring->keys = arena_calloc(trials->arena, PGP_KEYS_MAX, sizeof(*ring->keys));
	if (ring->count == PGP_KEYS_MAX ||
		!frames_get_key(frame, trials->arena, &ring->keys[ring->count]))
		return false;
	ring->count++;
	return frame_end(frame);
}

/* Without the secret half there is nothing to try: that is told of the keyring. */
static bool
said_keys_end(struct trials *trials, struct trying *trying, struct frame *frame)
{
	const struct pgp_key *own;
	enum outcome outcome;
	struct err err;

	if (!frames_get_outcome(frame, &outcome, &err) || !frame_end(frame))
		return false;
	trials_tell(&trying->result->keys, outcome, &err);
	own = pgp_find(&trying->result->ring, own_key(trials, trying));
	if (outcome == DONE && own != NULL && own->secret)
		try_seal(trials, trying);
	else
		trials_dismiss(trials, &trying->keyring);
	return true;
}

static bool
signed_by_own(const struct trials *trials, const struct trying *trying,
	const struct facts_opened *opened)
{
	return opened->signature_count == 1 &&
		opened->signatures[0].status == SIGNATURE_GOOD &&
		text_equal(opened->signatures[0].key, own_key(trials, trying));
}

static bool
said_opened(struct trials *trials, struct trying *trying, struct frame *frame)
{
	struct trials_desk *result = trying->result;
	uint32_t job = frame_get_u32(frame);
	struct facts_opened opened;
	struct err err = { "" };
	enum outcome outcome = DONE;

	(void)frame_get_u32(frame);
	if (!frames_get_opened(frame, &opened) || !frame_end(frame))
		return false;
	if (opened.status != OPEN_OK)
		outcome = err_set(&err, opened.status == OPEN_LATER ? LATER : NEVER, "%s",
			opened.status == OPEN_NO_SECRET_KEY ? "no secret key here opens it"
							    : "it could not be opened");
	else if (job == JOB_OPEN && !signed_by_own(trials, trying, &opened))
		outcome = err_set(&err, NEVER, "its signature is not good");
	if (job == JOB_OPEN && !result->open.tried) {
		trials_tell(&result->open, outcome, &err);
		try_box(trials, trying);
		return true;
	}
	if (job != JOB_BOX)
		return false;
	trials_tell(&result->box, outcome, &err);
	trials_dismiss(trials, &trying->keyring);
	return true;
}

bool
trials_keyring_said(struct trials *trials, struct trying *trying, struct frame *frame)
{
	switch (frame->type) {
	case FRAME_KEY:
		return said_key(trials, &trying->result->ring, frame);
	case FRAME_KEYS_END:
		return said_keys_end(trials, trying, frame);
	case FRAME_OPENED:
		return said_opened(trials, trying, frame);
	default:
		frame_drop(frame);
		return false;
	}
}

bool
trials_sealer_said(struct trials *trials, struct trying *trying, struct frame *frame)
{
	uint32_t job = frame_get_u32(frame);
	enum outcome outcome;
	struct err err;
	int fd = -1;

	if (frame->type != FRAME_SEALED || job != JOB_SEAL || trying->result->seal.tried ||
		!frames_get_outcome(frame, &outcome, &err)) {
		frame_drop(frame);
		return false;
	}
	(void)frame_get_string(frame, trials->arena, FACTS_STRING_MAX);
	(void)frame_get_string(frame, trials->arena, FACTS_STRING_MAX);
	if (outcome == DONE)
		fd = frame_get_fd(frame);
	if (!frame_end(frame)) {
		io_close(&fd);
		return false;
	}
	trials_tell(&trying->result->seal, outcome, &err);
	if (outcome == DONE)
		try_open(trials, trying, fd);
	else
		try_box(trials, trying);
	io_close(&fd);
	return true;
}

void
trials_keys_gone(struct trying *trying, const char *room)
{
	struct trials_desk *result = trying->result;
	struct trials_result *waits = &result->keys;
	struct err err;

	if (result->keys.tried)
		waits = !result->seal.tried ? &result->seal
					    : !result->open.tried ? &result->open : &result->box;
	if (!waits->tried)
		trials_tell(waits, err_set(&err, LATER, "the %s did not answer", room), &err);
}
