/*
 * What hostile code would try, one function an attempt. Each returns 0 when it
 * got through, else the errno that it met; some do not come back. Every one gets
 * through in a process that is not locked, but for those that this machine's
 * kernel has not at all.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ATTEMPTS_H
#define ATTEMPTS_H

#include <arpa/inet.h>
#include <asm/ioctls.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ATTEMPT_FOLDER 128

/* What there is to attack: all of it made by the test. */
static struct {
	char folder[ATTEMPT_FOLDER];	/* state/, gnupg/, etc/, socket */
	int port, other_port;		/* of listeners on loopback: the room's own server, another's */
	pid_t victim;			/* a process of the same user, outside the lock */
	char word[16];			/* stands in its memory at the same address */
} target = { .word = "of the victim" };

/* Got through, or how it was refused. */
#define DONE_OR(condition) ((condition) ? 0 : errno)

static const char *
at(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", target.folder, name);
	return path;
}

static int
open_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int try_read_passwd(void) { return open_path("/etc/passwd", O_RDONLY); }
static int try_read_store(void) { return open_path(at("state/cases.db"), O_RDONLY); }
static int try_write_store(void) { return open_path(at("state/cases.db"), O_RDWR); }
static int try_read_key(void) { return open_path(at("gnupg/key"), O_RDONLY); }
static int try_write_key(void) { return open_path(at("gnupg/key"), O_WRONLY); }
static int try_read_imap_password(void) { return open_path(at("etc/imap"), O_RDONLY); }
static int try_read_smtp_password(void) { return open_path(at("etc/smtp"), O_RDONLY); }
static int try_read_other_secret(void) { return open_path(at("etc/other"), O_RDONLY); }
static int try_write_tmp(void) { return open_path(at("loot"), O_CREAT | O_WRONLY); }
static int try_truncate_store(void) { return DONE_OR(truncate(at("state/cases.db"), 4) == 0); }
static int try_chmod_store(void) { return DONE_OR(chmod(at("state/cases.db"), 0666) == 0); }
static int try_proc_mem(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", target.victim);
	return open_path(path, O_RDONLY);
}
static int try_proc_environ(void)
{
	char path[64], byte;
	int fd, error;

	snprintf(path, sizeof(path), "/proc/%d/environ", target.victim);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = DONE_OR(read(fd, &byte, 1) == 1);
	close(fd);
	return error;
}

static int
try_list_root(void)
{
	DIR *dir = opendir("/");

	if (dir == NULL)
		return errno;
	closedir(dir);
	return 0;
}

static int
try_remove_store(void)
{
	char from[PATH_MAX];

	snprintf(from, sizeof(from), "%s", at("state/cases.db"));
	return DONE_OR(rename(from, at("state/gone")) == 0 && rename(at("state/gone"), from) == 0);
}

static int
try_exec_sh(void)
{
	execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);
	return errno;
}

static int
try_exec_of_gnupg(const char *program)
{
	int null = open("/dev/null", O_WRONLY);

	if (null >= 0)
		dup2(null, STDOUT_FILENO);
	execl(program, program, "--homedir", at("gnupg"), "--version", (char *)NULL);
	return errno;
}

static int
try_exec_gpg(void)
{
	return try_exec_of_gnupg("/usr/bin/gpg");
}

static int
try_exec_gpgsm(void)
{
	return try_exec_of_gnupg("/usr/bin/gpgsm");
}

/* Which fetches certificates and lists of revoked ones. */
static int
try_exec_dirmngr(void)
{
	return try_exec_of_gnupg("/usr/bin/dirmngr");
}

/* A program of its own, out of memory. */
static int
try_exec_memory(void)
{
	static const char script[] = "#!/bin/sh\nexit 0\n";
	int fd = memfd_create("program", 0);

	if (fd < 0 || write(fd, script, sizeof(script) - 1) < 0)
		return errno;
	fexecve(fd, (char *const[]){ (char[]){ "program" }, NULL }, environ);
	return errno;
}

static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return DONE_OR(pid > 0);
}

static int
connect_to(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return errno;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	error = DONE_OR(connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0);
	close(fd);
	return error;
}

static int try_connect_own(void) { return connect_to(target.port); }
static int try_connect_other(void) { return connect_to(target.other_port); }

