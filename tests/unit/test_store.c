/*
 * The store's file and its transactions: opening, versions, modes, the lock, two
 * writers, a process that is killed, a full disk, a copy while others write.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_store.h"

#include "../../src/port/store/private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static mode_t
mode_of(const char *suffix)
{
	char name[128];
	struct stat stat_buffer;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	ck_assert_int_eq(stat(name, &stat_buffer), 0);
	return stat_buffer.st_mode & 0777;
}

static void
set_value(const char *name, const char *value)
{
	begin();
	store_value_set(store, name, value);
	commit();
}

START_TEST(test_new_file)
{
	umask(0);
	open_store();
	set_value("a", "1");
	ck_assert_int_eq(mode_of(""), 0600);
	ck_assert_int_eq(mode_of("-wal"), 0600);
	ck_assert_int_eq(mode_of("-shm"), 0600);
	ck_assert_int_eq(store_ask_int(store, "PRAGMA application_id", ""), STORE_APPLICATION_ID);
	ck_assert_int_eq(store_ask_int(store, "PRAGMA user_version", ""), 6);
	ck_assert_int_eq(store_ask_int(store, "PRAGMA synchronous", ""), 2);
	ck_assert_int_eq(store_ask_int(store, "PRAGMA foreign_keys", ""), 1);
	ck_assert_int_eq(store_ask_int(store, "PRAGMA trusted_schema", ""), 0);
	ck_assert_int_eq(store_ask_int(store, "PRAGMA cell_size_check", ""), 1);
	ck_assert_int_gt(store_bytes(store), 4096);
}
END_TEST

START_TEST(test_every_table_is_strict_and_has_a_digest)
{
	open_store();
	ck_assert_int_gt(
		store_ask_int(store,
			"SELECT count(*) FROM pragma_table_list"
			" WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'",
			""),
		15);
	ck_assert_int_eq(
		store_ask_int(store,
			"SELECT count(*) FROM pragma_table_list WHERE type = 'table'"
			" AND schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0",
			""),
		0);
	ck_assert_int_eq(
		store_ask_int(store,
			"SELECT count(*) FROM pragma_table_list t WHERE type = 'table'"
			" AND schema = 'main' AND name NOT LIKE 'sqlite_%'"
			" AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(t.name) c"
			" WHERE c.name = 'digest')",
			""),
		0);
	no_fault();
}
END_TEST

START_TEST(test_open_again)
{
	open_store();
	set_value("a", "1");
	store_close(&store);
	ck_assert_ptr_null(store);
	ck_assert_int_eq(store_open(path, false, &store, &err), DONE);
	ck_assert_str_eq(store_value_get(store, arena, "a"), "1");
	ck_assert_ptr_null(store_value_get(store, arena, "b"));
	set_value("a", "2");
	ck_assert_str_eq(store_value_get(store, arena, "a"), "2");
}
END_TEST

START_TEST(test_not_there)
{
	ck_assert_int_eq(store_open(path, false, &store, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(test_not_a_database)
{
	FILE *file = fopen(path, "w");

	for (int i = 0; i < 1000; i++)
		fputs("Dear madam, dear sir\n", file);
	fclose(file);
	ck_assert_int_eq(store_open(path, true, &store, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "not an SQLite file"));
}
END_TEST

static void
run_raw(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

START_TEST(test_of_another_program)
{
	run_raw("CREATE TABLE song (title TEXT)");
	ck_assert_int_eq(store_open(path, true, &store, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "not one of madoguchi"));
}
END_TEST

START_TEST(test_of_a_newer_version)
{
	open_store();
	store_close(&store);
	run_raw("PRAGMA user_version = 99");
	ck_assert_int_eq(store_open(path, true, &store, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "newer"));
}
END_TEST

/* An empty file is what a crash between making it and the first commit leaves. */
START_TEST(test_empty_file)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0644);

	close(fd);
	ck_assert_int_eq(store_open(path, false, &store, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "version 0"));
	open_store();
	set_value("a", "1");
	ck_assert_int_eq(mode_of(""), 0600);
}
END_TEST

