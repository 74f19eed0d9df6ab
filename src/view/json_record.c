/*
 * The shapes of doc/RULES 5, field by field in its order. Must not decide
 * anything: what a record does not hold is null.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/json_record.h"

#include "base/arena.h"
#include "base/text.h"
#include "rule/deadline.h"
#include "view/json.h"

#include <string.h>

const char *
json_zone(const struct policy *policy, const char *desk)
{
	const struct policy_desk *found = policy_desk_of(policy, desk);

	return found != NULL ? found->time_zone : "UTC";
}

static struct jsontext *
strings(struct arena *arena, const char *const *list, size_t count)
{
	struct jsontext *array = jsontext_array(arena);

	for (size_t i = 0; i < count; i++)
		jsontext_add_string(array, list[i]);
	return array;
}

static struct jsontext *
ids(struct arena *arena, const int64_t *list, size_t count)
{
	struct jsontext *array = jsontext_array(arena);

	for (size_t i = 0; i < count; i++)
		jsontext_add_number(array, list[i]);
	return array;
}

/* What stands between separators, none of it empty. */
static struct jsontext *
pieces(struct arena *arena, const char *text, const char *separators)
{
	struct jsontext *array = jsontext_array(arena);

	while (text != NULL && *text != '\0') {
		size_t len = strcspn(text, separators);

		if (len > 0)
			jsontext_add_string(array, arena_strndup(arena, text, len));
		text += len + (text[len] != '\0');
	}
	return array;
}

struct jsontext *
json_lines(struct arena *arena, const char *lines)
{
	return pieces(arena, lines, "\n");
}

struct jsontext *
json_next_deadline(const struct json_view *view, const struct record_deadline *record,
	const char *zone)
{
	struct jsontext *object = jsontext_object(view->arena);

	jsontext_string(object, "kind", deadline_name(record));
	jsontext_time(object, "due", record->due, zone);
	jsontext_bool(object, "overdue", deadline_overdue(record->due, record->state, view->now));
	return object;
}

struct jsontext *
json_case_head(const struct json_view *view, const struct record_case *record)
{
	struct jsontext *object = jsontext_object(view->arena);
	const char *zone = json_zone(view->policy, record->desk);

	jsontext_number(object, "id", record->id);
	jsontext_string(object, "desk", record->desk);
	jsontext_string(object, "title", record->title);
	jsontext_string(object, "number", record->number_count > 0 ? record->numbers[0] : NULL);
	jsontext_put(object, "numbers",
		strings(view->arena, record->numbers, record->number_count));
	jsontext_bool(object, "number_bound", record->number_bound);
	jsontext_string(object, "coordinator", record->coordinator);
	jsontext_string(object, "origin", origin_name(record->origin));
	jsontext_string(object, "state", case_state_name(record->state));
	jsontext_string(object, "stage", stage_name(record->stage));
	jsontext_string(object, "phase", phase_name(record->phase));
	jsontext_string(object, "trust", trust_name(record->trust));
	jsontext_put(object, "sites", strings(view->arena, record->sites, record->site_count));
	jsontext_time(object, "opened_at", record->opened_at, zone);
	jsontext_time(object, "updated_at", record->updated_at, zone);
	jsontext_number(object, "messages", record->messages);
	jsontext_string(object, "assignee", record->assignee);
	jsontext_put(object, "beside", ids(view->arena, record->beside, record->beside_count));
	jsontext_put(object, "next_deadline",
		record->has_deadline ? json_next_deadline(view, &record->next_deadline, zone)
				     : NULL);
	return object;
}

static struct jsontext *
attachments(const struct json_view *view, const struct record_message *record)
{
	struct jsontext *array = jsontext_array(view->arena);

	for (size_t i = 0; i < record->attachment_count; i++) {
		struct jsontext *object = jsontext_object(view->arena);

		jsontext_string(object, "name", record->attachments[i].name);
		jsontext_string(object, "type", record->attachments[i].type);
		jsontext_number(object, "size", record->attachments[i].size);
		jsontext_add(array, object);
	}
	return array;
}

struct jsontext *
json_message(const struct json_view *view, const struct record_message *record)
{
	struct jsontext *object = jsontext_object(view->arena);
	const char *zone = json_zone(view->policy, record->desk);

	jsontext_number(object, "id", record->id);
	jsontext_string(object, "direction", direction_name(record->direction));
	jsontext_string(object, "kind", mail_kind_name(record->kind));
	jsontext_string(object, "message_id", record->message_id);
	jsontext_string(object, "from", record->from);
	jsontext_string(object, "to", record->to);
	jsontext_time(object, "date", record->date, zone);
	jsontext_time(object, "received_at", record->received_at, zone);
	jsontext_string(object, "subject", record->subject);
	jsontext_bool(object, "encrypted", record->encrypted);
	jsontext_string(object, "signed_by", record->signed_by);
	jsontext_string(object, "trust", trust_name(record->trust));
	jsontext_put(object, "attachments", attachments(view, record));
	jsontext_put(object, "problems", json_lines(view->arena, record->problems));
	return object;
}