static int
make_socket(int domain, int type, int protocol)
{
	int fd = socket(domain, type | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int try_udp(void) { return make_socket(AF_INET, SOCK_DGRAM, 0); }
static int try_inet6(void) { return make_socket(AF_INET6, SOCK_STREAM, 0); }
static int try_netlink(void) { return make_socket(AF_NETLINK, SOCK_RAW, 0); }
static int try_packet(void) { return make_socket(AF_PACKET, SOCK_RAW, 0); }
static int try_vsock(void) { return make_socket(40, SOCK_STREAM, 0); }

static int
try_listen(void)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return errno;
	error = DONE_OR(bind(fd, (const struct sockaddr *)&own, sizeof(own)) == 0 && listen(fd, 1) == 0);
	close(fd);
	return error;
}

static int
connect_unix(const char *path, size_t len)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return errno;
	memcpy(to.sun_path, path, len);
	error = DONE_OR(connect(fd, (const struct sockaddr *)&to,
				(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0);
	close(fd);
	return error;
}

static int try_unix_path(void) { return connect_unix(at("socket"), strlen(at("socket"))); }

static int
try_unix_abstract(void)
{
	char name[ATTEMPT_FOLDER + 1];

	name[0] = '\0';
	memcpy(name + 1, target.folder, strlen(target.folder));
	return connect_unix(name, strlen(target.folder) + 1);
}

static int try_kill(void) { return DONE_OR(kill(target.victim, SIGKILL) == 0); }
static int try_stop(void) { return DONE_OR(kill(target.victim, SIGSTOP) == 0); }
static int try_tgkill(void) { return DONE_OR(syscall(SYS_tgkill, target.victim, target.victim, SIGKILL) == 0); }
static int try_queue(void)
{
	return DONE_OR(sigqueue(target.victim, SIGKILL, (union sigval){ .sival_int = 0 }) == 0);
}

static int
try_pidfd(void)
{
	int fd = (int)syscall(SYS_pidfd_open, target.victim, 0);

	if (fd < 0)
		return errno;
	return DONE_OR(syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0);
}

/* Data that comes has a signal sent to another. */
static int
try_owner(void)
{
	return DONE_OR(fcntl(STDERR_FILENO, F_SETOWN, target.victim) == 0);
}

static int
try_limit(void)
{
	const struct rlimit none = { 0, 0 };

	return DONE_OR(prlimit(target.victim, RLIMIT_CORE, &none, NULL) == 0);
}

static int try_ptrace(void) { return DONE_OR(ptrace(PTRACE_SEIZE, target.victim, NULL, NULL) == 0); }

static int
try_vm_read(void)
{
	char word[sizeof(target.word)];
	struct iovec here = { word, sizeof(word) }, there = { target.word, sizeof(word) };

	return DONE_OR(process_vm_readv(target.victim, &here, 1, &there, 1, 0) == sizeof(word));
}

static int try_keyctl(void) { return DONE_OR(syscall(SYS_keyctl, 0, -3, 1, 0, 0) >= 0); }
static int try_add_key(void) { return DONE_OR(syscall(SYS_add_key, "user", "x", "y", 1, -3) >= 0); }
static int try_userfaultfd(void) { return DONE_OR(syscall(SYS_userfaultfd, O_CLOEXEC) >= 0); }
static int try_unshare(void) { return DONE_OR(unshare(CLONE_NEWUSER) == 0); }
static int try_clone_newuser(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return DONE_OR(pid > 0);
}
static int try_mount(void) { return DONE_OR(mount("none", at("state"), "tmpfs", 0, NULL) == 0 && umount(at("state")) == 0); }
static int try_chroot(void) { return DONE_OR(chroot(target.folder) == 0); }

static int
try_io_uring(void)
{
	unsigned char params[120] = { 0 };

	return DONE_OR(syscall(SYS_io_uring_setup, 1, params) >= 0);
}

static int
try_bpf(void)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_ARRAY };

	attr.key_size = attr.value_size = 4;
	attr.max_entries = 1;
	return DONE_OR(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)) >= 0);
}

static int
try_perf(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(attr) };

	attr.config = PERF_COUNT_SW_TASK_CLOCK;
	attr.exclude_kernel = 1;
	return DONE_OR(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0) >= 0);
}

static int
try_new_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return DONE_OR(page != MAP_FAILED);
}

/* A character put into a terminal as if someone had typed it: refused by the lock, or by what is no terminal. */
static int
try_type(void)
{
	int error = DONE_OR(ioctl(STDERR_FILENO, TIOCSTI, "x") == 0);

	return error == ENOTTY || error == EIO || error == EINVAL ? 0 : error;
}

static int try_dumpable(void) { return DONE_OR(prctl(PR_SET_DUMPABLE, 1) == 0); }

#ifdef __x86_64__
/* getpid() through the door of 32-bit programs. */
static int
try_32_bits(void)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(20L) : "memory", "r8", "r9", "r10", "r11");
	return result > 0 ? 0 : (int)-result;
}

static int
try_x32(void)
{
	int error = DONE_OR(syscall(0x40000000 | SYS_getpid) > 0);

	return error == ENOSYS ? 0 : error; /* this kernel may have none: what counts is that it was let through */
}
#endif

#endif
