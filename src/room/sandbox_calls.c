/*
 * Which system calls each room may make: the sum of a few lists, each by what
 * it is for. Whoever adds one here says what a taken-over room could do with it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/sandbox_private.h"

#include "room/sanitized.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* Either call at all, or only with these bits of an argument. */
#define CALL(name) { SCMP_SYS(name), 0, 0, 0 }
#define CALL_WITH(name, arg, value) { SCMP_SYS(name), arg, UINT32_MAX, value }
#define CALL_WITHOUT(name, arg, bits) { SCMP_SYS(name), arg, (uint32_t)(bits), 0 }
#define CALL_MASKED(name, arg, bits, value) { SCMP_SYS(name), arg, (uint32_t)(bits), (uint32_t)(value) }

#define NEW_SPACES \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
		CLONE_NEWNET)

/*
 * What reaches into other processes, the kernel or its keys, or makes a world of
 * its own. No library here calls one; a room that does is no longer ours.
 */
static const struct sandbox_call never[] = {
#if !SANITIZED /* the sanitizer traces its own process at the end to find leaks */
	CALL(ptrace),
#endif
	CALL(process_vm_readv), CALL(process_vm_writev), CALL(process_madvise), CALL(pidfd_getfd),
	CALL(kcmp), CALL(userfaultfd), CALL(perf_event_open), CALL(bpf),
	CALL(io_uring_setup), CALL(io_uring_enter), CALL(io_uring_register),
	CALL(add_key), CALL(request_key), CALL(keyctl),
	CALL(unshare), CALL(setns), CALL(chroot), CALL(pivot_root),
	CALL(mount), CALL(umount2), CALL(mount_setattr), CALL(move_mount), CALL(open_tree),
	CALL(fsopen), CALL(fsconfig), CALL(fsmount), CALL(fspick),
	CALL(name_to_handle_at), CALL(open_by_handle_at), CALL(fanotify_init),
	CALL(kexec_load), CALL(kexec_file_load), CALL(init_module), CALL(finit_module),
	CALL(delete_module), CALL(reboot), CALL(swapon), CALL(swapoff), CALL(acct), CALL(syslog),
	CALL(settimeofday), CALL(clock_settime), CALL(adjtimex), CALL(clock_adjtime),
	CALL(sethostname), CALL(setdomainname), CALL(iopl), CALL(ioperm), CALL(modify_ldt),
	CALL(vm86), CALL(vm86old), CALL(uselib), CALL(quotactl), CALL(vhangup), CALL(lookup_dcookie),
	CALL(move_pages), CALL(migrate_pages), CALL(personality),
	SANDBOX_CALLS_END,
};

/*
 * What every room needs: its own memory, what is open already, its clock and its
 * end. fcntl() and ioctl() without what has signals sent to others or feeds a
 * terminal; abort() cannot signal, and dies all the same.
 */
static const struct sandbox_call own[] = {
	CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise),
	CALL(read), CALL(readv), CALL(pread64), CALL(write), CALL(writev), CALL(pwrite64), CALL(lseek),
	CALL(close), CALL(close_range), CALL(dup), CALL(dup2), CALL(dup3), CALL(fstat),
	CALL_WITHOUT(fcntl, 1, ~7), /* F_DUPFD to F_SETLKW: 0 to 7 */
	CALL_WITH(fcntl, 1, F_DUPFD_CLOEXEC), CALL_WITH(fcntl, 1, F_ADD_SEALS),
	CALL_WITH(fcntl, 1, F_GET_SEALS),
	CALL_WITH(ioctl, 1, TCGETS), CALL_WITH(ioctl, 1, FIONREAD), CALL_WITH(ioctl, 1, FIONBIO),
	CALL(memfd_create), CALL(ftruncate), CALL(poll), CALL(ppoll),
	CALL(sendmsg), CALL(recvmsg),
	CALL(futex), CALL(set_robust_list), CALL(rseq), CALL(sched_yield),
	CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(sigaltstack),
	CALL(clock_gettime), CALL(clock_getres), CALL(gettimeofday), CALL(time),
	CALL(clock_nanosleep), CALL(nanosleep), CALL(restart_syscall),
	CALL(getrandom), CALL(getpid), CALL(gettid), CALL(getrusage), CALL(sysinfo),
	CALL_WITH(prlimit64, 0, 0), CALL(getrlimit), /* its own limits alone */
	CALL(exit), CALL(exit_group),
	SANDBOX_CALLS_END,
};

/* Memory that holds no new code: what the library loader mapped is all that ever runs. */
static const struct sandbox_call no_new_code[] = {
	CALL_WITHOUT(mmap, 2, PROT_EXEC), CALL_WITHOUT(mprotect, 2, PROT_EXEC),
	SANDBOX_CALLS_END,
};

static const struct sandbox_call new_code[] = {
	CALL(mmap), CALL(mprotect),
	SANDBOX_CALLS_END,
};

/* fstat() is this call here; a path's size and times can be asked by it as well, nothing else. */
static const struct sandbox_call status[] = {
	CALL_MASKED(newfstatat, 3, 0x1000, 0x1000), /* AT_EMPTY_PATH */
	SANDBOX_CALLS_END,
};

