/*
 * Fuzzes clear-signed text (RFC 9580 7): the first byte chooses the part's
 * charset and whether a line goes before, the rest stands behind the block's
 * first line. What is to be verified must be the bytes as they came, from its
 * first line on; what is shown bears none of its armour, and no words are lost:
 * a text that nobody can verify is shown all the same.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/charset.h"
#include "mail/message.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)512 * 1024 * 1024)
#define SIGNED_LINE "-----BEGIN PGP SIGNED MESSAGE-----"
#define BEGIN SIGNED_LINE "\r\n"
#define SEALED "-----BEGIN PGP MESSAGE-----"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static const char *const charsets[] = { "utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "us-ascii" };

static bool
is_inside(const struct text *mail, const unsigned char *bytes, size_t len)
{
	size_t at = (size_t)(bytes - (const unsigned char *)mail->data);

	return at < mail->len && len <= mail->len - at;
}

static size_t
count_of(const struct text *mail, const char *word)
{
	const char *at = mail->data, *end = mail->data + mail->len;
	size_t count = 0;

	while ((at = memmem(at, (size_t)(end - at), word, strlen(word))) != NULL) {
		count++;
		at++;
	}
	return count;
}

static void
check(const struct message *message, const struct text *mail)
{
	bool has_sealed = memmem(mail->data, mail->len, SEALED, strlen(SEALED)) != NULL;

	if (message->form == MESSAGE_PLAIN || (message->form == MESSAGE_PGP_ENCRYPTED && !has_sealed))
		abort();
	if (message->form == MESSAGE_PGP_SIGNED &&
		(message->crypt_len < strlen(BEGIN) - 2 || message->covered != NULL ||
			memcmp(message->crypt, BEGIN, strlen(BEGIN) - 2) != 0))
		abort();
	if (!is_inside(mail, message->crypt, message->crypt_len))
		abort();
	for (size_t i = 0; i < message->other_count; i++)
		if (!is_inside(mail, message->others[i].bytes, message->others[i].len) ||
			message->others[i].bytes == message->crypt)
			abort();
	if (!utf8_valid(message->text, strlen(message->text)))
		abort();
	/* A block inside of a block is words; but the first one's line never is. */
	if (strstr(message->text, SIGNED_LINE) != NULL && count_of(mail, SIGNED_LINE) < 2)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	unsigned how = len > 0 ? data[0] : 0;
	struct message message;
	struct text mail;

	charset_open_all();
	mime_start();
	text_init(&mail, arena, len + 1024);
	text_addf(&mail, "From: a@example.jp\r\nContent-Type: text/plain; charset=%s\r\n\r\n%s" BEGIN,
		charsets[how % (sizeof(charsets) / sizeof(charsets[0]))],
		how & 0x80 ? "before\r\n" : "");
	text_add_bytes(&mail, (const char *)data + (len > 0), len - (len > 0));
	message_read(arena, mail.data, mail.len, NULL, &message);
	check(&message, &mail);
	message_read_words(arena, data, len, "utf-8", "", &message);
	arena_free(&arena);
	return 0;
}
