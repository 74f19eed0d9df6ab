/*
 * Verifying finds what was altered: any column of any table, any byte of what is
 * written in the file, a row taken out, put in or changed for another, the
 * schema; and finds nothing else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "test_store.h"

#include "../../src/port/store/private.h"

#define DIGEST_BYTES 16

/* What a person did to cases. */
static void
fill_cases(int64_t case_id)
{
	struct record_case record = case_record();
	int64_t other;

	record.title = "marker-other";
	record.opened_at = NOW + 1;
	other = store_case_add(store, &record);
	store_deadline_open(store, other, DEADLINE_CONTACT, NOW, SOURCE_RULE, 0);
	store_deadline_open(store, other, DEADLINE_ENCRYPTION, NOW, SOURCE_RULE, 0);
	store_deadlines_end(store, other, NOW);
	store_case_finder_add(store, case_id, "marker-finder@example.com", NOW);
	store_case_message_move(store, case_id, other, add_message("marker-moved"));
	store_case_merge(store, store_case_add(store, &record), case_id, NOW);
}

/* One row at least in every table; each text is found once in the file but for indexes. */
static void
fill(void)
{
	static struct record_attachment attachment = { "marker-name", "marker/type", 3 };
	struct record_message message = message_record("marker-bytes-that-came");
	struct record_outbox entry = outbox_record("<marker-out@www>");
	struct record_case record = case_record();
	struct store_cursor cursor;
	unsigned char hash[32];
	char hex[65];
	int64_t case_id, id;

	begin();
	store_box_set(store, "www", hash, "marker-sealed-pair", 18, NOW);
	store_cursor_get(store, "www", "marker-folder", NOW, &cursor);
	message.subject = "marker-subject";
	message.why = "marker-why";
	message.attachments = &attachment;
	message.attachment_count = 1;
	id = store_message_add(store, &message, "marker-bytes-that-came", 22);
	message = message_record("boxed");
	message.boxed = true;
	store_message_add(store, &message, "marker-boxed", 12);
	store_place_add(store, id, cursor.mailbox, 1, 1);
	store_mark_due(store, cursor.mailbox, 1, 1);
	store_message_key_add(store, id, "MARKERKEY0000001");
	record.title = "marker-title";
	case_id = store_case_add(store, &record);
	store_case_number_add(store, case_id, "IPA", "marker-number", true);
	store_case_site_add(store, case_id, "marker-site");
	store_case_message_add(store, case_id, id);
	store_case_party_add(store, case_id, "marker-party@example.com");
	store_deadline_open(store, case_id, DEADLINE_CONTACT, NOW, SOURCE_RULE, id);
	store_reminded(store, 1, REMINDER_SOON, NOW);
	store_untaken(store, case_id, UNTAKEN_DEPUTY, NOW);
	store_key_tell(store, "www", "marker-key", NOW, EXPIRY_30, NOW);
	store_tick(store, case_id, "marker-item", NOW, "officer");
	store_incident_open(store, case_id, NOW, "marker-opener");
	store_incident_due(store, case_id, "marker-due", NOW);
	store_item_reminded(store, case_id, "marker-due", NOW, REMINDER_SOON, NOW);
	store_log(store, 0, NOW, "madoguchid", "marker-desk-log");
	store_log(store, case_id, NOW, "madoguchid", "marker-first");
	store_log(store, case_id, NOW, "madoguchid", "marker-second");
	store_log(store, 0, NOW, "madoguchid", "marker-last");
	entry.case_id = case_id;
	id = store_outbox_add(store, &entry);
	box_sha256("marker-sealed-mail", 18, hash);
	text_hex(hex, hash, sizeof(hash));
	store_outbox_seal(store, id, "marker-sealed-mail", 18, hex, "AAAA");
	store_digest_sent(store, "www", "marker-staff", NOW);
	store_key_seen(store, "www", "MARKERFINGERPRINT", NOW);
	store_value_set(store, "marker-value", "1");
	fill_cases(case_id);
	commit();
}

