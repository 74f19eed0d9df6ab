/*
 * Goes through the table: finds each key's setting, or its default, and has it
 * read into its field. Makes the arrays of desks, coordinators, forms and staff.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"

#include <string.h>

static void *
base_of(struct reading *reading, enum conf_base base, size_t index)
{
	switch (base) {
	case BASE_POLICY:
		return &reading->conf->policy;
	case BASE_DESK_POLICY:
		return &reading->desks[index];
	case BASE_DESK:
		return &reading->conf->desks[index];
	case BASE_COORDINATOR:
		return &reading->coordinators[index];
	case BASE_FORM:
		return &reading->forms[index];
	case BASE_STAFF:
		return &reading->staff[index];
	default:
		return reading->conf;
	}
}

/*
 * The setting at a dotted name under the group, NULL when there is none; *at_r
 * is then the group that it is not in. false when something on the way is not a
 * group: that has been told already.
 */
static bool
locate(const struct reading *reading, config_setting_t *group, const char *name,
	config_setting_t **setting_r, config_setting_t **at_r)
{
	size_t len = strcspn(name, ".");
	const char *part = arena_strndup(reading->arena, name, len);
	config_setting_t *member;

	*at_r = group;
	*setting_r = NULL;
	if (!config_setting_is_group(group))
		return false;
	member = config_setting_get_member(group, part);
	if (member != NULL && name[len] == '.')
		return locate(reading, member, name + len + 1, setting_r, at_r);
	*setting_r = member;
	return true;
}

/* Reads the default out of the table by the same reader as the file's value. */
static void
fill_default(struct value *value, void *field)
{
	const struct conf_key *key = value->key;
	config_t config;
	const char *text;

	if (key->fallback == NULL) {
		conf_wrong(value, "is missing; it must be given, like %s", key->spec->like);
		return;
	}
	config_init(&config);
	text = arena_printf(value->reading->arena, "value = %s\n", key->fallback);
	if (config_read_string(&config, text) == CONFIG_TRUE) {
		value->setting = config_lookup(&config, "value");
		key->spec->read(value, field);
	}
	config_destroy(&config);
}

/* One key of one group; title is NULL for the keys that stand once. */
static void
fill_key(struct reading *reading, const struct conf_key *key, config_setting_t *group,
	const char *kind, const char *title, size_t index)
{
	const char *name = title == NULL ? key->path : key->path + strlen(kind) + strlen(".*.");
	void *field = (char *)base_of(reading, key->spec->base, index) + key->spec->offset;
	config_setting_t *setting = NULL, *at = NULL;
	struct value value = { .reading = reading, .key = key, .index = index };

	if (!locate(reading, group, name, &setting, &at))
		return;
	value.path = title == NULL ? key->path
				   : arena_printf(reading->arena, "%s.%s.%s", kind, title, name);
	value.given = setting != NULL;
	value.setting = setting;
	value.at = value.given ? setting : at;
	if (value.given)
		key->spec->read(&value, field);
	else
		fill_default(&value, field);
}

static void
fill_group(struct reading *reading, config_setting_t *group, const char *kind, const char *title,
	size_t index)
{
	size_t count;
	const struct conf_key *keys = conf_keys(&count);
	const char *prefix = title != NULL ? arena_printf(reading->arena, "%s.*.", kind) : "";

	for (size_t i = 0; i < count; i++)
		if (title != NULL ? text_starts(keys[i].path, prefix)
				  : strstr(keys[i].path, ".*.") == NULL)
			fill_key(reading, &keys[i], group, kind, title, index);
}

/* How many groups of the kind there are, at most max: one more is a mistake. */
static size_t
count_of(struct reading *reading, const char *kind, size_t max)
{
	config_setting_t *all = config_lookup(&reading->config, kind);
	size_t count = all != NULL && config_setting_is_group(all)
		? (size_t)config_setting_length(all)
		: 0;

	if (count <= max)
		return count;
	conf_wrong_at(reading, config_setting_get_elem(all, (unsigned)max), kind,
		"%zu of them are too many; at most %zu", count, max);
	return max;
}

static void
fill_kind(struct reading *reading, const char *kind, size_t count, enum conf_base base)
{
	config_setting_t *all = config_lookup(&reading->config, kind);

	for (size_t i = 0; i < count; i++) {
		config_setting_t *group = config_setting_get_elem(all, (unsigned)i);
		const char *title = arena_strdup(reading->arena, config_setting_name(group));

		/* The title is the first member of each of these structs. */
		*(const char **)base_of(reading, base, i) = title;
		fill_group(reading, group, kind, title, i);
	}
}

_Static_assert(offsetof(struct policy_desk, title) == 0, "fill_kind() writes the title there");
_Static_assert(offsetof(struct policy_coordinator, name) == 0, "likewise");
_Static_assert(offsetof(struct policy_form, title) == 0, "likewise");
_Static_assert(offsetof(struct policy_staff, title) == 0, "likewise");

void
conf_fill(struct reading *reading)
{
	struct policy *policy = &reading->conf->policy;
	struct arena *arena = reading->arena;

	policy->desk_count = count_of(reading, "desk", CONF_DESKS_MAX);
	policy->coordinator_count = count_of(reading, "coordinator", CONF_COORDINATORS_MAX);
	policy->form_count = count_of(reading, "form", CONF_FORMS_MAX);
	policy->staff_count = count_of(reading, "staff", CONF_STAFF_MAX);
	policy->desks = reading->desks = arena_calloc(
		arena, policy->desk_count, sizeof(*reading->desks));
	reading->conf->desks = arena_calloc(
		arena, policy->desk_count, sizeof(*reading->conf->desks));
	policy->coordinators = reading->coordinators = arena_calloc(
		arena, policy->coordinator_count, sizeof(*reading->coordinators));
	policy->forms = reading->forms = arena_calloc(
		arena, policy->form_count, sizeof(*reading->forms));
	policy->staff = reading->staff = arena_calloc(
		arena, policy->staff_count, sizeof(*reading->staff));
	fill_group(reading, config_root_setting(&reading->config), NULL, NULL, 0);
	fill_kind(reading, "desk", policy->desk_count, BASE_DESK_POLICY);
	fill_kind(reading, "coordinator", policy->coordinator_count, BASE_COORDINATOR);
	fill_kind(reading, "form", policy->form_count, BASE_FORM);
	fill_kind(reading, "staff", policy->staff_count, BASE_STAFF);
}
