/*
 * The throw-away Dovecot of dovecot.sh, for C tests: started once a program,
 * before the suite, and stopped after it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_DOVECOT_H
#define UNIT_DOVECOT_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct dovecot {
	char dir[64];
	char ca[96];
	char pin[96];
	char token[1024], old_token[1024];
	int imaps, imap;
	bool runs;
};

static inline const char *
dovecot_script(void)
{
	static char path[512];
	const char *top = getenv("srcdir");

	snprintf(path, sizeof path, "%s/tests/unit/dovecot.sh", top != NULL ? top : ".");
	if (access(path, X_OK) != 0)
		snprintf(path, sizeof path, "%s/dovecot.sh", top != NULL ? top : "tests/unit");
	return path;
}

/* The first line of DIR/name; what it was if there is none. */
static inline void
dovecot_line(const struct dovecot *dovecot, const char *name, char *line_r, size_t room)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", dovecot->dir, name);
	file = fopen(path, "r");
	if (file == NULL)
		return;
	if (fgets(line_r, (int)room, file) == NULL)
		abort();
	line_r[strcspn(line_r, "\n")] = '\0';
	fclose(file);
}

/* extra: conf lines as shell words, or "". Without Dovecot on the machine, runs stays false. */
static inline struct dovecot
dovecot_start(const char *extra)
{
	struct dovecot dovecot = { .dir = "/tmp/madoguchi-unit.XXXXXX" };
	char command[1024];
	FILE *out;

	if (mkdtemp(dovecot.dir) == NULL)
		abort();
	snprintf(dovecot.ca, sizeof dovecot.ca, "%s/ca.pem", dovecot.dir);
	snprintf(command, sizeof command, "%s start %s %s", dovecot_script(), dovecot.dir, extra);
	out = popen(command, "r");
	if (out == NULL)
		abort();
	dovecot.runs = fscanf(out, "%d %d", &dovecot.imaps, &dovecot.imap) == 2;
	pclose(out);
	dovecot_line(&dovecot, "good.pin", dovecot.pin, sizeof dovecot.pin);
	dovecot_line(&dovecot, "token", dovecot.token, sizeof dovecot.token);
	dovecot_line(&dovecot, "token.old", dovecot.old_token, sizeof dovecot.old_token);
	return dovecot;
}

static inline void
dovecot_stop(struct dovecot *dovecot)
{
	char command[1024];
	FILE *out;

	snprintf(command, sizeof command, "%s stop %s; rm -rf %s", dovecot_script(), dovecot->dir,
		dovecot->dir);
	out = popen(command, "r");
	if (out != NULL)
		pclose(out);
	dovecot->runs = false;
}

/* What a program's main() returns: Check's verdict, or 77 when half of its tests had no server. */
static inline int
dovecot_verdict(const struct dovecot *dovecot, int failed)
{
	return failed == EXIT_SUCCESS && !dovecot->runs ? 77 : failed;
}

#endif
