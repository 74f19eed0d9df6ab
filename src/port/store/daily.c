/*
 * What a digest is made of, read in one state of the store: the first rows of each list,
 * and how many there are in all. No text of a mail, no address, no reason of a failure
 * is read here: a digest may go in clear.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/store.h"

#include "private.h"

#include "base/clock.h"
#include "rule/checklist.h"

#include <string.h>

/* What all parts ask for. */
struct asking {
	struct store *store;
	struct arena *arena;
	int64_t desk;		/* its row */
	int64_t first, last;	/* the ids between which is what came and was sent */
	int64_t from;		/* and received later than that */
	const struct store_daily *want;
	struct daily *daily;
};

/*
 * Whether a case of the desk ?1 is told: to an outsider, whose title is that parameter (else NULL),
 * what is the outsider's: the outsider's own, and the case of which a mail went there, as long as the
 * mail is in it, else where it was moved. Params of what is forwarded begin with it (flow/forwards.c).
 */
#define FORWARDED(title) \
	"SELECT w.case_id FROM outbox v INDEXED BY outbox_sent CROSS JOIN case_message w" \
	" WHERE v.desk_id = ?1 AND v.state = 3 AND v.kind = 21 AND v.staff = " title \
	" AND v.params GLOB 'carries: *' AND w.message_id = CAST(substr(v.params, 10) AS INTEGER)" \
	" AND (w.case_id = v.case_id OR NOT EXISTS (SELECT 1 FROM case_message y" \
	" WHERE y.case_id = v.case_id AND y.message_id = w.message_id))"
#define TOLD(case_id, title) \
	"(" title " IS NULL OR " case_id " IN (" FORWARDED(title) ")" \
	" OR EXISTS (SELECT 1 FROM case_record v WHERE v.id = " case_id " AND v.assignee = " title "))"

_Static_assert(KIND_FORWARD == 21 && OUTBOX_SENT == 3, "what went to an outsider");

#define CASE_OF_MESSAGE(title) \
	"(SELECT min(x.case_id) FROM case_message x WHERE x.message_id = m.id AND " \
	TOLD("x.case_id", title) ")"

/* The case whose id stands in that column, with its main number. */
static void
read_case(struct asking *asking, sqlite3_stmt *row, int column, struct daily_case *of)
{
	sqlite3_stmt *number;

	of->id = sqlite3_column_int64(row, column);
	if (of->id == 0)
		return;
	number = store_ask(asking->store,
		"SELECT n.number, c.number_bound FROM case_record c JOIN case_number n"
		" ON n.case_id = c.id WHERE c.id = ? ORDER BY n.bound DESC, n.id LIMIT 1", "i", of->id);
	while (store_row(asking->store, number)) {
		of->number = store_text(asking->arena, number, 0);
		of->bound = sqlite3_column_int(number, 1) != 0;
	}
}

/*
 * Tables are walked in the order in which their rows lie, and what is not in memory is read from
 * the disk once: by cases in any other order each of a hundred thousand is a page of its own.
 */
#define OPEN_CASES "case_record c INDEXED BY case_record_state"
#define OPEN_HERE(title) \
	"c.state = 0 AND c.desk_id = ?1 AND c.opened_at <= ?2 AND " TOLD("c.id", title)

/*
 * Deadlines that are pending, the most urgent first or by case, and items of lists for trouble
 * under way that are not ticked.
 */
#define BY_DUE \
	"deadline l INDEXED BY deadline_pending CROSS JOIN case_record c" \
	" WHERE l.state = 0 AND c.id = l.case_id AND " OPEN_HERE("?4")
#define BY_CASE \
	OPEN_CASES " CROSS JOIN deadline l INDEXED BY deadline_next" \
	" WHERE l.state = 0 AND l.case_id = c.id AND " OPEN_HERE("?4")
