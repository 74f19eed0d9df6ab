/*
 * A forgiving reader of HTML, one pass, no tree: every byte is looked at a
 * bounded number of times, whatever is left open. It must not try to be a
 * browser.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/html_text.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define NAME_MAX_LEN 16
#define QUOTE_DEPTH_MAX 20

struct html {
	struct text *out;
	const char *at;
	const char *end;
	bool drop_legacy;
	bool no_more_tags;	/* no '>' is left: a '<' is a '<' from here on */
	bool no_more_quotes;	/* quotes are not paired: they are signs like others from here on */
	bool line_started;
	bool blank_pending;
	int quotes;
	int pre;
};

static void
new_line(struct html *html)
{
	if (html->line_started)
		text_add_char(html->out, '\n');
	html->line_started = false;
	html->blank_pending = false;
}

static void
put(struct html *html, const char *bytes, size_t len)
{
	if (!html->line_started)
		for (int i = 0; i < html->quotes; i++)
			text_add(html->out, "> ");
	else if (html->blank_pending)
		text_add_char(html->out, ' ');
	html->line_started = true;
	html->blank_pending = false;
	text_add_bytes(html->out, bytes, len);
}

static void
put_code(struct html *html, uint32_t code)
{
	char utf8[4];

	if (code == 0xa0)
		code = ' ';
	if (code < 0x20 || code == 0x7f || (code >= 0x80 && code < 0xa0) || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000)) {
		html->blank_pending = true;
		return;
	}
	put(html, utf8, utf8_put(utf8, code));
}

