/*
 * The doctor's look at gpg itself: is it there, does each home's agent start,
 * are the home's settings those with which many mails go well. What the keyrings
 * hold is asked in rooms, later.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/pgp.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTINGS_MAX (256 * 1024)

static bool
look_at_version(struct doctor *doctor)
{
	char *version;
	struct err err;

	if (pgp_version(doctor->cli->arena, &version, &err) != DONE) {
		doctor_bad(doctor, NULL, "gpg", "apt-get install gnupg", "%s", err.text);
		return false;
	}
	doctor_ok(doctor, NULL, "gpg", "gpg %s", version);
	return true;
}

/* The first desk with the same home, perhaps itself. */
static size_t
first_of_home(const struct doctor *doctor, size_t desk)
{
	const struct conf_desk *desks = doctor->cli->conf->desks;
	size_t i = 0;

	while (!text_equal(desks[i].pgp.home, desks[desk].pgp.home))
		i++;
	return i;
}

static bool
look_at_home(struct doctor *doctor, const char *title, const char *home)
{
	struct stat st;

	if (stat(home, &st) != 0 || !S_ISDIR(st.st_mode)) {
		doctor_bad(doctor, title, "keyring-folder",
			doctor_do(doctor,
				"make the keyring there (madoguchi init, or gpg --homedir %s "
				"--import), or let desk.%s.pgp.home name the one that there is",
				home, title),
			"there is no folder %s", home);
		return false;
	}
	if (st.st_uid != geteuid() || access(home, R_OK | W_OK | X_OK) != 0) {
		doctor_bad(doctor, title, "keyring-folder",
			doctor_do(doctor, "chown -R the user that runs the desk to %s, chmod 700",
				home),
			"%s is not this user's to write in", home);
		return false;
	}
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		doctor_bad(doctor, title, "keyring-folder",
			doctor_do(doctor, "chmod 700 %s", home),
			"others may look into %s (mode %04o)", home,
			(unsigned)st.st_mode & 07777U);
	else
		doctor_ok(doctor, title, "keyring-folder", "%s is the desk's alone", home);
	return true;
}

/* Whether a line of the file begins with that option. */
static bool
has_option(struct doctor *doctor, const char *file, const char *option)
{
	size_t len = strlen(option), size;
	const char *at;
	struct err err;
	char *text;

	if (io_read_file(doctor->cli->arena, file, SETTINGS_MAX, &text, &size, &err) != DONE)
		return false;
	for (at = text; at != NULL && *at != '\0'; at = strchr(at, '\n')) {
		at += strspn(at, " \t\n");
		if (strncmp(at, option, len) == 0 && strchr(" \t\n", at[len]) != NULL)
			return true;
	}
	return false;
}

static void
look_at_settings(struct doctor *doctor, const char *title, const char *home)
{
	struct arena *arena = doctor->cli->arena;
	const char *gpg = arena_printf(arena, "%s/gpg.conf", home);
	const char *agent = arena_printf(arena, "%s/gpg-agent.conf", home);
	bool seed = has_option(doctor, gpg, "no-random-seed-file");
	bool memory = has_option(doctor, agent, "auto-expand-secmem");

	if (!seed)
		doctor_hint(doctor, title, "gpg-settings",
			doctor_do(doctor, "add the line no-random-seed-file to %s", gpg),
			"mails that are sealed at a time wait for each other");
	if (!memory)
		doctor_hint(doctor, title, "gpg-settings",
			doctor_do(doctor,
				"add the line auto-expand-secmem 0x30000 to %s, then gpgconf "
				"--homedir %s --reload gpg-agent",
				agent, home),
			"many mails that are opened at a time may fail for the moment");
	if (seed && memory)
		doctor_ok(doctor, title, "gpg-settings", "%s: as the desk wants them", home);
}

void
doctor_gpg(struct doctor *doctor)
{
	bool gpg = look_at_version(doctor);

	for (size_t i = 0; gpg && i < doctor->cli->conf->policy.desk_count; i++) {
		const char *home = doctor->cli->conf->desks[i].pgp.home;
		const char *title = doctor_title(doctor, i);
		size_t first = first_of_home(doctor, i);
		struct err err;

		doctor->keyrings[i] = doctor->keyrings[first];
		if (first != i || !look_at_home(doctor, title, home))
			continue;
		look_at_settings(doctor, title, home);
		doctor->keyrings[i] = pgp_start_agent(home, &err) == DONE;
		if (!doctor->keyrings[i])
			doctor_bad(doctor, title, "gpg-agent",
				doctor_do(doctor, "gpgconf --homedir %s --launch gpg-agent says "
						  "more; then look at gpg-agent.conf there", home),
				"%s", err.text);
		else
			doctor_ok(doctor, title, "gpg-agent", "it runs");
	}
}
