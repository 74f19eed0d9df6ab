/*
 * Patterns over the C library's regular expressions. Every call is given a
 * short piece of the text, so that no pattern costs more than a constant for
 * each byte of a hostile mail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/number_pattern.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

#include <regex.h>
#include <string.h>

#define WINDOW 1024	/* bytes searched by one call, when the pattern begins with no literal */
#define BLANKLESS_MAX ((size_t)64 * 1024)	/* bytes of a pattern as it is compiled */
#define PREFIX_MAX (NUMBER_MAX - 8)	/* bytes of plain beginning that are used */
#define ANCHORED "^("	/* put before a pattern; its first group is then the second */

struct number_pattern {
	regex_t loose;		/* the pattern as it is */
	regex_t anchored;	/* where it begins at the first byte */
	char literal[NUMBER_MAX];	/* upper case: every match begins so; "" for not known */
	char prefix[NUMBER_MAX];	/* canonical text before the group, if has_prefix */
	bool has_prefix;
};

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

/* Behind the bracket expression at `at`; its first character and those of classes may be ']'. */
static const char *
bracket_end(const char *at)
{
	at += at[1] == '^' ? 2 : 1;
	for (at += *at == ']' ? 1 : 0; *at != '\0' && *at != ']'; at++) {
		char class_end[] = { at[1], ']', '\0' };
		const char *end = NULL;

		if (at[0] == '[' && at[1] != '\0' && strchr(":.=", at[1]) != NULL)
			end = strstr(at + 2, class_end);
		at = end != NULL ? end + 1 : at;
	}
	return *at == ']' ? at + 1 : at;
}

/* Behind the bracket expression or the escaped character at `at`, or behind any other one. */
static const char *
element_end(const char *at)
{
	if (at[0] == '\\')
		return at[1] != '\0' ? at + 2 : at + 1;
	return at[0] == '[' ? bracket_end(at) : at + 1;
}

/* Whether the element, up to `end`, takes a blank because it says so. */
static bool
takes_blank(struct arena *arena, const char *at, const char *end)
{
	const char *element = arena_strndup(arena, at, (size_t)(end - at));

	if (at[0] == ' ' || (at[0] == '\\' && at[1] == ' '))
		return true;
	if (at[0] != '[' || at[1] == '^')
		return false;
	return strchr(element, ' ') != NULL || strstr(element, "[:space:]") != NULL ||
		strstr(element, "[:blank:]") != NULL;
}

/* Any character but those of the bracket expression, and no blank. */
static void
add_negated(struct text *out, const char *at, const char *end)
{
	/* A ']' or '-' that stands first means itself, and stays first. */
	size_t head = at[2] == ']' || at[2] == '-' ? 3 : 2;

	text_add_bytes(out, at, head);
	text_add(out, " \n");
	text_add_bytes(out, at + head, (size_t)(end - at) - head);
}

/*
 * The same pattern, so that it matches what it matched with the blanks taken out,
 * as the canonical form is: a blank that it names may lack, and what stands for
 * any character stands for no blank.
 */
static const char *
without_blanks(struct arena *arena, const char *regex)
{
	struct text out;
	const char *end;

	text_init(&out, arena, BLANKLESS_MAX);
	for (; *regex != '\0'; regex = end) {
		bool may_lack;

		end = element_end(regex);
		may_lack = takes_blank(arena, regex, end);
		if (regex[0] == '.')
			text_add(&out, "[^ \n]");
		else if (regex[0] == '[' && regex[1] == '^')
			add_negated(&out, regex, end);
		else
			text_add_bytes(&out, regex, (size_t)(end - regex));
		if (may_lack && *end == '+')
			end++;
		if (may_lack && (end[-1] == '+' || *end == '\0' || strchr("*?{", *end) == NULL))
			text_add(&out, end[-1] == '+' ? "*" : "?");
	}
	return out.data;
}

static bool
refers_back(const char *regex)
{
	for (; *regex != '\0'; regex = element_end(regex)) {
		if (regex[0] == '\\' && regex[1] >= '1' && regex[1] <= '9')
			return true;
	}
	return false;
}

static bool
has_alternatives(const char *regex)
{
	int depth = 0;

	for (; *regex != '\0'; regex = element_end(regex)) {
		if (*regex == '(')
			depth++;
		else if (*regex == ')')
			depth--;
		else if (*regex == '|' && depth == 0)
			return true;
	}
	return false;
}

/*
 * Takes the plain characters at the pattern's beginning: those that must stand
 * there to `literal`, all but blanks to `prefix`. Returns what follows them.
 */
static const char *
beginning_read(struct number_pattern *pattern, const char *regex)
{
	size_t literal = 0, prefix = 0;
	bool must = true;

	while (*regex != '\0' && strchr(".[]|^$\\()+*?{}", *regex) == NULL &&
		prefix < PREFIX_MAX) {
		const char *behind = regex;
		bool wide, may_lack;

		utf8_next(&behind);
		wide = behind - regex > 1;
		may_lack = *behind == '*' || *behind == '?';
		/*
		 * How many bytes a quantifier takes along depends on the locale:
		 * not for us to say.
		 */
		if (*behind == '+' || *behind == '{' || (wide && may_lack))
			break;
		must = must && !may_lack;
		for (; regex < behind; regex++) {
			if (must)
				pattern->literal[literal++] = upper(*regex);
			if (*regex != ' ')
				pattern->prefix[prefix++] = upper(*regex);
		}
		regex += may_lack ? 1 : 0;
	}
	return regex;
}

