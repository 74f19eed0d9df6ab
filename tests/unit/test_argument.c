/*
 * view/argument: the reasons in sentences, within the columns of a terminal. The
 * expected texts were written by hand.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/argument.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "unit.h"
#include "view/json.h"

#include <string.h>

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
}

static void
teardown(void)
{
	arena_free(&arena);
}

#define WHY \
	"from: a@b.example, an address of IPA in the conf\n" \
	"trust: verified, good signature by a pinned key [RULES 1, row 2]\n" \
	"part: layer 0, the outside of the mail\n" \
	"part: layer 1, the sealed part: this one counts\n" \
	"number: IPA#12345678 in the text, layer 1, sealed\n" \
	"phrase: IPA contact-ask in the sealed part, layer 1, sealed\n" \
	"weights: contact 2, encryption 0, details 0, reminder 0, closing 0\n" \
	"row: coordinator\n" \
	"kind: contact-request, of stage contact [RULES 2, coordinator]\n" \
	"case: opens a new case: no case here has its number bound to it\n" \
	"answer: none: sent on by someone else [RULES 2, coordinator]\n" \
	"deadline: none\n"

START_TEST(with_words)
{
	struct argument_view view = { .why = WHY,
		.quotes = { "number IPA#12345678\tsubject\tIPA#12345678\n"
			    "IPA contact\ttext\t突然のご連絡\n",
			"number IPA#12345678\ttext\tＩＰＡ＃１２３４５６７８\n"
			"IPA contact-ask\ttext\tどちらにお送りすれば\n"
			"IPA contact-ask\ttext\tご教示ください\n" },
		.quote_count = 2,
		.problems = "no Message-ID" };

	ck_assert_str_eq(argument_text(arena, &view, 60),
		"Who it is from, and what proves it\n"
		"  It says that it is from a@b.example, an address of IPA in\n"
		"    the conf.\n"
		"  So it is verified, good signature by a pinned key [RULES\n"
		"    1, row 2].\n"
		"  Part: layer 0, the outside of the mail.\n"
		"  Part: layer 1, the sealed part: this one counts.\n"
		"\n"
		"What it is\n"
		"  In the subject of layer 0, the number IPA#12345678:\n"
		"    「IPA#12345678」.\n"
		"  In the text of layer 1, the number IPA#12345678:\n"
		"    「ＩＰＡ＃１２３４５６７８」.\n"
		"  In the text of layer 1, for asking where details may be\n"
		"    sent (IPA): 「どちらにお送りすれば」 「ご教示ください」.\n"
		"  Weighed: contact 2, encryption 0, details 0, reminder 0,\n"
		"    closing 0.\n"
		"  So it is: contact-request, of stage contact [RULES 2,\n"
		"    coordinator].\n"
		"\n"
		"Which case\n"
		"  It opens a new case: no case here has its number bound to\n"
		"    it.\n"
		"\n"
		"What followed\n"
		"  Answer: none: sent on by someone else [RULES 2,\n"
		"    coordinator].\n"
		"  Deadline: none.\n"
		"\n"
		"What is odd about it\n"
		"  no Message-ID\n");
}
END_TEST

/* Of a mail that is not kept: what is on record of its numbers and phrases is told instead. */
START_TEST(without_words)
{
	struct argument_view view = { .why = WHY };
	const char *text = argument_text(arena, &view, 0);

	ck_assert(strstr(text, "  Number: IPA#12345678 in the text, layer 1, sealed.\n") != NULL);
	ck_assert(strstr(text, "  Phrase: IPA contact-ask in the sealed part, layer 1, sealed.\n") != NULL);
	ck_assert(strstr(text, "What is odd") == NULL);
}
END_TEST

/* Lines of an older release, and what a reader that was taken over might send. */
START_TEST(odd_lines)
{
	struct argument_view view = { .why = "no topic\nweird: thing\n\nkind: x\x1b[2J\n",
		.quotes = { "a line without tabs\nIPA contact\ttext\tred \x1b[31m\n\t\t\n" },
		.quote_count = 1 };
	const char *text = argument_text(arena, &view, 1);

	ck_assert(strchr(text, '\x1b') == NULL);
	ck_assert(strstr(text, "  no topic.\n") != NULL);
	ck_assert(strstr(text, "  thing.\n") != NULL);
	ck_assert(strstr(text, "red ?[31m") != NULL);
}
END_TEST

/* No line is wider than the terminal, whatever stands in it. */
START_TEST(columns)
{
	static const char *const words[] = {
		"どちらにお送りすればよろしいでしょうかどちらにお送りすればよろしいでしょうか",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n",
	};
	struct argument_view view = { .quote_count = 1 };

	view.why = arena_printf(arena, "case: %s\nkind: x\n", words[_i]);
	view.quotes[0] = arena_printf(arena, "IPA contact\ttext\t%s\n", words[_i]);
	for (size_t width = 40; width < 60; width++) {
		char *text = argument_text(arena, &view, width);

		for (char *line = text; *line != '\0'; line += strlen(line) + 1) {
			line[strcspn(line, "\n")] = '\0';
			ck_assert_msg(utf8_width(line) <= width, "%zu: %s", width, line);
		}
	}
}
END_TEST

START_TEST(as_json)
{
	struct argument_view view = { .why = WHY,
		.quotes = { "IPA contact\ttext\t突然のご連絡\n" },
		.quote_count = 1 };
	const char *text = jsontext_text(argument_json(arena, &view));

	ck_assert(strstr(text, "\"words\": \"突然のご連絡\"") != NULL);
	ck_assert(strstr(text, "\"topic\": \"row\"") != NULL);
}
END_TEST

/* The words of a sign stand where the reasons weigh it, and nowhere else. */
START_TEST(words_of_signs)
{
	struct argument_view view = {
		.why = "a report: speaks of what is the reader's; other people are concerned\n"
			"no report: an offer\nkind: finder-report\n",
		.quotes = { "sign other people are concerned\ttext\t他の人\n"
			    "sign other people\ttext\tpart of an item\n"
			    "sign an offer\ttext\tsell\n"
			    "sign a price\ttext\tyen\n" },
		.quote_count = 1 };

	ck_assert_str_eq(argument_text(arena, &view, 100),
		"Who it is from, and what proves it\n\nWhat it is\n"
		"  For a report: speaks of what is the reader's; other people are concerned.\n"
		"  Against one: an offer.\n"
		"  In the text, for the sign \"other people are concerned\": 「他の人」.\n"
		"  In the text, for the sign \"an offer\": 「sell」.\n"
		"  So it is: finder-report.\n\nWhich case\n\nWhat followed\n");
	ck_assert_ptr_null(strstr(jsontext_text(argument_json(arena, &view)), "a price"));
	ck_assert_ptr_nonnull(strstr(jsontext_text(argument_json(arena, &view)), "他の人"));
	view.why = "kind: details\n";
	ck_assert_ptr_null(strstr(argument_text(arena, &view, 100), "sign"));
}
END_TEST

static Suite *
suite_argument(void)
{
	Suite *suite = suite_create("argument");
	TCase *tests = tcase_create("argument");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, with_words);
	tcase_add_test(tests, without_words);
	tcase_add_test(tests, odd_lines);
	tcase_add_loop_test(tests, columns, 0, 3);
	tcase_add_test(tests, words_of_signs);
	tcase_add_test(tests, as_json);
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_argument());
}
