/*
 * Drills, on the daemon's side: while the tool has one under way, the mail that it
 * sent through the smarthost is known by its Message-ID, judged as a coordinator's
 * would be, and answered; the answer is known likewise when it comes back. Both are
 * then removed from the mailbox. Neither becomes a message or a case on record, so
 * no list, deadline, digest or feed ever shows them; what stays is the outbox's
 * proof of what was sent, and a line in the desk's log.
 *
 * Nothing else may be taken for a drill's: not without one under way, not from
 * another address, not under another Message-ID (96 random bits), and only one that
 * the drill's own key signed is answered, at the window's own address alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/drills.h"

#include "flow/alerts.h"
#include "flow/parts.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "rule/drill.h"

#define DRILL_ARENA ((size_t)64 * 1024 * 1024)
#define ANSWER_MAX (1024u * 1024)

/* --- its mails, as they come --- */

struct coming {
	struct engine *engine;
	struct arena *arena;
	const struct intake_job *job;
	const char *desk;
	struct drill drill;
};

static const char *
message_id_of(const struct coming *coming, int64_t entry)
{
	const struct record_outbox *record =
		entry != 0 ? store_outbox_get(coming->engine->store, coming->arena, entry) : NULL;

	return record != NULL ? record->message_id : NULL;
}

/* Which of the two it is. What lies in Sent is a copy that the provider filed. */
static bool
which_mail(const struct coming *coming, enum drill_mail *mail_r)
{
	const char *id = coming->job->opening->facts->header.message_id;

	if (id == NULL)
		return false;
	if (text_equal(id, message_id_of(coming, coming->drill.question)))
		*mail_r = DRILL_QUESTION;
	else if (text_equal(id, message_id_of(coming, coming->drill.answer)))
		*mail_r = DRILL_ANSWER;
	else
		return false;
	if (coming->job->from_sent)
		*mail_r = DRILL_COPY;
	return true;
}

static void
question_came(struct coming *coming)
{
	struct engine *engine = coming->engine;
	struct drill *drill = &coming->drill;
	const struct policy *policy = &engine->conf->policy;
	size_t desk = coming->job->desk;
	struct drill_expected expected = { drill->number, drill->key, coming->job->internal_date,
		engine_now(engine) };
	struct record_outbox answer = { .kind = KIND_ACKNOWLEDGEMENT,
		.stage = STAGE_DETAILS,
		.state = OUTBOX_QUEUED,
		.to = policy->desks[desk].address,
		.copied = true };

	drill->came_at = expected.now;
	drill->folder = coming->job->folder;
	drill->failed = drill_judge(coming->arena, policy, desk, coming->job->opening->facts,
		&expected);
	if (drill->failed != NULL)
		return;
	answer.params = arena_printf(coming->arena,
		"drill: %s\nnumber: %s\nreceived_at: %lld\nreferences: %s\n", drill->key,
		drill_number_text(coming->arena, drill->number),
		(long long)coming->job->internal_date,
		coming->job->opening->facts->header.message_id);
	answer.message_id = drills_message_id(coming->arena, &policy->desks[desk]);
	drill->answer = outbox_put(engine, desk, &answer);
}

/* Its bytes, which are ciphertext, stand in the store until the tool has opened them. */
static void
answer_came(struct coming *coming)
{
	struct engine *engine = coming->engine;
	struct drill *drill = &coming->drill;
	struct io_map map = { 0 };
	struct err err = { "" };

	drill->back_at = engine_now(engine);
	drill->back_folder = coming->job->folder;
	drill->failed = drill_answered(&engine->conf->policy, coming->job->desk,
		coming->job->opening->facts, drill->number);
	if (drill->failed == NULL && io_map(coming->job->fd, ANSWER_MAX, &map, &err) != DONE)
		drill->failed = arena_strdup(coming->arena, err.text);
	if (drill->failed == NULL)
		drills_keep_answer(engine->store, coming->desk, (const char *)map.data, map.len);
	io_unmap(&map);
}

static void
take(struct coming *coming, enum drill_mail mail)
{
	struct drill *drill = &coming->drill;

	if (mail == DRILL_QUESTION && drill->came_at == 0)
		question_came(coming);
	else if (mail == DRILL_ANSWER && drill->back_at == 0)
		answer_came(coming);
	else
		return;
	drills_set(coming->engine->store, coming->desk, drill);
	log_info("desk=%s the drill's %s came%s%s", coming->desk,
		mail == DRILL_QUESTION ? "notification" : "answer",
		drill->failed != NULL ? ": " : "", drill->failed != NULL ? drill->failed : "");
}