/* Of HTML 4: Latin-1 in its order, then what mail uses of the rest; of HTML 5 the ASCII signs. */
static uint32_t
named_entity(const char *name, size_t len)
{
	static const char *const latin[] = {
		"nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml",
		"copy", "ordf", "laquo", "not", "shy", "reg", "macr", "deg", "plusmn",
		"sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1",
		"ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave",
		"Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave",
		"Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH",
		"Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash",
		"Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave",
		"aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave",
		"eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth",
		"ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide",
		"oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml"
	};
	static const struct { const char *name; uint32_t code; } names[] = {
		{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' },
		{ "AMP", '&' }, { "LT", '<' }, { "GT", '>' }, { "QUOT", '"' },
		{ "ndash", 0x2013 }, { "mdash", 0x2014 }, { "horbar", 0x2015 },
		{ "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "sbquo", 0x201a },
		{ "ldquo", 0x201c }, { "rdquo", 0x201d }, { "bdquo", 0x201e },
		{ "lsaquo", 0x2039 }, { "rsaquo", 0x203a }, { "dagger", 0x2020 },
		{ "bull", 0x2022 }, { "hellip", 0x2026 }, { "permil", 0x2030 },
		{ "euro", 0x20ac }, { "trade", 0x2122 }, { "OElig", 0x152 }, { "oelig", 0x153 },
		{ "larr", 0x2190 }, { "uarr", 0x2191 }, { "rarr", 0x2192 }, { "darr", 0x2193 },
		{ "minus", 0x2212 }, { "ne", 0x2260 }, { "le", 0x2264 }, { "ge", 0x2265 },
		{ "ensp", ' ' }, { "emsp", ' ' }, { "thinsp", ' ' }, { "zwsp", 0x200b },
		{ "zwnj", 0x200c }, { "zwj", 0x200d }, { "lrm", 0x200e }, { "rlm", 0x200f },
		{ "Tab", ' ' }, { "NewLine", ' ' }, { "excl", '!' }, { "num", '#' },
		{ "dollar", '$' }, { "percnt", '%' }, { "lpar", '(' }, { "rpar", ')' },
		{ "ast", '*' }, { "plus", '+' }, { "comma", ',' }, { "period", '.' },
		{ "sol", '/' }, { "colon", ':' }, { "semi", ';' }, { "equals", '=' },
		{ "quest", '?' }, { "commat", '@' }, { "lsqb", '[' }, { "lbrack", '[' },
		{ "bsol", '\\' }, { "rsqb", ']' }, { "rbrack", ']' }, { "Hat", '^' },
		{ "lowbar", '_' }, { "grave", '`' }, { "lcub", '{' }, { "lbrace", '{' },
		{ "vert", '|' }, { "verbar", '|' }, { "rcub", '}' }, { "rbrace", '}' },
		{ "hyphen", 0x2010 }, { "dash", 0x2010 },
	};

	for (size_t i = 0; i < sizeof(latin) / sizeof(latin[0]); i++)
		if (strlen(latin[i]) == len && memcmp(latin[i], name, len) == 0)
			return 0xa0 + (uint32_t)i;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
			return names[i].code;
	return 0;
}

static int
digit_of(char c, int base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (base == 16 && c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Behind "&#": the number, and how many bytes it took; 0 bytes when it is none. */
static size_t
numeric_entity(const char *at, const char *end, uint32_t *code_r)
{
	int base = at < end && (*at == 'x' || *at == 'X') ? 16 : 10;
	const char *digits = base == 16 ? at + 1 : at, *to = digits;
	uint32_t code = 0;

	while (to < end && digit_of(*to, base) >= 0) {
		if (code <= 0x10ffff)
			code = code * (uint32_t)base + (uint32_t)digit_of(*to, base);
		to++;
	}
	*code_r = code;
	return to == digits ? 0 : (size_t)(to - at);
}

static void
read_entity(struct html *html)
{
	const char *at = html->at + 1, *to = at;
	uint32_t code = 0;

	if (to < html->end && *to == '#') {
		size_t len = numeric_entity(at + 1, html->end, &code);

		to = len ? at + 1 + len : at;
	} else {
		while (to < html->end && to - at < NAME_MAX_LEN &&
		       ((*to >= 'a' && *to <= 'z') || (*to >= 'A' && *to <= 'Z') ||
			(to > at && *to >= '0' && *to <= '9')))
			to++;
		code = named_entity(at, (size_t)(to - at));
		if (code == 0)
			to = at;
	}
	if (to == at) {
		put(html, "&", 1);
		html->at++;
		return;
	}
	if (to < html->end && *to == ';')
		to++;
	put_code(html, code);
	html->at = to;
}

static bool
is_in(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcasecmp(name, *names) == 0)
			return true;
	return false;
}

static const char *
find_ci(const char *at, const char *end, const char *word)
{
	size_t len = strlen(word);

	for (; (size_t)(end - at) >= len; at++)
		if (strncasecmp(at, word, len) == 0)
			return at;
	return NULL;
}

/* Past "</name", or to the end: what a browser would not show either. */
static void
skip_element(struct html *html, const char *name)
{
	char closing[NAME_MAX_LEN + 4] = "</";
	const char *found;

	memcpy(closing + 2, name, strlen(name) + 1);
	found = find_ci(html->at, html->end, closing);
	html->at = found ? found : html->end;
}

static void
on_tag(struct html *html, const char *name, bool closing, const char *rest, size_t rest_len)
{
	static const char *const hidden[] = { "script", "style", "title", "template", NULL };
	static const char *const blocks[] = { "p", "div", "br", "tr", "li", "h1", "h2", "h3",
		"h4", "h5", "h6", "table", "ul", "ol", "pre", "hr", "section", "article",
		"header", "footer", "address", "dl", "dt", "dd", "form", "center",
		"blockquote", "body", NULL };
	static const char *const cells[] = { "td", "th", NULL };

	if (!closing && is_in(name, hidden)) {
		skip_element(html, name);
	} else if (is_in(name, cells)) {
		html->blank_pending = html->line_started;
	} else if (is_in(name, blocks)) {
		/* An empty line that the writer made stays one. */
		if (strcasecmp(name, "br") == 0 && !html->line_started)
			text_add_char(html->out, '\n');
		new_line(html);
	}
	if (strcasecmp(name, "blockquote") == 0) {
		html->quotes += closing ? -1 : 1;
		if (html->quotes < 0)
			html->quotes = 0;
		if (html->quotes > QUOTE_DEPTH_MAX)
			html->quotes = QUOTE_DEPTH_MAX;
	} else if (strcasecmp(name, "pre") == 0) {
		html->pre = !closing;
	} else if (html->drop_legacy && !closing && strcasecmp(name, "div") == 0 &&
		   find_ci(rest, rest + rest_len, "header-protection-legacy-display")) {
		skip_element(html, "div");
	}
}

static void
skip_comment(struct html *html)
{
	const char *close = memmem(html->at, (size_t)(html->end - html->at), "-->", 3);

	html->at = close ? close + 3 : html->end;
}

/* Whether a tag may begin so; checked before the search for its end, which then pays once. */
static bool
begins_tag(const char *at, const char *end)
{
	if (at < end && *at == '/')
		at++;
	return at < end && (*at == '!' || *at == '?' || (*at >= 'a' && *at <= 'z') ||
		(*at >= 'A' && *at <= 'Z'));
}

/*
 * The '>' that ends a tag: none inside of a quoted value. Where quotes leave none
 * they count for nothing from there on, so that the search pays once.
 */
static const char *
tag_end(struct html *html, const char *at)
{
	const char *from = at;
	char last = 0;

	while (!html->no_more_quotes && at < html->end && *at != '>') {
		const char *close = NULL;

		if ((*at == '"' || *at == '\'') && last == '=') {
			close = memchr(at + 1, *at, (size_t)(html->end - at - 1));
			html->no_more_quotes = !close;
		}
		if (!strchr(" \t\r\n", *at))
			last = *at;
		at = close ? close + 1 : at + 1;
	}
	html->no_more_quotes = html->no_more_quotes || at == html->end;
	return html->no_more_quotes ? memchr(from, '>', (size_t)(html->end - from)) : at;
}

static void
read_tag(struct html *html)
{
	const char *at = html->at + 1, *close = NULL;
	char name[NAME_MAX_LEN] = "";
	size_t len = 0;
	bool closing;

	if (html->end - at >= 3 && memcmp(at, "!--", 3) == 0) {
		html->at = at + 1;
		skip_comment(html);
		return;
	}
	if (begins_tag(at, html->end)) {
		close = tag_end(html, at);
		html->no_more_tags = !close;
	}
	if (!close) {
		put(html, "<", 1);
		html->at++;
		return;
	}
	closing = *at == '/';
	at += closing;
	while (at + len < close && len + 1 < sizeof(name) && !strchr(" /\t\r\n", at[len])) {
		name[len] = at[len];
		len++;
	}
	html->at = close + 1;
	on_tag(html, name, closing, at + len, (size_t)(close - at) - len);
}

static void
read_plain(struct html *html)
{
	const char *from = html->at;
	size_t len = strcspn(from, "<& \t\n\r");

	if (len > (size_t)(html->end - from))
		len = (size_t)(html->end - from);
	if (len == 0)
		len = 1;
	put(html, from, len);
	html->at += len;
}

static void
read_space(struct html *html)
{
	char c = *html->at++;

	if (html->pre && c == '\n') {
		if (!html->line_started)
			text_add_char(html->out, '\n');
		new_line(html);
	} else if (html->pre && c != '\r') {
		put(html, " ", 1);
	} else if (html->line_started) {
		html->blank_pending = true;
	}
}

void
html_text_add(struct text *out, const char *source, bool drop_legacy)
{
	struct html html = { .out = out, .at = source, .end = source + strlen(source),
		.drop_legacy = drop_legacy };

	while (html.at < html.end && !out->full) {
		char c = *html.at;

		if (c == '<' && !html.no_more_tags)
			read_tag(&html);
		else if (c == '&')
			read_entity(&html);
		else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			read_space(&html);
		else
			read_plain(&html);
	}
	new_line(&html);
}
