/*
 * What people paste into a text or attach as a file, who seal and sign by hand:
 * armoured blocks, and packets without armour. Must not touch keys nor believe
 * anything: it only points at bytes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/html_text.h"
#include "mail/limits.h"

#include <string.h>
#include <strings.h>

#define CHARSET_NAME_MAX 64	/* a longer name is none */
#define FILE_HEAD 256		/* bytes of a file that tell what it is */
#define SHOWN_ARENA (32u * LIMIT_TEXT_BYTES)	/* a text out of any charset, its HTML and what is shown of it */

/* A ciphertext, or words with their signature below (RFC 4880 7). */
struct armour {
	const char *begin, *end;
	enum message_form form;
};

static const struct armour sealed_armour = { "-----BEGIN PGP MESSAGE-----",
	"-----END PGP MESSAGE-----", MESSAGE_PGP_ENCRYPTED };
static const struct armour signed_armour = { "-----BEGIN PGP SIGNED MESSAGE-----",
	"-----END PGP SIGNATURE-----", MESSAGE_PGP_SIGNED };
static const char signature_armour[] = "-----BEGIN PGP SIGNATURE-----";

/* The first place from at on where a line begins with word. */
static const unsigned char *
find_line(const unsigned char *at, const unsigned char *end, const char *word)
{
	size_t len = strlen(word);
	const unsigned char *first = at;

	while (at < end && (at = memmem(at, (size_t)(end - at), word, len)) != NULL) {
		if (at == first || at[-1] == '\n')
			return at;
		at++;
	}
	return NULL;
}

/* The first block in the bytes: from its first line to its last, or to the end if it has none. */
static bool
find_block(const unsigned char *bytes, const unsigned char *end, const struct armour *armour,
	struct message_block *block_r)
{
	const unsigned char *from = find_line(bytes, end, armour->begin), *to;

	if (!from)
		return false;
	to = find_line(from, end, armour->end);
	*block_r = (struct message_block){ .bytes = from,
		.len = to ? (size_t)(to - from) + strlen(armour->end) : (size_t)(end - from) };
	return true;
}

static bool
take_block(const unsigned char *bytes, size_t len, const struct armour *armour,
	struct message *message)
{
	struct message_block block;

	if (!find_block(bytes, bytes + len, armour, &block))
		return false;
	message->crypt = block.bytes;
	message->crypt_len = block.len;
	message->form = armour->form;
	return true;
}

/* Whether a block begins where text is still looked at: a long text is decoded whole only then. */
static bool
has_armour(struct arena *arena, const struct mime_part *part, const struct armour *armour)
{
	size_t len;
	const unsigned char *head = mime_body_head(arena, part, LIMIT_TEXT_BYTES, &len);

	return find_line(head, head + len, armour->begin) != NULL;
}

static bool
take_armour(struct arena *arena, struct mime_part *part, const struct armour *armour,
	struct message *message)
{
	return has_armour(arena, part, armour) &&
		take_block(mime_body(arena, part), part->body_len, armour, message);
}

/* The line "Charset: …" in the armour's head (RFC 4880 6.2), NULL without one. */
static const char *
head_charset(struct arena *arena, const unsigned char *at, size_t block_len)
{
	const unsigned char *end = at + block_len, *lf;
	static const char key[] = "Charset: ";

	while ((lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		size_t len = (size_t)(lf - at) - (lf > at && lf[-1] == '\r');

		if (len == 0)
			break;
		if (len > strlen(key) && strncasecmp((const char *)at, key, strlen(key)) == 0)
			return arena_strndup(arena, (const char *)at + strlen(key),
				len - strlen(key));
		at = lf + 1;
	}
	return NULL;
}

/* A charset's name as it may be told on, "" if it is none. */
static const char *
plain_name(const char *charset)
{
	static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				   "-_.:+()";
	size_t len = strspn(charset, name);

	return charset[len] == '\0' && len <= CHARSET_NAME_MAX ? charset : "";
}

/* The charset of the words inside: the armour's, else the part's; "" if that is no name. */
static const char *
armour_charset(struct arena *arena, const struct mime_part *part, const unsigned char *block,
	size_t len)
{
	const char *charset = head_charset(arena, block, len);

	if (!charset)
		charset = part->charset ? part->charset : "";
	return plain_name(charset);
}

static bool
is_blob(const struct mime_part *part)
{
	return !part->multipart && !part->message && part->body_len > 0;
}

static bool
is_shown_text(const struct mime_part *part)
{
	return is_blob(part) && !part->attachment && message_part_is_plain(part);
}

static bool
is_taken(const struct message *message, const struct message_block *block)
{
	return block->len == message->crypt_len &&
		memcmp(block->bytes, message->crypt, block->len) == 0;
}

/* The blocks of a part behind each other, but for the one that was taken, or a copy of it. */
static void
add_others(struct arena *arena, struct mime_part *part, const struct armour *armour,
	struct message *message)
{
	struct message_block block = { .bytes = mime_body(arena, part) };
	const unsigned char *end = block.bytes + part->body_len;

	while (find_block(block.bytes + block.len, end, armour, &block)) {
		if (is_taken(message, &block))
			continue;
		message->more_blocks = true;
		if (message->other_count == MESSAGE_OTHERS)
			return;
		block.charset = armour_charset(arena, part, block.bytes, block.len);
		message->others[message->other_count++] = block;
	}
}

/*
 * What else was sealed or signed in the texts. Of several blocks the first may
 * be meant for somebody else.
 */
static void
find_others(struct arena *arena, struct message_parts *parts, struct message *message)
{
	static const struct armour *const kinds[] = { &sealed_armour, &signed_armour };

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t i = 0; i < parts->tree.count; i++)
			if (is_shown_text(&parts->tree.parts[i]) &&
			    has_armour(arena, &parts->tree.parts[i], kinds[k]))
				add_others(arena, &parts->tree.parts[i], kinds[k], message);
}

