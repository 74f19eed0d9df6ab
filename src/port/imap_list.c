/*
 * Which messages there are above a UID, with size and date. UIDs may lie any
 * distance apart and a folder may hold a million messages: what is asked for in
 * one command is bounded by number, never "all that there is".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/arena.h"
#include "base/clock.h"

#include <libetpan/libetpan.h>
#include <stdlib.h>
#include <string.h>

#define LIST_STEP 1000u /* messages asked about in one command: keeps libetpan's memory flat */

/* What has been found so far; room for IMAP_LIST_MAX items. */
struct finding {
	struct imap *imap;
	struct imap_item *items;
	size_t count;
	uint32_t above; /* the last UID that is in, or what was asked for */
};

/* INTERNALDATE (RFC 3501 section 2.3.3) in UTC microseconds, 0 when it is none. */
static int64_t
utc_of(const struct mailimap_date_time *date)
{
	int64_t seconds, offset;

	if (date->dt_year < 1970 || date->dt_year > 9999 || date->dt_month < 1 ||
		date->dt_month > 12 || date->dt_day < 1 ||
		date->dt_day > clock_month_days(date->dt_year, date->dt_month) ||
		date->dt_hour < 0 || date->dt_hour > 23 || date->dt_min < 0 || date->dt_min > 59 ||
		date->dt_sec < 0 || date->dt_sec > 60 || date->dt_zone < -9959 ||
		date->dt_zone > 9959)
		return 0;
	/* The zone is a decimal as it is read: -0330 is -330. */
	offset = (date->dt_zone / 100) * 3600 + (date->dt_zone % 100) * 60;
	seconds = clock_days(date->dt_year, date->dt_month, date->dt_day) * 86400 +
		date->dt_hour * 3600 + date->dt_min * 60 + date->dt_sec - offset;
	return seconds > 0 ? seconds * CLOCK_SECOND : 0;
}

/* What a FETCH response tells; uid 0 for one that is no answer to ours. */
static void
read_item(const struct mailimap_msg_att *att, struct imap_item *item_r)
{
	const struct mailimap_msg_att_static *fixed;
	const struct mailimap_msg_att_item *part;
	struct imap_item item = { .uid = 0 };
	clistiter *at;

	for (at = clist_begin(att->att_list); at != NULL; at = clist_next(at)) {
		part = clist_content(at);
		if (part->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		fixed = part->att_data.att_static;
		if (fixed->att_type == MAILIMAP_MSG_ATT_UID)
			item.uid = fixed->att_data.att_uid;
		if (fixed->att_type == MAILIMAP_MSG_ATT_INTERNALDATE &&
			fixed->att_data.att_internal_date != NULL)
			item.internal_date = utc_of(fixed->att_data.att_internal_date);
		if (fixed->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE)
			item.size = fixed->att_data.att_rfc822_size;
	}
	*item_r = item;
}

static struct mailimap_fetch_type *
wanted(bool whole)
{
	struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();

	mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
	if (whole) {
		mailimap_fetch_type_new_fetch_att_list_add(
			type, mailimap_fetch_att_new_rfc822_size());
		mailimap_fetch_type_new_fetch_att_list_add(
			type, mailimap_fetch_att_new_internaldate());
	}
	return type;
}

/* FETCH of a set, which it frees: of UIDs, or (uids false) of places in the folder. */
static enum outcome
ask(struct imap *imap, bool uids, struct mailimap_set *set, bool whole, clist **list_r,
	struct err *err_r)
{
	struct mailimap_fetch_type *type;
	clist *list = NULL;
	int result;

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r)) {
		mailimap_set_free(set);
		return LATER;
	}
	type = wanted(whole);
	if (uids)
		result = mailimap_uid_fetch(imap->session, set, type, &list);
	else
		result = mailimap_fetch(imap->session, set, type, &list);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	if (result != MAILIMAP_NO_ERROR) {
		imap_failed(imap, result, "FETCH", err_r);
		return LATER;
	}
	if (list == NULL)
		return err_set(err_r, LATER, "%s answers FETCH with nothing", imap->host);
	*list_r = list;
	return DONE;
}

