/*
 * Skeletons: two texts that a reader takes for one another come out equal.
 * The table is UTS 39's (confusables.txt) cut down to letters that look like
 * the ones of host names, after NFKC and case folding; where a folded letter
 * looks like two, the one that its lower case looks like was taken, since
 * domains are shown in lower case. Over-likeness costs a look by a person;
 * it must never decide alone that something is true.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/confusable.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

#define UTF8_LONGEST 4

struct alike {
	char plain;
	const char *others;	/* UTF-8, folded */
};

static const struct alike table[] = {
	{ 'a', "ɑαаᎪᗅꓮ⍺" },
	{ 'b', "ƅβвьᏏᏴᑲᖯᗷꓐꞵ" },
	{ 'c', "сᏟᴄⲥꓚ" },
	{ 'd', "ԁᎠᏧᑯᗞᗪꓒꓓ" },
	{ 'e', "εеҽᎬ℮ꓰꬲⴹ" },
	{ 'f', "ϝքᖴẝꓝꞙꬵ" },
	{ 'g', "ƍɡԍցᏀᏳᶃꓖ" },
	{ 'h', "нһհᎻᏂᕼⲏꓧ" },
	{ 'i', "ıɩɪιіӏᎥᏞꙇǀᛁᒪⲓⳑⵏꓡꓲ∣│" },
	{ 'j', "ʝјϳᎫᒍꓙ" },
	{ 'k', "κкᏦᛕⲕꓗ" },
	{ 'm', "μмᎷᗰᛖⲙꓟϻ" },
	{ 'n', "ηոռⲛꓠ" },
	{ 'o', "οσоօᴏᴑⲟⵔꓳꬽഠଠဝ०০੦૦୦൦๐໐၀〇" },
	{ 'p', "ρрᏢᑭⲣꓑ⍴" },
	{ 'q', "ԛգզ" },
	{ 'r', "ʀгᎡᎱᏒᖇᴦⲅꓣꭇꭈ" },
	{ 's', "ƽѕտᏕᏚꓢꜱ" },
	{ 't', "τтᎢⲧꓔ" },
	{ 'u', "ʋυսሀᑌᴜꓴꞟꭎꭒ" },
	{ 'v', "νѵᏙᐯᴠꓦꛟ" },
	{ 'w', "ɯѡԝաᎳᏔᴡꓪ" },
	{ 'x', "χхᕁᕽ᙭ⲭꓫꭓ×" },
	{ 'y', "ɣʏγуүყᎩᎽᶌỿⲩꓬꭚ" },
	{ 'z', "ζᏃᴢꓜ" },
	{ '3', "зȝɜʒӡ" },
	{ '-', "˗‐‒–—⁃−➖" },
	{ '.', "。ꓸ" },
};

/* There and not seen: soft hyphen, zero widths, joiners, directions, variation selectors. */
static bool
invisible(uint32_t c)
{
	return c == 0xad || c == 0x34f || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
		(c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
		(c >= 0xfe00 && c <= 0xfe0f);
}

/* i, l, 1 and the bar cannot be told apart in many a typeface: one letter here. */
static uint32_t
plain_ascii(uint32_t c)
{
	if (c == '0')
		return 'o';
	return c == 'l' || c == '1' || c == '|' ? 'i' : c;
}

static uint32_t
plain_of(uint32_t c)
{
	if (c < 0x80)
		return plain_ascii(c);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *at = table[i].others;

		for (uint32_t other = utf8_next(&at); other != 0; other = utf8_next(&at))
			if (other == c)
				return (unsigned char)table[i].plain;
	}
	return c;
}

/* Two letters that together look like one. In place: it only gets shorter. */
static void
join_pairs(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; to++) {
		bool rn = at[0] == 'r' && at[1] == 'n';
		bool vv = at[0] == 'v' && at[1] == 'v';

		*to = rn ? 'm' : vv ? 'w' : *at;
		at += rn || vv ? 2 : 1;
	}
	*to = '\0';
}

char *
confusable_skeleton(struct arena *arena, const char *text)
{
	const char *at = utf8_fold(arena, text);
	struct text skeleton;

	text_init(&skeleton, arena, UTF8_LONGEST * strlen(at) + 1);
	for (uint32_t c = utf8_next(&at); c != 0; c = utf8_next(&at)) {
		char bytes[UTF8_LONGEST];

		if (!invisible(c))
			text_add_bytes(&skeleton, bytes, utf8_put(bytes, plain_of(c)));
	}
	join_pairs(skeleton.data);
	return skeleton.data;
}

char *
confusable_reversed(struct arena *arena, const char *text)
{
	static const char override[] = "\xe2\x80\xae";	/* U+202E */
	const char *at = text;
	size_t left = strlen(text);
	char *reversed;

	if (strstr(text, override) == NULL)
		return NULL;
	reversed = arena_alloc(arena, left + 1);
	reversed[left] = '\0';
	while (*at != '\0') {
		const char *from = at;

		utf8_next(&at);
		left -= (size_t)(at - from);
		memcpy(reversed + left, from, (size_t)(at - from));
	}
	return reversed;
}

static void
add_label(struct text *to, const char *label, size_t len)
{
	uint32_t points[PUNYCODE_LABEL_MAX];
	size_t count;

	if (len <= 4 || strncasecmp(label, "xn--", 4) != 0 ||
	    !punycode_decode(label + 4, len - 4, points, &count)) {
		text_add_bytes(to, label, len);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		char bytes[UTF8_LONGEST];

		text_add_bytes(to, bytes, utf8_put(bytes, points[i]));
	}
}

char *
confusable_domain(struct arena *arena, const char *domain)
{
	struct text decoded;

	text_init(&decoded, arena, UTF8_LONGEST * strlen(domain) + 1);
	while (*domain != '\0') {
		size_t len = strcspn(domain, ".");

		add_label(&decoded, domain, len);
		domain += len;
		if (*domain == '.') {
			text_add_char(&decoded, '.');
			domain++;
		}
	}
	return decoded.data;
}
