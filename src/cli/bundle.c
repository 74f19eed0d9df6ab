/*
 * The bundle's members: VAULT_BUNDLE/README first, by which the vault knows it,
 * then what is restored. A person without this program needs gpg and tar alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bundle.h"

#include "base/arena.h"
#include "base/tar.h"
#include "base/text.h"
#include "room/vault.h"

#include <stdint.h>
#include <string.h>

#define NAMES_MAX (64 * 1024)

static const char readme[] =
	"The keys of a madoguchi. `madoguchi restore STORE --keys THIS` puts everything in place.\n"
	"By hand: gpg -d THIS | tar x; then, with the same passphrase, for each keyring-N.asc:\n"
	"gpg -d keyring-N.asc | gpg --homedir HOME --import, HOME being what keyring-N.home says.\n"
	"conf names the conf file; files/ holds it and what it names, by absolute path.\n";

struct packing {
	struct arena *arena;
	struct text tar;
	bool too_long;
};

static void
add(struct packing *packing, const char *name, unsigned mode, const void *bytes, size_t len)
{
	const char *whole = arena_printf(packing->arena, VAULT_BUNDLE "/%s", name);

	if (!tar_add(&packing->tar, whole, mode, bytes, len))
		packing->too_long = true;
}

static void
add_text(struct packing *packing, const char *name, const char *text)
{
	add(packing, name, 0600, text, strlen(text));
}

static void
add_keyring(struct packing *packing, size_t at, const struct bundle_keyring *keyring)
{
	struct arena *arena = packing->arena;

	add_text(packing, arena_printf(arena, "keyring-%zu.home", at), keyring->home);
	add_text(packing, arena_printf(arena, "keyring-%zu.desks", at), keyring->desks);
	add(packing, arena_printf(arena, "keyring-%zu.asc", at), 0600, keyring->locked,
		keyring->len);
}

static void
add_pair(struct packing *packing, const struct bundle_pair *pair)
{
	struct arena *arena = packing->arena;
	char hex[2 * sizeof(pair->public_half) + 1];

	text_hex(hex, pair->public_half, sizeof(pair->public_half));
	add_text(packing, arena_printf(arena, "pair-%s.public", pair->desk), hex);
	add(packing, arena_printf(arena, "pair-%s.asc", pair->desk), 0600, pair->sealed, pair->len);
}

enum outcome
bundle_write(struct arena *arena, const struct bundle *bundle, char **bytes_r, size_t *len_r,
	struct err *err_r)
{
	struct packing packing = { .arena = arena };

	text_init(&packing.tar, arena, VAULT_BYTES_MAX);
	add_text(&packing, "README", readme);
	add_text(&packing, "conf", bundle->conf_file);
	for (size_t i = 0; i < bundle->keyring_count; i++)
		add_keyring(&packing, i, &bundle->keyrings[i]);
	for (size_t i = 0; i < bundle->pair_count; i++)
		add_pair(&packing, &bundle->pairs[i]);
	for (size_t i = 0; i < bundle->file_count; i++)
		add(&packing, arena_printf(arena, "files%s", bundle->files[i].path),
			bundle->files[i].mode, bundle->files[i].bytes, bundle->files[i].len);
	tar_end(&packing.tar);
	if (packing.too_long)
		return err_set(err_r, NEVER, "the path of a file is too long for a backup");
	if (packing.tar.full)
		return err_set(err_r, NEVER, "keys and conf together are larger than %zu bytes",
			VAULT_BYTES_MAX);
	*bytes_r = packing.tar.data;
	*len_r = packing.tar.len;
	return DONE;
}

struct unpacking {
	struct arena *arena;
	struct bundle *bundle;
};

/* "keyring-3.home" -> 3, "home" */
static bool
numbered(const char *name, struct bundle *bundle, struct bundle_keyring **keyring_r,
	const char **what_r)
{
	const char *dot = strchr(name, '.');
	int64_t at;
	char digits[4] = "";

	if (dot == NULL || dot - name >= (ptrdiff_t)sizeof(digits))
		return false;
	memcpy(digits, name, (size_t)(dot - name));
	if (!text_number(digits, 0, BUNDLE_KEYRINGS - 1, &at))
		return false;
	*keyring_r = &bundle->keyrings[at];
	if ((size_t)at >= bundle->keyring_count)
		bundle->keyring_count = (size_t)at + 1;
	*what_r = dot + 1;
	return true;
}

