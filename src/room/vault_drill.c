/*
 * The vault over the drill's keyring: seals the notification that the desk sends
 * itself, and looks whether the answer is one. Of what it opens it tells whether,
 * and never what.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/vault_private.h"

#include "base/io.h"
#include "base/text.h"
#include "room/room.h"
#include "room/serve.h"

#include <string.h>
#include <unistd.h>

void
vault_serve_export(struct inside *inside)
{
	const char *fpr = frame_get_string(&inside->frame, inside->arena, PGP_FPR - 1);
	struct err err = { "" };
	enum outcome outcome;
	char *armour = NULL;
	size_t len = 0;

	serve_checked(&inside->frame);
	if (fpr == NULL)
		_exit(ROOM_EXIT_FRAME);
	outcome = vault_ready(inside, &err);
	if (outcome == DONE)
		outcome = pgp_export(inside->pgp, inside->arena, fpr, true, &armour, &len, &err);
	vault_did_bytes(inside, outcome, &err, armour, len);
}

void
vault_serve_seal(struct inside *inside)
{
	const char *signer = frame_get_string(&inside->frame, inside->arena, PGP_FPR - 1);
	const char *recipient = frame_get_string(&inside->frame, inside->arena, PGP_FPR - 1), *bad;
	struct io_map map = vault_get_bytes(inside);
	struct err err = { "" };
	enum outcome outcome;
	char *armour = NULL;
	size_t len = 0;

	if (signer == NULL || recipient == NULL)
		_exit(ROOM_EXIT_FRAME);
	outcome = vault_ready(inside, &err);
	if (outcome == DONE)
		outcome = pgp_seal(inside->pgp, inside->arena, PGP_SIGN_SEAL, signer, &recipient, 1,
			map.data, map.len, &armour, &len, NULL, &bad, &err);
	io_unmap(&map);
	vault_did_bytes(inside, outcome, &err, armour, len);
}

/* The armour in a mail of ours: it stands there in lines of its own, not encoded again. */
static const char *
armour_in(struct inside *inside, const struct io_map *map, size_t *len_r)
{
	static const char begin[] = "-----BEGIN PGP MESSAGE-----", end[] = "-----END PGP MESSAGE-----";
	const char *text = arena_strndup(inside->arena, (const char *)map->data, map->len);
	const char *from = strstr(text, begin);
	const char *to = from != NULL ? strstr(from, end) : NULL;

	if (to == NULL)
		return NULL;
	*len_r = (size_t)(to - from) + sizeof(end) - 1;
	return from;
}

static enum outcome
check_opened(struct inside *inside, const struct facts_opened *opened, int fd, const char *signer,
	const char *word, struct err *err_r)
{
	struct io_map map = { 0 };
	const char *plain = "";

	if (opened->status != OPEN_OK || !opened->encrypted)
		return err_wrap(err_r, opened->status == OPEN_LATER ? LATER : NEVER,
			"it does not open with the key that it was sealed to");
	if (opened->signature_count != 1 || opened->signatures[0].status != SIGNATURE_GOOD ||
		!text_equal(opened->signatures[0].key, signer))
		return err_set(err_r, NEVER, "it is not signed by the key %s", signer);
	if (io_map(fd, VAULT_BYTES_MAX, &map, err_r) != DONE)
		return LATER;
	plain = arena_strndup(inside->arena, (const char *)map.data, map.len);
	io_unmap(&map);
	return strstr(plain, word) != NULL
		? DONE
		: err_set(err_r, NEVER, "%s does not stand in it", word);
}

/* Whether, and never what: the answer to a drill is looked at by a keyring that only the drill has. */
void
vault_serve_check(struct inside *inside)
{
	const char *signer = frame_get_string(&inside->frame, inside->arena, PGP_FPR - 1);
	const char *word = frame_get_string(&inside->frame, inside->arena, ERR_TEXT_MAX);
	struct io_map map = vault_get_bytes(inside);
	struct facts_opened opened;
	struct err err = { "" };
	enum outcome outcome;
	struct pgp_keys keys;
	const char *armour;
	size_t len = 0;
	int fd = -1;

	if (signer == NULL || word == NULL)
		_exit(ROOM_EXIT_FRAME);
	armour = armour_in(inside, &map, &len);
	io_unmap(&map);
	outcome = vault_ready(inside, &err);
	if (outcome == DONE && armour == NULL)
		outcome = err_set(&err, NEVER, "it is not sealed");
	if (outcome == DONE)
		outcome = pgp_list(inside->pgp, inside->arena, &keys, &err);
	if (outcome == DONE) {
		pgp_decrypt(inside->pgp, &keys, armour, len, VAULT_BYTES_MAX, &fd, &opened, &err);
		outcome = check_opened(inside, &opened, fd, signer, word, &err);
	}
	io_close(&fd);
	vault_did(inside, outcome, &err, NULL, -1);
}
