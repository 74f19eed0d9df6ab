/*
 * Hostile code inside each process, as far as the locks go: every attempt of
 * attempts.h in a process that is free, then in each room, the nursery and the
 * desk, with the kernel's Landlock as it is, as Debian 12's is, and without.
 * Prints the table. And what must still work behind the locks: every charset in
 * a reader, gpg with its agent in a keyring.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/locks.h"

#include "attempts.h"
#include "base/arena.h"
#include "base/io.h"
#include "mail/charset.h"
#include "mail/message.h"
#include "mail/mime.h"
#include "port/conf.h"
#include "port/pgp.h"
#include "room/sandbox.h"
#include "room/sanitized.h"
#include "unit.h"

#include <glob.h>
#include <iconv.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>

#define NEVER_BACK 5000	/* the attempt was not come to */
#define TRIES 5001	/* the process ended within it */
#define NURSERY_COLUMN ROOM_KINDS
#define DESK_COLUMN (ROOM_KINDS + 1)
#define COLUMNS (ROOM_KINDS + 2)
#define DEBIAN_12 "2"	/* the version of Landlock in Debian 12's kernel */

/*
 * What is expected, a letter for each of reader, keyring, sealer, mailbox's wire,
 * smarthost's wire, nursery, desk:
 *   .  refused        K  the process is killed for it        y  allowed
 *   f  refused where the kernel has Landlock; m the same, and without it as Yama's ptrace_scope says
 *   t  refused from Landlock 3 on, p from 4 on (TCP ports), s from 6 on (signals, abstract sockets)
 * A '?' behind them: a machine may forbid it by itself, a container or a setting of the kernel's.
 */
static const struct attempt {
	const char *name;
	int (*attempt)(void);
	const char *expect;
} attempts[] = {
	{ "read /etc/passwd", try_read_passwd, ".ffffyf" },
	{ "list /", try_list_root, ".ffffff" },
	{ "read the store", try_read_store, ".fffffy" },
	{ "write the store", try_write_store, ".fffffy" },
	{ "truncate the store by path", try_truncate_store, "....." "t." },
	{ "move the store away", try_remove_store, ".ff..ff" },
	{ "chmod the store", try_chmod_store, ".....y." },
	{ "read the keyring", try_read_key, ".yyffyf" },
	{ "write the keyring", try_write_key, ".yyffyf" },
	{ "read IMAP's password", try_read_imap_password, ".ffyfyf" },
	{ "read SMTP's password", try_read_smtp_password, ".fffyyf" },
	{ "read another secret beside them", try_read_other_secret, ".ffffyf" },
	{ "write a new file", try_write_tmp, ".ffffff" },
	{ "read another's memory by /proc", try_proc_mem, ".mmmmmm" },
	{ "read another's environment", try_proc_environ, ".ffffff" },
	{ "run a shell", try_exec_sh, ".ff..y." },
	{ "run gpg", try_exec_gpg, ".yy..y." },
	{ "run gpgsm", try_exec_gpgsm, ".yf..y." },
	{ "run dirmngr", try_exec_dirmngr, ".ff..y.?" },
	{ "run a program out of memory", try_exec_memory, ".ff..y." },
	{ "fork", try_fork, ".yy..y." },
	{ "map new code", try_new_code, ".yyyyy." },
	{ "connect to its own server", try_connect_own, "...yyy." },
	{ "connect to another port", try_connect_other, "...ppy." },
	{ "UDP socket", try_udp, "...yyy." },
	{ "IPv6 socket", try_inet6, "...yyy.?" },
	{ "listen", try_listen, ".....y." },
	{ "netlink socket", try_netlink, ".....y.?" },
	{ "packet socket", try_packet, ".....y.?" },
	{ "vsock socket", try_vsock, ".....y.?" },
	{ "connect to a socket by path", try_unix_path, ".yy..yy" },
	{ "connect to an abstract socket", try_unix_abstract, ".ss..sy" },
	{ "SIGKILL another", try_kill, ".ss..s." },
	{ "SIGSTOP another", try_stop, ".....s." },
	{ "tgkill another", try_tgkill, ".....s." },
	{ "sigqueue to another", try_queue, ".....s." },
	{ "signal another by pidfd", try_pidfd, ".....s." },
	{ "have its descriptor signal another", try_owner, ".....y." },
	{ "set another's limits", try_limit, ".....y." },
	{ "type into the terminal", try_type, ".....y.?" },
	{ "make itself dumpable", try_dumpable, ".yy..y." },
	{ "ptrace another", try_ptrace, "KKKKKKK" },
	{ "read another's memory", try_vm_read, "KKKKKKK" },
	{ "keyctl", try_keyctl, "KKKKKKK?" },
	{ "add_key", try_add_key, "KKKKKKK?" },
	{ "userfaultfd", try_userfaultfd, "KKKKKKK?" },
	{ "io_uring", try_io_uring, "KKKKKKK?" },
	{ "bpf", try_bpf, "KKKKKKK?" },
	{ "perf_event_open", try_perf, "KKKKKKK?" },
	{ "unshare a user namespace", try_unshare, "KKKKKKK?" },
	{ "clone into a user namespace", try_clone_newuser, ".....y.?" },
	{ "mount", try_mount, "KKKKKKK?" },
	{ "chroot", try_chroot, "KKKKKKK?" },
#ifdef __x86_64__
	{ "a 32-bit system call", try_32_bits, "KKKKKKK?" },
	{ "an x32 system call", try_x32, "KKKKKKK?" },
#endif
};

