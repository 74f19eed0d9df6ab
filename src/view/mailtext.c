/*
 * Fills templates. A template is trusted, its values are not: they go in as
 * they are, once, and are never looked at for placeholders. Must not know the
 * names of the templates or of their values.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/mailtext.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

#define SUBJECT_PREFIX "Subject: "
#define SUBJECT_MAX 900			/* bytes; a header field of ours stays within it */
#define BODY_MAX ((size_t)8 * 1024 * 1024)
#define SECTIONS_MAX 8			/* sections within each other */

struct filling {
	const char *at, *end;
	size_t line;
	const struct mailtext_value *values;
	size_t count;
	const struct mailtext_value *sections[SECTIONS_MAX];
	size_t depth;
	size_t dropped;			/* how many of the open sections have no value */
	struct text out;
	struct err *err_r;
};

/* What stands between braces. */
struct tag {
	char kind;			/* '#', '/' or 0 for a placeholder */
	const struct mailtext_value *value;
	const char *start, *end;	/* the braces included */
};

static bool
has_value(const struct mailtext_value *value)
{
	return value->value != NULL && value->value[0] != '\0';
}

static const struct mailtext_value *
find_value(const struct filling *filling, const char *name, size_t len)
{
	for (size_t i = 0; i < filling->count; i++) {
		const char *known = filling->values[i].name;

		if (strlen(known) == len && memcmp(known, name, len) == 0)
			return &filling->values[i];
	}
	return NULL;
}

static bool
read_tag(struct filling *filling, const char *start, struct tag *tag_r)
{
	const char *name = start + 2;
	size_t left = (size_t)(filling->end - name);
	const char *close = memmem(name, left, "}}", 2);

	if (close == NULL || memchr(name, '\n', (size_t)(close - name)) != NULL) {
		err_set(filling->err_r, NEVER, "line %zu: {{ without }}", filling->line);
		return false;
	}
	tag_r->start = start;
	tag_r->end = close + 2;
	tag_r->kind = *name == '#' || *name == '/' ? *name++ : '\0';
	tag_r->value = find_value(filling, name, (size_t)(close - name));
	if (tag_r->value == NULL) {
		err_set(filling->err_r, NEVER, "line %zu: %.*s is no value that a template has",
			filling->line, (int)(tag_r->end - start), start);
		return false;
	}
	return true;
}

static enum outcome
open_section(struct filling *filling, const struct tag *tag)
{
	if (filling->depth == SECTIONS_MAX)
		return err_set(filling->err_r, NEVER,
			"line %zu: more than %d sections within each other", filling->line,
			SECTIONS_MAX);
	filling->sections[filling->depth++] = tag->value;
	filling->dropped += !has_value(tag->value);
	return DONE;
}

static enum outcome
close_section(struct filling *filling, const struct tag *tag)
{
	if (filling->depth == 0 || filling->sections[filling->depth - 1] != tag->value)
		return err_set(filling->err_r, NEVER,
			"line %zu: {{/%s}} closes no section that is open", filling->line,
			tag->value->name);
	filling->depth--;
	filling->dropped -= !has_value(tag->value);
	return DONE;
}

/* A section's tag that is a line of its own leaves no line behind. */
static bool
stands_alone(const struct filling *filling, const struct tag *tag, const char *begin)
{
	return (tag->start == begin || tag->start[-1] == '\n') && tag->end < filling->end
		&& *tag->end == '\n';
}

static void
add_literal(struct filling *filling, const char *to)
{
	for (const char *at = filling->at; at < to; at++)
		filling->line += *at == '\n';
	if (filling->dropped == 0)
		text_add_bytes(&filling->out, filling->at, (size_t)(to - filling->at));
	filling->at = to;
}

static enum outcome
take_tag(struct filling *filling, const char *begin, const char *start)
{
	enum outcome outcome;
	struct tag tag;

	if (!read_tag(filling, start, &tag))
		return NEVER;
	filling->at = tag.end;
	if (tag.kind == '\0') {
		if (filling->dropped == 0 && has_value(tag.value))
			text_add(&filling->out, tag.value->value);
		return DONE;
	}
	outcome = tag.kind == '#' ? open_section(filling, &tag) : close_section(filling, &tag);
	if (stands_alone(filling, &tag, begin)) {
		filling->at++;
		filling->line++;
	}
	return outcome;
}

static enum outcome
fill(struct filling *filling)
{
	const char *begin = filling->at;

	while (filling->at < filling->end) {
		const char *start =
			memmem(filling->at, (size_t)(filling->end - filling->at), "{{", 2);

		add_literal(filling, start != NULL ? start : filling->end);
		if (start != NULL && take_tag(filling, begin, start) != DONE)
			return NEVER;
	}
	if (filling->depth > 0)
		return err_set(filling->err_r, NEVER, "{{#%s}} is not closed",
			filling->sections[filling->depth - 1]->name);
	if (filling->out.full)
		return err_set(filling->err_r, NEVER, "the text would be larger than %zu bytes",
			filling->out.cap);
	return DONE;
}

enum outcome
mailtext_fill(struct arena *arena, const char *template_text, const struct mailtext_value *values,
	size_t count, struct mailtext *mail_r, struct err *err_r)
{
	const char *line_end = strchr(template_text, '\n');
	struct filling subject = { .values = values, .count = count, .line = 1, .err_r = err_r };
	struct filling body = { .values = values, .count = count, .line = 3, .err_r = err_r };

	if (!text_starts(template_text, SUBJECT_PREFIX) || line_end == NULL || line_end[1] != '\n')
		return err_set(err_r, NEVER,
			"a template begins with a line \"Subject: …\" and an empty line");
	subject.at = template_text + strlen(SUBJECT_PREFIX);
	subject.end = line_end;
	body.at = line_end + 2;
	body.end = template_text + strlen(template_text);
	text_init(&subject.out, arena, SUBJECT_MAX);
	text_init(&body.out, arena, BODY_MAX);
	if (fill(&subject) != DONE || fill(&body) != DONE)
		return NEVER;
	text_one_line(subject.out.data);
	mail_r->subject = subject.out.data;
	mail_r->body = body.out.data;
	return DONE;
}