struct jsontext *
json_message_listed(const struct json_view *view, const struct record_message *record)
{
	struct jsontext *object = json_message(view, record);

	jsontext_id(object, "case", record->case_count > 0 ? record->cases[0] : 0);
	jsontext_put(object, "cases", ids(view->arena, record->cases, record->case_count));
	jsontext_string(object, "folder", record->folder);
	jsontext_string(object, "desk", record->desk);
	return object;
}

struct jsontext *
json_outbox(const struct json_view *view, const struct record_outbox *record)
{
	struct jsontext *object = jsontext_object(view->arena);
	const char *zone = json_zone(view->policy, record->desk);

	jsontext_number(object, "id", record->id);
	jsontext_id(object, "case", record->case_id);
	jsontext_string(object, "desk", record->desk);
	jsontext_string(object, "kind", mail_kind_name(record->kind));
	jsontext_string(object, "stage", stage_name(record->stage));
	jsontext_string(object, "to", record->to);
	jsontext_string(object, "state", outbox_state_name(record->state));
	jsontext_number(object, "tries", record->tries);
	jsontext_time(object, "next_try_at", record->next_try_at, zone);
	jsontext_string(object, "last_error", record->last_error);
	jsontext_string(object, "hold_why", record->hold_why);
	jsontext_string(object, "message_id", record->message_id);
	jsontext_time(object, "created_at", record->created_at, zone);
	if (record->sent_at == 0)
		return object;
	jsontext_time(object, "sent_at", record->sent_at, zone);
	jsontext_string(object, "smtp_reply", record->smtp_reply);
	jsontext_string(object, "sha256", record->sha256);
	jsontext_put(object, "keys", pieces(view->arena, record->keys, ", "));
	return object;
}

static struct jsontext *
message_list(const struct json_view *view, const struct json_case *what)
{
	struct jsontext *array = jsontext_array(view->arena);

	for (size_t i = 0; i < what->message_count; i++) {
		struct jsontext *object = json_message(view, &what->messages[i]);

		if (what->texts != NULL)
			jsontext_string(object, "text", what->texts[i]);
		jsontext_add(array, object);
	}
	return array;
}

static struct jsontext *
unfiled(const struct json_view *view, const struct json_case *what)
{
	struct jsontext *array = jsontext_array(view->arena);

	for (size_t i = 0; i < what->unfiled_count; i++)
		jsontext_add(array, json_message(view, &what->unfiled[i]));
	return array;
}

static struct jsontext *
deadlines(const struct json_view *view, const struct json_case *what, const char *zone)
{
	struct jsontext *array = jsontext_array(view->arena);

	for (size_t i = 0; i < what->deadline_count; i++) {
		const struct record_deadline *record = &what->deadlines[i];
		struct jsontext *object = jsontext_object(view->arena);

		jsontext_string(object, "kind", deadline_kind_name(record->kind));
		jsontext_time(object, "due", record->due, zone);
		jsontext_string(object, "state", deadline_state_name(record->state));
		jsontext_string(object, "source", deadline_source_name(record->source));
		jsontext_id(object, "from_message", record->from_message);
		jsontext_id(object, "met_by", record->met_by);
		jsontext_add(array, object);
	}
	return array;
}

const struct record_tick *
json_tick(const struct json_case *what, const char *item)
{
	for (size_t i = 0; i < what->tick_count; i++) {
		if (text_equal(what->ticks[i].item, item))
			return &what->ticks[i];
	}
	return NULL;
}

const char *
json_item_title(const struct policy *policy, const char *desk, const struct checklist_item *item)
{
	const struct policy_desk *found = policy_desk_of(policy, desk);

	return found != NULL && found->language == LANGUAGE_EN ? item->title_en : item->title_ja;
}

