/*
 * The daemon: reads the conf, forks its rooms, takes the store's lock, and turns
 * the engine's loop until it is told to end. Foreground; logs to stderr. Holds
 * no story of its own.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/engine.h"
#include "flow/rings.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/notify.h"
#include "port/store.h"
#include "room/locks.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define CONF_ARENA ((size_t)64 * 1024 * 1024)
#define STOP_MS 8000	/* what the messages in hand may take at the end; 10 s are promised */
#define FILES 65536	/* descriptors that the desk may have open, where the system allows so many */
#define LOCK_MS 5000	/* how long a start waits for another daemon to end */

struct daemon {
	struct arena *arena;
	const char *conf_file, *data_dir;
	bool once, check;
	struct conf *conf;
	struct engine *engine;
	struct store *store;
	int lock;
	int signals;
	int wake;		/* state_dir/wake */
	int events;		/* the two, joined */
	int64_t stop_until;	/* clock_mono_ms(), 0 while it shall run */
	char *store_path;
};

static const char usage_text[] =
	"usage: madoguchid [-c FILE] [--once] [--check] [--data-dir DIR]\n"
	"  -c FILE         the conf file (" SYSCONFDIR "/madoguchi/madoguchi.conf)\n"
	"  --once          one pass over every folder, everything decided and sent that is due, then exit\n"
	"  --check         read the conf, report every mistake, exit\n"
	"  --data-dir DIR  shipped phrases, templates and checklist (" PKGDATADIR ")\n"
	"  --help, --version\n";

enum { OPTION_ONCE = 256, OPTION_CHECK, OPTION_DATA, OPTION_HELP, OPTION_VERSION, OPTION_NOW };

static const struct option options[] = {
	{ "once", no_argument, NULL, OPTION_ONCE },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "data-dir", required_argument, NULL, OPTION_DATA },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
#ifdef ENABLE_TEST_HOOKS
	{ "now", required_argument, NULL, OPTION_NOW },
#endif
	{ NULL, 0, NULL, 0 },
};

static void
pretend(const char *when)
{
#ifdef ENABLE_TEST_HOOKS
	int64_t at;

	if (!clock_parse(when, "UTC", &at)) {
		fputs("madoguchid: --now wants a time\n", stderr);
		exit(EX_USAGE);
	}
	clock_pretend(at);
#else
	(void)when;
#endif
}

static void
read_options(struct daemon *daemon, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			daemon->conf_file = optarg;
			break;
		case OPTION_ONCE:
			daemon->once = true;
			break;
		case OPTION_CHECK:
			daemon->check = true;
			break;
		case OPTION_DATA:
			daemon->data_dir = optarg;
			break;
		case OPTION_NOW:
			pretend(optarg);
			break;
		case OPTION_HELP:
			fputs(usage_text, stdout);
			exit(EX_OK);
		case OPTION_VERSION:
			puts("madoguchid " PACKAGE_VERSION);
			exit(EX_OK);
		default:
			fputs(usage_text, stderr);
			exit(EX_USAGE);
		}
	}
	if (optind < argc) {
		fputs(usage_text, stderr);
		exit(EX_USAGE);
	}
}

static void
read_conf(struct daemon *daemon)
{
	struct text mistakes;

	text_init(&mistakes, daemon->arena, 1024 * 1024);
	daemon->conf = conf_read(daemon->arena, daemon->conf_file, daemon->data_dir, rings_list,
		&mistakes);
	if (daemon->conf != NULL)
		return;
	fputs(mistakes.data, stderr);
	exit(EX_CONFIG);
}

