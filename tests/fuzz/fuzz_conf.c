/*
 * Fuzzes the conf file (port/conf.h). It is its owner's, so what counts is that
 * every mistake is told and none is a crash: there is a conf or there are
 * mistakes, a line each, that a terminal can show.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "base/utf8.h"
#include "port/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)512 * 1024 * 1024)
#define MISTAKES_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

/* libconfig loses what it holds where a file is no conf: the start ends with that anyway. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex\nleak:libconfig_yyparse";
}

static void
check_mistakes(const struct text *mistakes)
{
	if (!utf8_valid(mistakes->data, mistakes->len))
		abort();
	for (const char *at = mistakes->data; *at != '\0'; at++)
		if (((unsigned char)*at < 0x20 && *at != '\n') || *at == 0x7f)
			abort();
}

/* Another file drawn in is no bytes of ours. */
static bool
draws_in(const unsigned char *data, size_t len)
{
	return memmem(data, len, "@", 1) != NULL && memmem(data, len, "include", 7) != NULL;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct arena *arena;
	struct text mistakes;
	struct conf *conf;
	char path[64];
	int fd;

	if (draws_in(data, len) || (fd = io_memfd(data, len)) < 0)
		return 0;
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	text_init(&mistakes, arena, MISTAKES_MAX);
	conf = conf_read(arena, path, "/nowhere", NULL, &mistakes);
	if ((conf == NULL) != (mistakes.len > 0))
		abort();
	check_mistakes(&mistakes);
	conf_close(conf);
	arena_free(&arena);
	io_close(&fd);
	return 0;
}
