/*
 * password_command: its first line of output is the password or token. Run with
 * a clean signal mask, its output read within a time, wiped at once.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/password.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "flow/parts.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASSWORD_MAX 4000

static pid_t
start_command(const char *command, int out)
{
	char *const argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char *)(uintptr_t)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t pid;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	if (posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return pid;
}

/* The output's bytes until its end or the time; how many, -1 when it took too long. */
static ssize_t
read_output(int fd, char *bytes_r, size_t max)
{
	int64_t until = clock_mono_ms() + PASSWORD_COMMAND_MS;
	size_t len = 0;

	for (;;) {
		struct pollfd wait = { fd, POLLIN, 0 };
		int64_t left = until - clock_mono_ms();
		ssize_t got;

		if (left <= 0 || poll(&wait, 1, (int)left) <= 0)
			return -1;
		got = read(fd, bytes_r + len, max - len);
		if (got <= 0)
			return (ssize_t)len;
		len += (size_t)got;
		if (len == max)
			return (ssize_t)len;
	}
}

static void
send_line(struct engine *engine, struct house_room *room, char *bytes, size_t len)
{
	bytes[len] = '\0';
	bytes[strcspn(bytes, "\r\n")] = '\0';
	frame_start(&engine->frame, FRAME_PASSWORD);
	frame_put_string(&engine->frame, bytes);
	house_send(engine->house, room, &engine->frame);
	mem_wipe(engine->frame.data, engine->frame.len);
}

void
password_send(struct engine *engine, struct house_room *room, const struct conf_server *server)
{
	char bytes[PASSWORD_MAX + 1];
	int pipe_fds[2];
	ssize_t len;
	int status = 0;
	pid_t pid;

	if (server->password_command[0] == '\0' || pipe2(pipe_fds, O_CLOEXEC) < 0)
		return;
	pid = start_command(server->password_command, pipe_fds[1]);
	io_close(&pipe_fds[1]);
	len = pid < 0 ? -1 : read_output(pipe_fds[0], bytes, PASSWORD_MAX);
	io_close(&pipe_fds[0]);
	if (pid > 0) {
		if (len < 0)
			kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	if (len > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		send_line(engine, room, bytes, (size_t)len);
	else
		log_warn("desk=%s the password_command for the %s failed: no login is possible with it",
			engine_policy(engine, house_desk(room))->title, room_kind_name(house_kind(room)));
	mem_wipe(bytes, sizeof(bytes));
}
