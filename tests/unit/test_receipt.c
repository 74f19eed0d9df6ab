/*
 * mail/receipt: when a message came, by its file's name and its header fields.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/receipt.h"

#include "base/clock.h"
#include "unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name, *at;	/* UTC, NULL for none */
} names[] = {
	{ "1764496800.M20046P2137.mx:2,S", "2025-11-30 10:00:00" },
	{ "1764496800.V801I2a.mx", "2025-11-30 10:00:00" },
	{ "1764496800", NULL },
	{ "1764496800.", "2025-11-30 10:00:00" },
	{ "0001.story", NULL },
	{ "99999999.x", NULL },
	{ "100000000000.x", NULL },
	{ "99999999999999999999999999.x", NULL },
	{ "-1764496800.x", NULL },
	{ "notice.eml", NULL },
	{ "", NULL },
};

START_TEST(a_name)
{
	int64_t want = 0;

	if (names[_i].at != NULL)
		ck_assert(clock_parse(names[_i].at, "UTC", &want));
	ck_assert_int_eq(receipt_of_name(names[_i].name), want);
}
END_TEST

#define RECEIVED "Received: from a.example by mx.example; Sun, 30 Nov 2025 19:00:00 +0900\r\n"
#define AT "2025-11-30 10:00:00"

static const struct {
	const char *bytes, *at;
} headers[] = {
	{ RECEIVED "Date: Sat, 29 Nov 2025 00:00:00 +0000\r\n\r\nx\r\n", AT },
	{ "Date: Sun, 30 Nov 2025 10:00:00 +0000\n\nx\n", AT },
	/* The first Received is the last server's. */
	{ RECEIVED "Received: by b; Sat, 29 Nov 2025 00:00:00 +0000\r\n\r\n", AT },
	/* Folded, with a comment that holds a semicolon. */
	{ "Received: from a (helo; b)\r\n\tby mx; Sun,\r\n 30 Nov 2025 10:00:00 +0000 (UTC)\r\n\r\n", AT },
	{ "Received: by mx; some day\r\nDate: Sun, 30 Nov 2025 10:00:00 GMT\r\n\r\n", AT },
	{ "Received: by mx\r\nDate: Sun, 30 Nov 2025 10:00:00 GMT\r\n\r\n", AT },
	{ "Subject: x\r\n\r\n" RECEIVED, NULL },
	{ "Date: yesterday\r\n\r\n", NULL },
	{ "", NULL },
};

START_TEST(a_header)
{
	int64_t want = 0;

	if (headers[_i].at != NULL)
		ck_assert(clock_parse(headers[_i].at, "UTC", &want));
	ck_assert_int_eq(receipt_of_header(headers[_i].bytes, strlen(headers[_i].bytes)), want);
}
END_TEST

static Suite *
suite_receipt(void)
{
	Suite *suite = suite_create("receipt");
	TCase *tcase = tcase_create("receipt");

	tcase_add_loop_test(tcase, a_name, 0, COUNT(names));
	tcase_add_loop_test(tcase, a_header, 0, COUNT(headers));
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_receipt());
}