bool
drills_take(struct engine *engine, struct intake_job *job)
{
	struct coming coming = { .engine = engine, .job = job,
		.desk = engine_policy(engine, job->desk)->title };
	enum drill_mail mail = DRILL_COPY;
	bool taken;

	if (job->again != 0 || job->header_only || engine->options.dry || job->mailbox == 0 ||
		!drill_from_window(&engine->conf->policy, job->desk, job->opening->facts))
		return false;
	coming.arena = arena_new(ARENA_PLAIN, DRILL_ARENA);
	taken = drills_get(engine->store, coming.arena, coming.desk, &coming.drill) &&
		engine_now(engine) <= coming.drill.until && which_mail(&coming, &mail);
	if (taken)
		take(&coming, mail);
	/* What is not as it should be stays where it is, and is filed as any mail is. */
	taken = taken && coming.drill.failed == NULL;
	job->removes = taken;
	job->removed_mail = mail;
	arena_free(&coming.arena);
	return taken;
}

/* --- and go --- */

void
drills_remove(struct engine *engine, const struct intake_job *job)
{
	struct flow_mailbox *mailbox = &engine->desks[job->desk].mailbox;

	frame_start(&engine->frame, FRAME_REMOVE);
	frame_put_u32(&engine->frame, job->removed_mail);
	frame_put_string(&engine->frame, job->folder);
	frame_put_u32(&engine->frame, job->uid_validity);
	frame_put_u32(&engine->frame, job->uid);
	frame_put_string(&engine->frame, job->opening->facts->header.message_id);
	house_send(engine->house, mailbox->wire, &engine->frame);
	mailbox->removing++;
}

bool
drills_removed(struct engine *engine, size_t desk, struct frame *frame)
{
	struct flow_mailbox *mailbox = &engine->desks[desk].mailbox;
	const char *title = engine_policy(engine, desk)->title;
	enum drill_mail mail = (enum drill_mail)frame_get_below(frame, DRILL_MAILS);
	struct arena *arena;
	enum outcome outcome;
	struct drill drill;
	struct err err = { "" }, unwritten;

	if (!frames_get_outcome(frame, &outcome, &err) || !frame_end(frame) || mailbox->removing == 0)
		return false;
	mailbox->removing--;
	arena = arena_new(ARENA_PLAIN, DRILL_ARENA);
	if (store_begin(engine->store, &unwritten) == DONE) {
		if (drills_get(engine->store, arena, title, &drill)) {
			drill.gone[mail] = outcome == DONE;
			if (outcome != DONE)
				drill.left = err.text;
			drills_set(engine->store, title, &drill);
		}
		store_commit(engine->store, &unwritten);
	}
	arena_free(&arena);
	return true;
}

/* --- whose tool was killed --- */

void
drills_look(struct engine *engine, size_t desk)
{
	const char *title = engine_policy(engine, desk)->title;
	int64_t now = engine_now(engine);
	struct err err;

	if (!drills_dead(engine->store, title, now) || store_begin(engine->store, &err) != DONE)
		return;
	(void)drills_end_dead(engine->store, engine->conf, desk, now, "madoguchid");
	if (store_commit(engine->store, &err) != DONE)
		return;
	engine->outbox_changed = true;
	log_info("desk=%s a drill was cut off before its end: nothing of it is sent any more", title);
}

/* --- none for too long --- */

static void
tell_late(struct engine *engine, size_t desk, struct arena *arena, int64_t passed_at)
{
	struct alert alert = { .kind = ALERT_DRILL, .to = ALERT_TO_STAFF,
		.detail = arena_printf(arena, "no drill has passed for more than %d days",
			DRILL_LATE_DAYS) };
	struct err err;

	if (store_begin(engine->store, &err) != DONE)
		return;
	(void)alerts_add(engine->store, engine->conf, desk, &alert, engine_now(engine));
	drills_tell(engine->store, engine_policy(engine, desk)->title, passed_at);
	if (store_commit(engine->store, &err) == DONE)
		engine->outbox_changed = true;
}

void
drills_remind(struct engine *engine, size_t desk, struct arena *arena)
{
	const char *title = engine_policy(engine, desk)->title;
	int64_t passed_at, last_at;

	drills_last(engine->store, title, &passed_at, &last_at);
	if (drill_late(passed_at, engine_now(engine)) && !drills_told(engine->store, title, passed_at))
		tell_late(engine, desk, arena, passed_at);
}