/*
 * Inline: in the first of the texts that a reader would be shown which holds a
 * block. A gateway's banner may stand before it as a part of its own.
 */
static bool
find_inline(struct arena *arena, struct message_parts *parts, const struct armour *armour,
	struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];

		if (!is_shown_text(part) || !take_armour(arena, part, armour, message))
			continue;
		message->crypt_charset = armour_charset(arena, part, message->crypt,
			message->crypt_len);
		/* Beside a signed text the others are text too: they are read. */
		if (message->form == MESSAGE_PGP_ENCRYPTED)
			find_others(arena, parts, message);
		return true;
	}
	return false;
}

/* Bytes of a blank at the beginning of a line: of any kind, or a byte order mark. */
static size_t
blank_len(const char *at)
{
	static const char *const blanks[] = { " ", "\t", "\r", "\xc2\xa0", "\xe3\x80\x80",
		"\xef\xbb\xbf" };

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		if (text_starts(at, blanks[i]))
			return strlen(blanks[i]);
	return 0;
}

/* The text without what leads its lines, hard blanks made plain ones. */
static void
add_unindented(struct text *out, const char *utf8)
{
	bool begins = true;

	for (size_t len; *utf8; utf8 += len) {
		len = begins ? blank_len(utf8) : 0;
		if (len > 0)
			continue;
		begins = *utf8 == '\n';
		len = text_starts(utf8, "\xc2\xa0") ? 2 : 1;
		text_add_bytes(out, len == 2 ? " " : utf8, 1);
	}
}

static void
add_shown(struct arena *arena, const struct mime_part *part, const unsigned char *head, size_t len,
	struct text *out)
{
	enum charset_result result;
	const char *utf8 = charset_to_utf8(arena, part->charset, head, len, &result);
	struct text html;

	if (text_equal(part->type, "text/html")) {
		text_init(&html, arena, LIMIT_TEXT_BYTES);
		html_text_add(&html, utf8, false);
		utf8 = html.data;
	}
	add_unindented(out, utf8);
}

/* Most texts hold no block, and there may be many: their copies are forgotten at once. */
static bool
take_shown(struct arena *arena, const struct mime_part *part, const unsigned char *head, size_t len,
	struct message *message)
{
	struct arena *scratch = arena_new(ARENA_WIPED, SHOWN_ARENA);
	struct text shown;
	bool taken;

	text_init(&shown, scratch, LIMIT_TEXT_BYTES);
	add_shown(scratch, part, head, len, &shown);
	taken = take_block((const unsigned char *)shown.data, shown.len, &sealed_armour, message);
	if (taken)
		message->crypt = (const unsigned char *)arena_strndup(arena,
			(const char *)message->crypt, message->crypt_len);
	arena_free(&scratch);
	return taken;
}

/*
 * A mail program made HTML of the block, or indented it. A ciphertext can be
 * gathered again from what a reader would see; a signed text cannot, since its
 * blanks are gone.
 */
