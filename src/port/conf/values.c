/*
 * The plain kinds of value: text, list, number, true or false, word. Each
 * checks type and bounds, tells what would be right, and writes its field only
 * when all is well.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <string.h>

static const char *
type_name(const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_GROUP:
		return "a group";
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return "a number";
	case CONFIG_TYPE_FLOAT:
		return "a number with a point";
	case CONFIG_TYPE_STRING:
		return "a text";
	case CONFIG_TYPE_BOOL:
		return "true or false";
	default:
		return "a list";
	}
}

static bool
has_control(const char *text)
{
	for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text))
		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
			return true;
	return false;
}

bool
conf_text_of(struct value *value, const config_setting_t *setting, const char **text_r)
{
	const char *text;

	if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
		conf_wrong(value, "is %s; a text in quotes is wanted", type_name(setting));
		return false;
	}
	text = config_setting_get_string(setting);
	if (!utf8_valid(text, strlen(text))) {
		conf_wrong(value, "%s is not UTF-8; save the file as UTF-8",
			conf_quoted(value->reading, text));
		return false;
	}
	if (has_control(text)) {
		conf_wrong(value,
			"%s has a line break or another control character in it; leave it out",
			conf_quoted(value->reading, text));
		return false;
	}
	*text_r = text;
	return true;
}

static const char *
words_joined(const struct value *value)
{
	struct text text;

	text_init(&text, value->reading->arena, CONF_STRING_MAX);
	for (size_t i = 0; value->key->spec->words[i] != NULL; i++)
		text_addf(&text, "%s\"%s\"", i == 0 ? "" : ", ", value->key->spec->words[i]);
	return text.data;
}

/* The word's place in the list, -1 after a mistake. */
static int
word_of(struct value *value)
{
	const char *const *words = value->key->spec->words;
	const char *text;

	if (!conf_text_of(value, value->setting, &text))
		return -1;
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	conf_wrong(value, "%s is not known; one of %s", conf_quoted(value->reading, text),
		words_joined(value));
	return -1;
}

bool
conf_word(struct value *value, void *field_r)
{
	int word = word_of(value);

	if (word >= 0)
		*(unsigned *)field_r = (unsigned)word;
	return word >= 0;
}

bool
conf_switch(struct value *value, void *field_r)
{
	int word = word_of(value);

	if (word >= 0)
		*(bool *)field_r = word == 1;
	return word >= 0;
}

/* One text by its own check; "" passes where nothing has to be given. */
static bool
checked(struct value *value, const config_setting_t *setting, long min, const char **out_r)
{
	const struct conf_spec *spec = value->key->spec;
	long max = spec->read == conf_string ? spec->max : CONF_STRING_MAX;
	const char *text;

	if (!conf_text_of(value, setting, &text))
		return false;
	if ((long)strlen(text) > max) {
		conf_wrong(value, "is longer than %ld bytes; make it shorter", max);
		return false;
	}
	if (text[0] == '\0' && min > 0) {
		conf_wrong(value, "is empty; it must be given");
		return false;
	}
	if (text[0] == '\0' || spec->item == NULL)
		*out_r = arena_strdup(value->reading->arena, text);
	else
		return spec->item(value, text, out_r);
	return true;
}

bool
conf_string(struct value *value, void *field_r)
{
	const struct conf_spec *spec = value->key->spec;
	const char *out;

	if (!checked(value, value->setting, spec->min, &out))
		return false;
	if (spec->words != NULL && out[0] != '\0' && word_of(value) < 0)
		return false;
	*(const char **)field_r = out;
	return true;
}

static bool
is_list(const config_setting_t *setting)
{
	return config_setting_is_array(setting) || config_setting_is_list(setting);
}

static bool
listed_before(const struct string_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal_ci(list->at[i], text))
			return true;
	return false;
}

bool
conf_list(struct value *value, void *field_r)
{
	const struct conf_spec *spec = value->key->spec;
	struct string_list list = { .count = 0 };
	bool well = true;
	int length;

	if (!is_list(value->setting)) {
		conf_wrong(value, "is %s; a list is wanted, like [\"one\", \"two\"]",
			type_name(value->setting));
		return false;
	}
	length = config_setting_length(value->setting);
	if (length < spec->min || length > spec->max) {
		conf_wrong(value, "has %d entries; %ld to %ld are wanted", length, spec->min,
			spec->max);
		return false;
	}
	list.at = arena_calloc(value->reading->arena, (size_t)length, sizeof(*list.at));
	for (unsigned i = 0; i < (unsigned)length; i++) {
		const char *out;

		if (!checked(value, config_setting_get_elem(value->setting, i), 1, &out)) {
			well = false;
		} else if (listed_before(&list, out)) {
			conf_wrong(value, "%s stands there twice; once is enough",
				conf_quoted(value->reading, out));
			well = false;
		} else {
			list.at[list.count++] = out;
		}
	}
	if (well)
		*(struct string_list *)field_r = list;
	return well;
}

bool
conf_bool(struct value *value, void *field_r)
{
	if (config_setting_type(value->setting) != CONFIG_TYPE_BOOL) {
		conf_wrong(value, "is %s; true or false is wanted, without quotes",
			type_name(value->setting));
		return false;
	}
	*(bool *)field_r = config_setting_get_bool(value->setting);
	return true;
}

static bool
number_of(struct value *value, long *number_r)
{
	const struct conf_spec *spec = value->key->spec;
	int type = config_setting_type(value->setting);
	long long number;

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
		conf_wrong(value, "is %s; a whole number is wanted, without quotes",
			type_name(value->setting));
		return false;
	}
	number = type == CONFIG_TYPE_INT ? config_setting_get_int(value->setting)
					 : config_setting_get_int64(value->setting);
	if (number < spec->min || number > spec->max) {
		conf_wrong(value, "%lld is out of bounds; %ld to %ld are wanted", number,
			spec->min, spec->max);
		return false;
	}
	*number_r = (long)number;
	return true;
}

bool
conf_int(struct value *value, void *field_r)
{
	long number;

	if (!number_of(value, &number))
		return false;
	*(int *)field_r = (int)number;
	return true;
}

bool
conf_long(struct value *value, void *field_r)
{
	return number_of(value, field_r);
}
