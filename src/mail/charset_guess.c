/*
 * What unlabelled bytes are: UTF-16 by its mark, ISO-2022-JP by its escapes,
 * UTF-8 by being valid, Shift_JIS or EUC-JP by what a Japanese text is made of,
 * else windows-1252.
 * A guess is never more than that: who calls it says so to the reader.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/charset_private.h"

#include "base/utf8.h"

/* Points for a character. */
#define POINTS_KANA 3	/* every Japanese text has them */
#define POINTS_COMMON 2	/* most have them */
#define POINTS_RARE 0
#define POINTS_HALF (-1)	/* rather bytes of another charset */

/* Of what is to be Japanese against its label. */
#define PAIRS_TELLING 8
#define KANA_OF 5	/* every fifth sign at least; half of them are in any letter */

bool
charset_is_7bit(const unsigned char *bytes, size_t len)
{
	for (size_t at = 0; at < len; at++)
		if (bytes[at] >= 0x80)
			return false;
	return true;
}

static bool
is_between(unsigned char byte, unsigned char low, unsigned char high)
{
	return byte >= low && byte <= high;
}

static long
sjis_pair_points(unsigned char lead, unsigned char trail)
{
	if (lead == 0x82 && trail >= 0x9f)
		return POINTS_KANA;
	if (lead == 0x83 && trail <= 0x96)
		return POINTS_KANA;
	if (is_between(lead, 0x81, 0x82) || is_between(lead, 0x88, 0x97))
		return POINTS_COMMON;
	return POINTS_RARE;
}

/* The text's points, -1 when it cannot be Shift_JIS. A character cut off at the end is forgiven. */
static long
sjis_points(const unsigned char *bytes, size_t len)
{
	long points = 0;

	for (size_t at = 0; at < len; at++) {
		unsigned char lead = bytes[at];

		if (lead < 0x80)
			continue;
		if (is_between(lead, 0xa1, 0xdf)) {
			points += POINTS_HALF;
		} else if (!is_between(lead, 0x81, 0x9f) && !is_between(lead, 0xe0, 0xfc)) {
			return -1;
		} else if (at + 1 < len) {
			at++;
			if (!is_between(bytes[at], 0x40, 0xfc) || bytes[at] == 0x7f)
				return -1;
			points += sjis_pair_points(lead, bytes[at]);
		}
	}
	return points;
}

static long
euc_pair_points(unsigned char lead)
{
	if (is_between(lead, 0xa4, 0xa5))
		return POINTS_KANA;
	if (lead == 0xa1 || lead == 0xa3 || is_between(lead, 0xb0, 0xcf))
		return POINTS_COMMON;
	return POINTS_RARE;
}

static long
euc_points(const unsigned char *bytes, size_t len)
{
	long points = 0;

	for (size_t at = 0; at < len; at++) {
		unsigned char lead = bytes[at];
		size_t more = lead == 0x8f ? 2 : 1;

		if (lead < 0x80)
			continue;
		if (!is_between(lead, 0xa1, 0xfe) && lead != 0x8e && lead != 0x8f)
			return -1;
		for (; more > 0 && at + 1 < len; more--)
			if (!is_between(bytes[++at], 0xa1, lead == 0x8e ? 0xdf : 0xfe))
				return -1;
		points += lead == 0x8e ? POINTS_HALF : euc_pair_points(lead);
	}
	return points;
}

/*
 * Every byte of EUC-JP is a letter of Latin-1 too. But no text of Latin letters
 * has all of them in pairs, and of other charsets of pairs none has much kana.
 */
bool
charset_is_eucjp(const unsigned char *bytes, size_t len)
{
	size_t pairs = 0, kana = 0;

	if (euc_points(bytes, len) < 0)
		return false;
	for (size_t at = 0; at + 1 < len; at++) {
		if (bytes[at] < 0x80)
			continue;
		kana += is_between(bytes[at], 0xa4, 0xa5);
		pairs++;
		at += bytes[at] == 0x8f ? 2 : 1;
	}
	return pairs >= PAIRS_TELLING && KANA_OF * kana >= pairs;
}

/* The length without a UTF-8 character that is cut off at the end. */
static size_t
without_cut(const unsigned char *bytes, size_t len)
{
	size_t tail = 0;
	unsigned char lead;

	while (tail < 3 && tail < len && is_between(bytes[len - 1 - tail], 0x80, 0xbf))
		tail++;
	if (tail == len)
		return len;
	lead = bytes[len - 1 - tail];
	if ((lead >= 0xc2 && tail < 1) || (lead >= 0xe0 && tail < 2) || (lead >= 0xf0 && tail < 3))
		return len - 1 - tail;
	return len;
}

int
charset_guess(const unsigned char *bytes, size_t len)
{
	long sjis, euc;

	/* Its mark is no text of anything else. */
	if (len >= 4 && len % 2 == 0 && ((bytes[0] == 0xff && bytes[1] == 0xfe) ||
		(bytes[0] == 0xfe && bytes[1] == 0xff)))
		return CHARSET_UTF16;
	if (charset_has_escapes(bytes, len))
		return CHARSET_ISO2022JP;
	if (!charset_is_7bit(bytes, without_cut(bytes, len)) &&
		utf8_valid((const char *)bytes, without_cut(bytes, len)))
		return CHARSET_UTF8;
	sjis = sjis_points(bytes, len);
	euc = euc_points(bytes, len);
	if (sjis > 0 && sjis >= euc)
		return CHARSET_CP932;
	return euc > 0 ? CHARSET_EUCJP : CHARSET_LATIN;
}