static struct jsontext *
checklist(const struct json_view *view, const struct json_case *what, const char *zone)
{
	struct jsontext *array = jsontext_array(view->arena);

	for (size_t i = 0; i < what->checklist->count; i++) {
		const struct checklist_item *item = &what->checklist->items[i];
		const struct record_tick *tick = json_tick(what, item->item);
		struct jsontext *object = jsontext_object(view->arena);

		jsontext_string(object, "item", item->item);
		jsontext_string(object, "title",
			json_item_title(view->policy, what->record->desk, item));
		jsontext_bool(object, "vendor_can_help", item->vendor_can_help);
		jsontext_time(object, "done_at", tick != NULL ? tick->done_at : 0, zone);
		jsontext_string(object, "done_by", tick != NULL ? tick->done_by : NULL);
		jsontext_add(array, object);
	}
	return array;
}

int64_t
json_incident_due(const struct record_incident *incident, const char *item)
{
	for (size_t i = 0; i < incident->due_count; i++) {
		if (text_equal(incident->dues[i].item, item))
			return incident->dues[i].due;
	}
	return 0;
}

const char *
json_incident_title(const struct policy *policy, const char *desk, const struct incident_item *item)
{
	const struct policy_desk *found = policy_desk_of(policy, desk);

	return found != NULL && found->language == LANGUAGE_EN ? item->title_en : item->title_ja;
}

/* NULL, which is null, for none. */
static struct jsontext *
incident(const struct json_view *view, const struct json_case *what, const char *zone)
{
	struct jsontext *object, *items;

	if (what->incident == NULL)
		return NULL;
	object = jsontext_object(view->arena);
	items = jsontext_array(view->arena);
	jsontext_time(object, "opened_at", what->incident->opened_at, zone);
	jsontext_string(object, "opened_by", what->incident->opened_by);
	for (size_t i = 0; i < INCIDENT_ITEMS; i++) {
		const struct incident_item *item = &incident_items[i];
		const struct record_tick *tick = json_tick(what, item->item);
		struct jsontext *one = jsontext_object(view->arena);

		jsontext_string(one, "item", item->item);
		jsontext_string(one, "title",
			json_incident_title(view->policy, what->record->desk, item));
		jsontext_time(one, "due", json_incident_due(what->incident, item->item), zone);
		jsontext_time(one, "done_at", tick != NULL ? tick->done_at : 0, zone);
		jsontext_string(one, "done_by", tick != NULL ? tick->done_by : NULL);
		jsontext_add(items, one);
	}
	jsontext_put(object, "items", items);
	return object;
}

static struct jsontext *
log_entries(const struct json_view *view, const struct record_log *log, size_t count,
	const char *zone)
{
	struct jsontext *array = jsontext_array(view->arena);

	for (size_t i = 0; i < count; i++) {
		struct jsontext *object = jsontext_object(view->arena);

		jsontext_time(object, "at", log[i].at, zone);
		jsontext_string(object, "who", log[i].who);
		jsontext_string(object, "what", log[i].what);
		jsontext_string(object, "hash", log[i].hash);
		jsontext_add(array, object);
	}
	return array;
}

static struct jsontext *
finders(const struct json_view *view, const struct json_case *what, const char *zone)
{
	struct jsontext *array = jsontext_array(view->arena);

	for (size_t i = 0; i < what->finder_count; i++) {
		struct jsontext *object = jsontext_object(view->arena);

		jsontext_string(object, "address", what->finders[i].address);
		jsontext_time(object, "consented_at", what->finders[i].consented_at, zone);
		jsontext_add(array, object);
	}
	return array;
}

static struct jsontext *
merged(const struct json_view *view, const struct json_case *what, const char *zone)
{
	struct jsontext *array = jsontext_array(view->arena);

	for (size_t i = 0; i < what->merged_count; i++) {
		const struct json_merged *other = &what->merged[i];
		struct jsontext *object = jsontext_object(view->arena);

		jsontext_number(object, "id", other->record.id);
		jsontext_time(object, "at", other->record.at, zone);
		jsontext_put(object, "log",
			log_entries(view, other->log, other->log_count, zone));
		jsontext_add(array, object);
	}
	return array;
}

struct jsontext *
json_case_whole(const struct json_view *view, const struct json_case *what)
{
	struct jsontext *object = json_case_head(view, what->record);
	const char *zone = json_zone(view->policy, what->record->desk);

	jsontext_put(object, "message_list", message_list(view, what));
	jsontext_put(object, "unfiled", unfiled(view, what));
	jsontext_put(object, "deadlines", deadlines(view, what, zone));
	jsontext_put(object, "checklist", checklist(view, what, zone));
	jsontext_put(object, "incident", incident(view, what, zone));
	jsontext_put(object, "finders", finders(view, what, zone));
	jsontext_put(object, "log", log_entries(view, what->log, what->log_count, zone));
	jsontext_put(object, "merged", merged(view, what, zone));
	return object;
}
