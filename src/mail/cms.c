/*
 * A walk over the outermost elements of a CMS object, in BER with lengths that
 * are told or open (X.690 8.1.3.6). Nothing recurses: an open element inside of
 * another one is but counted.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/cms.h"

#include "mail/limits.h"

#include <stdint.h>
#include <string.h>

#define SEQUENCE 0x30
#define SET 0x31
#define INTEGER 0x02
#define OBJECT 0x06
#define CONTEXT(n) (0xa0 | (n))

/* What is still to be read of an element; `open`: it ends where two zero bytes stand. */
struct ber {
	const unsigned char *at, *end;
	bool open;
};

struct head {
	unsigned char tag;
	bool open;
	size_t len;
};

static bool
read_head(struct ber *ber, struct head *head_r)
{
	size_t len = 0;
	unsigned count;

	if (ber->end - ber->at < 2 || (ber->at[0] & 0x1f) == 0x1f)
		return false;
	head_r->tag = *ber->at++;
	count = *ber->at++;
	head_r->open = count == 0x80;
	if (count < 0x80) {
		len = count;
	} else if (!head_r->open) {
		for (count &= 0x7f; count > 0; count--) {
			if (ber->at == ber->end || len > SIZE_MAX >> 8)
				return false;
			len = len << 8 | *ber->at++;
		}
	}
	head_r->len = len;
	/* Only what holds elements may have an open length. */
	return head_r->open ? (head_r->tag & 0x20) != 0 : len <= (size_t)(ber->end - ber->at);
}

static bool
at_end(const struct ber *ber)
{
	if (ber->open)
		return ber->end - ber->at >= 2 && ber->at[0] == 0 && ber->at[1] == 0;
	return ber->at == ber->end;
}

/* Over one element, with all that it holds. */
static bool
skip(struct ber *ber)
{
	size_t depth = 0;

	do {
		struct head head;

		if (depth > 0 && ber->end - ber->at >= 2 && ber->at[0] == 0 && ber->at[1] == 0) {
			ber->at += 2;
			depth--;
			continue;
		}
		if (!read_head(ber, &head))
			return false;
		if (head.open)
			depth++;
		else
			ber->at += head.len;
	} while (depth > 0);
	return true;
}

/* Goes into the element of that tag which is next. */
static bool
enter(struct ber *ber, unsigned char tag, struct ber *inside_r)
{
	struct head head;

	if (!read_head(ber, &head) || head.tag != tag)
		return false;
	*inside_r = (struct ber){ ber->at, head.open ? ber->end : ber->at + head.len, head.open };
	return true;
}

static bool
next_is(const struct ber *ber, unsigned char tag)
{
	return !at_end(ber) && ber->at < ber->end && ber->at[0] == tag;
}

/* How many elements the next one holds; it is gone by then. */
static bool
count(struct ber *ber, size_t *count_r)
{
	struct ber inside, whole = *ber;
	size_t found = 0;

	if (!enter(ber, ber->at[0], &inside))
		return false;
	while (!at_end(&inside)) {
		if (!skip(&inside))
			return false;
		found++;
	}
	*count_r = found;
	*ber = whole;
	return skip(ber);
}

static enum cms_kind
kind_of(const unsigned char *oid, size_t len)
{
	/* 1.2.840.113549.1.7, and 1.2.840.113549.1.9.16.1 (RFC 5083, RFC 3274) */
	static const unsigned char pkcs7[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7 };
	static const unsigned char smime[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1 };

	if (len == sizeof(pkcs7) + 1 && memcmp(oid, pkcs7, sizeof(pkcs7)) == 0) {
		unsigned char kind = oid[sizeof(pkcs7)];

		if (kind == 2)
			return CMS_SIGNED;
		return kind == 3 || kind == 6 ? CMS_ENCRYPTED : CMS_OTHER;
	}
	if (len == sizeof(smime) + 1 && memcmp(oid, smime, sizeof(smime)) == 0)
		return oid[sizeof(smime)] == 23 ? CMS_ENCRYPTED : CMS_OTHER;
	return CMS_NONE;
}

/* encapContentInfo: a type, and the text or none. */
static bool
look_at_content(struct ber *data, struct cms_look *look)
{
	const unsigned char *begin = data->at;
	struct ber info;

	if (!enter(data, SEQUENCE, &info) || !next_is(&info, OBJECT) || !skip(&info))
		return false;
	look->content = next_is(&info, CONTEXT(0));
	data->at = begin;
	if (!skip(data))
		return false;
	look->frame -= (size_t)(data->at - begin);
	return true;
}

/* SignedData (RFC 5652 5.1). */
static bool
look_at_signed(struct ber *object, struct cms_look *look)
{
	struct ber explicit, data;

	if (!enter(object, CONTEXT(0), &explicit) || !enter(&explicit, SEQUENCE, &data) ||
	    !next_is(&data, INTEGER) || !skip(&data) || !next_is(&data, SET) || !skip(&data) ||
	    !look_at_content(&data, look))
		return false;
	if (next_is(&data, CONTEXT(0)) && !count(&data, &look->certificates))
		return false;
	if (next_is(&data, CONTEXT(1)) && !skip(&data))
		return false;
	return next_is(&data, SET) && count(&data, &look->signers);
}

void
cms_look(const void *bytes, size_t len, struct cms_look *look_r)
{
	struct ber all = { bytes, (const unsigned char *)bytes + len, false }, object, oid;

	*look_r = (struct cms_look){ .kind = CMS_NONE, .frame = len };
	if (!enter(&all, SEQUENCE, &object) || !enter(&object, OBJECT, &oid))
		return;
	look_r->kind = kind_of(oid.at, (size_t)(oid.end - oid.at));
	object.at = oid.end;
	if (look_r->kind == CMS_SIGNED)
		look_r->whole = look_at_signed(&object, look_r);
}

bool
cms_fits(const struct cms_look *look)
{
	return look->kind == CMS_SIGNED && look->whole &&
		look->certificates <= LIMIT_CMS_CERTIFICATES && look->signers <= LIMIT_CMS_SIGNERS &&
		look->frame <= LIMIT_CMS_FRAME_BYTES;
}