/* Whether the rest of the pattern is one group and nothing behind it. */
static bool
is_one_group(const char *regex, size_t groups)
{
	const char *last = regex;

	if (groups != 1 || regex[0] != '(')
		return false;
	for (; *regex != '\0'; regex = element_end(regex))
		last = regex;
	return *last == ')';
}

static enum outcome
compile(regex_t *compiled, const char *regex, struct err *err_r)
{
	int error = regcomp(compiled, regex, REG_EXTENDED | REG_ICASE);
	char why[128];

	if (error == 0)
		return DONE;
	regerror(error, compiled, why, sizeof(why));
	return err_set(err_r, NEVER, "not a POSIX extended regular expression: %s", why);
}

enum outcome
number_pattern_compile(struct arena *arena, const char *regex, struct number_pattern **pattern_r,
	struct err *err_r)
{
	struct number_pattern *pattern = arena_alloc(arena, sizeof(*pattern));
	const char *plain = without_blanks(arena, utf8_nfkc(arena, regex));
	const char *rest;

	if (refers_back(plain))
		return err_set(err_r, NEVER, "a reference back to a group is not taken");
	if (compile(&pattern->loose, plain, err_r) != DONE)
		return NEVER;
	if (regexec(&pattern->loose, "", 0, NULL, 0) == 0) {
		regfree(&pattern->loose);
		return err_set(err_r, NEVER, "it matches the empty string");
	}
	if (compile(&pattern->anchored, arena_printf(arena, ANCHORED "%s)", plain), err_r) !=
		DONE) {
		regfree(&pattern->loose);
		return NEVER;
	}
	rest = beginning_read(pattern, plain);
	pattern->has_prefix = is_one_group(rest, pattern->loose.re_nsub);
	if (has_alternatives(plain))
		pattern->literal[0] = '\0';
	*pattern_r = pattern;
	return DONE;
}

void
number_pattern_free(struct number_pattern **pattern)
{
	if (*pattern == NULL)
		return;
	regfree(&(*pattern)->loose);
	regfree(&(*pattern)->anchored);
	*pattern = NULL;
}

/*
 * Whether the expression matches in the piece, of at most WINDOW bytes; *match_r is relative to it.
 * The piece is copied out: regexec() takes a string to its end alone (REG_STARTEND is no POSIX, and
 * AddressSanitizer measures the whole string all the same).
 */
static bool
piece_match(const regex_t *regex, const char *piece, size_t len, size_t groups, bool inside,
	regmatch_t *match_r)
{
	char copy[WINDOW + 1];

	memcpy(copy, piece, len);
	copy[len] = '\0';
	return regexec(regex, copy, groups, match_r, inside ? REG_NOTBOL : 0) == 0;
}

/*
 * Its next place in the text, `len` for none. Not memmem(): AddressSanitizer looks at all that is
 * left of the text at each call of it, and there may be one for every few bytes.
 */
static size_t
literal_find(const char *literal, size_t literal_len, const char *text, size_t len, size_t at)
{
	while (len - at >= literal_len) {
		const char *first = memchr(text + at, literal[0], len - at - literal_len + 1);

		if (first == NULL)
			break;
		at = (size_t)(first - text);
		if (memcmp(first, literal, literal_len) == 0)
			return at;
		at++;
	}
	return len;
}

size_t
number_pattern_candidate(const struct number_pattern *pattern, const char *text, size_t len,
	size_t at)
{
	size_t literal = strlen(pattern->literal);
	regmatch_t match;

	if (literal > 0)
		return literal_find(pattern->literal, literal, text, len, at);
	while (at < len) {
		size_t window = len - at < WINDOW ? len - at : WINDOW;

		if (piece_match(&pattern->loose, text + at, window, 1, at > 0, &match))
			return at + (size_t)match.rm_so;
		/* A match that the window's end cut begins in its last bytes. */
		at += window == len - at ? window : window - NUMBER_MATCH_MAX;
	}
	return len;
}

/* The match's text without blanks behind the prefix, if it fits. */
static bool
canonical(const char *prefix, const char *text, size_t len, char number_r[NUMBER_MAX])
{
	size_t used = strlen(prefix);

	memcpy(number_r, prefix, used);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ' || text[i] == '\n')
			continue;
		if (used == NUMBER_MAX - 1)
			return false;
		number_r[used++] = text[i];
	}
	number_r[used] = '\0';
	return true;
}

bool
number_pattern_match(const struct number_pattern *pattern, const char *text, size_t len, size_t at,
	struct number_match *match_r)
{
	size_t piece = len - at < NUMBER_MATCH_MAX ? len - at : NUMBER_MATCH_MAX;
	struct number_match match = { 0 };
	regmatch_t group[3];
	bool by_group;

	if (!piece_match(&pattern->anchored, text + at, piece, 3, false, group) ||
		group[0].rm_so != 0 || group[0].rm_eo <= 0)
		return false;
	match.len = (size_t)group[0].rm_eo;
	by_group = pattern->has_prefix && group[2].rm_so >= 0;
	if (!canonical(by_group ? pattern->prefix : "",
		text + at + (by_group ? group[2].rm_so : 0),
		by_group ? (size_t)(group[2].rm_eo - group[2].rm_so) : match.len, match.number))
		return false;
	*match_r = match;
	return true;
}

const char *
number_pattern_prefix(const struct number_pattern *pattern)
{
	return pattern != NULL && pattern->has_prefix ? pattern->prefix : NULL;
}
