/*
 * Own lines and quoted ones. Two passes: what each line is, then the parting.
 * Must not look at what the text means, only at how mail programs quote.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/quote.h"

#include "base/arena.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define LOOK_AHEAD 6		/* lines in which a header block must show itself */
#define ATTRIBUTION_MAX 400	/* bytes of a "… wrote:" line */
#define INITIALS_MAX 12		/* bytes of a name before a quote mark */

struct line {
	const char *at;
	size_t len;
};

enum label { LABEL_NONE, LABEL_FROM, LABEL_DATE, LABEL_OTHER };

static const char wide_mark[] = "\xef\xbc\x9e";	/* ＞ */

static struct line
line_at(const char *at)
{
	return (struct line){ at, strcspn(at, "\n") };
}

static const char *
next_line(struct line line)
{
	return line.at[line.len] == '\n' ? line.at + line.len + 1 : line.at + line.len;
}

/* Blanks of both widths at either end taken off. */
static struct line
trimmed(struct line line)
{
	static const char wide_blank[] = "\xe3\x80\x80";

	for (;;) {
		if (line.len && strchr(" \t\r", line.at[0])) {
			line.at++;
			line.len--;
		} else if (line.len >= 3 && memcmp(line.at, wide_blank, 3) == 0) {
			line.at += 3;
			line.len -= 3;
		} else {
			break;
		}
	}
	while (line.len && strchr(" \t\r", line.at[line.len - 1]))
		line.len--;
	return line;
}

static bool
begins(struct line line, const char *word)
{
	size_t len = strlen(word);

	return line.len >= len && strncasecmp(line.at, word, len) == 0;
}

static bool
ends(struct line line, const char *word)
{
	size_t len = strlen(word);

	return line.len >= len && memcmp(line.at + line.len - len, word, len) == 0;
}

static bool
holds(struct line line, const char *word)
{
	return memmem(line.at, line.len, word, strlen(word)) != NULL;
}

/* Bytes of the quote marks that lead the line, 0 if none do. */
static size_t
marks(struct line line)
{
	size_t at = 0, behind = 0;

	for (;;) {
		while (at < line.len && (line.at[at] == ' ' || line.at[at] == '\t'))
			at++;
		if (at < line.len && line.at[at] == '>')
			at++;
		else if (line.len - at >= 3 && memcmp(line.at + at, wide_mark, 3) == 0)
			at += 3;
		else
			return behind;
		behind = at;
	}
}

bool
quote_begins(const char *line, size_t len)
{
	return marks((struct line){ line, len }) > 0;
}

/* "name> " at the very beginning: bytes up to the blank, 0 if it is none. */
static size_t
initials(struct line line)
{
	size_t len = 0;

	while (len < line.len && len < INITIALS_MAX && (isalnum((unsigned char)line.at[len]) ||
		(len > 0 && memchr("._-", line.at[len], 3))))
		len++;
	return len > 0 && len < line.len && line.at[len] == '>' ? len + 1 : 0;
}

/* Two or more of the signs that rulers are made of, taken off the front. */
static bool
take_ruler(struct line *line)
{
	static const char *const signs[] = { "-", "_", "=", "*", " ", "\xef\xbc\x8d",
		"\xe2\x94\x80", "\xe2\x94\x81", "\xe2\x80\x95", "\xe2\x80\x94",
		"\xe2\x80\x93", "\xe3\x83\xbc", "\xe2\x88\x92", NULL };
	size_t taken = 0;

	for (size_t i = 0; signs[i];) {
		size_t len = strlen(signs[i]);

		if (line->len >= len && memcmp(line->at, signs[i], len) == 0) {
			taken += *signs[i] != ' ';
			line->at += len;
			line->len -= len;
			i = 0;
		} else {
			i++;
		}
	}
	return taken >= 2;
}

static bool
is_forward_ruler(struct line line)
{
	static const char *const words[] = { "Original Message", "Forwarded message",
		"Forwarded by", "Original Appointment", "元のメッセージ", "元のメール",
		"オリジナル メッセージ", "オリジナルメッセージ", "転送メッセージ",
		"転送されたメッセージ", "転送メール", "Urspr\xc3\xbcngliche Nachricht",
		"Originalnachricht", "Original-Nachricht", "Weitergeleitete Nachricht", NULL };

	line = trimmed(line);
	if (begins(line, "Begin forwarded message:") || begins(line, "転送されたメッセージ:"))
		return true;
	if (!take_ruler(&line))
		return false;
	for (size_t i = 0; words[i]; i++)
		if (begins(line, words[i]))
			return true;
	return false;
}

static enum label
label_of(struct line line)
{
	static const struct { const char *word; enum label label; } labels[] = {
		{ "From:", LABEL_FROM }, { "差出人:", LABEL_FROM }, { "送信者:", LABEL_FROM },
		{ "差出人：", LABEL_FROM }, { "Von:", LABEL_FROM },
		{ "Sent:", LABEL_DATE }, { "Date:", LABEL_DATE }, { "送信日時:", LABEL_DATE },
		{ "送信日時：", LABEL_DATE }, { "日時:", LABEL_DATE }, { "日付:", LABEL_DATE },
		{ "日付：", LABEL_DATE }, { "Gesendet:", LABEL_DATE }, { "Datum:", LABEL_DATE },
		{ "To:", LABEL_OTHER }, { "宛先:", LABEL_OTHER }, { "宛先：", LABEL_OTHER },
		{ "Cc:", LABEL_OTHER }, { "Subject:", LABEL_OTHER }, { "件名:", LABEL_OTHER },
		{ "件名：", LABEL_OTHER }, { "An:", LABEL_OTHER }, { "Betreff:", LABEL_OTHER },
	};

	line = trimmed(line);
	while (line.len && *line.at == '*') {
		line.at++;
		line.len--;
	}
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (begins(line, labels[i].word))
			return labels[i].label;
	return LABEL_NONE;
}

