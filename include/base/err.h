/*
 * The vocabulary of failure: one of three outcomes, as mail itself has them,
 * and one human sentence. Lower floors return both and let the caller decide;
 * they never log and never exit.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* DONE: it happened. LATER: try again. NEVER: trying again cannot help. */
enum outcome { DONE, LATER, NEVER };

#define ERR_TEXT_MAX 512

/* The sentence; empty while nothing failed. Control characters never stand in it. */
struct err {
	char text[ERR_TEXT_MAX];
};

/*
 * Writes the sentence (cut at a UTF-8 boundary when too long, control
 * characters made '?') and returns the outcome, so that a caller can say
 * `return err_set(err_r, NEVER, "…")`. err_r may be NULL.
 */
enum outcome err_set(struct err *err_r, enum outcome outcome, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the sentence that is there, and returns the outcome. */
enum outcome err_wrap(struct err *err_r, enum outcome outcome, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