#define ATTEMPTS (sizeof(attempts) / sizeof(attempts[0]))

static const char *const columns[COLUMNS] = { "reader", "keyring", "sealer", "mailbox", "smarthost",
	"nursery", "desk" };

static char state_dir[PATH_MAX], gnupg[PATH_MAX], imap_password[PATH_MAX], smtp_password[PATH_MAX];
static struct policy_desk policy_desk = { .title = "www", .time_zone = "Asia/Tokyo" };
static struct conf_desk conf_desk = {
	.imap.server = { .password_command = "", .ca_file = "", .password_file = imap_password },
	.smtp = { .password_command = "", .ca_file = "", .password_file = smtp_password },
	.pgp = { .home = gnupg, .passphrase_file = "" },
};
static struct conf conf = { .policy = { .desks = &policy_desk, .desk_count = 1 },
	.desks = &conf_desk,
	.state_dir = state_dir,
	.feed_file = "" };

/* Shared with the processes that try: what each met. */
static int *outcome;

static void
put_file(const char *name)
{
	int fd = open(at(name), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "word\n", 5), 5);
	close(fd);
}

static int
listen_tcp(int *port_r)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	socklen_t len = sizeof(own);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
	ck_assert_int_eq(listen(fd, 64), 0);
	getsockname(fd, (struct sockaddr *)&own, &len);
	*port_r = ntohs(own.sin_port);
	return fd;
}

static void
listen_unix(const char *name, size_t len)
{
	struct sockaddr_un own = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(own.sun_path, name, len);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&own,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)), 0);
	ck_assert_int_eq(listen(fd, 64), 0);
}