static void
set_up_filled(void)
{
	set_up_folder();
	open_store();
	fill();
	store_close(&store);
}

/*
 * How many faults verify sees; the first one's words in what_r. A file that does not even open
 * counts as one.
 */
static int
faults(bool all, const char **what_r)
{
	struct store_verify_row *rows;
	size_t count;
	int found = 0;

	*what_r = "";
	if (store_open(path, false, &store, &err) != DONE) {
		*what_r = err.text;
		return 1;
	}
	if (store_verify(store, arena, all, &rows, &count, &err) != DONE) {
		*what_r = err.text;
		found = 1;
		count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (rows[i].fine)
			continue;
		if (found++ == 0)
			*what_r = arena_printf(arena, "%s: %s", rows[i].what, rows[i].why);
	}
	store_close(&store);
	return found;
}

START_TEST(test_all_is_fine)
{
	static const char *const expected[] = { "integrity", "schema", "foreign keys",
		"3 rows of message", "4 rows of log", "3 messages that are kept",
		"1 sealed mails of the outbox", "logs of 2 cases", "log", "tallies" };
	struct store_verify_row *rows;
	size_t count, seen = 0;

	open_store();
	ck_assert_int_eq(store_verify(store, arena, false, &rows, &count, &err), DONE);
	for (size_t i = 0; i < count; i++) {
		ck_assert_msg(rows[i].fine, "%s: %s", rows[i].what, rows[i].why);
		for (size_t k = 0; k < sizeof(expected) / sizeof(expected[0]); k++)
			seen += text_equal(rows[i].what, expected[k]);
	}
	ck_assert_uint_eq(seen, sizeof(expected) / sizeof(expected[0]));
	ck_assert_uint_gt(count, 20);
}
END_TEST

/* --- behind the store's back, with SQL --- */

static unsigned char old_digest[DIGEST_BYTES];

static void
give_old_digest(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	(void)values;
	sqlite3_result_blob(context, old_digest, DIGEST_BYTES, SQLITE_STATIC);
}

static sqlite3 *
open_raw(void)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_create_function(db, "row_digest", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
			NULL, give_old_digest, NULL, NULL),
		SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(db,
			"PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;", NULL,
			NULL, NULL),
		SQLITE_OK);
	return db;
}

