/*
 * The editor, and its file in memory. Must never write to a disk: where no tmpfs is
 * there, there is no editor. (Swap, and what an editor keeps of its own elsewhere, are
 * the machine's and the person's: the man page says so.)
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/edit.h"

#include "base/arena.h"
#include "base/io.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define FILE_NAME "letter.txt"
#define FOLDERS_OPEN 16	/* of those within each other, while they are removed */

/*
 * Finds the editor, where none is named as sensible-editor(1) would, and begins it. Vim
 * would keep what was cut, pasted and looked for in ~/.viminfo, and undo files and backups
 * where its owner likes to have them: it is told not to.
 */
static const char begin_editor[] =
	"editor=${VISUAL:-${EDITOR:-}}\n"
	"if [ -z \"$editor\" ]; then\n"
	"	[ ! -r \"$HOME/.selected_editor\" ] || . \"$HOME/.selected_editor\"\n"
	"	editor=${SELECTED_EDITOR:-editor}\n"
	"	command -v \"$editor\" >/dev/null || editor=vi\n"
	"fi\n"
	"program=$(readlink -f \"$(command -v \"${editor%% *}\")\")\n"
	"case ${program##*/} in vim* | nvim*)\n"
	"	set -- -n -i NONE -c 'silent! set noundofile nobackup nowritebackup' \"$@\" ;;\n"
	"esac\n"
	"eval \"exec $editor \\\"\\$@\\\"\"\n";

/* Whether what is written there stays in memory (and swap). */
static bool
is_memory(const char *path)
{
	struct statfs at;

	return statfs(path, &at) == 0 && (at.f_type == TMPFS_MAGIC || at.f_type == RAMFS_MAGIC);
}

/* A folder of our own in memory; NULL when there is no place for one. */
static char *
make_folder(struct cli *cli)
{
	const char *const places[] = { getenv("XDG_RUNTIME_DIR"), "/dev/shm" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *path;

		if (places[i] == NULL || places[i][0] != '/' || !is_memory(places[i]))
			continue;
		path = arena_printf(cli->arena, "%s/madoguchi.XXXXXX", places[i]);
		if (mkdtemp(path) != NULL)
			return path;
	}
	return NULL;
}

/* Zeros over all of it. One that cannot be opened is only removed. */
static void
overwrite(const char *path)
{
	static const char zeros[4096];
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int64_t left = fd >= 0 ? io_size(fd) : 0;

	for (; left > 0; left -= (int64_t)sizeof(zeros)) {
		if (io_write_all(fd, zeros, left < (int64_t)sizeof(zeros) ? (size_t)left
									  : sizeof(zeros)) != 0)
			break;
	}
	io_close(&fd);
}

static int
drop_one(const char *path, const struct stat *about, int type, struct FTW *at)
{
	(void)at;
	if (type == FTW_F && S_ISREG(about->st_mode))
		overwrite(path);
	(void)remove(path);
	return 0;
}

/* With all that an editor put there, however deep. */
static void
drop_folder(const char *path)
{
	(void)nftw(path, drop_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
	if (access(path, F_OK) == 0)
		(void)cli_fail(0, "%s could not be removed: see to it", path);
}

static bool
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool written = fd >= 0 && io_write_all(fd, text, strlen(text)) == 0;

	io_close(&fd);
	return written;
}

static _Noreturn void
become_editor(const char *folder, const char *path, const sigset_t *usual)
{
	/* What it writes elsewhere on the way, and keeps for the next time, is to lie there too. */
	(void)setenv("TMPDIR", folder, 1);
	(void)setenv("XDG_STATE_HOME", folder, 1);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGQUIT, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, usual, NULL);
	(void)execl("/bin/sh", "sh", "-c", begin_editor, "editor", path, (char *)NULL);
	_exit(127);
}

/*
 * Its exit status, -1 when it did not come to one. The terminal's keys are the editor's;
 * what would end us waits until the file is gone.
 */
static int
run_editor(const char *folder, const char *path, const sigset_t *usual)
{
	void (*interrupt)(int) = signal(SIGINT, SIG_IGN);
	void (*quit)(int) = signal(SIGQUIT, SIG_IGN);
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		become_editor(folder, path, usual);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	(void)signal(SIGINT, interrupt);
	(void)signal(SIGQUIT, quit);
	return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *
edit(struct cli *cli, const char *folder, const char *text, size_t max, const sigset_t *usual,
	int *status_r)
{
	const char *path = arena_printf(cli->arena, "%s/" FILE_NAME, folder);
	struct err err;
	char *written;
	size_t len;
	int ended;

	*status_r = EX_OK;
	if (!write_file(path, text))
		*status_r = cli_fail(EX_CANTCREAT, "%s: %s", path, strerrordesc_np(errno));
	else if ((ended = run_editor(folder, path, usual)) != 0)
		*status_r = cli_fail(EXIT_FAILURE, "the editor ended with %d: nothing is sent", ended);
	else if (io_read_file(cli->arena, path, max, &written, &len, &err) != DONE)
		*status_r = cli_fail(EX_DATAERR, "%s", err.text);
	else if (strlen(written) != len)
		*status_r = cli_fail(EX_DATAERR, "what the editor left is no text");
	return *status_r == EX_OK ? written : NULL;
}

char *
edit_text(struct cli *cli, const char *text, size_t max, int *status_r)
{
	sigset_t held, usual;
	char *folder, *written;

	sigemptyset(&held);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &held, &usual);
	folder = make_folder(cli);
	if (folder == NULL) {
		*status_r = cli_fail(EX_CANTCREAT, "there is no place in memory for the editor's file: "
			"neither $XDG_RUNTIME_DIR nor /dev/shm is a tmpfs that can be written to; give "
			"the text by --body");
		(void)sigprocmask(SIG_SETMASK, &usual, NULL);
		return NULL;
	}
	written = edit(cli, folder, text, max, &usual, status_r);
	drop_folder(folder);
	(void)sigprocmask(SIG_SETMASK, &usual, NULL);
	return written;
}