enum outcome
imap_present(struct imap *imap, const struct imap_item *items, size_t count, bool *there_r,
	struct err *err_r)
{
	struct mailimap_set *set;
	struct imap_item item;
	enum outcome outcome;
	clistiter *at;
	clist *list;
	size_t i;

	set = mailimap_set_new_empty();
	for (i = 0; i < count; i++)
		mailimap_set_add_single(set, items[i].uid);
	outcome = ask(imap, true, set, false, &list, err_r);
	if (outcome != DONE)
		return outcome;
	memset(there_r, 0, count * sizeof *there_r);
	for (at = clist_begin(list); at != NULL; at = clist_next(at)) {
		read_item(clist_content(at), &item);
		for (i = 0; i < count; i++)
			if (item.uid == items[i].uid)
				there_r[i] = true;
	}
	mailimap_fetch_list_free(list);
	return DONE;
}

/* The UID of the message at a place, 0 when it is gone. */
static enum outcome
uid_at(struct imap *imap, uint32_t place, uint32_t *uid_r, struct err *err_r)
{
	const struct mailimap_msg_att *att;
	struct imap_item item = { .uid = 0 };
	enum outcome outcome;
	clistiter *at;
	clist *list;

	outcome = ask(imap, false, mailimap_set_new_single(place), false, &list, err_r);
	if (outcome != DONE)
		return outcome;
	for (at = clist_begin(list); at != NULL && item.uid == 0; at = clist_next(at)) {
		att = clist_content(at);
		if (att->att_number == place)
			read_item(att, &item);
	}
	mailimap_fetch_list_free(list);
	*uid_r = item.uid;
	return DONE;
}

/*
 * The first place whose message has a UID above finding->above, or one past
 * the end. During FETCH no server may renumber (RFC 3501 section 7.4.1). A
 * message that is gone counts as lying above: so the walk may begin too early,
 * never too late.
 */
static enum outcome
find_place(struct finding *finding, uint32_t *place_r, struct err *err_r)
{
	uint32_t low = 1, high = finding->imap->session->imap_selection_info->sel_exists + 1;
	uint32_t middle, uid;
	enum outcome outcome;

	while (low < high) {
		middle = low + (high - low) / 2;
		outcome = uid_at(finding->imap, middle, &uid, err_r);
		if (outcome != DONE)
			return outcome;
		if (uid == 0 || uid > finding->above)
			high = middle;
		else
			low = middle + 1;
	}
	*place_r = low;
	return DONE;
}

/* Of what was told twice, the fuller one goes first: a change of flags has no size. */
static int
by_uid(const void *a, const void *b)
{
	const struct imap_item *x = a, *y = b;

	if (x->uid != y->uid)
		return x->uid < y->uid ? -1 : 1;
	return x->size > y->size ? -1 : x->size < y->size;
}

/* What one FETCH of a walk asked for: UIDs, or places in the folder, up to last. */
struct step {
	bool uids;
	uint32_t first, last;
};

/*
 * Adds what the step asked for and lies above, sorted and once each; frees
 * list. What the server tells beside it (a change of flags far behind) must
 * not count: everything before it would be passed over.
 */
static void
add_all(struct finding *finding, const struct step *step, clist *list)
{
	size_t from = finding->count, to = finding->count, i;
	const struct mailimap_msg_att *att;
	uint32_t number;
	clistiter *at;

	for (at = clist_begin(list); at != NULL && to < IMAP_LIST_MAX; at = clist_next(at)) {
		att = clist_content(at);
		read_item(att, &finding->items[to]);
		number = step->uids ? finding->items[to].uid : att->att_number;
		if (finding->items[to].uid > finding->above && number >= step->first &&
			number <= step->last)
			to++;
	}
	mailimap_fetch_list_free(list);
	qsort(finding->items + from, to - from, sizeof *finding->items, by_uid);
	for (i = from; i < to; i++) {
		if (finding->items[i].uid == finding->above)
			continue;
		finding->items[finding->count] = finding->items[i];
		finding->above = finding->items[finding->count++].uid;
	}
}

