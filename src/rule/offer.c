/*
 * Fingerprints of keys that a mail brings along. Reads no more of a key than its
 * first packet: who it says that it belongs to is a claim like any other.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/offer.h"

#include "base/arena.h"
#include "base/sha1.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/message.h"

#include <string.h>

#define BLOCK_BEGIN "-----BEGIN PGP PUBLIC KEY BLOCK-----"
#define BLOCK_END "-----END"
#define PACKET_PUBLIC_KEY 6

static int
digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* Up to the first '=' or '-'; whatever else is no digit is passed over. */
static unsigned char *
decode(struct arena *arena, const char *text, size_t len, size_t *len_r)
{
	unsigned char *bytes = arena_alloc(arena, len / 4 * 3 + 4);
	unsigned int bits = 0, count = 0;

	*len_r = 0;
	for (size_t i = 0; i < len && text[i] != '=' && text[i] != '-'; i++) {
		int value = digit(text[i]);

		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned int)value) & 0xffffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			bytes[(*len_r)++] = (unsigned char)(bits >> count);
		}
	}
	return bytes;
}

/* A packet's body: its length by the old format's header or the new one's (RFC 4880 4.2). */
static bool
packet_body(const unsigned char *at, size_t len, size_t *from_r, size_t *len_r)
{
	size_t from, body;

	if (len < 6 || (at[0] & 0x80) == 0)
		return false;
	if ((at[0] & 0x40) != 0) {
		if ((at[0] & 0x3f) != PACKET_PUBLIC_KEY || at[1] > 223)
			return false;
		from = at[1] < 192 ? 2 : 3;
		body = at[1] < 192 ? at[1] : ((size_t)(at[1] - 192) << 8) + at[2] + 192;
	} else {
		if ((at[0] >> 2 & 0x0f) != PACKET_PUBLIC_KEY || (at[0] & 3) > 1)
			return false;
		from = (at[0] & 3) == 0 ? 2 : 3;
		body = from == 2 ? at[1] : (size_t)at[1] << 8 | at[2];
	}
	if (body < 6 || body > len - from)
		return false;
	*from_r = from;
	*len_r = body;
	return true;
}

static bool
fingerprint(const unsigned char *bytes, size_t len, char fpr_r[OFFER_FPR])
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char hash[SHA1_BYTES], head[3] = { 0x99, 0, 0 };
	size_t from, body;

	if (!packet_body(bytes, len, &from, &body) || bytes[from] != 4)
		return false;
	head[1] = (unsigned char)(body >> 8);
	head[2] = (unsigned char)body;
	sha1(head, bytes + from, body, hash);
	for (size_t i = 0; i < SHA1_BYTES; i++) {
		fpr_r[2 * i] = hex[hash[i] >> 4];
		fpr_r[2 * i + 1] = hex[hash[i] & 0x0f];
	}
	fpr_r[OFFER_FPR - 1] = '\0';
	return true;
}

/* Behind the armour's own header lines (RFC 4880 6.2): an empty line ends them. */
static const char *
armour_data(const char *block, size_t len)
{
	const char *empty = memmem(block, len, "\n\n", 2);
	const char *crlf = memmem(block, len, "\n\r\n", 3);

	if (empty == NULL || (crlf != NULL && crlf < empty))
		return crlf != NULL ? crlf + 3 : NULL;
	return empty + 2;
}

bool
offer_fingerprint(struct arena *arena, const void *bytes, size_t len, char fpr_r[OFFER_FPR])
{
	const char *begin = len > 0 ? memmem(bytes, len, BLOCK_BEGIN, strlen(BLOCK_BEGIN)) : NULL;
	const char *data, *end;
	unsigned char *binary;

	if (begin == NULL)
		return fingerprint(bytes, len, fpr_r);
	len -= (size_t)(begin - (const char *)bytes);
	data = armour_data(begin, len);
	if (data == NULL)
		return false;
	len -= (size_t)(data - begin);
	end = memmem(data, len, BLOCK_END, strlen(BLOCK_END));
	binary = decode(arena, data, end != NULL ? (size_t)(end - data) : len, &len);
	return fingerprint(binary, len, fpr_r);
}

static void
keep(const char fpr[OFFER_FPR], char (*fprs)[OFFER_FPR], size_t max, size_t *count)
{
	for (size_t i = 0; i < *count; i++) {
		if (text_equal(fprs[i], fpr))
			return;
	}
	if (*count < max)
		memcpy(fprs[(*count)++], fpr, OFFER_FPR);
}

/* The attribute's value: up to the next ';'. NULL when it is not there. */
static const char *
attribute(struct arena *arena, const char *field, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = field; at != NULL; at = strchr(at, ';')) {
		at += *at == ';';
		at += strspn(at, " \t\r\n");
		if (strncmp(at, name, len) == 0 && at[len] == '=')
			return arena_strndup(arena, at + len + 1, strcspn(at + len + 1, ";"));
	}
	return NULL;
}

static void
by_autocrypt(struct arena *arena, const struct message *message, char (*fprs)[OFFER_FPR],
	size_t max, size_t *count)
{
	const struct header_field *field = header_find(&message->fields, "Autocrypt");
	const char *address, *data;
	unsigned char *binary;
	char fpr[OFFER_FPR];
	size_t len;

	if (field == NULL || header_count(&message->fields, "Autocrypt") != 1 ||
		message->from_count != 1)
		return;
	address = attribute(arena, field->value, "addr");
	data = attribute(arena, field->value, "keydata");
	if (address == NULL || data == NULL || !address_equal(address, message->from[0].addr))
		return;
	binary = decode(arena, data, strlen(data), &len);
	if (fingerprint(binary, len, fpr))
		keep(fpr, fprs, max, count);
}

size_t
offer_find(struct arena *arena, const struct message *message, char (*fprs_r)[OFFER_FPR],
	size_t max)
{
	size_t count = 0;
	char fpr[OFFER_FPR];

	by_autocrypt(arena, message, fprs_r, max, &count);
	for (size_t i = 0; i < message->key_count; i++) {
		if (offer_fingerprint(arena, message->keys[i].bytes, message->keys[i].len, fpr))
			keep(fpr, fprs_r, max, &count);
	}
	if (message->text != NULL && strstr(message->text, BLOCK_BEGIN) != NULL &&
		offer_fingerprint(arena, message->text, strlen(message->text), fpr))
		keep(fpr, fprs_r, max, &count);
	return count;
}
