/*
 * The argument of `message why`. Each line of the reasons has a topic; the
 * topics stand under four headings, each told in a sentence of its own. Words
 * out of the mail stand in corner brackets, so that nobody takes them for ours.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/argument.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "view/json.h"

#include <string.h>

#define TEXT_MAX ((size_t)4 * 1024 * 1024)
#define LINE_TEXT_MAX (64 * 1024)
#define OPENS "「"
#define CLOSES "」"
#define NUMBER "number "
#define SIGN "sign "
#define WIDTH 80
#define WIDTH_MIN 40

enum section { TRUST, CONTENT, CASE, OUTCOME, SECTIONS };

static const struct {
	const char *name, *title;
} sections[SECTIONS] = {
	[TRUST] = { "trust", "Who it is from, and what proves it" },
	[CONTENT] = { "content", "What it is" },
	[CASE] = { "case", "Which case" },
	[OUTCOME] = { "outcome", "What followed" },
};

static const struct {
	const char *topic, *before;
	enum section section;
} topics[] = {
	{ "from", "It says that it is from ", TRUST },
	{ "signature", "Signature: ", TRUST },
	{ "results", "Its mail server: ", TRUST },
	{ "trust", "So it is ", TRUST },
	{ "signed by", "Signed by ", TRUST },
	{ "part", "Part: ", TRUST },
	{ "number", "Number: ", CONTENT },
	{ "phrase", "Phrase: ", CONTENT },
	{ "site", "It is about our site ", CONTENT },
	{ "a report", "For a report: ", CONTENT },
	{ "no report", "Against one: ", CONTENT },
	{ "weak", "It is one by such signs alone: ", CONTENT },
	{ "doubt", "It might be one: ", CONTENT },
	{ "weights", "Weighed: ", CONTENT },
	{ "alone", "But ", CONTENT },
	{ "unreadable", "It could not be read: ", CONTENT },
	{ "kind", "So it is: ", CONTENT },
	{ "row", NULL, CONTENT },
	{ "case", "It ", CASE },
	{ "against", "Against that: ", CASE },
	{ "answer", "Answer: ", OUTCOME },
	{ "deadline", "Deadline: ", OUTCOME },
};

#define TOPICS (sizeof(topics) / sizeof(topics[0]))

/* One line of the reasons. */
struct reason {
	size_t topic;		/* TOPICS: none that is known */
	const char *name, *text;
};

static size_t
topic_of(const char *name)
{
	size_t i = 0;

	while (i < TOPICS && !text_equal(topics[i].topic, name))
		i++;
	return i;
}

/* The next line; false at the end. *at moves behind it. */
static bool
next_reason(struct arena *arena, const char **at, struct reason *reason_r)
{
	size_t len = strcspn(*at, "\n");
	char *line, *colon;

	if (**at == '\0')
		return false;
	line = arena_strndup(arena, *at, len);
	*at += len + ((*at)[len] == '\n');
	colon = strstr(line, ": ");
	if (colon != NULL)
		*colon = '\0';
	reason_r->name = colon != NULL ? line : "";
	reason_r->text = colon != NULL ? colon + 2 : line;
	reason_r->topic = topic_of(reason_r->name);
	return true;
}

/* --- wrapping --- */

/* Bytes up to the next blank; words in brackets stay together. */
static size_t
word_len(const char *at)
{
	const char *end = text_starts(at, OPENS) ? strstr(at, CLOSES) : NULL;

	return end != NULL ? (size_t)(end - at) + strcspn(end, " ") : strcspn(at, " ");
}

/* A line as it grows. */
struct wrapping {
	struct text *text;
	size_t width, column;
	bool first;	/* no word stands in it yet */
};

static void
next_line(struct wrapping *wrapping)
{
	text_add(wrapping->text, "\n    ");
	wrapping->column = 4;
	wrapping->first = true;
}

/* One that is wider than a line is broken wherever the line ends. */
static void
put_word(struct wrapping *wrapping, const char *word)
{
	size_t columns = utf8_width(word), room = wrapping->width - 4;

	if (!wrapping->first && wrapping->column + 1 + (columns <= room ? columns : 1) > wrapping->width)
		next_line(wrapping);
	if (!wrapping->first) {
		text_add_char(wrapping->text, ' ');
		wrapping->column++;
	}
	while (wrapping->column + columns > wrapping->width) {
		size_t fits = utf8_fit(word, wrapping->width - wrapping->column);

		text_add_bytes(wrapping->text, word, fits);
		word += fits;
		columns = utf8_width(word);
		next_line(wrapping);
	}
	text_add(wrapping->text, word);
	wrapping->column += columns;
	wrapping->first = false;
}

/* A line behind two blanks, what follows it behind four. */
static void
put_wrapped(struct text *text, const char *line, size_t width)
{
	struct wrapping wrapping = { text, width, 2, true };

	text_add(text, "  ");
	while (*line != '\0') {
		size_t len = word_len(line);

		put_word(&wrapping, arena_strndup(text->arena, line, len));
		line += len + strspn(line + len, " ");
	}
	text_add_char(text, '\n');
}

