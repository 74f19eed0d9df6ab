/*
 * What the header_*.c files share. For them alone; everyone else uses
 * mail/header.h.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_HEADER_PRIVATE_H
#define MAIL_HEADER_PRIVATE_H

/*
 * Makes each control character (C0, DEL, C1) of a UTF-8 string a blank and
 * drops byte order marks, in place; returns the string.
 */
char *header_clean(char *utf8);

/* The value of a hexadecimal digit, -1 if it is none. */
int header_hex(char c);

#endif
