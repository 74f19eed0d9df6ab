/*
 * The bar of a long command. Drawn in one line that is written over itself.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

#define BAR 30			/* columns */
#define REDRAW_MS 200
#define BAR_FULL "##############################"
#define BAR_EMPTY "                              "

void
progress_begin(struct progress *progress, const char *what, size_t total)
{
	*progress = (struct progress){ .what = what,
		.total = total,
		.began_ms = clock_mono_ms(),
		.terminal = isatty(STDERR_FILENO) == 1 };
}

void
progress_step(struct progress *progress, size_t done)
{
	int64_t now = clock_mono_ms(), took = now - progress->began_ms;
	int full = progress->total > 0 ? (int)(done * BAR / progress->total) : BAR;

	if (!progress->terminal || now - progress->shown_ms < REDRAW_MS)
		return;
	(void)fprintf(stderr, "\r[%.*s%.*s] %zu of %zu %s, %lld a second\033[K", full, BAR_FULL,
		BAR - full, BAR_EMPTY, done, progress->total, progress->what,
		(long long)(took > 0 ? (int64_t)done * 1000 / took : 0));
	(void)fflush(stderr);
	progress->shown_ms = now;
	progress->shown = true;
}

void
progress_hide(struct progress *progress)
{
	if (progress->shown)
		(void)fputs("\r\033[K", stderr);
	progress->shown = false;
	progress->shown_ms = 0;
}