#define TROUBLES \
	"incident p CROSS JOIN case_record c CROSS JOIN incident_due i" \
	" WHERE c.id = p.case_id AND i.case_id = p.case_id AND " OPEN_HERE("?4") " AND NOT EXISTS" \
	" (SELECT 1 FROM checklist_tick t WHERE t.case_id = i.case_id AND t.item = i.item)"

static void
read_owed(struct asking *asking)
{
	struct daily *daily = asking->daily;
	sqlite3_stmt *row = store_ask(asking->store,
		"SELECT o.owner, o.kind, o.item, coalesce((SELECT f.received_at"
		" FROM message f WHERE f.id = o.source), o.opened_at), o.due,"
		" (SELECT c.assignee FROM case_record c WHERE c.id = o.owner)"
		" FROM (SELECT l.case_id AS owner, l.kind AS kind, l.due AS due, NULL AS item,"
		" l.from_message AS source, c.opened_at AS opened_at FROM " BY_DUE
		" UNION ALL SELECT i.case_id, 0, i.due, i.item, NULL, p.opened_at FROM " TROUBLES
		" ORDER BY due, owner LIMIT ?3) o ORDER BY o.due, o.owner",
		"iiit", asking->desk, daily->now, (int64_t)asking->want->limit, asking->want->only);

	while (store_row(asking->store, row)) {
		struct daily_owed *owed;

		daily->owed = store_grow(asking->arena, daily->owed, daily->owed_count,
			sizeof(*daily->owed));
		owed = &daily->owed[daily->owed_count++];
		read_case(asking, row, 0, &owed->of);
		owed->kind = (enum deadline_kind)store_below(asking->store, row, 1, DEADLINE_KINDS);
		owed->item = store_text(asking->arena, row, 2);
		owed->began = sqlite3_column_int64(row, 3);
		owed->due = sqlite3_column_int64(row, 4);
		owed->assignee = store_text(asking->arena, row, 5);
	}
	/* The last second is still in time. */
	row = store_ask(asking->store,
		"SELECT count(*), total(o.due + 1000000 <= ?2), total(o.due <= ?3)"
		" FROM (SELECT l.due AS due FROM " BY_CASE
		" UNION ALL SELECT i.due FROM " TROUBLES ") o",
		"iiit", asking->desk, daily->now, asking->want->soon_until, asking->want->only);
	while (store_row(asking->store, row)) {
		daily->owed_all = sqlite3_column_int64(row, 0);
		daily->overdue = sqlite3_column_int64(row, 1);
		daily->soon = sqlite3_column_int64(row, 2) - daily->overdue;
	}
}

/*
 * Of the desk, and not told before. The ids leave few rows of a million, and no index of times is
 * to be walked to have those in their order. ?6 is an outsider.
 */
#define NEW \
	" WHERE m.desk_id = ?1 AND m.id BETWEEN ?2 AND ?3 AND m.received_at > ?4" \
	" AND m.received_at <= ?5 AND (?6 IS NULL OR " CASE_OF_MESSAGE("?6") " IS NOT NULL)"
#define IS_CAME "m.direction = 0 AND m.kind NOT IN (11, 12)"
#define CAME " FROM message m NOT INDEXED" NEW " AND " IS_CAME
#define SENT \
	" FROM message m NOT INDEXED LEFT JOIN outbox o ON o.message_id = m.message_id" NEW \
	" AND m.direction = 1"
#define UNFILED " FROM message m WHERE m.unfiled = 1 AND +m.desk_id = ?1 AND m.received_at <= ?2"

_Static_assert(KIND_OWN == 11 && KIND_UNRELATED == 12, "kinds that are not told");

#define MAIL_COLUMNS(title) \
	CASE_OF_MESSAGE(title) ", m.id, m.received_at, m.kind, m.trust, m.encrypted"
#define NEWEST_FIRST " ORDER BY m.received_at / 1000000 DESC, m.id DESC LIMIT "

