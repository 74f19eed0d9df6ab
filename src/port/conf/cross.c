/*
 * What only several values together can be wrong in: a scheme and its TLS, a
 * user and its password, an address that two claim, a desk that is not there.
 * Says nothing of a value that was a mistake by itself.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"
#include "mail/address.h"

#include <stdarg.h>
#include <string.h>

/* The setting at the path, or the innermost group that would hold it. */
static const config_setting_t *
place_of(struct reading *reading, const char *path)
{
	char *cut = arena_strdup(reading->arena, path), *dot;
	config_setting_t *setting;

	while ((setting = config_lookup(&reading->config, cut)) == NULL
		&& (dot = strrchr(cut, '.')) != NULL)
		*dot = '\0';
	return setting != NULL ? setting : config_root_setting(&reading->config);
}

static void wrong(struct reading *reading, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void
wrong(struct reading *reading, const char *path, const char *format, ...)
{
	struct text sentence;
	va_list args;

	text_init(&sentence, reading->arena, CONF_STRING_MAX);
	va_start(args, format);
	text_vaddf(&sentence, format, args);
	va_end(args);
	conf_wrong_at(reading, place_of(reading, path), path, "%s", sentence.data);
}

/* Whether no mistake was told of that key. */
static bool
sound(const struct reading *reading, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < reading->mistake_count; i++)
		if (strncmp(reading->mistakes[i].text, path, len) == 0
			&& reading->mistakes[i].text[len] == ':')
			return false;
	return true;
}

/* "desk.www.imap" and a key of it. */
static const char *
path_in(struct reading *reading, const char *group, const char *key)
{
	return arena_printf(reading->arena, "%s.%s", group, key);
}

static void
check_tls(struct reading *reading, const char *group, const char *scheme,
	const struct conf_server *server)
{
	const char *tls = path_in(reading, group, "tls");

	if (!sound(reading, path_in(reading, group, "url")) || !sound(reading, tls))
		return;
	if (server->implicit_tls && server->tls != TLS_REQUIRED)
		wrong(reading, tls,
			"contradicts the %ss:// of the url; \"required\", or %s:// there", scheme,
			scheme);
	else if (!server->implicit_tls && server->tls == TLS_REQUIRED)
		wrong(reading, tls,
			"\"required\" and the url's %s:// do not go together; \"starttls\", or "
			"%ss:// in the url",
			scheme, scheme);
	else if (server->tls == TLS_NONE && !conf_is_loopback(server->host))
		wrong(reading, tls,
			"\"none\" is for loopback addresses only; \"starttls\", or %ss:// in the "
			"url",
			scheme);
}

static void
check_password(struct reading *reading, const char *group, const struct conf_server *server)
{
	const char *file = path_in(reading, group, "password_file");
	const char *command = path_in(reading, group, "password_command");
	const char *user = path_in(reading, group, "user");
	bool by_file, by_command;

	if (!sound(reading, file) || !sound(reading, command) || !sound(reading, user)
		|| server->user == NULL)
		return;
	by_file = server->password_file[0] != '\0';
	by_command = server->password_command[0] != '\0';
	if (by_file && by_command)
		wrong(reading, command, "stands beside a password_file; give one of the two");
	else if (server->user[0] != '\0' && !by_file && !by_command)
		wrong(reading, file, "is missing; it or password_command must be given");
	else if (server->user[0] == '\0' && (by_file || by_command))
		wrong(reading, user,
			"is missing, though there is a password; give it, or no password");
}

static void
check_mailbox(struct reading *reading, const char *group, const struct conf_imap *imap)
{
	const char *after = path_in(reading, group, "after");
	const char *sent = path_in(reading, group, "sent_folder");

	if (sound(reading, after) && imap->after == AFTER_MOVE)
		for (size_t i = 0; i < imap->folders.count; i++)
			if (strcmp(imap->folders.at[i], imap->move_to) == 0)
				wrong(reading, after,
					"moves to %s, which is read from; a folder that is not in "
					"folders",
					conf_quoted(reading, imap->move_to));
	if (sound(reading, sent) && imap->save_sent && text_equal(imap->sent_folder, ""))
		wrong(reading, sent,
			"is empty, though save_sent is true; name it, or save_sent = false");
}

static bool
in_list(const struct string_list *list, const char *address)
{
	for (size_t i = 0; i < list->count; i++)
		if (address_equal(list->at[i], address))
			return true;
	return false;
}

/* The first desk whose window the address reaches, NULL for none. */
static const struct policy_desk *
desk_at(const struct reading *reading, const char *address)
{
	for (size_t i = 0; i < reading->conf->policy.desk_count; i++) {
		const struct policy_desk *desk = &reading->desks[i];

		if ((desk->address != NULL && address_equal(desk->address, address))
			|| in_list(&desk->aliases, address))
			return desk;
	}
	return NULL;
}

