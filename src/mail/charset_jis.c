/*
 * Japanese in its own encodings. ISO-2022-JP and EUC-JP are two ways to write
 * rows and cells of JIS X 0208; both are handed on as Shift_JIS bytes to CP932,
 * which knows NEC row 13 and the IBM extensions that mail really uses and keeps
 * them out of the private area. Must read damaged text to its end.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/charset_private.h"

#include "base/text.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define RUN_BYTES 1024
#define ESC 0x1b
#define SHIFT_OUT 0x0e
#define SHIFT_IN 0x0f
#define ROW_THIRD_MAX 0x74 /* of three-byte EUC-JP; what glibc reads above it is its private area */

/* Bytes gathered for one descriptor, so that it is called seldom. */
struct run {
	struct text *out;
	int id;
	size_t len;
	bool fine;
	unsigned char bytes[RUN_BYTES];
};

/* JIS_DOUBLE is the set that CP932 holds; the others of two bytes go to a descriptor as EUC. */
enum jis_set {
	JIS_SINGLE,
	JIS_KANA,
	JIS_DOUBLE,
	JIS_0212,
	JIS_0213_1,
	JIS_0213_2,
	JIS_GB,
	JIS_KS,
};

struct jis_escape {
	const char *bytes;
	enum jis_set set;
};

/*
 * RFC 1468, 1554, 2237 and what is met beside them. JIS-Roman is read as ASCII,
 * as mail clients do.
 */
static const struct jis_escape escapes[] = {
	{ "(B", JIS_SINGLE },
	{ "(J", JIS_SINGLE },
	{ "(H", JIS_SINGLE },
	{ "(I", JIS_KANA },
	{ "$@", JIS_DOUBLE },
	{ "$B", JIS_DOUBLE },
	{ "&@\x1b$B", JIS_DOUBLE },
	{ "$(@", JIS_DOUBLE },
	{ "$(B", JIS_DOUBLE },
	{ "$(D", JIS_0212 },
	{ "$(O", JIS_0213_1 },
	{ "$(Q", JIS_0213_1 },
	{ "$(P", JIS_0213_2 },
	{ "$A", JIS_GB },
	{ "$(A", JIS_GB },
	{ "$(C", JIS_KS },
};

static const struct jis_escape *
escape_at(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		size_t escape_len = strlen(escapes[i].bytes);

		if (len > escape_len && memcmp(bytes + 1, escapes[i].bytes, escape_len) == 0)
			return &escapes[i];
	}
	return NULL;
}

bool
charset_has_escapes(const unsigned char *bytes, size_t len)
{
	const unsigned char *end = bytes + len;

	while (len > 0 && (bytes = memchr(bytes, ESC, len)) != NULL) {
		len = (size_t)(end - bytes);
		if (escape_at(bytes, len) != NULL)
			return true;
		bytes++;
		len--;
	}
	return false;
}

static void
run_start(struct run *run, struct text *out)
{
	run->out = out;
	run->id = CHARSET_CP932;
	run->len = 0;
	run->fine = true;
}

static void
run_flush(struct run *run)
{
	if (run->len > 0 && !charset_iconv(run->id, run->bytes, run->len, true, run->out))
		run->fine = false;
	run->len = 0;
}

static void
run_put(struct run *run, int id, const unsigned char *bytes, size_t len)
{
	if (id != run->id || run->len + len > RUN_BYTES)
		run_flush(run);
	run->id = id;
	memcpy(run->bytes + run->len, bytes, len);
	run->len += len;
}

static void
run_put_byte(struct run *run, unsigned char byte)
{
	run_put(run, CHARSET_CP932, &byte, 1);
}

static void
run_damage(struct run *run)
{
	run_flush(run);
	text_add(run->out, REPLACEMENT);
	run->fine = false;
}

/* Row and cell of JIS X 0208, both 0x21 to 0x7e, as Shift_JIS (JIS X 0208:1997, annex 1). */
static void
run_put_jis(struct run *run, unsigned row, unsigned cell)
{
	unsigned lead = (row - 0x21) / 2 + 0x81;
	unsigned trail = cell + (row % 2 != 0 ? 0x1f : 0x7e);
	unsigned char pair[2];

	if (lead > 0x9f)
		lead += 0x40;
	if (row % 2 != 0 && trail >= 0x7f)
		trail++;
	pair[0] = (unsigned char)lead;
	pair[1] = (unsigned char)trail;
	run_put(run, CHARSET_CP932, pair, 2);
}

static void
run_put_euc(struct run *run, int id, bool third, unsigned row, unsigned cell)
{
	unsigned char bytes[3] = { 0x8f, (unsigned char)(row | 0x80),
		(unsigned char)(cell | 0x80) };

	run_put(run, id, third ? bytes : bytes + 1, third ? 3 : 2);
}

