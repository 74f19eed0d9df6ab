/*
 * Tells an archive that is locked with a password, whatever its name and type
 * say: details were sent that way for years, the password in a second mail.
 * Reads the archive's directory and unpacks nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include <string.h>

#define HEAD_BYTES 8
#define ZIP_LOCAL 30		/* bytes of a local file header (APPNOTE 4.3.7) */
#define ZIP_CENTRAL 46		/* of an entry of the central directory (4.3.12) */
#define ZIP_END 22		/* of the end of that directory (4.3.16), its comment apart */
#define ZIP_COMMENT_MAX 65535
#define ZIP_FILES_MAX 10000	/* entries that are looked at */
#define ZIP_LOCKED 1		/* bit 0 of the general purpose flag */
#define ZIP_METHOD_MAX 99	/* the one that AES hides the true one behind (APPNOTE, APPENDIX E) */

static unsigned
get_16(const unsigned char *at)
{
	return at[0] | (unsigned)at[1] << 8;
}

static size_t
get_32(const unsigned char *at)
{
	return get_16(at) | (size_t)get_16(at + 2) << 16;
}

/* Where the central directory ends, NULL if there is none: it may stand behind a program that unpacks it. */
static const unsigned char *
zip_end(const unsigned char *bytes, size_t len)
{
	size_t least = len > ZIP_END + ZIP_COMMENT_MAX ? len - ZIP_END - ZIP_COMMENT_MAX : 0;

	if (len < ZIP_END)
		return NULL;
	for (size_t at = len - ZIP_END + 1; at-- > least;)
		if (memcmp(bytes + at, "PK\5\6", 4) == 0)
			return bytes + at;
	return NULL;
}

/* Of a cut one the first file still says so; if it is one: its version is 1.0 to 6.3, its method known. */
static bool
first_locked(const unsigned char *bytes, size_t len)
{
	unsigned version, method;

	if (len < ZIP_LOCAL || memcmp(bytes, "PK\3\4", 4) != 0)
		return false;
	version = get_16(bytes + 4);
	method = get_16(bytes + 8);
	return version >= 10 && version <= 63 && method <= ZIP_METHOD_MAX &&
		(get_16(bytes + 6) & ZIP_LOCKED) != 0;
}

static bool
zip_locked(const unsigned char *bytes, size_t len)
{
	const unsigned char *end = zip_end(bytes, len), *at;
	size_t size, files = 0;

	if (first_locked(bytes, len))
		return true;
	if (end == NULL)
		return false;
	size = get_32(end + 12);
	if (size > (size_t)(end - bytes))
		return false;
	for (at = end - size; (size_t)(end - at) >= ZIP_CENTRAL && files < ZIP_FILES_MAX; files++) {
		size_t entry = ZIP_CENTRAL + get_16(at + 28) + get_16(at + 30) + get_16(at + 32);

		if (memcmp(at, "PK\1\2", 4) != 0 || entry > (size_t)(end - at))
			return false;
		if ((get_16(at + 8) & ZIP_LOCKED) != 0)
			return true;
		at += entry;
	}
	return false;
}

/* Whether these pack so that nobody can tell from outside if a password is wanted. */
static bool
is_closed_kind(const unsigned char *head, size_t len)
{
	return (len >= 6 && memcmp(head, "7z\xbc\xaf\x27\x1c", 6) == 0) ||
		(len >= 6 && memcmp(head, "Rar!\x1a\x07", 6) == 0);
}

static bool
is_locked(struct arena *arena, struct mime_part *part)
{
	size_t len = HEAD_BYTES;
	const unsigned char *head = mime_body_head(arena, part, HEAD_BYTES, &len);

	if (is_closed_kind(head, len))
		return true;
	/* A zip, or a program that may carry one. */
	if (len < 4 || (memcmp(head, "PK\3\4", 4) != 0 && memcmp(head, "MZ", 2) != 0))
		return false;
	return zip_locked(mime_body(arena, part), part->body_len);
}

void
message_archive_find(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];

		if (part->multipart || part->message || parts->roles[i] == ROLE_SKIP)
			continue;
		message->locked_archive = message->locked_archive || is_locked(arena, part);
	}
}