static void
check_windows(struct reading *reading, const struct policy_desk *desk, const char *group)
{
	const struct policy_desk *first = desk->address != NULL ? desk_at(reading, desk->address)
								: desk;

	if (first != desk)
		wrong(reading, path_in(reading, group, "address"),
			"reaches the desk %s already; each desk has addresses of its own",
			first->title);
	if (desk->address != NULL && in_list(&desk->aliases, desk->address))
		wrong(reading, path_in(reading, group, "aliases"),
			"hold the desk's own address; leave it out");
	for (size_t i = 0; i < desk->aliases.count; i++) {
		first = desk_at(reading, desk->aliases.at[i]);
		if (first != desk)
			wrong(reading, path_in(reading, group, "aliases"),
				"%s reaches the desk %s already; each desk has addresses of its "
				"own",
				conf_quoted(reading, desk->aliases.at[i]), first->title);
	}
}

static void
check_desk(struct reading *reading, size_t index)
{
	struct policy_desk *desk = &reading->desks[index];
	struct conf_desk *ports = &reading->conf->desks[index];
	const char *group = path_in(reading, "desk", desk->title);
	const char *imap = path_in(reading, group, "imap");
	const char *smtp = path_in(reading, group, "smtp");

	desk->sent_folder = ports->imap.sent_folder;
	ports->pgp.key = desk->key;
	check_tls(reading, imap, "imap", &ports->imap.server);
	check_tls(reading, smtp, "smtp", &ports->smtp);
	check_password(reading, imap, &ports->imap.server);
	check_password(reading, smtp, &ports->smtp);
	check_mailbox(reading, imap, &ports->imap);
	check_windows(reading, desk, group);
}

/* An address or a key of two coordinators would make their mail each other's. */
static void
check_coordinator(struct reading *reading, size_t index)
{
	const struct policy_coordinator *me = &reading->coordinators[index];
	const char *group = path_in(reading, "coordinator", me->name);
	const char *addresses = path_in(reading, group, "addresses");

	for (size_t i = 0; i < me->addresses.count; i++)
		if (desk_at(reading, me->addresses.at[i]) != NULL)
			wrong(reading, addresses,
				"%s is a desk's own address; the coordinator's is wanted",
				conf_quoted(reading, me->addresses.at[i]));
	for (size_t other = 0; other < index; other++) {
		const struct policy_coordinator *them = &reading->coordinators[other];

		for (size_t i = 0; i < me->addresses.count; i++)
			if (in_list(&them->addresses, me->addresses.at[i]))
				wrong(reading, addresses,
					"%s is the coordinator %s's too; it can be one's only",
					conf_quoted(reading, me->addresses.at[i]), them->name);
		for (size_t i = 0; i < me->keys.count; i++)
			for (size_t j = 0; j < them->keys.count; j++)
				if (strcmp(me->keys.at[i], them->keys.at[j]) == 0)
					wrong(reading, path_in(reading, group, "keys"),
						"%s is pinned for %s too; a key is one's only",
						me->keys.at[i], them->name);
	}
}

static bool
is_desk(const struct policy *policy, const char *title)
{
	for (size_t i = 0; i < policy->desk_count; i++)
		if (strcmp(policy->desks[i].title, title) == 0)
			return true;
	return false;
}

static bool
is_staff(const struct policy *policy, const char *title)
{
	for (size_t i = 0; i < policy->staff_count; i++)
		if (strcmp(policy->staff[i].title, title) == 0)
			return true;
	return false;
}

static void
check_staff(struct reading *reading, size_t index)
{
	const struct policy_staff *staff = &reading->staff[index];
	const struct policy *policy = &reading->conf->policy;
	const char *group = path_in(reading, "staff", staff->title);

	for (size_t i = 0; i < staff->desks.count; i++)
		if (!is_desk(policy, staff->desks.at[i]))
			wrong(reading, path_in(reading, group, "desks"),
				"there is no desk %s; a title under desk, or [] for all",
				conf_quoted(reading, staff->desks.at[i]));
	if (staff->deputy != NULL && staff->deputy[0] != '\0') {
		if (strcmp(staff->deputy, staff->title) == 0)
			wrong(reading, path_in(reading, group, "deputy"),
				"is the person itself; another staff title, or \"\"");
		else if (!is_staff(policy, staff->deputy))
			wrong(reading, path_in(reading, group, "deputy"),
				"there is no staff %s; another staff title, or \"\"",
				conf_quoted(reading, staff->deputy));
	}
	if (staff->address != NULL && desk_at(reading, staff->address) != NULL)
		wrong(reading, path_in(reading, group, "address"),
			"is a desk's own address, whose mail would come back to it; the person's "
			"own is wanted");
}

void
conf_cross(struct reading *reading)
{
	const struct policy *policy = &reading->conf->policy;

	if (policy->desk_count == 0 && sound(reading, "desk"))
		wrong(reading, "desk",
			"there is none; at least one contact window, like desk: { www: { … } }");
	for (size_t i = 0; i < policy->desk_count; i++)
		check_desk(reading, i);
	for (size_t i = 0; i < policy->coordinator_count; i++)
		check_coordinator(reading, i);
	for (size_t i = 0; i < policy->staff_count; i++)
		check_staff(reading, i);
}