static bool
find_shown(struct arena *arena, struct message_parts *parts, struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];
		const unsigned char *head;
		size_t len;

		if (!is_blob(part) || part->attachment ||
		    (!message_part_is_plain(part) && !text_equal(part->type, "text/html")))
			continue;
		head = mime_body_head(arena, part, LIMIT_TEXT_BYTES, &len);
		/* Dashes and blanks may be anything: only the letters are sure to be letters. */
		if (!memmem(head, len, "PGP", strlen("PGP")) ||
		    !take_shown(arena, part, head, len, message))
			continue;
		message->crypt_charset = armour_charset(arena, part, message->crypt,
			message->crypt_len);
		return true;
	}
	return false;
}

/* Behind blank lines: gateways and hands put some. */
static const unsigned char *
file_head(struct arena *arena, const struct mime_part *part, size_t *len_r)
{
	size_t len, blank = 0;
	const unsigned char *head = mime_body_head(arena, part, FILE_HEAD, &len);

	while (blank < len && memchr(" \t\r\n", head[blank], 4))
		blank++;
	*len_r = len - blank;
	return head + blank;
}

static bool
begins(const unsigned char *bytes, size_t len, const char *word)
{
	return len >= strlen(word) && memcmp(bytes, word, strlen(word)) == 0;
}

/* The first packet's tag and the first byte in it (RFC 4880 4.2); false if it is none. */
static bool
first_packet(const unsigned char *bytes, size_t len, int *tag_r, int *first_r)
{
	static const size_t old_lengths[] = { 2, 3, 5, 1 };
	size_t at;

	if (len < 8 || !(bytes[0] & 0x80))
		return false;
	if (bytes[0] & 0x40) {
		*tag_r = bytes[0] & 0x3f;
		at = bytes[1] < 192 || (bytes[1] >= 224 && bytes[1] < 255) ? 2 :
			bytes[1] < 224 ? 3 : 6;
	} else {
		*tag_r = (bytes[0] >> 2) & 0x0f;
		at = old_lengths[bytes[0] & 3];
	}
	*first_r = bytes[at];
	return true;
}

/* What begins a message: session keys, what is encrypted, packed or signed in one pass. */
static bool
is_packets(const unsigned char *bytes, size_t len)
{
	static const struct { int tag, low, high; } begin[] = {
		{ 1, 3, 6 }, { 3, 4, 6 }, { 4, 3, 6 }, { 8, 0, 3 }, { 18, 1, 2 }, { 20, 1, 1 },
	};
	int tag, first;

	if (!first_packet(bytes, len, &tag, &first))
		return false;
	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (tag == begin[i].tag)
			return first >= begin[i].low && first <= begin[i].high;
	return false;
}

bool
message_part_is_openpgp(struct arena *arena, const struct mime_part *part)
{
	size_t len;
	const unsigned char *head;

	if (!is_blob(part))
		return false;
	head = file_head(arena, part, &len);
	return begins(head, len, sealed_armour.begin) || is_packets(head, len);
}

bool
message_part_is_version(struct arena *arena, const struct mime_part *part)
{
	size_t len;
	const unsigned char *head;

	if (!is_blob(part) || part->body_len >= FILE_HEAD)
		return false;
	head = file_head(arena, part, &len);
	while (len > 0 && memchr(" \t\r\n", head[len - 1], 4))
		len--;
	return len == strlen("Version: 1") && begins(head, len, "Version: 1");
}

static bool
named_as_openpgp(const struct mime_part *part)
{
	return text_ends_ci(part->name, ".asc") || text_ends_ci(part->name, ".pgp") ||
		text_ends_ci(part->name, ".gpg") ||
		text_equal(part->type, "application/pgp-encrypted");
}

void
message_take_openpgp(struct arena *arena, struct mime_part *part, struct message *message)
{
	message->form = MESSAGE_PGP_ENCRYPTED;
	/* Armour is cut out: what a gateway put below it is nothing that gpg should meet. */
	if (!take_block(mime_body(arena, part), part->body_len, &sealed_armour, message)) {
		message->crypt = mime_body(arena, part);
		message->crypt_len = part->body_len;
	}
}

/*
 * Whether a file is nothing but a message, and of which kind; MESSAGE_PLAIN: it is none.
 * Armour tells itself, whatever a gateway called it; packets and signed words need the
 * name too, since a file that happens to begin so (a signed security.txt) is none.
 */