static void
set_scene(void)
{
	char abstract[ATTEMPT_FOLDER + 1] = "";

	snprintf(target.folder, sizeof(target.folder), "/tmp/prison.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(target.folder));
	snprintf(state_dir, sizeof(state_dir), "%s", at("state"));
	snprintf(gnupg, sizeof(gnupg), "%s", at("gnupg"));
	snprintf(imap_password, sizeof(imap_password), "%s", at("etc/imap"));
	snprintf(smtp_password, sizeof(smtp_password), "%s", at("etc/smtp"));
	mkdir(state_dir, 0700);
	mkdir(gnupg, 0700);
	mkdir(at("etc"), 0700);
	put_file("state/cases.db");
	put_file("gnupg/key");
	put_file("etc/imap");
	put_file("etc/smtp");
	put_file("etc/other");
	listen_tcp(&target.port);
	listen_tcp(&target.other_port);
	conf_desk.imap.server.port = conf_desk.smtp.port = target.port;
	listen_unix(at("socket"), strlen(at("socket")));
	memcpy(abstract + 1, target.folder, strlen(target.folder));
	listen_unix(abstract, strlen(target.folder) + 1);
	outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(outcome, MAP_FAILED);
}

static void
clear_scene(void)
{
	char command[PATH_MAX];
	int status;

	snprintf(command, sizeof(command), "rm -rf '%s'", target.folder);
	status = system(command);
	ck_assert_int_eq(status, 0);
}

/* As root a process may look into any other: the service's user, whom the locks are for, may not. */
static void
drop_powers(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2];

	syscall(SYS_capget, &head, sets);
	sets[0].effective &= ~(1U << CAP_SYS_ADMIN | 1U << CAP_SYS_PTRACE);
	sets[1].effective &= ~(1U << (CAP_PERFMON - 32));
	sets[0].permitted = sets[0].effective;
	sets[1].permitted = sets[1].effective;
	syscall(SYS_capset, &head, sets);
}

static void
victim_start(void)
{
	target.victim = fork();
	if (target.victim == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		drop_powers();
		for (;;)
			poll(NULL, 0, -1);
	}
	ck_assert_int_gt(target.victim, 0);
}

static void
victim_end(void)
{
	kill(target.victim, SIGKILL);
	waitpid(target.victim, NULL, 0);
}

/* Locks this process in as that column's, beginning as the nursery or as what became the desk. */
static void
lock_in(size_t column)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	drop_powers();
	if (column == DESK_COLUMN && !locks_desk(&conf))
		_exit(99);
	if (column < NURSERY_COLUMN)
		room_enter(&conf, (enum room_kind)column, 0, fd);
}

/* One attempt in a process of its own: 0 when it got through, else the errno; -SIGSYS and the like when it was killed. */
static int
try_one(const struct attempt *attempt, bool locked, size_t column)
{
	int status = 0;
	pid_t pid;

	*outcome = NEVER_BACK;
	pid = fork();
	if (pid == 0) {
		if (locked)
			lock_in(column);
		*outcome = TRIES;
		*outcome = attempt->attempt();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		return -WTERMSIG(status);
	if (*outcome == TRIES && WEXITSTATUS(status) == 0)
		return 0; /* another program ran in its place */
	return *outcome;
}

/* The column's attempts, by a child that is the nursery (or, for the desk, is not): results into a shared list. */
static void
try_column(size_t column, int *results)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (column != DESK_COLUMN && !locks_nursery(&conf))
			_exit(99);
		for (size_t i = 0; i < ATTEMPTS; i++)
			results[i] = try_one(&attempts[i], true, column);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: %d", columns[column], status);
}

static bool
refused(char expect, int version)
{
	switch (expect) {
	case 'f':
	case 'm':
		return version >= 1;
	case 't':
		return version >= 3;
	case 'p':
		return version >= 4;
	case 's':
		return version >= 6;
	default:
		return expect == '.';
	}
}

/* Whether the machine may be what forbids it. */
static bool
doubtful(const struct attempt *attempt)
{
	return attempt->expect[COLUMNS] == '?';
}

static bool
is_refusal(int result)
{
	return result == ENOSYS || result == EACCES || result == EPERM || result == EXDEV;
}

static const char *
word_of(int result)
{
	if (result == 0)
		return "allowed";
	return result == -SIGSYS ? "killed" : result < 0 ? "died" : strerrorname_np(result);
}

static int
check_one(const struct attempt *attempt, size_t column, int result, int version)
{
	char expect = attempt->expect[column];
	bool as_said;

	/* AddressSanitizer looks for leaks at the desk's end, by a process that traces it. */
	if (SANITIZED && (attempt->attempt == try_ptrace ||
				 (attempt->attempt == try_dumpable && column == DESK_COLUMN)))
		as_said = true;
	else if (expect == 'K')
		as_said = result == -SIGSYS;
	else if (expect == 'm' && version == 0)
		as_said = true;
	else if (refused(expect, version))
		as_said = is_refusal(result);
	else
		as_said = result == 0 || (doubtful(attempt) && result > 0);
	if (!as_said)
		printf("# %s, in the %s: %s, expected %c\n", attempt->name, columns[column],
			word_of(result), expect);
	return as_said ? 0 : 1;
}

