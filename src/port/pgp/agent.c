/*
 * The home's gpg-agent and the processes that GPGME leaves behind. GPGME forks
 * twice, so each gpg is an orphan; this process takes orphans (pgp_open made it
 * their reaper), collects those named gpg, gpgsm and gpgconf, and leaves all others
 * alone, the agent among them.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/pgp.h"

#include "pgp_private.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_TEXT_MAX 4096

extern char **environ;

/* The agent lives on: it must not inherit signals that its starter blocks or ignores. */
static int
spawn_clean(char *const argv[], int out, pid_t *pid_r)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int fault;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&files, out, 1);
	else
		posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	fault = posix_spawnp(pid_r, argv[0], &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return fault;
}

static bool
wait_fine(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

enum outcome
pgp_start_agent(const char *home, struct err *err_r)
{
	char *copy = mem_strdup(home);
	char *argv[] = { "gpgconf", "--homedir", copy, "--launch", "gpg-agent", NULL };
	pid_t pid;
	int fault = spawn_clean(argv, -1, &pid);
	bool fine = fault == 0 && wait_fine(pid);

	free(copy);
	if (fault != 0)
		return err_set(err_r, NEVER, "gpgconf cannot be run: %s", strerror(fault));
	if (!fine)
		return err_set(err_r, LATER, "gpg-agent of %s did not start", home);
	return DONE;
}

void
pgp_stop_agent(const char *home)
{
	char *copy = mem_strdup(home);
	char *kill_all[] = { "gpgconf", "--homedir", copy, "--kill", "all", NULL };
	char *no_sockets[] = { "gpgconf", "--homedir", copy, "--remove-socketdir", NULL };
	pid_t pid;

	if (spawn_clean(kill_all, -1, &pid) == 0)
		(void)wait_fine(pid);
	if (spawn_clean(no_sockets, -1, &pid) == 0)
		(void)wait_fine(pid);
	free(copy);
}

enum outcome
pgp_agent_socket_path(struct arena *arena, const char *home, char **path_r, struct err *err_r)
{
	char *argv[] = { "gpgconf", "--homedir", arena_strdup(arena, home), "--list-dirs",
		"agent-socket", NULL };
	char *path = NULL;
	size_t len = 0;
	int ends[2], fault;
	enum outcome outcome;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(err_r, LATER, "no pipe: %s", strerror(errno));
	fault = spawn_clean(argv, ends[1], &pid);
	close(ends[1]);
	if (fault != 0) {
		close(ends[0]);
		return err_set(err_r, NEVER, "gpgconf cannot be run: %s", strerror(fault));
	}
	outcome = io_read_fd(arena, ends[0], PATH_TEXT_MAX, &path, &len, err_r);
	close(ends[0]);
	if (!wait_fine(pid) || outcome != DONE || path[0] != '/')
		return err_set(
			err_r, NEVER, "gpgconf does not tell the agent's socket of %s", home);
	path[strcspn(path, "\n")] = '\0';
	*path_r = path;
	return DONE;
}

enum outcome
pgp_agent_socket(struct arena *arena, const char *home, char **path_r, struct err *err_r)
{
	char *path = NULL;
	enum outcome outcome = pgp_agent_socket_path(arena, home, &path, err_r);

	if (outcome != DONE)
		return outcome;
	*strrchr(path, '/') = '\0';
	*path_r = path[0] == '\0' ? arena_strdup(arena, "/") : path;
	return DONE;
}

bool
pgp_socket_alive(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;
	bool alive;

	if (strlen(path) >= sizeof(address.sun_path))
		return false;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	alive = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return alive;
}

/* Whether the child is one that GPGME started: by the name it runs under. */
static bool
is_gpg(long pid)
{
	char path[64], name[32];
	FILE *file;
	bool gpg;

	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	gpg = fgets(name, sizeof(name), file) != NULL
		&& (text_equal(name, "gpg\n") || text_equal(name, "gpgconf\n")
			|| text_equal(name, "gpgsm\n"));
	fclose(file);
	return gpg;
}

bool
pgp_reap(void)
{
	return access("/proc/thread-self/children", R_OK) == 0
		&& prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0;
}

void
pgp_tidy(const struct pgp *pgp, bool kill_them)
{
	if (pgp->reaper)
		pgp_collect(kill_them);
}

void
pgp_collect(bool kill_them)
{
	FILE *children = fopen("/proc/thread-self/children", "re");
	long pid;

	if (children == NULL)
		return;
	while (fscanf(children, "%ld", &pid) == 1) {
		if (!is_gpg(pid))
			continue;
		if (kill_them)
			kill((pid_t)pid, SIGKILL);
		waitpid((pid_t)pid, NULL, kill_them ? 0 : WNOHANG);
	}
	fclose(children);
}
