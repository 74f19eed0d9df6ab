/*
 * Fuzzes what is taken apart here of a mail server's words, and what goes to it:
 * replies of SMTP, SCRAM's first message, names and strings for IMAP. Nothing
 * that comes out may hold a control character.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "port/imap_private.h"
#include "port/sasl.h"
#include "port/smtp_private.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)16 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	char *text = arena_strndup(arena, (const char *)data, len);
	char name[IMAP_NAME_MAX], quoted[256], printable[256];
	struct smtp_line line;

	if (sasl_rounds((const char *)data, len) > 10ul * SASL_ROUNDS_MAX + 9)
		abort();
	smtp_printable(text, printable, sizeof printable);
	check_plain(printable);
	if (smtp_line_read(text, &line)) {
		if (line.code < 200 || line.code > 599 || line.text < text + 3 ||
			line.text > text + strlen(text))
			abort();
		smtp_has_word(line.text, "PLAIN");
	}
	if (imap_name(text, name, NULL) == DONE)
		check_plain(name);
	if (imap_quote(text, quoted, sizeof quoted))
		check_plain(quoted);
	arena_free(&arena);
	return 0;
}