/* From, a date, and To, Cc or Subject, close together: the head of a mail sent on. */
static bool
is_header_block(struct line line)
{
	bool date = false, other = false;

	if (label_of(line) != LABEL_FROM)
		return false;
	for (int i = 0; i < LOOK_AHEAD && *next_line(line); i++) {
		enum label label;

		line = line_at(next_line(line));
		label = label_of(line);
		date = date || label == LABEL_DATE;
		other = other || label == LABEL_OTHER;
	}
	return date && other;
}

/* "On … X wrote:", "2026年11月22日(日) 9:00 X <a@b>:", "X さんは書きました:" */
static bool
is_attribution(struct line line)
{
	static const char *const words[] = { "wrote", "writes", "schrieb", "書きました",
		"書いた", "さんは", "@", "年", NULL };

	line = trimmed(line);
	if (line.len == 0 || line.len > ATTRIBUTION_MAX)
		return false;
	if (!ends(line, ":") && !ends(line, "："))
		return false;
	for (size_t i = 0; words[i]; i++)
		if (holds(line, words[i]))
			return true;
	return false;
}

struct parting {
	struct text own;
	struct text quoted;
	/* The last lines of our own, held back: they may introduce a quotation. */
	struct line held[2];
	const char *held_end;
	int held_count;
	bool any_own;
	/* Whose name led the quoted line before, if one did. */
	const char *who;
	size_t who_len;
};

static void
add_line(struct text *text, struct line line)
{
	text_add_bytes(text, line.at, line.len);
	text_add_char(text, '\n');
}

/* What was held back is own after all, with the empty lines that followed it. */
static void
release(struct parting *parting)
{
	if (parting->held_count > 0)
		text_add_bytes(&parting->own, parting->held[0].at,
			(size_t)(parting->held_end - parting->held[0].at));
	parting->held_count = 0;
}

static void
hold(struct parting *parting, struct line line)
{
	bool adjacent = parting->held_count == 1 &&
		next_line(parting->held[0]) == line.at;

	if (adjacent) {
		parting->held[1] = line;
		parting->held_count = 2;
	} else if (parting->held_count == 2 && next_line(parting->held[1]) == line.at) {
		add_line(&parting->own, parting->held[0]);
		parting->held[0] = parting->held[1];
		parting->held[1] = line;
	} else {
		release(parting);
		parting->held[0] = line;
		parting->held_count = 1;
	}
	parting->held_end = next_line(line);
}

/* A quotation begins: the line or two that say whose it is go with it. */
static void
introduce(struct parting *parting)
{
	struct line last;

	if (parting->held_count == 0)
		return;
	last = parting->held[parting->held_count - 1];
	if (!is_attribution(last)) {
		release(parting);
		return;
	}
	if (parting->held_count == 2) {
		struct line first = trimmed(parting->held[0]);
		bool wrapped = begins(first, "On ") && !begins(trimmed(last), "On ");

		add_line(wrapped ? &parting->quoted : &parting->own, parting->held[0]);
	}
	add_line(&parting->quoted, last);
	parting->held_count = 0;
}

/*
 * A name before the mark may as well be the prompt of a program that a report
 * shows: it is a quotation's behind "… wrote:", and goes on as it began.
 */
static size_t
named_mark(struct parting *parting, struct line line)
{
	size_t len = initials(line);

	if (len > 0 && len == parting->who_len && memcmp(line.at, parting->who, len) == 0)
		return len;
	if (len == 0 || parting->held_count == 0 ||
	    !is_attribution(parting->held[parting->held_count - 1]))
		return 0;
	parting->who = line.at;
	parting->who_len = len;
	return len;
}

static void
part_line(struct parting *parting, struct line line)
{
	size_t skip = marks(line);

	if (skip == 0)
		skip = named_mark(parting, line);
	if (skip > 0) {
		struct line rest = { line.at + skip, line.len - skip };

		introduce(parting);
		add_line(&parting->quoted, rest.len && *rest.at == ' ' ?
			(struct line){ rest.at + 1, rest.len - 1 } : rest);
	} else if (trimmed(line).len == 0) {
		if (parting->held_count > 0)
			parting->held_end = next_line(line);
		else
			add_line(&parting->own, line);
	} else {
		parting->any_own = true;
		parting->who_len = 0;
		hold(parting, line);
	}
}

void
quote_unmark(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != QUOTE_OWN)
			*to++ = *from;
	*to = '\0';
}

/* An own line, whatever it looks like. */
static void
part_own(struct parting *parting, struct line line)
{
	release(parting);
	parting->any_own = true;
	parting->who_len = 0;
	add_line(&parting->own, (struct line){ line.at + 1, line.len - 1 });
}

void
quote_split(struct arena *arena, const char *text, const char **own_r, const char **quoted_r)
{
	struct parting parting = { .held_count = 0 };
	size_t cap = strlen(text) + 2;

	text_init(&parting.own, arena, cap);
	text_init(&parting.quoted, arena, cap);
	for (const char *at = text; *at;) {
		struct line line = line_at(at);

		at = next_line(line);
		if (*line.at == QUOTE_OWN) {
			part_own(&parting, line);
			continue;
		}
		/* At the very top it may be a form's own fields, so nothing is cut there. */
		if (is_forward_ruler(line) || (parting.any_own && is_header_block(line))) {
			release(&parting);
			text_add(&parting.quoted, line.at);
			break;
		}
		part_line(&parting, line);
	}
	release(&parting);
	quote_unmark(parting.own.data);
	quote_unmark(parting.quoted.data);
	*own_r = parting.own.data;
	*quoted_r = parting.quoted.data;
}