START_TEST(test_link_refused)
{
	char name[128];

	open_store();
	store_close(&store);
	snprintf(name, sizeof(name), "%s/link.db", folder);
	ck_assert_int_eq(symlink(path, name), 0);
	ck_assert_int_eq(store_open(name, true, &store, &err), NEVER);
}
END_TEST

/* A folder may be reached by a link (systemd's own are), for the store and for its copy. */
START_TEST(test_linked_folder)
{
	char link[128], name[160];

	snprintf(link, sizeof(link), "%s/link", folder);
	ck_assert_int_eq(symlink(folder, link), 0);
	snprintf(name, sizeof(name), "%s/cases.db", link);
	ck_assert_msg(store_open(name, true, &store, &err) == DONE, "%s", err.text);
	snprintf(name, sizeof(name), "%s/copy.db", link);
	ck_assert_msg(store_backup(store, name, &err) == DONE, "%s", err.text);
	ck_assert_int_eq(access(path, F_OK), 0);
	unlink(link);
}
END_TEST

START_TEST(test_lock)
{
	char expected[64];
	int fd, other;
	pid_t child;
	int status;

	ck_assert_int_eq(store_lock(path, &fd, &err), DONE);
	snprintf(expected, sizeof(expected), "process %ld", (long)getpid());
	child = fork();
	if (child == 0)
		_exit(store_lock(path, &other, &err) == LATER && strstr(err.text, expected) != NULL
				? 0
				: 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	/* Of the description, not of the process. */
	ck_assert_int_eq(store_lock(path, &other, &err), LATER);
	close(fd);
	ck_assert_int_eq(store_lock(path, &other, &err), DONE);
	close(other);
}
END_TEST

START_TEST(test_outside_a_transaction)
{
	open_store();
	store_value_set(store, "a", "1");
	ck_assert_int_eq(store_fault(store, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "outside a transaction"));
	ck_assert_int_eq(store_fault(store, &err), DONE);
	ck_assert_ptr_null(store_value_get(store, arena, "a"));
	ck_assert_int_eq(store_commit(store, &err), NEVER);
	begin();
	ck_assert_int_eq(store_begin(store, &err), NEVER);
	store_rollback(store);
	store_rollback(store);
	set_value("a", "2");
}
END_TEST

START_TEST(test_rollback)
{
	open_store();
	begin();
	store_value_set(store, "a", "1");
	ck_assert_str_eq(store_value_get(store, arena, "a"), "1");
	store_rollback(store);
	ck_assert_ptr_null(store_value_get(store, arena, "a"));
}
END_TEST

/* The first failure is what the commit tells; all after it is as if never said. */
START_TEST(test_poisoned)
{
	open_store();
	begin();
	store_value_set(store, "a", "1");
	store_case_message_add(store, 4711, 1);
	store_value_set(store, "b", "1");
	ck_assert_int_eq(add_case(), 0);
	ck_assert_int_eq(store_commit(store, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "FOREIGN KEY"));
	ck_assert_ptr_null(store_value_get(store, arena, "a"));
	set_value("a", "2");
	ck_assert_str_eq(store_value_get(store, arena, "a"), "2");
}
END_TEST

START_TEST(test_second_writer_waits)
{
	struct store *other;
	int pipes[2];
	char byte;
	pid_t child;

	open_store();
	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		if (store_open(path, false, &other, &err) != DONE ||
			store_begin(other, &err) != DONE)
			_exit(1);
		store_value_set(other, "child", "1");
		(void)!write(pipes[1], "x", 1);
		usleep(300000);
		_exit(store_commit(other, &err) == DONE ? 0 : 1);
	}
	ck_assert_int_eq(read(pipes[0], &byte, 1), 1);
	set_value("parent", "1");
	ck_assert_str_eq(store_value_get(store, arena, "child"), "1");
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

START_TEST(test_second_writer_gives_up)
{
	struct store *other;

	open_store();
	ck_assert_int_eq(store_open(path, false, &other, &err), DONE);
	sqlite3_busy_timeout(other->db, 50);
	begin();
	ck_assert_int_eq(store_begin(other, &err), LATER);
	ck_assert_ptr_nonnull(strstr(err.text, "busy"));
	/* Readers are not hindered. */
	ck_assert_ptr_null(store_value_get(other, arena, "a"));
	ck_assert_int_eq(store_fault(other, &err), DONE);
	store_value_set(store, "a", "1");
	commit();
	ck_assert_str_eq(store_value_get(other, arena, "a"), "1");
	store_close(&other);
}
END_TEST

/* Two hundred commits by two processes at once: every one is there, the chain unbroken. */
START_TEST(test_two_writers)
{
	struct store_verify_row *rows;
	struct record_log *list;
	size_t count;
	pid_t child;
	int status;

	open_store();
	begin();
	commit();
	store_close(&store);
	child = fork();
	open_store();
	for (int i = 0; i < 100; i++) {
		begin();
		store_log(store, 0, NOW + i, child == 0 ? "child" : "parent", "an entry");
		commit();
	}
	if (child == 0) {
		store_close(&store);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(store_log_list(store, arena, 0, &list), 200);
	ck_assert_int_eq(store_verify(store, arena, true, &rows, &count, &err), DONE);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(rows[i].fine, "%s: %s", rows[i].what, rows[i].why);
}
END_TEST

/* What the child said was committed is there, what it was in the middle of is not. */
START_TEST(test_killed)
{
	int pipes[2], last = 0, status;
	pid_t child;

	open_store();
	store_close(&store);
	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		open_store();
		for (int i = 1;; i++) {
			begin();
			store_log(store, 0, i, "child", "first half");
			store_log(store, 0, i, "child", "second half");
			if (i == 40) {
				kill(getpid(), SIGKILL);
				_exit(1);
			}
			commit();
			(void)!write(pipes[1], &i, sizeof(i));
		}
	}
	close(pipes[1]);
	while (read(pipes[0], &status, sizeof(status)) == sizeof(status))
		last = status;
	waitpid(child, &status, 0);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	ck_assert_int_eq(last, 39);
	open_store();
	ck_assert_int_eq(store_ask_int(store, "SELECT count(*) FROM log", ""), 2 * last);
	ck_assert_int_eq(store_ask_int(store, "SELECT max(at) FROM log", ""), last);
}
END_TEST

START_TEST(test_full)
{
	char large[60000];
	char pragma[64];
	int64_t before;

	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	open_store();
	set_value("small", "1");
	snprintf(pragma, sizeof(pragma), "PRAGMA max_page_count = %lld",
		(long long)store_ask_int(store, "PRAGMA page_count", "") + 20);
	ck_assert_int_eq(store_exec(store, pragma), SQLITE_OK);
	begin();
	store_value_set(store, "fits", large);
	commit();
	begin();
	store_value_set(store, "small", "2");
	store_value_set(store, "does not", large);
	store_value_set(store, "after", "1");
	ck_assert_int_eq(store_commit(store, &err), LATER);
	ck_assert_ptr_nonnull(strstr(err.text, "full"));
	ck_assert_str_eq(store_value_get(store, arena, "small"), "1");
	ck_assert_ptr_null(store_value_get(store, arena, "after"));
	before = store_ask_int(store, "SELECT count(*) FROM value", "");
	ck_assert_int_eq(before, 2);
	ck_assert_int_eq(store_exec(store, "PRAGMA max_page_count = 1000000"), SQLITE_OK);
	set_value("does not", large);
	ck_assert_int_eq(store_ask_int(store, "SELECT count(*) FROM value", ""), 3);
}
END_TEST

/* A limit on the size of files is what a full quota looks like. */
START_TEST(test_file_size_limit)
{
	char *large = arena_alloc(arena, 4000000);
	int status;
	pid_t child;

	open_store();
	store_close(&store);
	memset(large, 'x', 3999999);
	child = fork();
	if (child == 0) {
		struct rlimit limit = { 2000000, 2000000 };

		signal(SIGXFSZ, SIG_IGN);
		open_store();
		setrlimit(RLIMIT_FSIZE, &limit);
		begin();
		store_value_set(store, "large", large);
		if (store_commit(store, &err) != LATER)
			_exit(1);
		set_value("small", "1");
		store_close(&store);
		_exit(0);
	}
	waitpid(child, &status, 0);
	ck_assert_int_eq(status, 0);
	open_store();
	ck_assert_str_eq(store_value_get(store, arena, "small"), "1");
	ck_assert_ptr_null(store_value_get(store, arena, "large"));
}
END_TEST

static int64_t
copied_rows(const char *copy)
{
	struct store *other;
	int64_t rows;

	ck_assert_msg(store_open(copy, false, &other, &err) == DONE, "%s", err.text);
	rows = store_ask_int(other, "SELECT count(*) FROM log", "");
	store_close(&other);
	return rows;
}

/* The copy is of one moment: pairs of entries are never torn. */
START_TEST(test_backup_while_writing)
{
	char copy[128];
	int pipes[2];
	char byte;
	pid_t child;

	open_store();
	for (int i = 0; i < 5; i++)
		set_value("x", "1");
	store_close(&store);
	snprintf(copy, sizeof(copy), "%s/copy.db", folder);
	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	open_store();
	if (child == 0) {
		for (int i = 0;; i++) {
			begin();
			store_log(store, 0, i, "child", "first half");
			store_log(store, 0, i, "child", "second half");
			commit();
			if (i == 20)
				(void)!write(pipes[1], "x", 1);
		}
	}
	ck_assert_int_eq(read(pipes[0], &byte, 1), 1);
	for (int i = 0; i < 3; i++) {
		struct stat stat_buffer;

		ck_assert_msg(store_backup(store, copy, &err) == DONE, "%s", err.text);
		ck_assert_int_eq(stat(copy, &stat_buffer), 0);
		ck_assert_int_eq(stat_buffer.st_mode & 0777, 0600);
		ck_assert_int_eq(copied_rows(copy) % 2, 0);
		ck_assert_int_gt(copied_rows(copy), 40);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}
END_TEST

START_TEST(test_backup_refused)
{
	open_store();
	ck_assert_int_eq(store_backup(store, "/nonexistent/copy.db", &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/copy.db"));
}
END_TEST

START_TEST(test_cursor)
{
	struct store_cursor cursor;
	struct store_mailbox *list;

	open_store();
	begin();
	store_cursor_get(store, "www", "INBOX", NOW, &cursor);
	ck_assert_int_ne(cursor.mailbox, 0);
	ck_assert_uint_eq(cursor.uid_validity, 0);
	ck_assert_int_eq(cursor.first_seen, NOW);
	store_cursor_set(store, cursor.mailbox, 4294967295u, 4294967294u);
	store_cursor_passed(store, cursor.mailbox, NOW + 1);
	store_cursor_get(store, "www", "窓口", NOW + 2, &cursor);
	commit();
	store_cursor_get(store, "www", "INBOX", NOW + 9, &cursor);
	ck_assert_uint_eq(cursor.uid_validity, 4294967295u);
	ck_assert_uint_eq(cursor.last_uid, 4294967294u);
	ck_assert_int_eq(cursor.first_seen, NOW);
	ck_assert_int_eq(cursor.last_pass, NOW + 1);
	ck_assert_uint_eq(store_mailboxes(store, arena, &list), 2);
	ck_assert_str_eq(list[0].desk, "www");
	ck_assert_str_eq(list[1].folder, "窓口");
	no_fault();
}
END_TEST

START_TEST(test_marks)
{
	struct store_cursor inbox, junk;
	struct store_mark *list;

	open_store();
	begin();
	store_cursor_get(store, "www", "INBOX", NOW, &inbox);
	store_cursor_get(store, "www", "Junk", NOW, &junk);
	ck_assert_uint_eq(store_marks(store, arena, "www", 9, &list), 0);
	store_mark_due(store, junk.mailbox, 7, 4294967295u);
	store_mark_due(store, inbox.mailbox, 7, 5);
	store_mark_due(store, inbox.mailbox, 7, 5);
	store_mark_due(store, inbox.mailbox, 7, 3);
	commit();
	ck_assert_uint_eq(store_marks(store, arena, "mail", 9, &list), 0);
	ck_assert_uint_eq(store_marks(store, arena, "www", 2, &list), 2);
	ck_assert_uint_eq(list[0].uid, 3);
	ck_assert_uint_eq(list[1].uid, 5);
	ck_assert_str_eq(list[1].folder, "INBOX");
	begin();
	store_mark_done(store, inbox.mailbox, 7, 3);
	store_mark_done(store, inbox.mailbox, 7, 5);
	store_mark_done(store, junk.mailbox, 8, 4294967295u);
	commit();
	ck_assert_uint_eq(store_marks(store, arena, "www", 9, &list), 1);
	ck_assert_str_eq(list[0].folder, "Junk");
	ck_assert_int_eq(list[0].mailbox, junk.mailbox);
	ck_assert_uint_eq(list[0].uid_validity, 7);
	ck_assert_uint_eq(list[0].uid, 4294967295u);
	no_fault();
}
END_TEST

START_TEST(test_box)
{
	unsigned char half[32] = { 1, 2, 3 }, got[32];
	char *sealed;
	size_t len;

	open_store();
	ck_assert(!store_box_get(store, arena, "www", got, &sealed, &len));
	begin();
	store_box_set(store, "www", half, "sealed\0bytes", 12, NOW);
	commit();
	ck_assert(store_box_get(store, arena, "www", got, &sealed, &len));
	ck_assert_mem_eq(got, half, 32);
	ck_assert_uint_eq(len, 12);
	ck_assert_mem_eq(sealed, "sealed\0bytes", 12);
	ck_assert(!store_box_get(store, arena, "mail", got, &sealed, &len));
	no_fault();
}
END_TEST

START_TEST(test_digests_and_keys)
{
	open_store();
	begin();
	ck_assert_int_eq(store_digest_last(store, "www", "officer", INT64_MAX), 0);
	store_digest_sent(store, "www", "officer", NOW);
	store_digest_sent(store, "www", "officer", NOW - DAY);
	store_digest_sent(store, "www", "officer", NOW);
	ck_assert_int_eq(store_digest_last(store, "www", "officer", INT64_MAX), NOW);
	ck_assert_int_eq(store_digest_last(store, "mail", "officer", INT64_MAX), 0);
	ck_assert(store_key_seen(store, "www", "ABCD", NOW));
	ck_assert(!store_key_seen(store, "www", "ABCD", NOW));
	ck_assert(store_key_seen(store, "mail", "ABCD", NOW));
	commit();
}
END_TEST

static Suite *
suite_store(void)
{
	Suite *suite = suite_create("store");
	TCase *tcase = tcase_create("store");

	tcase_add_checked_fixture(tcase, set_up_folder, tear_down);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, test_new_file);
	tcase_add_test(tcase, test_every_table_is_strict_and_has_a_digest);
	tcase_add_test(tcase, test_open_again);
	tcase_add_test(tcase, test_not_there);
	tcase_add_test(tcase, test_not_a_database);
	tcase_add_test(tcase, test_of_another_program);
	tcase_add_test(tcase, test_of_a_newer_version);
	tcase_add_test(tcase, test_empty_file);
	tcase_add_test(tcase, test_link_refused);
	tcase_add_test(tcase, test_linked_folder);
	tcase_add_test(tcase, test_lock);
	tcase_add_test(tcase, test_outside_a_transaction);
	tcase_add_test(tcase, test_rollback);
	tcase_add_test(tcase, test_poisoned);
	tcase_add_test(tcase, test_second_writer_waits);
	tcase_add_test(tcase, test_second_writer_gives_up);
	tcase_add_test(tcase, test_two_writers);
	tcase_add_test(tcase, test_killed);
	tcase_add_test(tcase, test_full);
	tcase_add_test(tcase, test_file_size_limit);
	tcase_add_test(tcase, test_backup_while_writing);
	tcase_add_test(tcase, test_backup_refused);
	tcase_add_test(tcase, test_cursor);
	tcase_add_test(tcase, test_marks);
	tcase_add_test(tcase, test_box);
	tcase_add_test(tcase, test_digests_and_keys);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_store());
}
