/*
 * The records as JSON, in the shapes and spellings of doc/RULES 5. Values in,
 * JSON out; what may not be told (inner subjects, names of attachments) is not
 * in the records.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_JSON_RECORD_H
#define VIEW_JSON_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "rule/checklist.h"
#include "rule/record.h"

struct arena;
struct jsontext;
struct policy;

/* For whom and when: zones and languages of the desks, and which deadline is overdue. */
struct json_view {
	struct arena *arena;
	const struct policy *policy;
	int64_t now;
};

/* What `case show` tells of a case beside its record. */
struct json_case {
	const struct record_case *record;
	const struct record_message *messages;
	size_t message_count;
	const char *const *texts;	/* opened, one a message, or NULL; NULL: no member `text` */
	const struct record_message *unfiled;	/* mail in no case that names one of its numbers */
	size_t unfiled_count;
	const struct record_deadline *deadlines;
	size_t deadline_count;
	const struct checklist *checklist;
	const struct record_tick *ticks;
	size_t tick_count;
	const struct record_incident *incident;	/* NULL for none */
	const struct record_finder *finders;	/* who agreed to a direct exchange */
	size_t finder_count;
	const struct record_log *log;
	size_t log_count;
	const struct json_merged *merged;
	size_t merged_count;
};

/* A case that was merged into it, with its own log. */
struct json_merged {
	struct record_merged record;
	const struct record_log *log;
	size_t log_count;
};

/* An element of `case list`. */
struct jsontext *json_case_head(const struct json_view *view, const struct record_case *record);

/*
 * The object of `case show`: head, message_list, unfiled, deadlines, checklist,
 * incident, finders, log, merged.
 */
struct jsontext *json_case_whole(const struct json_view *view, const struct json_case *what);

/* An element of message_list. */
struct jsontext *json_message(const struct json_view *view, const struct record_message *record);

/* An element of `message list`: the same with case (the first, or null), cases, folder and desk. */
struct jsontext *json_message_listed(const struct json_view *view,
	const struct record_message *record);

/* An outbox entry; with its proof once it was sent. */
struct jsontext *json_outbox(const struct json_view *view, const struct record_outbox *record);

/* {kind, due, overdue} */
struct jsontext *json_next_deadline(const struct json_view *view,
	const struct record_deadline *record, const char *zone);

/* Who ticked an item of the case, NULL for nobody. */
const struct record_tick *json_tick(const struct json_case *what, const char *item);

/* An item's title in the desk's language. */
const char *json_item_title(const struct policy *policy, const char *desk,
	const struct checklist_item *item);

/* The title of an item of an incident's list likewise; when it is due, 0 for no date. */
const char *json_incident_title(const struct policy *policy, const char *desk,
	const struct incident_item *item);
int64_t json_incident_due(const struct record_incident *incident, const char *item);

/* Every line of a text of lines, as an array. */
struct jsontext *json_lines(struct arena *arena, const char *lines);

/* The zone in which a desk's times are told: "UTC" for one that the conf no longer has. */
const char *json_zone(const struct policy *policy, const char *desk);

#endif
