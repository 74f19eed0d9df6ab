/*
 * `report`: a static site of all cases in a folder. Each page is put whole in its place,
 * the index last, so that whoever reads meanwhile finds no link that leads nowhere; pages
 * of cases that are none any more are removed, and nothing else that lies there.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/io.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "view/case_html.h"
#include "view/report.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define FOLDER_MODE 0750
#define PAGE_MODE 0640
#define PAGE_ARENA ((size_t)1 << 30)	/* of one case's page */

static int
make_folder(const char *path)
{
	struct stat there;

	if (stat(path, &there) == 0)
		return S_ISDIR(there.st_mode) ? EX_OK : cli_fail(EX_CANTCREAT, "%s is no folder", path);
	/* The tool's umask leaves it to its owner. */
	if (mkdir(path, FOLDER_MODE) != 0 || chmod(path, FOLDER_MODE) != 0)
		return cli_fail(EX_CANTCREAT, "cannot make %s: %s", path, strerrordesc_np(errno));
	return EX_OK;
}

static int
put_page(struct cli *cli, const char *folder, const char *name, const char *page)
{
	struct err err;

	if (io_put_file(arena_printf(cli->arena, "%s/%s", folder, name), page, strlen(page), PAGE_MODE,
		true, &err) != DONE)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	return EX_OK;
}

/* In an arena of its own: there may be many. */
static int
put_case(struct cli *cli, const char *folder, const struct record_case *record)
{
	struct cli one = *cli;
	struct json_case what;
	struct json_view view;
	int status;

	one.arena = arena_new(ARENA_PLAIN, PAGE_ARENA);
	view = cli_view(&one);
	cli_gather(&one, record, &what);
	status = cli_read_well(&one);
	if (status == EX_OK)
		status = put_page(&one, folder, report_page(one.arena, record->id),
			case_html(&view, &what, cli_language(cli, record->desk), REPORT_INDEX));
	arena_free(&one.arena);
	return status;
}

static bool
is_listed(struct record_case *const *list, size_t count, int64_t id)
{
	size_t i = 0;

	while (i < count && list[i]->id != id)
		i++;
	return i < count;
}

static void
drop_old_pages(const char *path, struct record_case *const *list, size_t count)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL) {
		int64_t id = report_page_of(entry->d_name);

		if (id != 0 && !is_listed(list, count, id))
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	}
	(void)closedir(folder);
}

int
verb_report(struct cli *cli)
{
	const struct policy *policy = &cli->conf->policy;
	struct store_case_filter filter = { .now = cli->now };
	struct json_view view = cli_view(cli);
	const char *folder = cli->args[0];
	struct record_case *cases, **list;
	size_t count = store_case_list(cli->store, cli->arena, &filter, &cases);
	int status = cli_read_well(cli);

	if (status == EX_OK)
		status = make_folder(folder);
	list = arena_calloc(cli->arena, count + 1, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = &cases[i];
	for (size_t i = 0; i < count && status == EX_OK; i++)
		status = put_case(cli, folder, list[i]);
	if (status == EX_OK)
		status = put_page(cli, folder, REPORT_INDEX, report_index(&view, list, count,
			policy->desk_count > 0 ? policy->desks[0].language : LANGUAGE_JA));
	if (status == EX_OK)
		drop_old_pages(folder, list, count);
	return status;
}
