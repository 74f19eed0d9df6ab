/*
 * Every setting that the table does not know, with the nearest name that it
 * does; groups that are none; titles that could not be typed on a command line.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"

#include <string.h>

#define NAME_BYTES 40 /* longer ones are near to nothing */
#define NEAR 3 /* edits that still make a hint */
#define TITLE_MAX 64
#define TITLE_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

/* The name that a table path has right under the prefix ("desk.*."): its first part behind it. */
static size_t
part_under(const char *path, const char *prefix, const char **part_r)
{
	if (!text_starts(path, prefix))
		return 0;
	*part_r = path + strlen(prefix);
	return strcspn(*part_r, ".");
}

/* Levenshtein's distance; names longer than NAME_BYTES are far from all. */
static size_t
distance(const char *a, const char *b, size_t b_len)
{
	size_t row[NAME_BYTES + 1], a_len = strlen(a);

	if (a_len > NAME_BYTES || b_len > NAME_BYTES)
		return NAME_BYTES;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t change = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < change)
				change = row[j] + 1;
			row[j] = row[j - 1] + 1 < change ? row[j - 1] + 1 : change;
		}
	}
	return row[b_len];
}

static void
tell_unknown(struct reading *reading, const config_setting_t *setting, const char *prefix,
	const char *path)
{
	const char *name = config_setting_name(setting), *part = NULL, *nearest = "";
	size_t count, len, nearest_len = 0, best = NAME_BYTES;
	const struct conf_key *keys = conf_keys(&count);
	struct text known;

	text_init(&known, reading->arena, CONF_STRING_MAX);
	for (size_t i = 0; i < count; i++) {
		len = part_under(keys[i].path, prefix, &part);
		if (len == 0 || (nearest_len == len && strncmp(nearest, part, len) == 0))
			continue;
		if (i == 0 || !text_starts(keys[i - 1].path, prefix)
			|| strncmp(keys[i - 1].path, keys[i].path, strlen(prefix) + len + 1) != 0)
			text_addf(&known, "%s%.*s", known.len == 0 ? "" : ", ", (int)len, part);
		if (distance(name, part, len) < best) {
			best = distance(name, part, len);
			nearest = part;
			nearest_len = len;
		}
	}
	if (best <= NEAR && best < nearest_len)
		conf_wrong_at(reading, setting, path, "is not known; did you mean \"%.*s\"?",
			(int)nearest_len, nearest);
	else
		conf_wrong_at(reading, setting, path, "is not known; known here: %s", known.data);
}

enum meaning { UNKNOWN, A_KEY, A_GROUP };

static enum meaning
meaning_of(const char *pattern)
{
	size_t count, len = strlen(pattern);
	const struct conf_key *keys = conf_keys(&count);

	for (size_t i = 0; i < count; i++)
		if (strncmp(keys[i].path, pattern, len) == 0
			&& (keys[i].path[len] == '\0' || keys[i].path[len] == '.'))
			return keys[i].path[len] == '\0' ? A_KEY : A_GROUP;
	return UNKNOWN;
}

static void
check_title(struct reading *reading, const config_setting_t *setting, const char *path)
{
	const char *title = config_setting_name(setting);

	if (strlen(title) > TITLE_MAX || title[strspn(title, TITLE_CHARS)] != '\0')
		conf_wrong_at(reading, setting, path,
			"is no title; at most %d letters, digits, '-' and '_'", TITLE_MAX);
}

/* prefix is the table's ("desk.*."), path the file's ("desk.www."). */
static void
walk(struct reading *reading, config_setting_t *group, const char *prefix, const char *path)
{
	bool titles = meaning_of(arena_printf(reading->arena, "%s*", prefix)) == A_GROUP;
	int length = config_setting_length(group);

	for (unsigned i = 0; i < (unsigned)length; i++) {
		config_setting_t *setting = config_setting_get_elem(group, i);
		const char *name = config_setting_name(setting);
		const char *pattern = arena_printf(
			reading->arena, "%s%s", prefix, titles ? "*" : name);
		const char *here = arena_printf(reading->arena, "%s%s", path, name);
		enum meaning meaning = meaning_of(pattern);

		if (meaning == UNKNOWN)
			tell_unknown(reading, setting, prefix, here);
		else if (meaning == A_GROUP && !config_setting_is_group(setting))
			conf_wrong_at(
				reading, setting, here, "is not a group; like %s: { … }", name);
		else if (meaning == A_GROUP)
			walk(reading, setting, arena_printf(reading->arena, "%s.", pattern),
				arena_printf(reading->arena, "%s.", here));
		if (titles)
			check_title(reading, setting, here);
	}
}

void
conf_find_unknown(struct reading *reading)
{
	walk(reading, config_root_setting(&reading->config), "", "");
}