/* --- quotations --- */

/* "what TAB place TAB words"; false when the line is none, or at the end. */
static bool
next_quote(struct arena *arena, const char **at, const char *fields_r[3])
{
	for (;;) {
		size_t len = strcspn(*at, "\n");
		char *line = arena_strndup(arena, *at, len), *tabs[2];

		if (**at == '\0')
			return false;
		*at += len + ((*at)[len] == '\n');
		tabs[0] = strchr(line, '\t');
		tabs[1] = tabs[0] != NULL ? strchr(tabs[0] + 1, '\t') : NULL;
		if (tabs[1] == NULL)
			continue;
		*tabs[0] = *tabs[1] = '\0';
		fields_r[0] = text_printable(arena, line);
		fields_r[1] = text_printable(arena, tabs[0] + 1);
		fields_r[2] = text_printable(arena, tabs[1] + 1);
		text_one_line((char *)fields_r[2]);
		return true;
	}
}

/* What a phrase of that meaning is found for. */
static const struct {
	const char *meaning, *what;
} meanings[] = {
	{ "identity", "for who writes" },
	{ "contact", "for a first contact" },
	{ "contact-ask", "for asking where details may be sent" },
	{ "encryption", "for asking how to encrypt" },
	{ "encryption-word", "perhaps for asking how to encrypt" },
	{ "encryption-choice", "for a way to encrypt" },
	{ "details", "for giving details" },
	{ "details-heading", "for headings of details" },
	{ "details-word", "perhaps for details" },
	{ "vulnerability", "for a vulnerability or its effect" },
	{ "reminder", "for a reminder" },
	{ "reminder-word", "perhaps for a reminder" },
	{ "closing", "for the end of the matter" },
	{ "number-label", "before a number" },
	{ "form", "for a web form" },
	{ "finder", "for a finder's report" },
};

/* "IPA contact-ask" → "for asking where details may be sent (IPA)"; "the number …", "our site …". */
static const char *
what_text(struct arena *arena, const char *what)
{
	const char *blank = strrchr(what, ' ');

	if (text_starts(what, "site "))
		return arena_printf(arena, "our %s", what);
	if (text_starts(what, NUMBER))
		return arena_printf(arena, "the %s", what);
	if (text_starts(what, SIGN))
		return arena_printf(arena, "for the sign \"%s\"", what + strlen(SIGN));
	for (size_t i = 0; blank != NULL && i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (text_equal(meanings[i].meaning, blank + 1))
			return arena_printf(arena, "%s (%.*s)", meanings[i].what, (int)(blank - what),
				what);
	}
	return what;
}

/* Whether a list with "; " between its items holds one. */
static bool
lists(const char *list, const char *item)
{
	size_t len = strlen(item);

	for (;;) {
		const char *end = strstr(list, "; ");
		size_t own = end != NULL ? (size_t)(end - list) : strlen(list);

		if (own == len && strncmp(list, item, len) == 0)
			return true;
		if (end == NULL)
			return false;
		list = end + 2;
	}
}

/* A sign's words are told where the reasons name it: of other mail, and of sealed, none is weighed. */
static bool
is_weighed(struct arena *arena, const struct argument_view *view, const char *what)
{
	const char *at = view->why;
	struct reason reason;

	if (!text_starts(what, SIGN))
		return true;
	while (next_reason(arena, &at, &reason)) {
		if ((text_equal(reason.name, "a report") || text_equal(reason.name, "no report")) &&
			lists(reason.text, what + strlen(SIGN)))
			return true;
	}
	return false;
}

static void
end_sentence(struct text *line, struct text *text, size_t width)
{
	if (line->len == 0)
		return;
	text_add_char(line, '.');
	put_wrapped(text, line->data, width);
	line->len = 0;
	line->data[0] = '\0';
}

/*
 * All words of one layer and place that speak for the same, in one sentence. Of a
 * layer that does not count only the numbers are told: they are what it is
 * asked about.
 */
static void
put_quotes(struct arena *arena, const struct argument_view *view, size_t layer, bool counts,
	struct text *text, size_t width)
{
	const char *at = view->quotes[layer], *fields[3], *before[2] = { "", "" };
	struct text line;

	text_init(&line, arena, LINE_TEXT_MAX);
	while (next_quote(arena, &at, fields)) {
		if ((!counts && !text_starts(fields[0], NUMBER)) ||
			!is_weighed(arena, view, fields[0]))
			continue;
		if (!text_equal(fields[0], before[0]) || !text_equal(fields[1], before[1])) {
			end_sentence(&line, text, width);
			text_addf(&line, "In the %s", fields[1]);
			if (view->quote_count > 1)
				text_addf(&line, " of layer %zu", layer);
			text_addf(&line, ", %s:", what_text(arena, fields[0]));
		}
		text_addf(&line, " " OPENS "%s" CLOSES, fields[2]);
		before[0] = fields[0];
		before[1] = fields[1];
	}
	end_sentence(&line, text, width);
}

