/*
 * gpg-agent outlives the room that first needs it, and inherits its limits: so it
 * is started before, by a process that is locked in as a keyring is and limited
 * in nothing.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/room.h"

#include "port/pgp.h"
#include "room/locks.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

enum outcome
room_agent(const char *home, struct err *err_r)
{
	struct err err = { "" };
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (!locks_gpg(home, ""))
			_exit(ROOM_EXIT_LOCK);
		_exit((int)pgp_start_agent(home, &err));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return err_set(err_r, LATER, "no process to start gpg-agent (errno %d)", errno);
	if (WIFEXITED(status) && WEXITSTATUS(status) == DONE)
		return DONE;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NEVER)
		return err_set(err_r, NEVER, "gpgconf cannot be run");
	return err_set(err_r, LATER, "gpg-agent of %s did not start", home);
}
