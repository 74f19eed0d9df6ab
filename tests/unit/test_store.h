/*
 * What the store's test programs share: a store in memory or in a throw-away
 * folder, and records to put into it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_STORE_H
#define TEST_STORE_H

#include "base/arena.h"
#include "base/text.h"
#include "port/box.h"
#include "port/store.h"
#include "rule/policy.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOW INT64_C(1795392000000000)
#define SECOND INT64_C(1000000)
#define DAY (INT64_C(86400) * 1000000)
#define HOUR (INT64_C(3600) * 1000000)

static struct store *store;
static struct arena *arena;
static struct err err;
static char folder[64];
static char path[96];

/* Some test programs do without one or the other. */
#define UNUSED __attribute__((unused))

static void
set_up_arena(void)
{
	box_start();
	arena = arena_new(ARENA_PLAIN, (size_t)512 * 1024 * 1024);
	err.text[0] = '\0';
}

UNUSED static void
set_up_memory(void)
{
	set_up_arena();
	ck_assert_msg(store_open(":memory:", true, &store, &err) == DONE, "%s", err.text);
}

/* A folder of its own; the store itself is opened by the test. */
UNUSED static void
set_up_folder(void)
{
	set_up_arena();
	snprintf(folder, sizeof(folder), "/tmp/store-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/cases.db", folder);
}

UNUSED static void
open_store(void)
{
	ck_assert_msg(store_open(path, true, &store, &err) == DONE, "%s", err.text);
}

UNUSED static void
tear_down(void)
{
	static const char *const names[] = { "cases.db", "cases.db-wal", "cases.db-shm",
		"cases.db.lock", "copy.db", "copy.db.part", "link.db" };
	char name[128];

	store_close(&store);
	arena_free(&arena);
	for (size_t i = 0; folder[0] != '\0' && i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
		unlink(name);
	}
	if (folder[0] != '\0')
		rmdir(folder);
}

UNUSED static void
begin(void)
{
	ck_assert_msg(store_begin(store, &err) == DONE, "%s", err.text);
}

UNUSED static void
commit(void)
{
	ck_assert_msg(store_commit(store, &err) == DONE, "%s", err.text);
}

UNUSED static void
no_fault(void)
{
	ck_assert_msg(store_fault(store, &err) == DONE, "%s", err.text);
}

/* A plain mail in; its bytes are its name. */
UNUSED static struct record_message
message_record(const char *name)
{
	struct record_message message = { .desk = "www",
		.kind = KIND_CONTACT_REQUEST,
		.stage = STAGE_CONTACT,
		.trust = TRUST_AUTHENTICATED,
		.message_id = name,
		.from = "Vuln <vuln@ipa.example>",
		.to = "security@example.jp",
		.date = NOW,
		.received_at = NOW,
		.subject = "[IPA#12345678]",
		.size = (int64_t)strlen(name) };

	box_sha256(name, strlen(name), message.sha256);
	return message;
}

UNUSED static int64_t
add_message(const char *name)
{
	struct record_message message = message_record(name);

	return store_message_add(store, &message, name, strlen(name));
}

UNUSED static struct record_case
case_record(void)
{
	return (struct record_case){ .desk = "www",
		.title = "a case",
		.coordinator = "IPA",
		.origin = ORIGIN_COORDINATOR,
		.state = CASE_OPEN,
		.stage = STAGE_CONTACT,
		.phase = PHASE_RECEIVE,
		.trust = TRUST_AUTHENTICATED,
		.opened_at = NOW,
		.updated_at = NOW };
}

UNUSED static int64_t
add_case(void)
{
	struct record_case record = case_record();

	return store_case_add(store, &record);
}

UNUSED static struct record_outbox
outbox_record(const char *message_id)
{
	return (struct record_outbox){ .desk = "www",
		.kind = KIND_REPLY,
		.to = "vuln@ipa.example",
		.state = OUTBOX_QUEUED,
		.message_id = message_id,
		.created_at = NOW };
}

UNUSED static int64_t
add_outbox(const char *message_id)
{
	struct record_outbox entry = outbox_record(message_id);

	return store_outbox_add(store, &entry);
}

#endif