static void
run_table(const char *pretended)
{
	int *results = mmap(NULL, COLUMNS * ATTEMPTS * sizeof(int), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct sandbox_state state;
	int wrong = 0;

	if (pretended != NULL)
		setenv("MADOGUCHI_TEST_LANDLOCK", pretended, 1);
	set_scene();
	victim_start();
	sandbox_state(&state);
	for (size_t column = 0; column < COLUMNS; column++) {
		victim_end();
		victim_start();
		try_column(column, results + column * ATTEMPTS);
	}
	printf("\nLandlock %d\n%-36s", state.landlock, "");
	for (size_t column = 0; column < COLUMNS; column++)
		printf(" %-9s", columns[column]);
	printf("\n");
	for (size_t i = 0; i < ATTEMPTS; i++) {
		printf("%-36s", attempts[i].name);
		for (size_t column = 0; column < COLUMNS; column++)
			printf(" %-9s", word_of(results[column * ATTEMPTS + i]));
		printf("\n");
		for (size_t column = 0; column < COLUMNS; column++)
			wrong += check_one(&attempts[i], column, results[column * ATTEMPTS + i],
				state.landlock);
	}
	victim_end();
	clear_scene();
	fflush(stdout);
	ck_assert_int_eq(wrong, 0);
}

/* Without a lock all of it gets through: the table's words come from the locks. */
START_TEST(test_free)
{
	int wrong = 0;

	set_scene();
	for (size_t i = 0; i < ATTEMPTS; i++) {
		int result;

		victim_start();
		result = try_one(&attempts[i], false, 0);
		victim_end();
		if (result != 0)
			printf("# %s, unlocked: %s\n", attempts[i].name, word_of(result));
		wrong += result != 0 && !(doubtful(&attempts[i]) && result > 0);
	}
	clear_scene();
	fflush(stdout);
	ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(test_locked)
{
	run_table(NULL);
}
END_TEST

#ifdef ENABLE_TEST_HOOKS
START_TEST(test_locked_debian_12)
{
	run_table(DEBIAN_12);
}
END_TEST

START_TEST(test_locked_without_landlock)
{
	run_table("0");
}
END_TEST
#endif

/* One golden message of charsets: its bytes, and what is read out of them. */
struct sample {
	char *bytes;
	size_t len;
	const char *words;
};

static const char *
words_of(struct arena *arena, const struct sample *sample)
{
	struct message message;

	message_read(arena, sample->bytes, sample->len, NULL, &message);
	return arena_printf(arena, "%s\n%s", message.subject, message.text);
}

/* In a locked reader: the same words come out as outside, and a charset that was not opened before cannot be. */
static _Noreturn void
read_locked(struct arena *arena, const struct sample *samples, size_t count)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (!locks_nursery(&conf))
		_exit(99);
	room_enter(&conf, ROOM_READER, 0, fd);
	if (open_path("/etc/passwd", O_RDONLY) == 0 || iconv_open("UTF-8", "IBM1390") != (iconv_t)-1)
		_exit(98);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(samples[i].words, words_of(arena, &samples[i])) != 0)
			_exit(1);
		++*outcome;
	}
	_exit(0);
}

