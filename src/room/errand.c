/*
 * The errand: runs the commands that stand in the conf, and no other. The desk
 * names one by its desk and what it is for; no text of a frame ever becomes a
 * part of one. A password command's first line goes to the wire that asked for it,
 * through a pipe of which the desk holds neither end; alert_command is given the
 * desk's text on its input, and what it says is thrown away. Forked before anything
 * is locked, since nobody can say what a command needs; it reads no mail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/room.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/frame.h"
#include "base/io.h"
#include "base/log.h"
#include "port/conf.h"
#include "room/frames.h"
#include "room/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *
command_of(const struct conf *conf, enum errand errand, size_t desk)
{
	const struct conf_desk *at = &conf->desks[desk];

	if (errand == ERRAND_ALERT)
		return conf->alert_command;
	return errand == ERRAND_IMAP_PASSWORD ? at->imap.server.password_command
					      : at->smtp.password_command;
}

/* Ends with its parent; what it may have started itself is in its group. */
static _Noreturn void
become(const char *command, int in, int out)
{
	char *const argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char *)(uintptr_t)command, NULL };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	if (in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) == STDIN_FILENO && dup2(out, STDOUT_FILENO) == STDOUT_FILENO)
		execv("/bin/sh", argv);
	_exit(127);
}

/* The output's bytes until its end or the time; how many, -1 when it took too long. */
static ssize_t
read_output(int fd, char *bytes_r, size_t max)
{
	int64_t until = clock_mono_ms() + ERRAND_MS;
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

/* What the command said, -1 when it failed or took too long. */
static ssize_t
run(const char *command, char *bytes_r, size_t max)
{
	int ends[2], status = 0;
	ssize_t len;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		become(command, open("/dev/null", O_RDONLY | O_CLOEXEC), ends[1]);
	io_close(&ends[1]);
	len = pid < 0 ? -1 : read_output(ends[0], bytes_r, max);
	io_close(&ends[0]);
	if (pid < 0)
		return -1;
	if (len < 0 && kill(-pid, SIGKILL) < 0)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? len : -1;
}

static size_t
line_len(const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len && bytes[at] != '\r' && bytes[at] != '\n' && bytes[at] != '\0')
		at++;
	return at;
}

static _Noreturn void
fetch(const struct conf *conf, enum errand errand, size_t desk, int out)
{
	static const char *const whose[ERRAND_KINDS] = {
		[ERRAND_IMAP_PASSWORD] = "mailbox",
		[ERRAND_SMTP_PASSWORD] = "smarthost",
	};
	char bytes[SECRET_MAX];
	ssize_t len;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_DFL);
	len = run(command_of(conf, errand, desk), bytes, sizeof(bytes));
	if (len > 0)
		(void)io_write_all(out, bytes, line_len(bytes, (size_t)len));
	else
		log_warn("desk=%s the password_command for the %s failed: no login is possible with it",
			conf->policy.desks[desk].title, whose[errand]);
	mem_wipe(bytes, sizeof(bytes));
	_exit(0);
}

/* Until the command has ended; false when it took too long. */
static bool
wait_end(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd wait = { fd, POLLIN, 0 };
	int64_t until = clock_mono_ms() + ERRAND_ALERT_MS, left = ERRAND_ALERT_MS;
	int ready = 0;

	while (fd >= 0 && ready <= 0 && left > 0) {
		ready = poll(&wait, 1, (int)left);
		left = until - clock_mono_ms();
	}
	io_close(&fd);
	return ready > 0;
}