/* Whether the reasons say that the layer counts; where they say nothing, there is one alone. */
static bool
layer_counts(struct arena *arena, const struct argument_view *view, size_t layer)
{
	const char *begin = arena_printf(arena, "layer %zu, ", layer), *at = view->why;
	struct reason reason;
	bool told = false;

	while (next_reason(arena, &at, &reason)) {
		if (!text_equal(reason.name, "part"))
			continue;
		told = true;
		if (text_starts(reason.text, begin) && text_ends(reason.text, ": this one counts"))
			return true;
	}
	return !told;
}

/* --- text --- */

/* The mail's own words take the place of what is kept of its numbers and phrases. */
static bool
is_told(const struct argument_view *view, const struct reason *reason)
{
	const char *name = reason->topic < TOPICS ? topics[reason->topic].topic : "";

	if (reason->topic < TOPICS && topics[reason->topic].before == NULL)
		return false;
	return view->quote_count == 0 || (!text_equal(name, "phrase") &&
		!text_equal(name, "number") && !text_equal(name, "site"));
}

static void
put_section(struct arena *arena, const struct argument_view *view, enum section section,
	struct text *text, size_t width)
{
	const char *at = view->why;
	struct reason reason;
	bool quoted = section != CONTENT;

	while (next_reason(arena, &at, &reason)) {
		enum section own = reason.topic < TOPICS ? topics[reason.topic].section : CONTENT;
		bool last = text_equal(reason.name, "weights") || text_equal(reason.name, "kind") ||
			text_equal(reason.name, "alone") || text_equal(reason.name, "unreadable");

		if (own != section || !is_told(view, &reason))
			continue;
		/* First what stands there, then what it weighs and means. */
		for (size_t i = 0; last && !quoted && i < view->quote_count; i++)
			put_quotes(arena, view, i, layer_counts(arena, view, i), text, width);
		quoted = quoted || last;
		put_wrapped(text, arena_printf(arena, "%s%s.",
			reason.topic < TOPICS ? topics[reason.topic].before : "",
			text_printable(arena, reason.text)), width);
	}
}

static void
put_problems(struct arena *arena, const char *problems, struct text *text, size_t width)
{
	if (problems == NULL || problems[0] == '\0')
		return;
	text_add(text, "\nWhat is odd about it\n");
	for (const char *at = problems; *at != '\0';) {
		size_t len = strcspn(at, "\n");

		put_wrapped(text, text_printable(arena, arena_strndup(arena, at, len)), width);
		at += len + (at[len] == '\n');
	}
}

char *
argument_text(struct arena *arena, const struct argument_view *view, size_t width)
{
	struct text text;

	if (width == 0)
		width = WIDTH;
	width = width < WIDTH_MIN ? WIDTH_MIN : width;
	text_init(&text, arena, TEXT_MAX);
	for (int i = 0; i < SECTIONS; i++) {
		text_addf(&text, "%s%s\n", i > 0 ? "\n" : "", sections[i].title);
		put_section(arena, view, (enum section)i, &text, width);
	}
	put_problems(arena, view->problems, &text, width);
	return text.data;
}

/* --- JSON --- */

static struct jsontext *
quotes_json(struct arena *arena, const struct argument_view *view)
{
	struct jsontext *array = jsontext_array(arena);

	for (size_t i = 0; i < view->quote_count; i++) {
		const char *at = view->quotes[i], *fields[3];

		while (next_quote(arena, &at, fields)) {
			struct jsontext *object;

			if (!is_weighed(arena, view, fields[0]))
				continue;
			object = jsontext_object(arena);
			jsontext_number(object, "layer", (int64_t)i);
			jsontext_string(object, "what", fields[0]);
			jsontext_string(object, "place", fields[1]);
			jsontext_string(object, "words", fields[2]);
			jsontext_add(array, object);
		}
	}
	return array;
}

struct jsontext *
argument_json(struct arena *arena, const struct argument_view *view)
{
	struct jsontext *arrays[SECTIONS], *object = jsontext_object(arena);
	const char *at = view->why;
	struct reason reason;

	for (int i = 0; i < SECTIONS; i++)
		arrays[i] = jsontext_array(arena);
	while (next_reason(arena, &at, &reason)) {
		struct jsontext *one = jsontext_object(arena);

		jsontext_string(one, "topic", reason.name);
		jsontext_string(one, "text", reason.text);
		jsontext_add(arrays[reason.topic < TOPICS ? topics[reason.topic].section : CONTENT], one);
	}
	for (int i = 0; i < SECTIONS; i++)
		jsontext_put(object, sections[i].name, arrays[i]);
	jsontext_put(object, "quotes", view->quote_count > 0 ? quotes_json(arena, view) : NULL);
	return object;
}