static struct daily_mail *
read_mails(struct asking *asking, sqlite3_stmt *row, size_t *count_r)
{
	struct daily_mail *list = NULL;
	size_t count = 0;

	while (store_row(asking->store, row)) {
		struct daily_mail *mail;

		list = store_grow(asking->arena, list, count, sizeof(*list));
		mail = &list[count++];
		read_case(asking, row, 0, &mail->of);
		mail->id = sqlite3_column_int64(row, 1);
		mail->received_at = sqlite3_column_int64(row, 2);
		mail->kind = (enum mail_kind)store_below(asking->store, row, 3, MAIL_KINDS);
		mail->trust = (enum trust)store_below(asking->store, row, 4, TRUSTS);
		mail->encrypted = sqlite3_column_int(row, 5) != 0;
	}
	*count_r = count;
	return list;
}

static void
read_came(struct asking *asking)
{
	struct daily *daily = asking->daily;
	int64_t until = asking->want->until, limit = (int64_t)asking->want->limit;
	const char *only = asking->want->only;
	sqlite3_stmt *row;

	daily->came = read_mails(asking,
		store_ask(asking->store, "SELECT " MAIL_COLUMNS("?6") CAME NEWEST_FIRST "?7", "iiiiiti",
			asking->desk, asking->first, asking->last, asking->from, until, only, limit),
		&daily->came_count);
	row = store_ask(asking->store,
		"SELECT total(" IS_CAME "), total(m.kind = 12) FROM message m NOT INDEXED" NEW, "iiiiit",
		asking->desk, asking->first, asking->last, asking->from, until, only);
	while (store_row(asking->store, row)) {
		daily->came_all = sqlite3_column_int64(row, 0);
		daily->unrelated = sqlite3_column_int64(row, 1);
	}
}

/* What is of no case, and waits for somebody to file it: the house's alone. */
static void
read_unfiled(struct asking *asking)
{
	struct daily *daily = asking->daily;
	int64_t until = asking->want->until;

	daily->unfiled = read_mails(asking,
		store_ask(asking->store, "SELECT " MAIL_COLUMNS("NULL") UNFILED NEWEST_FIRST "?3", "iii",
			asking->desk, until, (int64_t)asking->want->limit),
		&daily->unfiled_count);
	daily->unfiled_all = store_ask_int(asking->store, "SELECT count(*)" UNFILED, "ii",
		asking->desk, until);
}

static void
read_sent(struct asking *asking)
{
	struct daily *daily = asking->daily;
	sqlite3_stmt *row = store_ask(asking->store,
		"SELECT coalesce(CASE WHEN ?6 IS NULL THEN o.case_id END, " CASE_OF_MESSAGE("?6") "), o.id,"
		" m.received_at, m.kind, o.smtp_reply, o.sha256, m.encrypted" SENT NEWEST_FIRST "?7",
		"iiiiiti", asking->desk, asking->first, asking->last, asking->from, asking->want->until,
		asking->want->only, (int64_t)asking->want->limit);

	while (store_row(asking->store, row)) {
		struct daily_sent *sent;

		daily->sent = store_grow(asking->arena, daily->sent, daily->sent_count,
			sizeof(*daily->sent));
		sent = &daily->sent[daily->sent_count++];
		read_case(asking, row, 0, &sent->of);
		sent->entry = sqlite3_column_int64(row, 1);
		sent->sent_at = sqlite3_column_int64(row, 2);
		sent->kind = (enum mail_kind)store_below(asking->store, row, 3, MAIL_KINDS);
		sent->reply = store_text(asking->arena, row, 4);
		sent->sha256 = store_text(asking->arena, row, 5);
		sent->encrypted = sqlite3_column_int(row, 6) != 0;
	}
	daily->sent_all = store_ask_int(asking->store, "SELECT count(*)" SENT, "iiiiit", asking->desk,
		asking->first, asking->last, asking->from, asking->want->until, asking->want->only);
}

#define STUCK " FROM outbox o WHERE o.state IN (0, 2, 4) AND o.desk_id = ?1"

