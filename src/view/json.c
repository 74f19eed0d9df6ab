/*
 * The only file that includes jansson. Its allocations cannot fail: they end
 * the process as everyone's do (base/arena.h). Must not know what it spells.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/json.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

struct jsontext {
	struct arena *arena;
	json_t *value;
};

static struct jsontext *
begin(struct arena *arena, json_t *(*make)(void))
{
	struct jsontext *json = arena_alloc(arena, sizeof(*json));

	json_set_alloc_funcs(mem_alloc, free);
	json->arena = arena;
	json->value = make();
	return json;
}

struct jsontext *
jsontext_object(struct arena *arena)
{
	return begin(arena, json_object);
}

struct jsontext *
jsontext_array(struct arena *arena)
{
	return begin(arena, json_array);
}

static json_t *
string_value(struct arena *arena, const char *value)
{
	if (value == NULL)
		return json_null();
	return json_string(utf8_repair(arena, value, strlen(value), NULL));
}

void
jsontext_string(struct jsontext *object, const char *name, const char *value)
{
	json_object_set_new(object->value, name, string_value(object->arena, value));
}

void
jsontext_number(struct jsontext *object, const char *name, int64_t value)
{
	json_object_set_new(object->value, name, json_integer(value));
}

void
jsontext_bool(struct jsontext *object, const char *name, bool value)
{
	json_object_set_new(object->value, name, json_boolean(value));
}

void
jsontext_id(struct jsontext *object, const char *name, int64_t id)
{
	json_object_set_new(object->value, name, id != 0 ? json_integer(id) : json_null());
}

void
jsontext_time(struct jsontext *object, const char *name, int64_t at, const char *zone)
{
	jsontext_string(object, name, at != 0 ? clock_rfc3339(object->arena, at, zone) : NULL);
}

static json_t *
taken(struct jsontext *value)
{
	json_t *inner = value->value;

	value->value = NULL;
	return inner;
}

void
jsontext_put(struct jsontext *object, const char *name, struct jsontext *value)
{
	json_object_set_new(object->value, name, value != NULL ? taken(value) : json_null());
}

void
jsontext_add(struct jsontext *array, struct jsontext *value)
{
	json_array_append_new(array->value, taken(value));
}

void
jsontext_add_string(struct jsontext *array, const char *value)
{
	json_array_append_new(array->value, string_value(array->arena, value));
}

void
jsontext_add_number(struct jsontext *array, int64_t value)
{
	json_array_append_new(array->value, json_integer(value));
}

char *
jsontext_text(struct jsontext *json)
{
	json_t *value = taken(json);
	char *dump = json_dumps(value, JSON_INDENT(2));
	char *text = arena_printf(json->arena, "%s\n", dump);

	free(dump);
	json_decref(value);
	return text;
}
