/*
 * ustar as POSIX has it: a block of 512 bytes about each file, then its bytes in
 * whole blocks. Numbers are octal digits.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tar.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 512
#define SIZE_DIGITS 11

/* Where the fields of a header block stand. */
enum {
	AT_NAME = 0, AT_MODE = 100, AT_UID = 108, AT_GID = 116, AT_SIZE = 124, AT_MTIME = 136,
	AT_SUM = 148, AT_TYPE = 156, AT_MAGIC = 257, AT_PREFIX = 345
};
#define NAME_BYTES 100
#define PREFIX_BYTES 155

static const char empty[BLOCK];

/* The sum of the block's bytes, its own field taken as blanks. */
static unsigned
sum_of(const char *block)
{
	unsigned sum = 0;

	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= AT_SUM && i < AT_TYPE ? ' ' : (unsigned char)block[i];
	return sum;
}

/* A long name is cut at a slash into prefix and name. */
static bool
put_name(char *block, const char *name)
{
	size_t len = strlen(name);
	const char *cut;

	if (len == 0)
		return false;
	if (len <= NAME_BYTES) {
		memcpy(block + AT_NAME, name, len);
		return true;
	}
	cut = strchr(name + len - NAME_BYTES - 1, '/');
	if (cut == NULL || cut[1] == '\0' || cut == name || cut - name > PREFIX_BYTES)
		return false;
	memcpy(block + AT_PREFIX, name, (size_t)(cut - name));
	memcpy(block + AT_NAME, cut + 1, strlen(cut + 1));
	return true;
}

static void
put_octal(char *field, int digits, size_t value)
{
	char octal[32];

	(void)snprintf(octal, sizeof(octal), "%0*zo", digits, value);
	memcpy(field, octal, (size_t)digits);
}

bool
tar_add(struct text *tar, const char *name, unsigned mode, const void *bytes, size_t len)
{
	char block[BLOCK] = "";

	if (len >> (3 * SIZE_DIGITS) != 0 || !put_name(block, name))
		return false;
	put_octal(block + AT_MODE, 7, mode & 07777U);
	put_octal(block + AT_UID, 7, 0);
	put_octal(block + AT_GID, 7, 0);
	put_octal(block + AT_SIZE, SIZE_DIGITS, len);
	put_octal(block + AT_MTIME, SIZE_DIGITS, 0);
	block[AT_TYPE] = '0';
	memcpy(block + AT_MAGIC, "ustar\00000", 8);
	put_octal(block + AT_SUM, 6, sum_of(block));
	block[AT_SUM + 7] = ' ';
	text_add_bytes(tar, block, BLOCK);
	text_add_bytes(tar, bytes, len);
	text_add_bytes(tar, empty, (BLOCK - len % BLOCK) % BLOCK);
	return true;
}

void
tar_end(struct text *tar)
{
	text_add_bytes(tar, empty, BLOCK);
	text_add_bytes(tar, empty, BLOCK);
}

static bool
get_octal(const char *field, size_t digits, size_t *value_r)
{
	size_t value = 0, i = 0;

	for (; i < digits && field[i] >= '0' && field[i] <= '7'; i++)
		value = value << 3 | (size_t)(field[i] - '0');
	*value_r = value;
	return i > 0 && (i == digits || field[i] == '\0' || field[i] == ' ');
}

static void
get_name(const char *block, struct tar_member *member)
{
	int prefix = (int)strnlen(block + AT_PREFIX, PREFIX_BYTES);
	int name = (int)strnlen(block + AT_NAME, NAME_BYTES);

	(void)snprintf(member->name, sizeof(member->name), "%.*s%s%.*s", prefix,
		block + AT_PREFIX, prefix > 0 ? "/" : "", name, block + AT_NAME);
}

/* One header and what follows it; false when it is not right. */
static bool
get_member(const char *tar, size_t len, size_t *at, struct tar_member *member_r)
{
	const char *block = tar + *at;
	size_t sum, mode, size, blocks;

	if (memcmp(block + AT_MAGIC, "ustar", 6) != 0 || !get_octal(block + AT_SUM, 7, &sum) ||
		sum != sum_of(block) || !get_octal(block + AT_MODE, 7, &mode) ||
		!get_octal(block + AT_SIZE, SIZE_DIGITS, &size))
		return false;
	blocks = (size + BLOCK - 1) / BLOCK;
	if (blocks > (len - *at) / BLOCK - 1)
		return false;
	get_name(block, member_r);
	member_r->mode = (unsigned)mode & 07777U;
	member_r->bytes = block + BLOCK;
	member_r->len = size;
	*at += (1 + blocks) * BLOCK;
	return true;
}

bool
tar_next(const char *tar, size_t len, size_t *at, struct tar_member *member_r)
{
	while (*at <= len && len - *at >= BLOCK) {
		const char *block = tar + *at;

		if (memcmp(block, empty, BLOCK) == 0)
			return false;
		if (!get_member(tar, len, at, member_r))
			break;
		if (block[AT_TYPE] == '0')
			return true;
	}
	*at = SIZE_MAX;
	return false;
}
