/*
 * One line an event, to stderr, with the journal's level prefix when stderr is
 * the journal. The only global state of the program. Bears numbers, ids and
 * outcomes: never a body, a subject, an address of a finder or key material.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * Names the room that speaks ("desk", "wire"); kept by pointer, so give a literal. Also
 * finds out whether stderr is the journal: call it before a room is locked in.
 */
void log_room(const char *name);

/* debug lines are dropped unless switched on. */
void log_debug_on(void);

/* info lines are dropped from now on: for the tool, whose stderr a person reads. */
void log_quiet(void);

/* info: a record. warn: someone should look. err: cannot go on. Control characters become '?'. */
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_err(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