static void
run_raw(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	ck_assert_msg(
		sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s: %s", sql, message);
}

#define LAST_DIGEST "SELECT digest FROM (SELECT * FROM %s ORDER BY 1 DESC) LIMIT 1"

struct column {
	char table[40], name[40];
};

static size_t
columns(sqlite3 *db, struct column *list, size_t max)
{
	sqlite3_stmt *stmt;
	size_t count = 0;

	ck_assert_int_eq(
		sqlite3_prepare_v2(db,
			"SELECT t.name, c.name FROM pragma_table_list t,"
			" pragma_table_xinfo(t.name) c WHERE t.type = 'table'"
			" AND t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'"
			" AND c.name <> 'digest'",
			-1, &stmt, NULL),
		SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW && count < max) {
		snprintf(list[count].table, sizeof(list[count].table), "%s",
			sqlite3_column_text(stmt, 0));
		snprintf(list[count].name, sizeof(list[count].name), "%s",
			sqlite3_column_text(stmt, 1));
		count++;
	}
	sqlite3_finalize(stmt);
	return count;
}

/* Changes one column of one row by as little as can be, the digest staying what it was. */
static void
alter(sqlite3 *db, const struct column *column)
{
	char *sql = sqlite3_mprintf(LAST_DIGEST, column->table);
	sqlite3_stmt *stmt;

	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	ck_assert_msg(sqlite3_step(stmt) == SQLITE_ROW, "%s is empty", column->table);
	memcpy(old_digest, sqlite3_column_blob(stmt, 0), DIGEST_BYTES);
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	sql = sqlite3_mprintf(
		"UPDATE %s SET %s = CASE typeof(%s) WHEN 'integer' THEN %s + 1"
		" WHEN 'text' THEN %s || 'x' WHEN 'blob' THEN CAST(%s || x'00' AS BLOB)"
		" ELSE (SELECT CASE type WHEN 'INTEGER' THEN 1 WHEN 'TEXT' THEN 'x' ELSE x'01' END"
		" FROM pragma_table_info('%s') WHERE name = '%s') END"
		" WHERE digest = (" LAST_DIGEST ")",
		column->table, column->name, column->name, column->name, column->name,
		column->name, column->table, column->name, column->table);
	run_raw(db, sql);
	ck_assert_int_eq(sqlite3_changes(db), 1);
	sqlite3_free(sql);
}

/* Each column of each table: the indexes agree with it, so that nothing but the digests can tell.
 */
START_TEST(test_every_column)
{
	static struct column list[300];
	size_t count;
	sqlite3 *db = open_raw();

	count = columns(db, list, 300);
	sqlite3_close(db);
	for (size_t i = 0; i < count; i++) {
		const char *what;

		unlink(path);
		open_store();
		fill();
		store_close(&store);
		db = open_raw();
		alter(db, &list[i]);
		sqlite3_close(db);
		ck_assert_msg(faults(false, &what) == 1, "%s.%s", list[i].table, list[i].name);
		ck_assert_msg(strstr(what, list[i].table) != NULL, "%s.%s: %s", list[i].table,
			list[i].name, what);
	}
	ck_assert_uint_gt(count, 120);
}
END_TEST

/* --- rows that are not those that were written, each whole and with its digest --- */

#define TABLES_MAX 64

/* Every table of the schema: none can be forgotten here. */
static size_t
tables(sqlite3 *db, char names_r[TABLES_MAX][40])
{
	sqlite3_stmt *stmt;
	size_t count = 0;

	ck_assert_int_eq(sqlite3_prepare_v2(db,
				 "SELECT name FROM sqlite_schema WHERE type = 'table'"
				 " AND name NOT LIKE 'sqlite_%'",
				 -1, &stmt, NULL),
		SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW && count < TABLES_MAX)
		snprintf(names_r[count++], 40, "%s", sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return count;
}

static void
fill_anew(void)
{
	unlink(path);
	open_store();
	fill();
	store_close(&store);
}

/* A row whose loss neither a foreign key nor another row's check would tell. */
START_TEST(test_row_deleted)
{
	char names[TABLES_MAX][40];
	sqlite3 *db = open_raw();
	size_t count = tables(db, names);

	sqlite3_close(db);
	ck_assert_uint_gt(count, 25);
	for (size_t i = 0; i < count; i++) {
		const char *what;
		char *sql = sqlite3_mprintf(
			"DELETE FROM %s WHERE digest = (" LAST_DIGEST ")", names[i], names[i]);

		fill_anew();
		db = open_raw();
		run_raw(db, sql);
		ck_assert_int_eq(sqlite3_changes(db), 1);
		sqlite3_close(db);
		sqlite3_free(sql);
		ck_assert_msg(faults(true, &what) >= 1, "%s", names[i]);
	}
}
END_TEST

static void
use_digest(sqlite3 *db)
{
	ck_assert_int_eq(store_digest_register(db), SQLITE_OK);
}

/* By one who knows how digests are made: only the tally can tell. */
START_TEST(test_row_written_by_another)
{
	static const struct {
		const char *sql, *what;
	} rows[] = {
		{ "UPDATE case_record SET title = 'other' WHERE id = 1", "tally of case_record" },
		{ "INSERT INTO case_party (case_id, address) VALUES (1, 'x')",
			"tally of case_party" },
		{ "DELETE FROM case_party", "tally of case_party" },
		{ "DELETE FROM tally WHERE name = 'value'", "tally of value: its tally is gone" },
		{ "UPDATE tally SET entries = entries + 1 WHERE name = 'log'", "tally of log" },
	};
	const char *what;
	sqlite3 *db = open_raw();

	use_digest(db);
	run_raw(db, rows[_i].sql);
	ck_assert_int_ge(sqlite3_changes(db), 1);
	sqlite3_close(db);
	ck_assert_int_eq(faults(true, &what), 1);
	ck_assert_msg(text_starts(what, rows[_i].what), "%s", what);
}
END_TEST

/* Two rows change places: each keeps its columns and its digest but for the id. */
START_TEST(test_rows_swapped)
{
	static const char *const names[] = { "message", "case_record", "deadline", "log" };
	const char *what;
	sqlite3 *db = open_raw();
	char *sql = sqlite3_mprintf("UPDATE %s SET id = -1 WHERE id = 1", names[_i]);
	char *back = sqlite3_mprintf("UPDATE %s SET id = 2 WHERE id = -1", names[_i]);
	char *other = sqlite3_mprintf("UPDATE %s SET id = 1 WHERE id = 2", names[_i]);

	use_digest(db);
	run_raw(db, sql);
	run_raw(db, other);
	run_raw(db, back);
	sqlite3_close(db);
	sqlite3_free(sql);
	sqlite3_free(back);
	sqlite3_free(other);
	ck_assert_int_ge(faults(true, &what), 1);
}
END_TEST

/* Behind the last entry no other hash stands. */
START_TEST(test_log_cut)
{
	const char *what;
	sqlite3 *db = open_raw();

	run_raw(db, "DELETE FROM log WHERE id = 4");
	sqlite3_close(db);
	ck_assert_int_eq(faults(true, &what), 1);
	ck_assert_str_eq(what,
		"tally of log: rows that were written: 4, that are there: 3");
}
END_TEST

/* Whatever is changed, added and taken out by the store itself fits. */
START_TEST(test_tally_follows)
{
	const char *what;
	struct store_cursor cursor;

	open_store();
	begin();
	store_cursor_get(store, "www", "marker-folder", NOW, &cursor);
	store_place_add(store, 2, cursor.mailbox, 1, 1);
	store_incident_due(store, 1, "marker-due", NOW + 5);
	store_untick(store, 1, "marker-item");
	store_tick(store, 1, "marker-item", NOW, "deputy");
	store_untick(store, 1, "marker-item");
	store_case_message_move(store, 1, 2, 1);
	store_value_set(store, "marker-value", "2");
	store_deadlines_resume(store, 2);
	commit();
	begin();
	store_value_set(store, "marker-value", "3");
	store_value_set(store, "rolled-back", "3");
	store_rollback(store);
	begin();
	store_log(store, 1, NOW, "me", "after a rollback");
	commit();
	store_close(&store);
	ck_assert_msg(faults(true, &what) == 0, "%s", what);
}
END_TEST

/* A store of the first version is brought up, and its rows are counted. */
START_TEST(test_brought_up)
{
	const char *what;
	sqlite3 *db = open_raw();

	run_raw(db,
		"DROP TABLE case_merged; DROP TABLE deadline_ended; DROP TABLE case_finder;"
		"DROP TABLE message_put; DROP TABLE mark_due; DROP TABLE reminded; DROP TABLE untaken;"
		"DROP INDEX case_untaken; DROP TABLE key_told; DROP TABLE incident_reminded; DROP INDEX outbox_alert_waits;"
		"DROP INDEX outbox_alert; DROP INDEX outbox_sent;"
		"DROP TABLE tally; DROP INDEX message_by_time; DROP INDEX message_out;"
		"DROP INDEX message_unfiled;"
		"CREATE INDEX message_by_time ON message (received_at);"
		"CREATE INDEX message_out ON message (received_at) WHERE direction = 1;"
		"CREATE INDEX message_unfiled ON message (received_at) WHERE unfiled = 1;"
		"PRAGMA user_version = 1");
	sqlite3_close(db);
	ck_assert_int_eq(store_open(path, false, &store, &err), NEVER);
	ck_assert_ptr_nonnull(strstr(err.text, "of version 1"));
	open_store();
	begin();
	store_log(store, 1, NOW, "me", "after it");
	commit();
	store_close(&store);
	ck_assert_msg(faults(true, &what) == 0, "%s", what);
}
END_TEST

START_TEST(test_taken_out)
{
	static const struct {
		const char *sql, *what;
	} rows[] = {
		{ "DELETE FROM log WHERE what = 'marker-first'", "log of case 1" },
		{ "DELETE FROM log WHERE what = 'marker-second'", "log: the chain" },
		{ "DELETE FROM log WHERE what = 'marker-desk-log'", "log of case 0" },
		{ "DELETE FROM message_raw WHERE message_id = 1",
			"message 1: what was kept is gone" },
		{ "DELETE FROM message_raw WHERE message_id = 2",
			"message 2: what was kept is gone" },
		{ "DELETE FROM outbox_bytes", "outbox 1: the sealed bytes are gone" },
		{ "DELETE FROM case_record", "foreign keys: a row of " },
		{ "DROP INDEX outbox_one_acknowledgement", "schema: " },
		{ "CREATE TRIGGER t AFTER INSERT ON value BEGIN DELETE FROM log; END",
			"schema: " },
	};
	const char *what;
	sqlite3 *db = open_raw();

	run_raw(db, rows[_i].sql);
	sqlite3_close(db);
	ck_assert_int_eq(faults(false, &what), 1);
	ck_assert_msg(text_starts(what, rows[_i].what), "%s", what);
}
END_TEST

START_TEST(test_schema_altered)
{
	const char *what;
	sqlite3 *db = open_raw();

	run_raw(db, "PRAGMA writable_schema = ON");
	run_raw(db,
		"UPDATE sqlite_schema SET sql = replace(sql, 'kind BETWEEN 0"
		" AND 24', 'kind BETWEEN 0 AND 99') WHERE name = 'outbox'");
	sqlite3_close(db);
	ck_assert_int_eq(faults(false, &what), 1);
	ck_assert_msg(text_starts(what, "schema: "), "%s", what);
}
END_TEST

/* --- behind its back, in the file --- */

static char *
read_file(size_t *len_r)
{
	FILE *file = fopen(path, "rb");
	char *bytes = arena_alloc(arena, 1 << 20);

	*len_r = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

static void
write_file(const char *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

/* Every place where a marker stands, in tables and indexes alike: one letter of it is enough. */
START_TEST(test_every_marker)
{
	size_t len, seen = 0;
	char *bytes = read_file(&len);

	for (size_t i = 0; i + 9 < len; i++) {
		const char *what;

		if (strncasecmp(&bytes[i], "marker", 6) != 0)
			continue;
		seen++;
		bytes[i + 2] ^= 1;
		write_file(bytes, len);
		ck_assert_msg(faults(false, &what) == 1, "at %zu: %.40s", i, &bytes[i]);
		bytes[i + 2] ^= 1;
		write_file(bytes, len);
	}
	ck_assert_uint_gt(seen, 30);
}
END_TEST

/* The rows' own bytes from end to end: the whole content area of the message table's page. */
START_TEST(test_every_byte_of_a_row)
{
	size_t len, at = 0, missed = 0;
	char *bytes = read_file(&len);
	const char *what;

	for (size_t i = 0; i + 14 < len && at == 0; i++) {
		if (memcmp(&bytes[i], "marker-subject", 14) == 0)
			at = i;
	}
	ck_assert_uint_ne(at, 0);
	/*
	 * The row: subject, problems (none), why, before them the addresses; behind them the
	 * digest.
	 */
	for (size_t i = at - 100; i < at + 14 + 10 + DIGEST_BYTES; i++) {
		bytes[i] ^= 4;
		write_file(bytes, len);
		missed += faults(false, &what) == 0;
		bytes[i] ^= 4;
	}
	write_file(bytes, len);
	ck_assert_uint_eq(missed, 0);
	ck_assert_int_eq(faults(true, &what), 0);
}
END_TEST

START_TEST(test_cut)
{
	size_t len;
	char *bytes = read_file(&len);
	const char *what;

	write_file(bytes, len - 4096);
	ck_assert_int_ne(faults(true, &what), 0);
}
END_TEST

/* All: every fault is told, not the first alone. */
START_TEST(test_all_faults)
{
	const char *what;
	sqlite3 *db = open_raw();
	static const struct column title = { "case_record", "title" },
				   site = { "case_site", "site" };

	alter(db, &title);
	alter(db, &site);
	sqlite3_close(db);
	ck_assert_int_eq(faults(false, &what), 1);
	ck_assert_int_eq(faults(true, &what), 2);
	ck_assert_str_eq(what, "case_record 3: the row does not fit its digest");
}
END_TEST

/* --- the chains --- */

/*
 * Worked out by hand from what the header promises: SHA-256 over the previous hash and the entry,
 * lengths before texts.
 */
START_TEST(test_chain_by_hand)
{
	static const unsigned char at_and_case[16] = { 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 1,
		2 };
	unsigned char bytes[32 + 16 + 8 + 2 + 8 + 4] = { 0 };
	unsigned char hash[32], chain[32], both[64] = { 0 };
	char hex[65], head[65];
	struct record_log *list;

	open_store();
	begin();
	for (int i = 0; i < 2; i++)
		add_case();
	store_log_head(store, head);
	commit();
	memcpy(&bytes[32], at_and_case, 16);
	bytes[55] = 2;
	memcpy(&bytes[56], "me", 2);
	bytes[65] = 4;
	memcpy(&bytes[66], "what", 4);
	box_sha256(bytes, sizeof(bytes), hash);
	text_hex(hex, hash, 32);
	begin();
	store_log(store, 3, 258, "me", "what");
	commit();
	ck_assert_uint_eq(store_log_list(store, arena, 3, &list), 1);
	ck_assert_str_eq(list[0].hash, hex);
	ck_assert_int_eq(list[0].at, 258);
	ck_assert_str_eq(list[0].who, "me");
	ck_assert_str_eq(list[0].what, "what");
	ck_assert(text_unhex(both, head, 32));
	memcpy(&both[32], hash, 32);
	box_sha256(both, sizeof(both), chain);
	text_hex(hex, chain, 32);
	store_log_head(store, head);
	ck_assert_str_eq(head, hex);
}
END_TEST

START_TEST(test_head_of_an_empty_log)
{
	char head[65];

	unlink(path);
	open_store();
	store_log_head(store, head);
	ck_assert_str_eq(head, "0000000000000000000000000000000000000000000000000000000000000000");
}
END_TEST

static Suite *
suite_store_verify(void)
{
	Suite *suite = suite_create("store_verify");
	TCase *tcase = tcase_create("store_verify");

	tcase_add_checked_fixture(tcase, set_up_filled, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_all_is_fine);
	tcase_add_test(tcase, test_every_column);
	tcase_add_test(tcase, test_row_deleted);
	tcase_add_loop_test(tcase, test_row_written_by_another, 0, 5);
	tcase_add_loop_test(tcase, test_rows_swapped, 0, 4);
	tcase_add_test(tcase, test_log_cut);
	tcase_add_test(tcase, test_tally_follows);
	tcase_add_test(tcase, test_brought_up);
	tcase_add_loop_test(tcase, test_taken_out, 0, 9);
	tcase_add_test(tcase, test_schema_altered);
	tcase_add_test(tcase, test_every_marker);
	tcase_add_test(tcase, test_every_byte_of_a_row);
	tcase_add_test(tcase, test_cut);
	tcase_add_test(tcase, test_all_faults);
	tcase_add_test(tcase, test_chain_by_hand);
	tcase_add_test(tcase, test_head_of_an_empty_log);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(suite_store_verify());
}