/* Charsets are modules in files: all that a reader knows it must have opened before. */
START_TEST(test_charsets)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)256 * 1024 * 1024);
	const char *source = getenv("MADOGUCHI_SOURCE");
	struct sample *samples;
	struct err err;
	glob_t found;
	int status;
	pid_t pid;

	set_scene();
	ck_assert_int_eq(glob(arena_printf(arena, "%s/tests/messages/charsets/*.eml",
				      source != NULL ? source : "../.."), 0, NULL, &found), 0);
	charset_open_all();
	mime_start();
	samples = arena_calloc(arena, found.gl_pathc, sizeof(*samples));
	for (size_t i = 0; i < found.gl_pathc; i++) {
		ck_assert_int_eq(io_read_file(arena, found.gl_pathv[i], 1 << 22, &samples[i].bytes,
					 &samples[i].len, &err), DONE);
		samples[i].words = words_of(arena, &samples[i]);
		ck_assert_int_gt((int)strlen(samples[i].words), 10);
	}
	*outcome = 0;
	pid = fork();
	if (pid == 0)
		read_locked(arena, samples, found.gl_pathc);
	waitpid(pid, &status, 0);
	printf("%d of %zu messages of charsets are read behind the lock as before it\n", *outcome,
		found.gl_pathc);
	fflush(stdout);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
	ck_assert_int_eq(*outcome, (int)found.gl_pathc);
	globfree(&found);
	clear_scene();
	arena_free(&arena);
}
END_TEST

/* Runs gpg and its agent, which the room starts itself, on a key of this moment. */
static _Noreturn void
use_keyring(enum room_kind kind)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)64 * 1024 * 1024);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), plain = -1;
	const char *bad, *fpr;
	struct facts_opened opened;
	struct pgp_keys keys;
	struct pgp *pgp;
	struct err err = { "" };
	char *armour;
	size_t len;

	room_enter(&conf, kind, 0, null);
	if (pgp_open(gnupg, NULL, &pgp, &err) != DONE || pgp_list(pgp, arena, &keys, &err) != DONE ||
		keys.count != 1)
		_exit(1);
	fpr = keys.keys[0].fpr;
	if (pgp_seal(pgp, arena, PGP_SIGN_SEAL, fpr, &fpr, 1, "word", 4, &armour, &len, NULL, &bad, &err) !=
		DONE)
		_exit(2);
	pgp_decrypt(pgp, &keys, armour, len, 1 << 20, &plain, &opened, &err);
	_exit(opened.status == OPEN_OK && opened.signature_count == 1 &&
			opened.signatures[0].status == SIGNATURE_GOOD && io_size(plain) == 4
		? 0
		: 3);
}

START_TEST(test_gpg)
{
	enum room_kind kind = _i == 0 ? ROOM_KEYRING : ROOM_SEALER;
	char command[3 * PATH_MAX];
	int status;
	pid_t pid;

	set_scene();
	snprintf(command, sizeof(command),
		"gpg --homedir '%s' --batch --quiet --passphrase '' --quick-gen-key me@example.org "
		"future-default default 1d 2>/dev/null; gpgconf --homedir '%s' --kill gpg-agent",
		gnupg, gnupg);
	status = system(command);
	ck_assert_int_eq(status, 0);
	pid = fork();
	if (pid == 0) {
		if (!locks_nursery(&conf))
			_exit(99);
		use_keyring(kind);
	}
	waitpid(pid, &status, 0);
	snprintf(command, sizeof(command), "gpgconf --homedir '%s' --kill gpg-agent", gnupg);
	ck_assert_int_eq(system(command), 0);
	clear_scene();
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
}
END_TEST

static Suite *
suite_prison(void)
{
	Suite *suite = suite_create("prison");
	TCase *tests = tcase_create("hostile code"), *work;

	tcase_set_timeout(tests, 240);
	tcase_add_test(tests, test_free);
	tcase_add_test(tests, test_locked);
#ifdef ENABLE_TEST_HOOKS
	tcase_add_test(tests, test_locked_debian_12);
	tcase_add_test(tests, test_locked_without_landlock);
#endif
	suite_add_tcase(suite, tests);
	work = tcase_create("work behind the locks");
	tcase_set_timeout(work, 120);
	tcase_add_test(work, test_charsets);
	tcase_add_loop_test(work, test_gpg, 0, 2);
	suite_add_tcase(suite, work);
	return suite;
}

int
main(void)
{
	return unit_run(suite_prison());
}
