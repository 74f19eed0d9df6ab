/*
 * What staff are told when mail is what fails: the same words that a letter would have,
 * and what waits to be mailed, to alert_command's input. It may be shown to anybody
 * whom the command tells: numbers, times and what to do alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "flow/summary.h"
#include "flow/templates.h"
#include "view/alert_list.h"
#include "view/mailtext.h"
#include "view/spoken.h"

#include <string.h>

#define OUTAGE_ALERTS 100	/* alerts that are listed */

/* What several persons would be told is one line. */
static size_t
once_each(struct alert_line *lines, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		bool seen = lines[i].kind == ALERT_NONE || lines[i].kind == ALERT_SEVERAL;

		for (size_t k = 0; k < kept && !seen; k++)
			seen = alert_line_equal(&lines[k], &lines[i]);
		if (!seen)
			lines[kept++] = lines[i];
	}
	return kept;
}

static char *
what_waits(struct engine *engine, size_t desk, struct arena *arena)
{
	struct record_outbox *list;
	size_t count = store_alerts_unsent(engine->store, arena, engine_policy(engine, desk)->title,
		OUTAGE_ALERTS, &list);
	struct alert_line *lines = summary_lines(arena,
		engine_policy(engine, desk)->time_zone, engine_policy(engine, desk)->language, list, count);

	return alert_list_text(arena, engine_policy(engine, desk)->language, lines,
		once_each(lines, count));
}

static enum outcome
make_text(struct engine *engine, size_t desk, struct arena *arena, const struct store_stuck *stuck,
	char **text_r, struct err *err_r)
{
	const struct policy_desk *policy = engine_policy(engine, desk);
	struct mailtext_value values[TEMPLATE_VALUES];
	struct mailtext mail;

	for (size_t i = 0; i < TEMPLATE_VALUES; i++)
		values[i] = (struct mailtext_value){ template_values[i], NULL };
	values[VALUE_DESK_NAME].value = policy->name;
	values[VALUE_SINCE].value = spoken_time(arena, stuck->since, policy->time_zone);
	values[VALUE_COUNT].value = arena_printf(arena, "%lld", (long long)stuck->count);
	values[VALUE_BODY].value = what_waits(engine, desk, arena);
	if (mailtext_fill(arena, templates_find(engine, policy->language, "alert-outbox-silent"), values,
		TEMPLATE_VALUES, &mail, err_r) != DONE)
		return NEVER;
	*text_r = arena_printf(arena, "Subject: %s\n\n%s", mail.subject, mail.body);
	return DONE;
}

void
outage_tell(struct engine *engine, size_t desk, struct arena *arena, const struct store_stuck *stuck)
{
	struct err err;
	char *text;
	int fd;

	if (engine->conf->alert_command[0] == '\0')
		return;
	if (make_text(engine, desk, arena, stuck, &text, &err) != DONE) {
		log_err("desk=%s alert_command is not run: %s", engine_policy(engine, desk)->title, err.text);
		return;
	}
	fd = io_memfd(text, strlen(text));
	if (fd >= 0)
		house_errand(engine->house, ERRAND_ALERT, desk, fd);
	else
		log_err("desk=%s alert_command is not run: no memory for its text",
			engine_policy(engine, desk)->title);
	io_close(&fd);
}
