/*
 * One value of the conf is exchanged: the desk's key. The new file is read as the
 * daemon would read it before it takes the old one's place; whatever is unclear is
 * left to a person.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/keys_roll.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define MISTAKES_MAX (256 * 1024)

/* Where it stands, without regard to case; NULL unless just once. */
static char *
only_place(char *text, const char *fpr)
{
	size_t len = strlen(fpr);
	char *place = NULL;

	for (char *at = text; *at != '\0'; at++) {
		if (strncasecmp(at, fpr, len) != 0)
			continue;
		if (place != NULL)
			return NULL;
		place = at;
	}
	return place;
}

/* Whether the daemon would take the file, and finds that key in it. */
static enum outcome
try_draft(struct cli *cli, size_t desk, const char *path, const char *new_key, struct err *err_r)
{
	struct text mistakes;
	struct conf *conf;
	bool right;

	text_init(&mistakes, cli->arena, MISTAKES_MAX);
	conf = conf_read(cli->arena, path, cli->data_dir, NULL, &mistakes);
	if (conf == NULL)
		return err_set(err_r, NEVER, "with the new key the conf would have mistakes");
	right = desk < conf->policy.desk_count && text_equal(conf->policy.desks[desk].key, new_key);
	conf_close(conf);
	return right ? DONE
		     : err_set(err_r, NEVER, "the old key does not stand where the desk's is said");
}

/* The draft takes the place of the conf, which is kept under another name. */
static enum outcome
exchange(const char *path, const char *draft, const char *kept, const struct stat *was,
	struct err *err_r)
{
	if (chmod(draft, was->st_mode & 07777) != 0 ||
		(chown(draft, was->st_uid, was->st_gid) != 0 &&
			(was->st_uid != geteuid() || was->st_gid != getegid())))
		return err_set(err_r, NEVER, "%s: its owner cannot be kept: %s", path,
			strerrordesc_np(errno));
	if (link(path, kept) != 0)
		return err_set(err_r, NEVER, "%s: %s", kept, strerrordesc_np(errno));
	if (rename(draft, path) != 0) {
		err_set(err_r, NEVER, "%s: %s", path, strerrordesc_np(errno));
		/* It would be in the way of the next try. */
		(void)unlink(kept);
		return NEVER;
	}
	return DONE;
}

enum outcome
roll_conf(struct cli *cli, size_t desk, const char *old_key, const char *new_key,
	const char **kept_r, struct err *err_r)
{
	/* As the conf's reader found it: a link's other end, so that the link stays. */
	char *path = realpath(cli->conf->file, NULL);
	const char *file = arena_strdup(cli->arena, path != NULL ? path : cli->conf->file);
	const char *draft = arena_printf(cli->arena, "%s.new", file);
	const char *kept = arena_printf(cli->arena, "%s.before-%.8s", file, new_key);
	enum outcome outcome;
	struct stat was;
	char *text, *place;
	size_t len;

	free(path);
	if (stat(file, &was) != 0 ||
		io_read_file(cli->arena, file, CONF_FILE_MAX, &text, &len, err_r) != DONE)
		return err_set(err_r, NEVER, "%s cannot be read", file);
	place = only_place(text, old_key);
	if (place == NULL)
		return err_set(err_r, NEVER, "%s does not stand just once in %s", old_key, file);
	memcpy(place, new_key, strlen(new_key));
	if (io_put_file(draft, text, len, 0600, true, err_r) != DONE)
		return NEVER;
	outcome = try_draft(cli, desk, draft, new_key, err_r);
	if (outcome == DONE)
		outcome = exchange(file, draft, kept, &was, err_r);
	if (outcome != DONE)
		(void)unlink(draft);
	*kept_r = kept;
	return outcome;
}
