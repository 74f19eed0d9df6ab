/*
 * Mailboxes into a record and out of it again. A display name is the sender's own text: it
 * must never pass for an address, nor hide the one that stands behind it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/senders.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/address.h"
#include "rule/facts.h"

#include <string.h>

#define SENDERS_MAX 2000
#define SENDERS_WHOLE (SENDERS_MAX - 4)	/* a cut falls before the character that did not fit */
#define SPECIALS "()<>[]:;@\\,.\""	/* RFC 5322 3.2.3 */

static void
add_name(struct text *text, const char *name)
{
	if (strpbrk(name, SPECIALS) == NULL) {
		text_add(text, name);
		return;
	}
	text_add_char(text, '"');
	for (size_t len; *name != '\0'; name += len) {
		len = strcspn(name, "\"\\");
		text_add(text, arena_strndup(text->arena, name, len));
		if (name[len] != '\0')
			text_addf(text, "\\%c", name[len++]);
	}
	text_add_char(text, '"');
}

char *
senders_text(struct arena *arena, const struct facts_addresses *list)
{
	struct text text;

	text_init(&text, arena, SENDERS_MAX);
	for (size_t i = 0; i < list->count; i++) {
		const struct facts_address *address = &list->at[i];
		bool named = address->name != NULL && address->name[0] != '\0';

		if (i > 0)
			text_add(&text, ", ");
		if (named)
			add_name(&text, address->name);
		text_add(&text, named ? " <" : "");
		text_add(&text, address->address);
		text_add(&text, named ? ">" : "");
	}
	return text.data;
}

/* Behind the quoted string that begins at `at`; where it does not end, behind the mark alone. */
static const char *
skip_quoted(const char *at, const char *end)
{
	for (const char *next = at + 1; next < end; next++) {
		if (*next == '\\')
			next++;
		else if (*next == '"')
			return next + 1;
	}
	return at + 1;
}

/* Whether that is one name, with no mailbox of its own before it. */
static bool
is_one_name(const char *at, const char *end)
{
	bool comma = false, sign = false;

	while (at < end) {
		if (*at == '<')
			return false;
		comma = comma || *at == ',';
		sign = sign || *at == '@';
		at = *at == '"' ? skip_quoted(at, end) : at + 1;
	}
	return !comma || !sign;
}

const char *
senders_one(struct arena *arena, const char *from)
{
	size_t len = from != NULL ? strlen(from) : 0;
	const char *at = from, *end;
	struct address one[2];

	/* What it was cut off before is not known. */
	if (len == 0 || len > SENDERS_WHOLE)
		return NULL;
	end = from + len;
	if (end[-1] == '>') {
		end--;
		at = strrchr(from, '<');
		if (at == NULL || !is_one_name(from, at))
			return NULL;
		at++;
	}
	if (address_parse(arena, at, (size_t)(end - at), one, 2) != 1 || one[0].addr[0] == '\0')
		return NULL;
	return one[0].addr;
}
