/*
 * JSON as text, built piece by piece: objects and arrays of strings, numbers,
 * booleans and times. Over jansson, which view/json.c alone includes. Knows
 * nothing of the desk's records: view/json_record.h does. (The prefix json_ is
 * jansson's own.)
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* An object or an array being built, used up by jsontext_put(), jsontext_add(), jsontext_text(). */
struct jsontext;

/* Never NULL. What is not used up is not released: build only what is told. */
struct jsontext *jsontext_object(struct arena *arena);
struct jsontext *jsontext_array(struct arena *arena);

/*
 * Members of an object, in the order in which they are set. NULL, and time 0,
 * give null; bytes that are no UTF-8 are repaired.
 */
void jsontext_string(struct jsontext *object, const char *name, const char *value);
void jsontext_number(struct jsontext *object, const char *name, int64_t value);
void jsontext_bool(struct jsontext *object, const char *name, bool value);

/* An id of a row: 0 gives null. */
void jsontext_id(struct jsontext *object, const char *name, int64_t id);

/* RFC 3339 with the offset that the zone has at that instant. */
void jsontext_time(struct jsontext *object, const char *name, int64_t at, const char *zone);

/* The value, or null when it is NULL. */
void jsontext_put(struct jsontext *object, const char *name, struct jsontext *value);

/* Elements of an array. */
void jsontext_add(struct jsontext *array, struct jsontext *value);
void jsontext_add_string(struct jsontext *array, const char *value);
void jsontext_add_number(struct jsontext *array, int64_t value);

/* The whole as text, indented, with a line end behind it, in the arena that it was begun in. */
char *jsontext_text(struct jsontext *json);

#endif