/* The text to its input, its output to nobody; how it ended, in words, NULL when well. */
static const char *
run_alert(const char *command, int in, char why_r[64])
{
	int status = 0;
	bool ended;
	pid_t pid = fork();

	if (pid == 0) {
		int out = open("/dev/null", O_WRONLY | O_CLOEXEC);

		(void)dup2(out, STDERR_FILENO);
		become(command, in, out);
	}
	if (pid < 0)
		return "no process can be made";
	ended = wait_end(pid);
	/* With what it may have left behind. */
	if (kill(-pid, SIGKILL) < 0 && !ended)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (!ended)
		return "it took too long";
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	(void)snprintf(why_r, 64, WIFEXITED(status) ? "exit status %d" : "signal %d",
		WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return why_r;
}

/* One at a time: who holds the lock on the file of turns, which nobody else has, runs. */
static void
take_turn(int turns)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	while (fcntl(turns, F_SETLKW, &lock) < 0 && errno == EINTR)
		;
}

/* It may outlive the daemon, by no more than its time: to be told that mail fails is worth that. */
static _Noreturn void
tell(const struct conf *conf, size_t desk, int turns, int text)
{
	const char *title = conf->policy.desks[desk].title, *why;
	char words[64];

	signal(SIGCHLD, SIG_DFL);
	take_turn(turns);
	why = run_alert(conf->alert_command, text, words);
	if (why == NULL)
		log_info("desk=%s alert_command was run: exit status 0", title);
	else
		log_warn("desk=%s alert_command was run, and failed: %s", title, why);
	_exit(0);
}

static bool
is_text(int fd)
{
	int64_t size = io_memfd_sealed(fd) ? io_size(fd) : 0;

	return size > 0 && size <= (int64_t)ERRAND_ALERT_MAX;
}

static void
serve_errand(const struct conf *conf, int turns, struct frame *frame)
{
	enum errand errand = (enum errand)frame_get_below(frame, ERRAND_KINDS);
	size_t desk = frame_get_below(frame, (uint32_t)conf->policy.desk_count);
	int fd = frame_get_fd(frame);
	bool right = frame_end(frame) && command_of(conf, errand, desk)[0] != '\0' &&
		(errand != ERRAND_ALERT || is_text(fd));

	/* Each in a process of its own: a slow one holds up no password. */
	if (right && fork() == 0) {
		if (errand == ERRAND_ALERT)
			tell(conf, desk, turns, fd);
		fetch(conf, errand, desk, fd);
	}
	io_close(&fd);
}

static _Noreturn void
serve(const struct conf *conf, int fd, pid_t parent)
{
	static struct frame frame;
	int turns = memfd_create("turns", MFD_CLOEXEC);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(ROOM_EXIT_FINE);
	prctl(PR_SET_NAME, "errand");
	log_room("errand");
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGCHLD, SIG_IGN);
	/* A terminal's interrupt is for the desk, whose end ends this. */
	signal(SIGINT, SIG_IGN);
	while (frame_recv(fd, &frame) == FRAME_OK) {
		if (frame.type == FRAME_ERRAND)
			serve_errand(conf, turns, &frame);
		else
			frame_drop(&frame);
	}
	_exit(ROOM_EXIT_FINE);
}

static bool
any_command(const struct conf *conf)
{
	for (size_t i = 0; i < conf->policy.desk_count; i++) {
		for (enum errand errand = 0; errand < ERRAND_KINDS; errand++) {
			if (command_of(conf, errand, i)[0] != '\0')
				return true;
		}
	}
	return false;
}

enum outcome
room_errand(const struct conf *conf, int *fd_r, pid_t *pid_r, struct err *err_r)
{
	pid_t parent = getpid();
	int pair[2];
	pid_t pid;

	if (!any_command(conf)) {
		*fd_r = -1;
		*pid_r = -1;
		return DONE;
	}
	if (frame_pair(pair) < 0)
		return err_set(err_r, LATER, "no socket pair for the conf's commands (errno %d)", errno);
	pid = fork();
	if (pid == 0) {
		io_close(&pair[0]);
		serve(conf, pair[1], parent);
	}
	io_close(&pair[1]);
	if (pid < 0) {
		io_close(&pair[0]);
		return err_set(err_r, LATER, "no process for the conf's commands (errno %d)", errno);
	}
	*fd_r = pair[0];
	*pid_r = pid;
	return DONE;
}
