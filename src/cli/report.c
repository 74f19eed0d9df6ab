/*
 * `report`: a static site of all cases in a folder. Each page is put whole in its place,
 * the index last, so that whoever reads meanwhile finds no link that leads nowhere; pages
 * of cases that are none any more are removed, and nothing else that lies there. A folder
 * is one store's: it bears a mark, and without it nothing is taken for ours.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "view/case_html.h"
#include "view/report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define FOLDER_MODE 0750
#define PAGE_MODE 0640
#define PAGE_ARENA ((size_t)1 << 30)	/* of one case's page */
#define MARK ".madoguchi-report"	/* in the folder: the state_dir whose cases it shows */

/* A run: where to, and what is put there. */
struct site {
	struct cli *cli;
	const char *folder;
	struct record_case **list;
	size_t count;
	const char **pages;	/* their names, the index behind them */
	struct cli_unfiled unfiled;
	int mark_fd;		/* -1 before the folder is claimed */
};

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

/* Whether pages may be put there: none lies there that would be overwritten or removed. */
static int
look_for_pages(const struct site *site)
{
	DIR *folder = opendir(site->folder);
	const struct dirent *entry;
	int status = EX_OK;

	if (folder == NULL)
		return cli_fail(EX_CANTCREAT, "cannot list %s: %s", site->folder, strerrordesc_np(errno));
	while (status == EX_OK && (entry = readdir(folder)) != NULL) {
		if (report_page_of(entry->d_name) != 0 || text_equal(entry->d_name, REPORT_INDEX))
			status = cli_fail(EX_CANTCREAT, "%s/%s lies there without the mark of a report's folder: "
				"name an empty folder, or, if an earlier version made the pages, remove them once",
				site->folder, entry->d_name);
	}
	(void)closedir(folder);
	return status;
}

/* The mark, held for as long as the run lasts; -1 where there is none, or none of ours. */
static int
open_mark(const char *mark)
{
	int fd = open(mark, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat marked;

	if (fd >= 0 && (fstat(fd, &marked) != 0 || !S_ISREG(marked.st_mode))) {
		io_close(&fd);
		errno = EINVAL;
	}
	return fd;
}

/* Two runs into one folder would take each other's pages for their own. */
static int
hold_mark(struct site *site, const char *mark, const char *ours)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct arena *arena = site->cli->arena;
	struct err err;
	char *there;
	size_t len;

	site->mark_fd = open_mark(mark);
	if (site->mark_fd < 0)
		return cli_fail(EX_CANTCREAT, "cannot open %s: %s", mark, strerrordesc_np(errno));
	if (fcntl(site->mark_fd, F_OFD_SETLK, &lock) != 0)
		return cli_fail(EX_TEMPFAIL, "another report is being written to %s", site->folder);
	if (io_read_fd(arena, site->mark_fd, PATH_MAX, &there, &len, &err) != DONE)
		return cli_fail(EX_CANTCREAT, "%s: %s", mark, err.text);
	there[strcspn(there, "\n")] = '\0';
	return text_equal(there, ours) ? EX_OK : cli_fail(EX_CANTCREAT,
		"%s holds the report of another store, %s: give each a folder of its own (if that store is "
		"gone or has moved here, remove %s)", site->folder, text_printable(arena, there), mark);
}

/* Whether the folder is this store's, or is nobody's and so becomes it. */
static int
claim_folder(struct site *site)
{
	struct arena *arena = site->cli->arena;
	const char *mark = arena_printf(arena, "%s/" MARK, site->folder);
	const char *state_dir = site->cli->conf->state_dir;
	char ours[PATH_MAX];
	struct stat marked;
	struct err err;
	int status;

	if (realpath(state_dir, ours) == NULL)
		return cli_fail(EX_OSFILE, "cannot find %s: %s", state_dir, strerrordesc_np(errno));
	if (lstat(mark, &marked) != 0) {
		status = look_for_pages(site);
		if (status != EX_OK)
			return status;
		if (io_put_file(mark, arena_printf(arena, "%s\n", ours), strlen(ours) + 1, PAGE_MODE,
			false, &err) != DONE)
			return cli_fail(EX_CANTCREAT, "%s", err.text);
	}
	return hold_mark(site, mark, ours);
}