/* Files by path: which ones is Landlock's affair. */
static const struct sandbox_call files[] = {
	CALL(open), CALL(openat), CALL(access), CALL(faccessat), CALL(faccessat2), CALL(stat),
	CALL(lstat), CALL(newfstatat), CALL(statx), CALL(statfs), CALL(fstatfs), CALL(readlink),
	CALL(readlinkat), CALL(getdents64), CALL(getcwd), CALL(umask), CALL(uname),
	CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid), CALL(getppid), CALL(flock),
	CALL(select), CALL(pselect6), CALL(pipe2), CALL(pipe), CALL(sched_getaffinity),
	SANDBOX_CALLS_END,
};

/* Files changed by path. */
static const struct sandbox_call changes[] = {
	CALL(rename), CALL(renameat), CALL(renameat2), CALL(unlink), CALL(unlinkat), CALL(rmdir),
	CALL(fsync), CALL(fdatasync), CALL(fallocate), CALL(fchmod),
	SANDBOX_CALLS_END,
};

/* gpg and its agent: programs, their threads and sockets, locks by hard links; signals that end gpg. */
static const struct sandbox_call programs[] = {
	CALL(execve), CALL(wait4), CALL(waitid), CALL(fork), CALL(vfork),
	CALL_WITHOUT(clone, 0, NEW_SPACES),
	CALL(arch_prctl), CALL(mkdir), CALL(mkdirat), CALL(link), CALL(linkat), CALL(chdir), CALL(fchdir),
	CALL(setsid), CALL(mlock), CALL(munlock), CALL(setrlimit),
	CALL_WITH(socket, 0, AF_UNIX), CALL_WITH(socketpair, 0, AF_UNIX), /* to gpgsm */
	CALL(connect), CALL(bind), CALL(listen), CALL(accept),
	CALL(accept4), CALL(getsockopt), CALL(getsockname), CALL(getpeername), CALL(sendto),
	CALL(recvfrom), CALL(shutdown),
	CALL(inotify_init), CALL(inotify_init1), CALL(inotify_add_watch), CALL(inotify_rm_watch),
	CALL_WITH(kill, 1, 0), CALL_WITH(kill, 1, SIGKILL), CALL_WITH(kill, 1, SIGCONT),
	CALL(set_tid_address),
	CALL_WITH(prctl, 0, PR_SET_CHILD_SUBREAPER), CALL_WITH(prctl, 0, PR_SET_NAME),
	CALL_WITH(prctl, 0, PR_SET_DUMPABLE),
	SANDBOX_CALLS_END,
};

/*
 * Servers of mail and of names, the latter asked by a thread. Nobody connects to
 * a wire. No unix sockets: without its host's caches of names it asks the servers.
 */
static const struct sandbox_call network[] = {
	CALL_WITH(socket, 0, AF_INET), CALL_WITH(socket, 0, AF_INET6),
	CALL(connect), CALL(sendto), CALL(recvfrom), CALL(sendmmsg), CALL(recvmmsg), CALL(shutdown),
	CALL(getsockopt), CALL(getsockname), CALL(getpeername), CALL(eventfd2),
	CALL(socketpair), CALL(setsockopt),
	CALL_MASKED(clone, 0, CLONE_THREAD | NEW_SPACES, CLONE_THREAD), CALL(set_tid_address),
	SANDBOX_CALLS_END,
};

/* The desk: one loop, its store's locks, rooms ended by the descriptors that name them, systemd's socket. */
static const struct sandbox_call desk[] = {
	CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_wait), CALL(epoll_pwait), CALL(signalfd4),
	CALL(timerfd_create), CALL(timerfd_settime), CALL(pidfd_send_signal), CALL(wait4),
	CALL(waitid), CALL_WITH(socket, 0, AF_UNIX), CALL(connect), CALL(sendto), CALL(getsockopt),
	CALL(socketpair), CALL(setsockopt), CALL(fchown), CALL_WITH(fcntl, 1, F_OFD_SETLK),
#if SANITIZED /* to look for leaks at the end it makes a process that traces this one */
	CALL(ptrace), CALL_MASKED(clone, 0, CLONE_VM | NEW_SPACES, CLONE_VM), CALL(getdents),
	CALL_WITH(prctl, 0, PR_SET_PTRACER), CALL_WITH(prctl, 0, PR_GET_DUMPABLE),
	CALL_WITH(prctl, 0, PR_SET_DUMPABLE),
#endif
	SANDBOX_CALLS_END,
};

const struct sandbox_call *const sandbox_call_lists[SANDBOX_CALLS_KINDS][SANDBOX_GROUPS] = {
	[SANDBOX_CALLS_NEVER] = { never },
	[SANDBOX_CALLS_READER] = { own, no_new_code, status },
	[SANDBOX_CALLS_GPG] = { own, new_code, files, changes, programs },
	[SANDBOX_CALLS_WIRE] = { own, new_code, files, network },
	[SANDBOX_CALLS_DESK] = { own, no_new_code, files, changes, desk },
};