static void
run_put_pair(struct run *run, enum jis_set set, unsigned row, unsigned cell)
{
	switch (set) {
	case JIS_0212:
		if (row <= ROW_THIRD_MAX)
			run_put_euc(run, CHARSET_EUCJP, true, row, cell);
		else
			run_damage(run);
		break;
	case JIS_0213_1:
		run_put_euc(run, CHARSET_JISX0213, false, row, cell);
		break;
	case JIS_0213_2:
		run_put_euc(run, CHARSET_JISX0213, true, row, cell);
		break;
	case JIS_GB:
		run_put_euc(run, CHARSET_GB, false, row, cell);
		break;
	case JIS_KS:
		run_put_euc(run, CHARSET_KOREAN, false, row, cell);
		break;
	default:
		run_put_jis(run, row, cell);
		break;
	}
}

static bool
is_graphic(unsigned char byte)
{
	return byte >= 0x21 && byte <= 0x7e;
}

static bool
is_kana(unsigned char byte)
{
	return byte >= 0xa1 && byte <= 0xdf;
}

/* Reads an escape at the cursor; one that is none is damage, and what follows is read as ASCII. */
static size_t
read_escape(struct run *run, const unsigned char *bytes, size_t len, enum jis_set *set)
{
	const struct jis_escape *escape = escape_at(bytes, len);

	if (escape != NULL) {
		*set = escape->set;
		return 1 + strlen(escape->bytes);
	}
	/* Designations of G1, which SHIFT_OUT then calls: only kana is ever meant. */
	if (len > 2 && bytes[1] == ')' && (bytes[2] == 'I' || bytes[2] == 'B' || bytes[2] == 'J'))
		return 3;
	run_damage(run);
	*set = JIS_SINGLE;
	return 1;
}

/* Reads one character that is neither an escape nor a shift; returns its bytes. */
static size_t
read_char(struct run *run, const unsigned char *bytes, size_t len, enum jis_set set)
{
	unsigned char byte = bytes[0];

	if (is_kana(byte)) {
		run_put_byte(run, byte);
	} else if (byte >= 0x80) {
		run_damage(run);
	} else if (!is_graphic(byte) || set == JIS_SINGLE) {
		run_put_byte(run, byte);
	} else if (set == JIS_KANA && byte <= 0x5f) {
		run_put_byte(run, byte | 0x80);
	} else if (set != JIS_KANA && len > 1 && is_graphic(bytes[1])) {
		run_put_pair(run, set, byte, bytes[1]);
		return 2;
	} else {
		run_damage(run);
	}
	return 1;
}

bool
charset_iso2022jp(const unsigned char *bytes, size_t len, struct text *out)
{
	enum jis_set set = JIS_SINGLE;
	bool shifted = false;
	struct run run;

	run_start(&run, out);
	for (size_t at = 0; at < len;) {
		if (bytes[at] == ESC) {
			at += read_escape(&run, bytes + at, len - at, &set);
			shifted = false;
		} else if (bytes[at] == SHIFT_OUT || bytes[at] == SHIFT_IN) {
			shifted = bytes[at++] == SHIFT_OUT;
		} else {
			/* Each line begins in ASCII (RFC 1468): one must not spoil the next. */
			if (bytes[at] == '\n') {
				run.fine = run.fine && set == JIS_SINGLE && !shifted;
				set = JIS_SINGLE;
				shifted = false;
			}
			at += read_char(&run, bytes + at, len - at, shifted ? JIS_KANA : set);
		}
	}
	run_flush(&run);
	return run.fine;
}

static bool
is_euc(unsigned char byte)
{
	return byte >= 0xa1 && byte <= 0xfe;
}

bool
charset_eucjp(const unsigned char *bytes, size_t len, struct text *out)
{
	struct run run;

	run_start(&run, out);
	while (len > 0) {
		size_t step = 1;

		if (bytes[0] < 0x80) {
			run_put_byte(&run, bytes[0]);
		} else if (bytes[0] == 0x8e && len > 1 && is_kana(bytes[1])) {
			run_put_byte(&run, bytes[1]);
			step = 2;
		} else if (bytes[0] == 0x8f && len > 2 && is_euc(bytes[1]) && is_euc(bytes[2])) {
			run_put_pair(&run, JIS_0212, bytes[1] & 0x7f, bytes[2] & 0x7f);
			step = 3;
		} else if (is_euc(bytes[0]) && len > 1 && is_euc(bytes[1])) {
			run_put_jis(&run, bytes[0] & 0x7f, bytes[1] & 0x7f);
			step = 2;
		} else {
			run_damage(&run);
		}
		bytes += step;
		len -= step;
	}
	run_flush(&run);
	return run.fine;
}
