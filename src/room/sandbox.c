/*
 * seccomp, over libseccomp: filters are compiled into plain programs once, and
 * loaded by a system call in each room. A call that is not on a room's lists
 * answers "there is no such call": libraries have a way round that, and not
 * round "not permitted". What nobody here ever calls ends the process, so that
 * staff hear of it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/sandbox.h"

#include "base/arena.h"
#include "base/io.h"
#include "room/sandbox_private.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROGRAM_BYTES ((size_t)64 * 1024) /* the kernel takes no longer program than half of it */

static struct sock_fprog programs[SANDBOX_CALLS_KINDS];

bool
sandbox_has_seccomp(void)
{
	uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

static bool
is_end(const struct sandbox_call *call)
{
	return call->mask == UINT32_MAX && call->value == UINT32_MAX;
}

/* A call that this machine's kind does not have needs no rule: libseccomp passes it over. */
static bool
add_call(scmp_filter_ctx filter, uint32_t action, const struct sandbox_call *call)
{
	if (call->mask == 0)
		return seccomp_rule_add(filter, action, call->call, 0) == 0;
	return seccomp_rule_add(filter, action, call->call, 1,
		       SCMP_CMP64(call->arg, SCMP_CMP_MASKED_EQ, call->mask, call->value)) == 0;
}

static bool
add_lists(scmp_filter_ctx filter, enum sandbox_calls calls)
{
	uint32_t action = calls == SANDBOX_CALLS_NEVER ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ALLOW;

	for (size_t i = 0; i < SANDBOX_GROUPS && sandbox_call_lists[calls][i] != NULL; i++) {
		for (const struct sandbox_call *at = sandbox_call_lists[calls][i]; !is_end(at); at++) {
			if (!add_call(filter, action, at))
				return false;
		}
	}
	return true;
}

/* libseccomp writes its programs to files alone. */
static bool
take_program(scmp_filter_ctx filter, struct sock_fprog *program_r)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	struct sock_filter *lines;
	int64_t len;
	bool taken;

	if (fd < 0)
		return false;
	taken = seccomp_export_bpf(filter, fd) == 0 && (len = io_size(fd)) > 0 &&
		(size_t)len <= PROGRAM_BYTES;
	if (taken) {
		lines = mem_alloc((size_t)len);
		taken = pread(fd, lines, (size_t)len, 0) == len;
		*program_r = (struct sock_fprog){
			.len = (unsigned short)((size_t)len / sizeof(*lines)),
			.filter = lines,
		};
	}
	io_close(&fd);
	return taken;
}

bool
sandbox_compile(enum sandbox_calls calls)
{
	uint32_t otherwise = calls == SANDBOX_CALLS_NEVER ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOSYS);
	scmp_filter_ctx filter;
	bool compiled;

	if (!sandbox_has_seccomp() || programs[calls].filter != NULL)
		return true;
	filter = seccomp_init(otherwise);
	if (filter == NULL)
		return false;
	/* The doors of other machines' kinds (32 bits, x32) have other numbers for the same calls. */
	compiled = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 && add_lists(filter, calls) &&
		take_program(filter, &programs[calls]);
	seccomp_release(filter);
	return compiled;
}

bool
sandbox_lock_calls(enum sandbox_calls calls)
{
	if (!sandbox_has_seccomp())
		return true;
	return programs[calls].filter != NULL &&
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &programs[calls]) == 0;
}
