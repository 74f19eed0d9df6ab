/*
 * What the compose*.c files share. For them alone; everyone else uses
 * mail/compose.h. All of it writes CRLF line ends.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_COMPOSE_PRIVATE_H
#define MAIL_COMPOSE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;
struct compose_mail;
struct text;

#define COMPOSE_BOUNDARY_SIZE 35 /* "=_", 32 hex digits and a NUL */

/* DONE when every value of the mail may be written, else NEVER and which may not. */
enum outcome compose_check(const struct compose_mail *mail, struct err *err_r);

/* Whether it is a media type without parameters: "text/plain". */
bool compose_is_type(const char *type);

/*
 * The fields that stand both inside and outside, each led by prefix ("" or
 * "HP-Outer: "), with this subject.
 */
void compose_fields(struct arena *arena, struct text *out, const struct compose_mail *mail,
	const char *prefix, const char *subject);

/* A new boundary: random, and with "=_", which neither base64 nor quoted-printable can hold. */
void compose_boundary(char boundary_r[COMPOSE_BOUNDARY_SIZE]);

/* The media type's parameters that mark the root of protected content, and its end of line. */
enum compose_root { COMPOSE_PART, COMPOSE_ROOT_CLEAR, COMPOSE_ROOT_CIPHER };

/*
 * The body with its Content-* fields: text, alternatives, attachments as the
 * mail has them. fields stand between the root's Content-Type and the rest.
 */
void compose_body(struct arena *arena, struct text *out, const struct compose_mail *mail,
	enum compose_root root, const char *fields);

/* Quoted-printable of \n-ended UTF-8 text. */
void compose_quoted_printable(struct text *out, const char *text);

/* Bytes with every line end made CRLF, and one added at the end if there is none. */
void compose_crlf(struct text *out, const char *bytes, size_t len);

#endif