static void
read_stuck(struct asking *asking)
{
	struct daily *daily = asking->daily;
	sqlite3_stmt *row = store_ask(asking->store,
		"SELECT o.case_id, o.id, o.next_try_at, o.kind, o.state, o.hold_why"
		STUCK " ORDER BY o.id LIMIT ?2", "ii", asking->desk, (int64_t)asking->want->limit);

	while (store_row(asking->store, row)) {
		struct daily_stuck *stuck;

		daily->stuck = store_grow(asking->arena, daily->stuck, daily->stuck_count,
			sizeof(*daily->stuck));
		stuck = &daily->stuck[daily->stuck_count++];
		read_case(asking, row, 0, &stuck->of);
		stuck->entry = sqlite3_column_int64(row, 1);
		stuck->next_try_at = sqlite3_column_int64(row, 2);
		stuck->kind = (enum mail_kind)store_below(asking->store, row, 3, MAIL_KINDS);
		stuck->state = (enum outbox_state)store_below(asking->store, row, 4, OUTBOX_STATES);
		stuck->why = store_text(asking->arena, row, 5);
	}
	row = store_ask(asking->store,
		"SELECT o.state, count(*) FROM outbox o WHERE o.state IN (0, 1, 2, 4)"
		" AND o.desk_id = ? GROUP BY o.state", "i", asking->desk);
	while (store_row(asking->store, row))
		daily->outbox[store_below(asking->store, row, 0, OUTBOX_STATES)] =
			sqlite3_column_int64(row, 1);
}

/* What is ticked of the list for trouble is none of the checklist. */
static void
read_progress(struct asking *asking)
{
	sqlite3_stmt *row = store_ask(asking->store,
		"SELECT c.phase, count(*), total((SELECT count(*) FROM checklist_tick t"
		" WHERE t.case_id = c.id AND t.item NOT IN (?3, ?4, ?5, ?6))) FROM " OPEN_CASES
		" WHERE " OPEN_HERE("?7") " GROUP BY c.phase",
		"iittttt", asking->desk, asking->daily->now, incident_items[0].item,
		incident_items[1].item, incident_items[2].item, incident_items[3].item,
		asking->want->only);

	_Static_assert(INCIDENT_ITEMS == 4, "each item has its parameter");
	while (store_row(asking->store, row)) {
		struct daily_progress *progress =
			&asking->daily->progress[store_below(asking->store, row, 0, PHASES)];

		progress->cases = sqlite3_column_int64(row, 1);
		progress->ticks = sqlite3_column_int64(row, 2);
	}
}

/* What is new: behind the last digest's last message, or else received since. */
static void
find_new(struct asking *asking)
{
	const struct store_daily *want = asking->want;

	asking->last = asking->daily->newest =
		store_ask_int(asking->store, "SELECT max(id) FROM message", "");
	asking->first = want->after + 1;
	asking->from = INT64_MIN;
	if (want->after >= 0)
		return;
	asking->from = want->since;
	asking->first = store_ask_int(asking->store,
		"SELECT coalesce(min(m.id), ?2) FROM message m WHERE m.received_at / 1000000 >= ?1", "ii",
		want->since / CLOCK_SECOND, INT64_MAX);
}

void
store_daily(struct store *store, struct arena *arena, const struct store_daily *want,
	struct daily *daily_r)
{
	bool snapshot = store_snapshot(store);
	struct asking asking = { .store = store, .arena = arena, .want = want, .daily = daily_r };

	memset(daily_r, 0, sizeof(*daily_r));
	daily_r->since = want->since;
	daily_r->now = want->now;
	daily_r->soon_until = want->soon_until;
	asking.desk = store_ask_int(store, "SELECT id FROM desk WHERE title = ?", "t", want->desk);
	find_new(&asking);
	read_owed(&asking);
	read_came(&asking);
	read_sent(&asking);
	if (want->only == NULL) {
		read_unfiled(&asking);
		read_stuck(&asking);
	}
	read_progress(&asking);
	store_log_head(store, daily_r->log_head);
	store_snapshot_end(store, snapshot);
}