static enum outcome
take_step(struct finding *finding, const struct step *step, struct err *err_r)
{
	enum outcome outcome;
	clist *list;

	outcome = ask(finding->imap, step->uids,
		mailimap_set_new_interval(step->first, step->last), true, &list, err_r);
	if (outcome == DONE)
		add_all(finding, step, list);
	return outcome;
}

/* From the first message above on, place by place. */
static enum outcome
walk_places(struct finding *finding, bool *more_r, struct err *err_r)
{
	const struct mailimap_selection_info *info = finding->imap->session->imap_selection_info;
	struct step step = { .uids = false };
	enum outcome outcome;
	uint32_t place;

	outcome = find_place(finding, &place, err_r);
	while (outcome == DONE && place <= info->sel_exists &&
		finding->count + LIST_STEP <= IMAP_LIST_MAX) {
		step.first = place;
		step.last = place + LIST_STEP - 1;
		if (step.last > info->sel_exists)
			step.last = info->sel_exists;
		outcome = take_step(finding, &step, err_r);
		place = step.last + 1;
	}
	*more_r = outcome == DONE && place <= info->sel_exists;
	return outcome;
}

/*
 * Most often a few messages came, with the next UIDs: one command for these,
 * and one that shows whether they are all.
 */
static enum outcome
find_all(struct finding *finding, bool *more_r, struct err *err_r)
{
	struct mailimap_selection_info *info = finding->imap->session->imap_selection_info;
	struct step step = { .uids = true, .first = finding->above + 1 };
	enum outcome outcome;
	uint32_t newest = 0;

	*more_r = false;
	if (finding->above == UINT32_MAX)
		return DONE;
	step.last =
		UINT32_MAX - finding->above < LIST_STEP ? UINT32_MAX : finding->above + LIST_STEP;
	/* What comes from here on and is not in the list is told by imap_idle(). */
	info->sel_has_exists = 0;
	outcome = take_step(finding, &step, err_r);
	if (outcome != DONE || info->sel_exists == 0)
		return outcome;
	outcome = uid_at(finding->imap, info->sel_exists, &newest, err_r);
	if (outcome != DONE || (newest != 0 && newest <= finding->above))
		return outcome;
	return walk_places(finding, more_r, err_r);
}

/* What was found, into the arena. */
static void
give(const struct finding *finding, struct arena *arena, bool more, struct imap_list *list_r)
{
	list_r->items = arena_memdup(
		arena, finding->items, finding->count * sizeof *finding->items);
	list_r->count = finding->count;
	list_r->more = more;
}

static bool
begin(struct finding *finding, struct err *err_r)
{
	if (finding->imap->selected == NULL || finding->imap->session->imap_selection_info == NULL) {
		err_set(err_r, LATER, "no folder is selected on %s", finding->imap->host);
		return false;
	}
	finding->items = mem_alloc(IMAP_LIST_MAX * sizeof *finding->items);
	return true;
}

enum outcome
imap_list(struct imap *imap, struct arena *arena, uint32_t after, struct imap_list *list_r,
	struct err *err_r)
{
	struct finding finding = { .imap = imap, .above = after };
	enum outcome outcome;
	bool more = false;

	if (!begin(&finding, err_r))
		return LATER;
	outcome = find_all(&finding, &more, err_r);
	if (outcome == DONE)
		give(&finding, arena, more, list_r);
	free(finding.items);
	return outcome;
}

enum outcome
imap_newest(struct imap *imap, struct arena *arena, uint32_t count, struct imap_list *list_r,
	struct err *err_r)
{
	struct finding finding = { .imap = imap };
	struct step step = { .uids = false };
	enum outcome outcome = DONE;

	if (!begin(&finding, err_r))
		return LATER;
	step.last = imap->session->imap_selection_info->sel_exists;
	step.first = step.last > count ? step.last - count + 1 : 1;
	if (step.last > 0)
		outcome = take_step(&finding, &step, err_r);
	if (outcome == DONE)
		give(&finding, arena, false, list_r);
	free(finding.items);
	return outcome;
}
