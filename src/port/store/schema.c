/*
 * The tables, as a list of steps from an empty file to the newest version. A
 * step that was released is never changed: a new one is added behind it.
 *
 * Enumerations are the numbers of rule/kinds.h, held to their range here; the
 * assertions below keep the numbers from moving. Times are microseconds UTC.
 * Each table's `digest` covers all its other columns in their order (digest.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include <stdio.h>

_Static_assert(KIND_UNRELATED == 12 && KIND_UNREADABLE == 13, "kinds are on record");
_Static_assert(KIND_ACKNOWLEDGEMENT == 14 && KIND_STAFF == 24, "kinds are on record");
_Static_assert(STAGE_DETAILS == 3 && PHASE_REPORT == 5, "stages and phases are on record");
_Static_assert(TRUST_SUSPECT == 0 && TRUST_VERIFIED == 3, "trusts are on record");
_Static_assert(ORIGIN_STAFF == 3 && CASE_CLOSED == 1, "origins and states are on record");
_Static_assert(DIRECTION_OUT == 1 && SOURCE_STAFF == 2, "directions, sources are on record");
_Static_assert(DEADLINE_THEIR_ANSWER == 8 && DEADLINE_CANCELLED == 3, "deadlines are on record");
_Static_assert(REMINDER_OVERDUE == 3 && UNTAKEN_DECISION_MAKER == 2, "so are reminders");
_Static_assert(EXPIRY_OVER == 4, "so are the steps of a key's end");
_Static_assert(OUTBOX_QUEUED == 1 && OUTBOX_SENT == 3 && OUTBOX_DROPPED == 5, "so is the outbox");

#define DIGEST(columns) \
	" digest BLOB NOT NULL GENERATED ALWAYS AS (row_digest(" columns ")) STORED"

static const char *const version_1[] = {
	"CREATE TABLE desk ("
	" id INTEGER PRIMARY KEY,"
	" title TEXT NOT NULL UNIQUE,"
	" box_public BLOB CHECK (length(box_public) = 32),"
	" box_secret BLOB,"
	" box_made_at INTEGER,"
	DIGEST("'desk', id, title, box_public, box_secret, box_made_at")
	") STRICT",

	"CREATE TABLE mailbox ("
	" id INTEGER PRIMARY KEY,"
	" desk_id INTEGER NOT NULL REFERENCES desk (id),"
	" folder TEXT NOT NULL,"
	" uid_validity INTEGER NOT NULL CHECK (uid_validity BETWEEN 0 AND 4294967295),"
	" last_uid INTEGER NOT NULL CHECK (last_uid BETWEEN 0 AND 4294967295),"
	" first_seen INTEGER NOT NULL,"
	" last_pass INTEGER NOT NULL,"
	DIGEST("'mailbox', id, desk_id, folder, uid_validity, last_uid, first_seen, last_pass") ","
	" UNIQUE (desk_id, folder)"
	") STRICT",

	/*
	 * kept: 0 nothing, 1 as it came, 2 boxed. again: to be judged again. wanted:
	 * to be fetched again whole. in_case: some case has it.
	 */
	"CREATE TABLE message ("
	" id INTEGER PRIMARY KEY,"
	" desk_id INTEGER NOT NULL REFERENCES desk (id),"
	" direction INTEGER NOT NULL CHECK (direction BETWEEN 0 AND 1),"
	" kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 24),"
	" stage INTEGER NOT NULL CHECK (stage BETWEEN 0 AND 3),"
	" trust INTEGER NOT NULL CHECK (trust BETWEEN 0 AND 3),"
	" encrypted INTEGER NOT NULL CHECK (encrypted BETWEEN 0 AND 1),"
	" kept INTEGER NOT NULL CHECK (kept BETWEEN 0 AND 2),"
	" staff_said INTEGER NOT NULL CHECK (staff_said BETWEEN -1 AND 1),"
	" unfiled INTEGER NOT NULL CHECK (unfiled BETWEEN 0 AND 1),"
	" again INTEGER NOT NULL CHECK (again BETWEEN 0 AND 1),"
	" wanted INTEGER NOT NULL CHECK (wanted BETWEEN 0 AND 1),"
	" in_case INTEGER NOT NULL CHECK (in_case BETWEEN 0 AND 1),"
	" date INTEGER NOT NULL,"
	" received_at INTEGER NOT NULL,"
	" size INTEGER NOT NULL,"
	" sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
	" message_id TEXT,"
	" folder TEXT,"
	" signed_by TEXT,"
	" from_text TEXT,"
	" to_text TEXT,"
	" subject TEXT,"
	" problems TEXT,"
	" why TEXT,"
	DIGEST("'message', id, desk_id, direction, kind, stage, trust, encrypted, kept,"
		" staff_said, unfiled, again, wanted, in_case, date, received_at, size, sha256,"
		" message_id, folder, signed_by, from_text, to_text, subject, problems, why") ","
	" UNIQUE (desk_id, sha256)"
	") STRICT",
	/* Mail of no case is nine tenths of all: what only cases need is not indexed for it. */
	"CREATE INDEX message_by_id ON message (message_id) WHERE in_case = 1",
	"CREATE INDEX message_by_time ON message (received_at)",
	"CREATE INDEX message_related ON message (kind) WHERE kind <> 12",
	"CREATE INDEX message_out ON message (received_at) WHERE direction = 1",
	"CREATE INDEX message_unfiled ON message (received_at) WHERE unfiled = 1",
	"CREATE INDEX message_again ON message (id) WHERE again = 1",
	"CREATE INDEX message_wanted ON message (desk_id) WHERE wanted = 1",

	"CREATE TABLE message_place ("
	" mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),"
	" uid_validity INTEGER NOT NULL CHECK (uid_validity BETWEEN 0 AND 4294967295),"
	" uid INTEGER NOT NULL CHECK (uid BETWEEN 0 AND 4294967295),"
	" message_id INTEGER NOT NULL REFERENCES message (id),"
	DIGEST("'message_place', mailbox_id, uid_validity, uid, message_id") ","
	" PRIMARY KEY (mailbox_id, uid_validity, uid)"
	") STRICT, WITHOUT ROWID",
	"CREATE INDEX message_place_message ON message_place (message_id)",

	"CREATE TABLE message_raw ("
	" message_id INTEGER PRIMARY KEY REFERENCES message (id),"
	DIGEST("'message_raw', message_id, bytes") ","
	" bytes BLOB NOT NULL"
	") STRICT",

	"CREATE TABLE attachment ("
	" message_id INTEGER NOT NULL REFERENCES message (id),"
	" position INTEGER NOT NULL,"
	" name TEXT,"
	" type TEXT NOT NULL,"
	" size INTEGER NOT NULL,"
	DIGEST("'attachment', message_id, position, name, type, size") ","
	" PRIMARY KEY (message_id, position)"
	") STRICT, WITHOUT ROWID",

	/* key: the last 16 hex digits of a fingerprint; zeros for a hidden recipient. */
	"CREATE TABLE message_key ("
	" key TEXT NOT NULL,"
	" message_id INTEGER NOT NULL REFERENCES message (id),"
	DIGEST("'message_key', key, message_id") ","
	" PRIMARY KEY (key, message_id)"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE case_record ("
	" id INTEGER PRIMARY KEY,"
	" desk_id INTEGER NOT NULL REFERENCES desk (id),"
	" title TEXT NOT NULL,"
	" coordinator TEXT,"
	" origin INTEGER NOT NULL CHECK (origin BETWEEN 0 AND 3),"
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 1),"
	" stage INTEGER NOT NULL CHECK (stage BETWEEN 0 AND 3),"
	" phase INTEGER NOT NULL CHECK (phase BETWEEN 0 AND 5),"
	" trust INTEGER NOT NULL CHECK (trust BETWEEN 0 AND 3),"
	" number_bound INTEGER NOT NULL CHECK (number_bound BETWEEN 0 AND 1),"
	" assignee TEXT,"
	" opened_at INTEGER NOT NULL,"
	" updated_at INTEGER NOT NULL,"
	DIGEST("'case_record', id, desk_id, title, coordinator, origin, state, stage, phase,"
		" trust, number_bound, assignee, opened_at, updated_at")
	") STRICT",
	"CREATE INDEX case_record_state ON case_record (state)",
	"CREATE INDEX case_record_open ON case_record (desk_id, coordinator, opened_at)"
	" WHERE state = 0",

	"CREATE TABLE case_number ("
	" id INTEGER PRIMARY KEY,"
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" coordinator TEXT,"
	" number TEXT NOT NULL,"
	" bound INTEGER NOT NULL CHECK (bound BETWEEN 0 AND 1),"
	DIGEST("'case_number', id, case_id, coordinator, number, bound") ","
	" UNIQUE (case_id, number)"
	") STRICT",
	"CREATE INDEX case_number_number ON case_number (number, bound, case_id)",

	"CREATE TABLE case_site ("
	" id INTEGER PRIMARY KEY,"
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" site TEXT NOT NULL,"
	DIGEST("'case_site', id, case_id, site") ","
	" UNIQUE (case_id, site)"
	") STRICT",

	"CREATE TABLE case_message ("
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" message_id INTEGER NOT NULL REFERENCES message (id),"
	DIGEST("'case_message', case_id, message_id") ","
	" PRIMARY KEY (case_id, message_id)"
	") STRICT, WITHOUT ROWID",
	"CREATE INDEX case_message_message ON case_message (message_id)",

	/* Vendors, finders and staff who write or are written to; addresses in lower case. */
	"CREATE TABLE case_party ("
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" address TEXT NOT NULL,"
	DIGEST("'case_party', case_id, address") ","
	" PRIMARY KEY (case_id, address)"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE deadline ("
	" id INTEGER PRIMARY KEY,"
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 8),"
	" due INTEGER NOT NULL,"
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),"
	" source INTEGER NOT NULL CHECK (source BETWEEN 0 AND 2),"
	" from_message INTEGER REFERENCES message (id),"
	" met_by INTEGER REFERENCES message (id),"
	DIGEST("'deadline', id, case_id, kind, due, state, source, from_message, met_by")
	") STRICT",
	"CREATE INDEX deadline_case ON deadline (case_id, due)",
	"CREATE INDEX deadline_pending ON deadline (due) WHERE state = 0",
	"CREATE INDEX deadline_next ON deadline (case_id, due) WHERE state = 0",

	"CREATE TABLE checklist_tick ("
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" item TEXT NOT NULL,"
	" done_at INTEGER NOT NULL,"
	" done_by TEXT NOT NULL,"
	DIGEST("'checklist_tick', case_id, item, done_at, done_by") ","
	" PRIMARY KEY (case_id, item)"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE incident ("
	" case_id INTEGER PRIMARY KEY REFERENCES case_record (id),"
	" opened_at INTEGER NOT NULL,"
	" opened_by TEXT NOT NULL,"
	DIGEST("'incident', case_id, opened_at, opened_by")
	") STRICT",

	"CREATE TABLE incident_due ("
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" item TEXT NOT NULL,"
	" due INTEGER NOT NULL,"
	DIGEST("'incident_due', case_id, item, due") ","
	" PRIMARY KEY (case_id, item)"
	") STRICT, WITHOUT ROWID",

	/* case_id 0: of no case. hash: the case's own chain; chain: over all entries in order. */
	"CREATE TABLE log ("
	" id INTEGER PRIMARY KEY,"
	" case_id INTEGER NOT NULL,"
	" at INTEGER NOT NULL,"
	" who TEXT NOT NULL,"
	" what TEXT NOT NULL,"
	" hash BLOB NOT NULL CHECK (length(hash) = 32),"
	" chain BLOB NOT NULL CHECK (length(chain) = 32),"
	DIGEST("'log', id, case_id, at, who, what, hash, chain")
	") STRICT",
	"CREATE INDEX log_case ON log (case_id)",

	/* trying: since when an attempt is under way. */
	"CREATE TABLE outbox ("
	" id INTEGER PRIMARY KEY,"
	" case_id INTEGER REFERENCES case_record (id),"
	" desk_id INTEGER NOT NULL REFERENCES desk (id),"
	" kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 24),"
	" stage INTEGER NOT NULL CHECK (stage BETWEEN 0 AND 3),"
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5),"
	" tries INTEGER NOT NULL,"
	" trying INTEGER NOT NULL,"
	" next_try_at INTEGER NOT NULL,"
	" first_try_at INTEGER NOT NULL,"
	" created_at INTEGER NOT NULL,"
	" sent_at INTEGER NOT NULL,"
	" sealed INTEGER NOT NULL CHECK (sealed BETWEEN 0 AND 1),"
	" copied INTEGER NOT NULL CHECK (copied BETWEEN 0 AND 1),"
	" answers INTEGER REFERENCES message (id),"
	" message INTEGER REFERENCES message (id),"
	" to_text TEXT NOT NULL,"
	" message_id TEXT NOT NULL UNIQUE,"
	" last_error TEXT,"
	" smtp_reply TEXT,"
	" sha256 TEXT,"
	" keys TEXT,"
	" hold_why TEXT,"
	" staff TEXT,"
	" params TEXT,"
	DIGEST("'outbox', id, case_id, desk_id, kind, stage, state, tries, trying, next_try_at,"
		" first_try_at, created_at, sent_at, sealed, copied, answers, message, to_text,"
		" message_id, last_error, smtp_reply, sha256, keys, hold_why, staff, params")
	") STRICT",
	"CREATE UNIQUE INDEX outbox_one_acknowledgement ON outbox (case_id, stage)"
	" WHERE kind = 14 AND state <> 5",
	"CREATE INDEX outbox_acknowledged ON outbox (lower(to_text), created_at) WHERE kind = 14",
	"CREATE INDEX outbox_state ON outbox (state, next_try_at)",
	"CREATE INDEX outbox_uncopied ON outbox (id) WHERE state = 3 AND copied = 0",
	"CREATE INDEX outbox_case ON outbox (case_id) WHERE case_id IS NOT NULL",

	"CREATE TABLE outbox_bytes ("
	" outbox_id INTEGER PRIMARY KEY REFERENCES outbox (id),"
	DIGEST("'outbox_bytes', outbox_id, bytes") ","
	" bytes BLOB NOT NULL"
	") STRICT",

	"CREATE TABLE digest_sent ("
	" desk_id INTEGER NOT NULL REFERENCES desk (id),"
	" staff TEXT NOT NULL,"
	" at INTEGER NOT NULL,"
	DIGEST("'digest_sent', desk_id, staff, at") ","
	" PRIMARY KEY (desk_id, staff, at)"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE key_seen ("
	" desk_id INTEGER NOT NULL REFERENCES desk (id),"
	" fingerprint TEXT NOT NULL,"
	" first_seen INTEGER NOT NULL,"
	DIGEST("'key_seen', desk_id, fingerprint, first_seen") ","
	" PRIMARY KEY (desk_id, fingerprint)"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE value ("
	" name TEXT PRIMARY KEY,"
	" value TEXT NOT NULL,"
	DIGEST("'value', name, value")
	") STRICT, WITHOUT ROWID",
	NULL,
};

static const char *const version_2[] = {
	/* Where a case is found that was made part of another; into_id is never merged itself. */
	"CREATE TABLE case_merged ("
	" case_id INTEGER PRIMARY KEY REFERENCES case_record (id),"
	" into_id INTEGER NOT NULL REFERENCES case_record (id),"
	" at INTEGER NOT NULL,"
	DIGEST("'case_merged', case_id, into_id, at")
	") STRICT",
	"CREATE INDEX case_merged_into ON case_merged (into_id)",

	/* What the closing of its case ended: pending again when that is reopened. */
	"CREATE TABLE deadline_ended ("
	" deadline_id INTEGER PRIMARY KEY REFERENCES deadline (id),"
	DIGEST("'deadline_ended', deadline_id")
	") STRICT",

	/* Finders who agreed to an exchange of mail with the desk itself. */
	"CREATE TABLE case_finder ("
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" address TEXT NOT NULL,"
	" consented_at INTEGER NOT NULL,"
	DIGEST("'case_finder', case_id, address, consented_at") ","
	" PRIMARY KEY (case_id, address)"
	") STRICT, WITHOUT ROWID",

	/* A person parted it from its case: it stays where it was put when it is judged again. */
	"CREATE TABLE message_put ("
	" message_id INTEGER PRIMARY KEY REFERENCES message (id),"
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	DIGEST("'message_put', message_id, case_id")
	") STRICT",

	/*
	 * A mailbox tells whole seconds, our own letters know finer: within a second
	 * messages stand in the order in which they came on record.
	 */
	"DROP INDEX message_by_time",
	"DROP INDEX message_out",
	"DROP INDEX message_unfiled",
	"CREATE INDEX message_by_time ON message (received_at / 1000000)",
	"CREATE INDEX message_out ON message (received_at / 1000000) WHERE direction = 1",
	"CREATE INDEX message_unfiled ON message (received_at / 1000000) WHERE unfiled = 1",

	/* How many rows a table has, and the sum of their digests (tally.c). */
	"CREATE TABLE tally ("
	" name TEXT PRIMARY KEY,"
	" entries INTEGER NOT NULL,"
	" sum BLOB NOT NULL CHECK (length(sum) = 16),"
	DIGEST("'tally', name, entries, sum")
	") STRICT, WITHOUT ROWID",
	NULL,
};

static const char *const version_3[] = {
	/* Where mail lies that is on record and is still to be flagged or moved there. */
	"CREATE TABLE mark_due ("
	" mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),"
	" uid_validity INTEGER NOT NULL CHECK (uid_validity BETWEEN 0 AND 4294967295),"
	" uid INTEGER NOT NULL CHECK (uid BETWEEN 0 AND 4294967295),"
	DIGEST("'mark_due', mailbox_id, uid_validity, uid") ","
	" PRIMARY KEY (mailbox_id, uid_validity, uid)"
	") STRICT, WITHOUT ROWID",
	NULL,
};

static const char *const version_4[] = {
	/* What staff were told of a deadline (enum reminder), and of a case that is nobody's (enum untaken). */
	"CREATE TABLE reminded ("
	" deadline_id INTEGER PRIMARY KEY REFERENCES deadline (id),"
	" what INTEGER NOT NULL CHECK (what BETWEEN 1 AND 3),"
	" at INTEGER NOT NULL,"
	DIGEST("'reminded', deadline_id, what, at")
	") STRICT",
	"CREATE TABLE untaken ("
	" case_id INTEGER PRIMARY KEY REFERENCES case_record (id),"
	" what INTEGER NOT NULL CHECK (what BETWEEN 1 AND 2),"
	" at INTEGER NOT NULL,"
	DIGEST("'untaken', case_id, what, at")
	") STRICT",
	"CREATE INDEX case_untaken ON case_record (id) WHERE state = 0 AND assignee IS NULL",
	NULL,
};

static const char *const version_5[] = {
	/* What staff were told of a key's end (enum expiry), and of which end. */
	"CREATE TABLE key_told ("
	" desk_id INTEGER NOT NULL REFERENCES desk (id),"
	" fingerprint TEXT NOT NULL,"
	" ends INTEGER NOT NULL,"
	" step INTEGER NOT NULL CHECK (step BETWEEN 1 AND 4),"
	" at INTEGER NOT NULL,"
	DIGEST("'key_told', desk_id, fingerprint, ends, step, at") ","
	" PRIMARY KEY (desk_id, fingerprint)"
	") STRICT, WITHOUT ROWID",
	/* Alerts by person: which wait to be told with others, and which are letters (alert.c). */
	"CREATE INDEX outbox_alert_waits ON outbox (staff, desk_id, created_at)"
	" WHERE kind = 22 AND state = 1 AND tries = 0 AND next_try_at > created_at",
	/* The last that a server took of a desk's. */
	"CREATE INDEX outbox_sent ON outbox (desk_id, sent_at) WHERE state = 3",
	"CREATE INDEX outbox_alert ON outbox (staff, created_at) WHERE kind = 22 AND state <> 5",
	NULL,
};

static const char *const version_6[] = {
	/* What staff were told (enum reminder) of an item of a list for trouble under way, and of which day. */
	"CREATE TABLE incident_reminded ("
	" case_id INTEGER NOT NULL REFERENCES case_record (id),"
	" item TEXT NOT NULL,"
	" due INTEGER NOT NULL,"
	" what INTEGER NOT NULL CHECK (what BETWEEN 1 AND 3),"
	" at INTEGER NOT NULL,"
	DIGEST("'incident_reminded', case_id, item, due, what, at") ","
	" PRIMARY KEY (case_id, item, due)"
	") STRICT, WITHOUT ROWID",
	NULL,
};

static const char *const *const steps[] = { version_1, version_2, version_3, version_4, version_5,
	version_6 };

#define NEWEST ((int)(sizeof(steps) / sizeof(steps[0])))

static int
number_of(struct store *store, const char *pragma)
{
	return (int)store_ask_int(store, pragma, "");
}

/* What the file says of itself: new, ours and of which version, or none of ours. */
static enum outcome
look(struct store *store, int *version_r, struct err *err_r)
{
	int application = number_of(store, "PRAGMA application_id");
	int version = number_of(store, "PRAGMA user_version");
	bool empty = store_ask_int(store, "SELECT count(*) FROM sqlite_schema", "") == 0;

	if (store->outcome != DONE)
		return store_fault(store, err_r);
	if (application != STORE_APPLICATION_ID && !(empty && application == 0 && version == 0))
		return err_set(err_r, NEVER, "%s is a database, but not one of madoguchi",
			store->path);
	if (version > NEWEST)
		return err_set(err_r, NEVER,
			"%s is of version %d, made by a newer madoguchi: this one knows %d",
			store->path, version, NEWEST);
	*version_r = version;
	return DONE;
}

static int
run_step(struct store *store, int version)
{
	const char *const *sql = steps[version];
	char pragma[64];
	int code = SQLITE_OK;

	for (; *sql != NULL && code == SQLITE_OK; sql++)
		code = store_exec(store, *sql);
	if (code != SQLITE_OK)
		return code;
	(void)snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", version + 1);
	return store_exec(store, pragma);
}

/* Another process may have done it between our look and our lock: hence the second look. */
static enum outcome
bring_up(struct store *store, struct err *err_r)
{
	enum outcome outcome = store_begin(store, err_r);
	char pragma[64];
	int version, code;

	if (outcome != DONE)
		return outcome;
	outcome = look(store, &version, err_r);
	if (outcome != DONE) {
		store_rollback(store);
		return outcome;
	}
	(void)snprintf(pragma, sizeof(pragma), "PRAGMA application_id = %d", STORE_APPLICATION_ID);
	code = store_exec(store, pragma);
	for (; code == SQLITE_OK && version < NEWEST; version++)
		code = run_step(store, version);
	if (code == SQLITE_OK)
		store_tally_count(store);
	else
		store_failed(store, code);
	return store_commit(store, err_r);
}

enum outcome
store_migrate(struct store *store, bool create, struct err *err_r)
{
	int version;
	enum outcome outcome = look(store, &version, err_r);

	if (outcome != DONE || version == NEWEST)
		return outcome;
	if (!create)
		return err_set(err_r, NEVER,
			"%s is of version %d and must first be brought to version %d:"
			" start madoguchid once",
			store->path, version, NEWEST);
	return bring_up(store, err_r);
}