static bool
take_keyring(struct unpacking *unpacking, const char *name, const char *bytes, size_t len)
{
	struct bundle_keyring *keyring;
	const char *what;

	if (!numbered(name, unpacking->bundle, &keyring, &what))
		return false;
	if (text_equal(what, "home"))
		keyring->home = bytes;
	else if (text_equal(what, "desks"))
		keyring->desks = bytes;
	else if (text_equal(what, "asc")) {
		keyring->locked = bytes;
		keyring->len = len;
	}
	return true;
}

/* "pair-www.public" comes before "pair-www.asc". */
static bool
take_pair(struct unpacking *unpacking, const char *name, const char *bytes, size_t len)
{
	struct bundle *bundle = unpacking->bundle;
	struct bundle_pair *pair = &bundle->pairs[bundle->pair_count];
	const char *dot = strrchr(name, '.');

	if (dot == NULL || bundle->pair_count == BUNDLE_KEYRINGS)
		return false;
	if (text_equal(dot, ".public")) {
		pair->desk = arena_strndup(unpacking->arena, name, (size_t)(dot - name));
		return text_unhex(pair->public_half, bytes, sizeof(pair->public_half));
	}
	pair->sealed = bytes;
	pair->len = len;
	bundle->pair_count++;
	return pair->desk != NULL &&
		text_equal(pair->desk, arena_strndup(unpacking->arena, name, (size_t)(dot - name)));
}

static bool
take_file(struct unpacking *unpacking, const char *path, unsigned mode, const char *bytes,
	size_t len)
{
	struct bundle *bundle = unpacking->bundle;

	if (path[0] != '/' || strstr(path, "/../") != NULL ||
		bundle->file_count == BUNDLE_FILES)
		return false;
	bundle->files[bundle->file_count++] = (struct bundle_file){
		arena_strdup(unpacking->arena, path), mode & 0770U, bytes, len
	};
	return true;
}

static bool
take(struct unpacking *unpacking, const struct tar_member *member)
{
	static const char start[] = VAULT_BUNDLE "/";
	const char *name = member->name + sizeof(start) - 1;
	const char *bytes = arena_strndup(unpacking->arena, member->bytes, member->len);

	if (!text_starts(member->name, start))
		return false;
	if (text_starts(name, "keyring-"))
		return take_keyring(unpacking, name + strlen("keyring-"), bytes, member->len);
	if (text_starts(name, "pair-"))
		return take_pair(unpacking, name + strlen("pair-"), bytes, member->len);
	if (text_starts(name, "files/"))
		return take_file(unpacking, name + strlen("files"), member->mode, bytes,
			member->len);
	if (text_equal(name, "conf"))
		unpacking->bundle->conf_file = bytes;
	return true;
}

static bool
is_whole(const struct bundle *bundle)
{
	for (size_t i = 0; i < bundle->keyring_count; i++) {
		const struct bundle_keyring *keyring = &bundle->keyrings[i];

		if (keyring->home == NULL || keyring->desks == NULL || keyring->locked == NULL)
			return false;
	}
	return bundle->conf_file != NULL && bundle->keyring_count > 0;
}

enum outcome
bundle_read(struct arena *arena, const char *bytes, size_t len, struct bundle *bundle_r,
	struct err *err_r)
{
	struct unpacking unpacking = { arena, bundle_r };
	struct tar_member member;
	size_t at = 0;
	bool right = true;

	memset(bundle_r, 0, sizeof(*bundle_r));
	while (right && tar_next(bytes, len, &at, &member))
		right = take(&unpacking, &member);
	if (!right || at == SIZE_MAX || !is_whole(bundle_r))
		return err_set(err_r, NEVER, "the backup of the keys is not whole");
	return DONE;
}