static int
open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The tool pokes the daemon awake here. Opened for both ways: without a writer it would be at its end for ever. */
static int
open_wake(struct daemon *daemon)
{
	char *path = arena_printf(daemon->arena, "%s/wake", daemon->conf->state_dir);

	if (mkfifo(path, 0600) < 0 && errno != EEXIST)
		return -1;
	return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static _Noreturn void
leave(struct daemon *daemon, int status, const char *sentence)
{
	if (sentence != NULL)
		log_err("%s", sentence);
	engine_close(&daemon->engine);
	store_close(&daemon->store);
	exit(status);
}

static void
take_lock(struct daemon *daemon)
{
	int64_t until = clock_mono_ms() + LOCK_MS;
	struct err err;

	while (store_lock(daemon->store_path, &daemon->lock, &err) != DONE) {
		if (clock_mono_ms() >= until)
			leave(daemon, EX_TEMPFAIL, err.text);
		usleep(100000);
	}
}

static void
open_store(struct daemon *daemon)
{
	struct err err;

	daemon->store_path = arena_printf(daemon->arena, "%s/cases.db", daemon->conf->state_dir);
	take_lock(daemon);
	switch (store_open(daemon->store_path, true, &daemon->store, &err)) {
	case DONE:
		return;
	case LATER:
		leave(daemon, EX_TEMPFAIL, err.text);
	default:
		leave(daemon, EX_CANTCREAT, err.text);
	}
}

static bool
drain(int fd)
{
	char bytes[512];
	bool any = false;

	while (read(fd, bytes, sizeof(bytes)) > 0)
		any = true;
	return any;
}

/* Signals and pokes come through one descriptor, which the engine's poll watches. */
static void
join_events(struct daemon *daemon)
{
	struct epoll_event signals = { .events = EPOLLIN, .data.fd = daemon->signals };
	struct epoll_event wake = { .events = EPOLLIN, .data.fd = daemon->wake };

	daemon->events = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(daemon->events, EPOLL_CTL_ADD, daemon->signals, &signals);
	if (daemon->wake >= 0)
		epoll_ctl(daemon->events, EPOLL_CTL_ADD, daemon->wake, &wake);
}

static void
serve_events(struct daemon *daemon)
{
	struct signalfd_siginfo info;

	if (read(daemon->signals, &info, sizeof(info)) > 0 && daemon->stop_until == 0) {
		log_info("ending: what is in hand is finished first");
		notify_stopping();
		engine_stop(daemon->engine);
		daemon->stop_until = clock_mono_ms() + STOP_MS;
	}
	if (daemon->wake >= 0 && drain(daemon->wake) && daemon->stop_until == 0)
		engine_wake(daemon->engine);
}

static bool
finished(const struct daemon *daemon)
{
	if (daemon->stop_until != 0)
		return engine_idle(daemon->engine) || clock_mono_ms() >= daemon->stop_until;
	return daemon->once && engine_idle(daemon->engine);
}

static int
turn_ms(const struct daemon *daemon)
{
	int64_t left;

	if (daemon->stop_until == 0)
		return notify_interval_ms();
	left = daemon->stop_until - clock_mono_ms();
	return left > 0 ? (int)left : 0;
}

static void
run(struct daemon *daemon)
{
	while (!finished(daemon) && engine_standing(daemon->engine)) {
		if (engine_turn(daemon->engine, turn_ms(daemon), daemon->events))
			serve_events(daemon);
		notify_alive();
	}
}

/* The rooms are forked before the store is opened and before a password is read. */
static void
open_engine(struct daemon *daemon)
{
	struct engine_options want = { .mailboxes = true, .send = true, .once = daemon->once };
	struct err err;

	switch (engine_open(daemon->conf, &want, &daemon->engine, &err)) {
	case DONE:
		return;
	case LATER:
		leave(daemon, EX_TEMPFAIL, err.text);
	default:
		leave(daemon, EX_CONFIG, err.text);
	}
}

/* A backlog of many desks holds a descriptor or two for each message under way. */
static void
raise_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max < FILES ? files.rlim_max : FILES;
	setrlimit(RLIMIT_NOFILE, &files);
}

int
main(int argc, char **argv)
{
	/* A password_command's word passes through here. */
	static const struct rlimit no_core = { 0, 0 };
	struct daemon daemon = { .conf_file = SYSCONFDIR "/madoguchi/madoguchi.conf",
		.data_dir = PKGDATADIR,
		.lock = -1,
		.wake = -1 };
	struct err err;

	log_room("desk");
	read_options(&daemon, argc, argv);
	umask(077);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	daemon.arena = arena_new(ARENA_PLAIN, CONF_ARENA);
	read_conf(&daemon);
	if (geteuid() == 0)
		log_warn("running as root: a user of its own is safer");
	daemon.signals = open_signals();
	box_start();
	open_engine(&daemon);
	if (daemon.check)
		leave(&daemon, EX_OK, NULL);
	raise_files();
	open_store(&daemon);
	daemon.wake = open_wake(&daemon);
	join_events(&daemon);
	if (!locks_desk(daemon.conf))
		leave(&daemon, EX_SOFTWARE, "the desk cannot be locked in");
	if (engine_start(daemon.engine, daemon.store, &err) != DONE)
		leave(&daemon, EX_TEMPFAIL, err.text);
	notify_ready();
	log_info("ready: %zu desks", daemon.conf->policy.desk_count);
	run(&daemon);
	if (!engine_standing(daemon.engine))
		leave(&daemon, EX_TEMPFAIL, "the process that makes the rooms is gone");
	if (daemon.stop_until != 0)
		leave(&daemon, EX_OK, NULL);
	leave(&daemon, engine_failed(daemon.engine) ? EXIT_FAILURE : EX_OK, NULL);
}