static enum message_form
file_form(struct arena *arena, const struct mime_part *part)
{
	bool named = named_as_openpgp(part);
	size_t len;
	const unsigned char *head;

	if (!is_blob(part))
		return MESSAGE_PLAIN;
	head = file_head(arena, part, &len);
	if (begins(head, len, sealed_armour.begin) || (named && is_packets(head, len)))
		return MESSAGE_PGP_ENCRYPTED;
	return named && begins(head, len, signed_armour.begin) ? MESSAGE_PGP_SIGNED : MESSAGE_PLAIN;
}

/* Whether its name, but for what says that it is sealed, is one of a file in which there is nothing to read. */
static bool
named_as_media(const struct mime_part *part)
{
	static const char *const kinds[] = { ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp",
		".heic", ".svg", ".mp4", ".mov", ".avi", ".mkv", ".webm", ".mp3", ".wav", ".pdf",
		".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".7z", ".gz", ".har",
		".pcap", ".pcapng" };
	const char *name = part->name ? part->name : "";
	size_t len = strlen(name);

	if (named_as_openpgp(part) && memchr(name, '.', len))
		len = (size_t)(strrchr(name, '.') - name);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t kind = strlen(kinds[i]);

		if (len >= kind && strncasecmp(name + len - kind, kinds[i], kind) == 0)
			return true;
	}
	return false;
}

/* Words, if their charset is told. Else it may be an entity, which tells its own. */
static const char *
file_charset(struct arena *arena, const unsigned char *bytes, size_t len)
{
	const char *told = head_charset(arena, bytes, len);

	return told ? plain_name(told) : NULL;
}

static bool
take_file(struct arena *arena, struct mime_part *part, enum message_form form,
	struct message *message)
{
	if (form == MESSAGE_PGP_ENCRYPTED) {
		message_take_openpgp(arena, part, message);
		message->crypt_charset = file_charset(arena, message->crypt, message->crypt_len);
		return true;
	}
	if (!take_armour(arena, part, &signed_armour, message))
		return false;
	message->crypt_charset = armour_charset(arena, part, message->crypt, message->crypt_len);
	return true;
}

/* The first may be meant for somebody else here too. */
static void
add_other_file(struct arena *arena, struct mime_part *part, enum message_form form,
	struct message *message)
{
	struct message other = { .form = MESSAGE_PLAIN };
	struct message_block block;

	if (!take_file(arena, part, form, &other))
		return;
	block = (struct message_block){ other.crypt, other.crypt_len, other.crypt_charset };
	if (is_taken(message, &block))
		return;
	message->more_blocks = true;
	if (message->other_count < MESSAGE_OTHERS)
		message->others[message->other_count++] = block;
}

/* The files of one kind: the first of all is the mail, unless there is one already. */
static void
find_files(struct arena *arena, struct message_parts *parts, bool media, enum message_form form,
	struct message *message)
{
	for (size_t i = 0; i < parts->tree.count; i++) {
		struct mime_part *part = &parts->tree.parts[i];

		if (file_form(arena, part) != form || named_as_media(part) != media)
			continue;
		if (message->form != MESSAGE_PLAIN)
			add_other_file(arena, part, form, message);
		else if (take_file(arena, part, form, message))
			parts->roles[i] = ROLE_SKIP;
	}
}

/* Of several files the one is taken that can hold a report: its picture may lie before it. */
static bool
find_attached(struct arena *arena, struct message_parts *parts, struct message *message)
{
	find_files(arena, parts, false, MESSAGE_PGP_ENCRYPTED, message);
	find_files(arena, parts, false, MESSAGE_PGP_SIGNED, message);
	find_files(arena, parts, true, MESSAGE_PGP_ENCRYPTED, message);
	find_files(arena, parts, true, MESSAGE_PGP_SIGNED, message);
	return message->form != MESSAGE_PLAIN;
}

bool
message_armour_find(struct arena *arena, struct message_parts *parts, struct message *message)
{
	return find_inline(arena, parts, &sealed_armour, message) ||
		find_inline(arena, parts, &signed_armour, message) ||
		find_shown(arena, parts, message) ||
		find_attached(arena, parts, message);
}

/* A file that is a signature: of another file, or of a mail that a gateway took apart. */
bool
message_part_is_signature(struct arena *arena, const struct mime_part *part)
{
	int tag, first;
	size_t len;
	const unsigned char *head;

	if (!is_blob(part))
		return false;
	if (text_equal(part->type, "application/pgp-signature"))
		return true;
	head = file_head(arena, part, &len);
	if (begins(head, len, signature_armour))
		return true;
	return (named_as_openpgp(part) || text_ends_ci(part->name, ".sig")) &&
		first_packet(head, len, &tag, &first) && tag == 2 && first >= 3 && first <= 6;
}