static int
put_page(struct site *site, const char *name, const char *page)
{
	struct err err;

	if (io_put_part(site->folder, name, page, strlen(page), PAGE_MODE, &err) != DONE)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	return EX_OK;
}

/* In an arena of its own: there may be many. */
static int
put_case(struct site *site, const struct record_case *record)
{
	struct cli one = *site->cli;
	struct json_case what;
	struct json_view view;
	int status;

	one.arena = arena_new(ARENA_PLAIN, PAGE_ARENA);
	view = cli_view(&one);
	cli_gather_beside(&one, record, &site->unfiled, &what);
	status = cli_read_well(&one);
	if (status == EX_OK)
		status = put_page(site, report_page(one.arena, record->id),
			case_html(&view, &what, cli_language(&one, record->desk), REPORT_INDEX));
	arena_free(&one.arena);
	return status;
}

/* All of them beside those that are there, and then in their place. */
static int
put_pages(struct site *site)
{
	const struct policy *policy = &site->cli->conf->policy;
	struct json_view view = cli_view(site->cli);
	int status = EX_OK;
	struct err err;

	for (size_t i = 0; i < site->count && status == EX_OK; i++)
		status = put_case(site, site->list[i]);
	if (status == EX_OK)
		status = put_page(site, REPORT_INDEX, report_index(&view, site->list, site->count,
			policy->desk_count > 0 ? policy->desks[0].language : LANGUAGE_JA));
	if (status == EX_OK && io_place_parts(site->folder, site->pages, site->count + 1, &err) != DONE)
		status = cli_fail(EX_CANTCREAT, "%s", err.text);
	if (status != EX_OK)
		io_drop_parts(site->folder, site->pages, site->count + 1);
	return status;
}

static int
by_id(const void *a, const void *b)
{
	const struct record_case *first = *(struct record_case *const *)a;
	const struct record_case *second = *(struct record_case *const *)b;

	return first->id < second->id ? -1 : first->id > second->id;
}

static void
drop_old_pages(struct site *site)
{
	DIR *folder = opendir(site->folder);
	const struct dirent *entry;

	if (folder == NULL)
		return;
	/* The index has them by urgency. */
	qsort(site->list, site->count, sizeof(*site->list), by_id);
	while ((entry = readdir(folder)) != NULL) {
		struct record_case page = { .id = report_page_of(entry->d_name) };
		const struct record_case *key = &page;

		if (page.id != 0 && bsearch(&key, site->list, site->count, sizeof(*site->list), by_id) == NULL)
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	}
	(void)closedir(folder);
}

int
verb_report(struct cli *cli)
{
	struct store_case_filter filter = { .now = cli->now };
	struct site site = { .cli = cli, .folder = cli->args[0], .mark_fd = -1 };
	struct record_case *cases;
	int status;

	site.count = store_case_list(cli->store, cli->arena, &filter, &cases);
	cli_read_unfiled(cli, &site.unfiled);
	status = cli_read_well(cli);
	site.list = arena_calloc(cli->arena, site.count + 1, sizeof(*site.list));
	site.pages = arena_calloc(cli->arena, site.count + 1, sizeof(*site.pages));
	for (size_t i = 0; i < site.count; i++) {
		site.list[i] = &cases[i];
		site.pages[i] = report_page(cli->arena, cases[i].id);
	}
	site.pages[site.count] = REPORT_INDEX;
	if (status == EX_OK)
		status = make_folder(site.folder);
	if (status == EX_OK)
		status = claim_folder(&site);
	if (status == EX_OK)
		status = put_pages(&site);
	if (status == EX_OK)
		drop_old_pages(&site);
	io_close(&site.mark_fd);
	return status;
}
