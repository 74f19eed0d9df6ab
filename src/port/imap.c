/*
 * Folders: STATUS, SELECT, flag, move, look for a Message-ID. Must not trust a
 * folder's values over time: what is told of the selected folder is asked anew
 * whenever the server says that something changed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/arena.h"
#include "base/text.h"

#include <libetpan/libetpan.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_ID_MAX 998

static void
forget_selected(struct imap *imap)
{
	free(imap->selected);
	imap->selected = NULL;
}

static struct mailimap_status_att_list *
wanted_status(void)
{
	static const int wanted[] = {
		MAILIMAP_STATUS_ATT_UIDVALIDITY,
		MAILIMAP_STATUS_ATT_UIDNEXT,
		MAILIMAP_STATUS_ATT_MESSAGES,
	};
	struct mailimap_status_att_list *list = mailimap_status_att_list_new_empty();
	size_t i;

	for (i = 0; i < sizeof wanted / sizeof *wanted; i++)
		mailimap_status_att_list_add(list, wanted[i]);
	return list;
}

static void
read_status(const struct mailimap_mailbox_data_status *status, struct imap_folder *folder_r)
{
	const struct mailimap_status_info *info;
	clistiter *at;

	for (at = clist_begin(status->st_info_list); at != NULL; at = clist_next(at)) {
		info = clist_content(at);
		if (info->st_att == MAILIMAP_STATUS_ATT_UIDVALIDITY)
			folder_r->uid_validity = info->st_value;
		else if (info->st_att == MAILIMAP_STATUS_ATT_UIDNEXT)
			folder_r->uid_next = info->st_value;
		else if (info->st_att == MAILIMAP_STATUS_ATT_MESSAGES)
			folder_r->messages = info->st_value;
	}
}

static enum outcome
ask_status(struct imap *imap, const char *name, struct imap_folder *folder_r, struct err *err_r)
{
	struct mailimap_status_att_list *wanted;
	struct mailimap_mailbox_data_status *status = NULL;
	struct imap_folder folder = { .uid_validity = 0 };
	int result;

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	wanted = wanted_status();
	result = mailimap_status(imap->session, name, wanted, &status);
	mailimap_status_att_list_free(wanted);
	if (result == MAILIMAP_NO_ERROR && status != NULL && status->st_info_list != NULL)
		read_status(status, &folder);
	if (status != NULL)
		mailimap_mailbox_data_status_free(status);
	if (result != MAILIMAP_NO_ERROR)
		return imap_failed(imap, result, "STATUS", err_r);
	if (folder.uid_validity == 0 || folder.uid_next == 0)
		return err_set(err_r, LATER, "%s tells no UIDVALIDITY or UIDNEXT of a folder",
			imap->host);
	*folder_r = folder;
	return DONE;
}

static enum outcome
select_anew(struct imap *imap, const char *name, struct err *err_r)
{
	struct mailimap_selection_info *info;
	struct imap_folder asked;
	enum outcome outcome;
	int result;

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	forget_selected(imap);
	result = mailimap_select(imap->session, name);
	info = imap->session->imap_selection_info;
	if (result != MAILIMAP_NO_ERROR || info == NULL)
		return imap_failed(imap, result, "SELECT", err_r);
	if (info->sel_uidvalidity == 0)
		return err_set(err_r, NEVER,
			"%s gives its messages no lasting numbers (UIDVALIDITY)", imap->host);
	imap->folder =
		(struct imap_folder){ info->sel_uidvalidity, info->sel_uidnext, info->sel_exists };
	if (imap->folder.uid_next == 0) {
		outcome = ask_status(imap, name, &asked, err_r);
		if (outcome != DONE)
			return outcome;
		imap->folder.uid_next = asked.uid_next;
	}
	info->sel_has_exists = 0;
	imap->selected = mem_strdup(name);
	return DONE;
}

/*
 * Fresh values of the selected folder: a NOOP brings what changed, if that is
 * not known already, and only then is it selected again.
 */
static enum outcome
refresh(struct imap *imap, struct err *err_r)
{
	const struct mailimap_selection_info *info;
	enum outcome outcome;
	char *name;
	int result;

	info = imap->session->imap_selection_info;
	if (info != NULL && !info->sel_has_exists) {
		if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
			return LATER;
		result = mailimap_noop(imap->session);
		if (result != MAILIMAP_NO_ERROR)
			return imap_failed(imap, result, "NOOP", err_r);
	}
	info = imap->session->imap_selection_info;
	if (info != NULL && !info->sel_has_exists &&
		info->sel_uidvalidity == imap->folder.uid_validity) {
		imap->folder.messages = info->sel_exists;
		return DONE;
	}
	name = mem_strdup(imap->selected);
	outcome = select_anew(imap, name, err_r);
	free(name);
	return outcome;
}

static enum outcome
select_name(struct imap *imap, const char *name, struct err *err_r)
{
	if (imap->selected != NULL && text_equal(imap->selected, name))
		return refresh(imap, err_r);
	return select_anew(imap, name, err_r);
}

enum outcome
imap_status(struct imap *imap, const char *folder, struct imap_folder *folder_r, struct err *err_r)
{
	char name[IMAP_NAME_MAX];
	enum outcome outcome;

	outcome = imap_name(folder, name, err_r);
	if (outcome != DONE)
		return outcome;
	if (imap->selected == NULL || !text_equal(imap->selected, name))
		return ask_status(imap, name, folder_r, err_r);
	outcome = refresh(imap, err_r);
	if (outcome == DONE)
		*folder_r = imap->folder;
	return outcome;
}

bool
imap_selected(const struct imap *imap, const char *folder)
{
	char name[IMAP_NAME_MAX];

	return imap->selected != NULL && imap_name(folder, name, NULL) == DONE &&
		text_equal(imap->selected, name);
}

enum outcome
imap_select(struct imap *imap, const char *folder, struct imap_folder *folder_r, struct err *err_r)
{
	char name[IMAP_NAME_MAX];
	enum outcome outcome;

	outcome = imap_name(folder, name, err_r);
	if (outcome == DONE)
		outcome = select_name(imap, name, err_r);
	if (outcome == DONE)
		*folder_r = imap->folder;
	return outcome;
}

static enum outcome
store_flag(struct imap *imap, uint32_t uid, struct mailimap_flag *flag, struct err *err_r)
{
	struct mailimap_flag_list *list = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *store;
	struct mailimap_set *set;
	int result;

	mailimap_flag_list_add(list, flag);
	store = mailimap_store_att_flags_new_add_flags_silent(list);
	set = mailimap_set_new_single(uid);
	result = mailimap_uid_store(imap->session, set, store);
	mailimap_store_att_flags_free(store);
	mailimap_set_free(set);
	return result == MAILIMAP_NO_ERROR ? DONE : imap_failed(imap, result, "STORE", err_r);
}

static bool
begin_selected(struct imap *imap, struct err *err_r)
{
	if (imap->selected == NULL) {
		err_set(err_r, LATER, "no folder is selected on %s", imap->host);
		return false;
	}
	return imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r);
}

enum outcome
imap_flag(struct imap *imap, uint32_t uid, struct err *err_r)
{
	char *keyword;

	if (!begin_selected(imap, err_r))
		return LATER;
	/* libetpan frees what it was given, with free(). */
	keyword = mem_strdup("$MadoguchiFiled");
	return store_flag(imap, uid, mailimap_flag_new_flag_keyword(keyword), err_r);
}

enum outcome
imap_create(struct imap *imap, const char *name, struct err *err_r)
{
	int result;

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	result = mailimap_create(imap->session, name);
	return result == MAILIMAP_NO_ERROR ? DONE : imap_failed(imap, result, "CREATE", err_r);
}

/* MOVE, or COPY as its first half. */
static int
move_or_copy(struct imap *imap, uint32_t uid, const char *name)
{
	struct mailimap_set *set = mailimap_set_new_single(uid);
	int result;

	if (imap->can_move)
		result = mailimap_uid_move(imap->session, set, name);
	else
		result = mailimap_uid_copy(imap->session, set, name);
	mailimap_set_free(set);
	return result;
}

static bool
wants_create(const struct imap *imap, int result)
{
	const struct mailimap_response_info *info = imap->session->imap_response_info;

	return !imap->broken && result != MAILIMAP_NO_ERROR && info != NULL && info->rsp_trycreate;
}

static enum outcome
delete_original(struct imap *imap, uint32_t uid, struct err *err_r)
{
	struct mailimap_set *set;
	enum outcome outcome;
	int result;

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	outcome = store_flag(imap, uid, mailimap_flag_new_deleted(), err_r);
	if (outcome != DONE)
		return outcome;
	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	set = mailimap_set_new_single(uid);
	result = mailimap_uid_expunge(imap->session, set);
	mailimap_set_free(set);
	return result == MAILIMAP_NO_ERROR ? DONE : imap_failed(imap, result, "EXPUNGE", err_r);
}

enum outcome
imap_move(struct imap *imap, uint32_t uid, const char *folder, struct err *err_r)
{
	char name[IMAP_NAME_MAX];
	enum outcome outcome;
	int result;

	outcome = imap_name(folder, name, err_r);
	if (outcome != DONE)
		return outcome;
	/* A plain EXPUNGE would also remove what other people have marked. */
	if (!imap->can_move && !imap->can_uidplus)
		return err_set(err_r, NEVER,
			"%s knows neither MOVE nor UIDPLUS: mail can't be moved there",
			imap->host);
	if (!begin_selected(imap, err_r))
		return LATER;
	result = move_or_copy(imap, uid, name);
	if (wants_create(imap, result)) {
		outcome = imap_create(imap, name, err_r);
		if (outcome != DONE || !imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
			return outcome == DONE ? LATER : outcome;
		result = move_or_copy(imap, uid, name);
	}
	if (result != MAILIMAP_NO_ERROR)
		return imap_failed(imap, result, imap->can_move ? "MOVE" : "COPY", err_r);
	return imap->can_move ? DONE : delete_original(imap, uid, err_r);
}

static bool
message_id_plain(const char *message_id)
{
	size_t len = strlen(message_id);
	size_t i;

	if (len < 3 || len > MESSAGE_ID_MAX || message_id[0] != '<' || message_id[len - 1] != '>')
		return false;
	for (i = 0; i < len; i++)
		if (message_id[i] <= ' ' || message_id[i] > '~' || message_id[i] == '"' ||
			message_id[i] == '\\')
			return false;
	return true;
}

/* The UIDs of the selected folder's messages with that Message-ID; NULL or empty for none. */
static enum outcome
search(struct imap *imap, const char *message_id, clist **found_r, struct err *err_r)
{
	struct mailimap_search_key *key;
	clist *found = NULL;
	int result;

	if (!message_id_plain(message_id))
		return err_set(err_r, NEVER, "a Message-ID to look for is not in plain form");
	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	key = mailimap_search_key_new_header(mem_strdup("Message-ID"), mem_strdup(message_id));
	result = mailimap_uid_search(imap->session, NULL, key, &found);
	mailimap_search_key_free(key);
	/* The library hands its list over for a NO too. */
	if (result != MAILIMAP_NO_ERROR) {
		if (found != NULL)
			mailimap_search_result_free(found);
		return imap_failed(imap, result, "SEARCH", err_r);
	}
	*found_r = found;
	return DONE;
}

enum outcome
imap_has(struct imap *imap, const char *folder, const char *message_id, bool *there_r,
	struct err *err_r)
{
	struct imap_folder unused;
	clist *found = NULL;
	enum outcome outcome;

	if (!message_id_plain(message_id))
		return err_set(err_r, NEVER, "a Message-ID to look for is not in plain form");
	outcome = imap_select(imap, folder, &unused, err_r);
	if (outcome == DONE)
		outcome = search(imap, message_id, &found, err_r);
	if (outcome != DONE)
		return outcome;
	*there_r = found != NULL && !clist_isempty(found);
	if (found != NULL)
		mailimap_search_result_free(found);
	return DONE;
}

enum outcome
imap_remove(struct imap *imap, uint32_t uid, const char *message_id, struct err *err_r)
{
	clist *found = NULL;
	enum outcome outcome = search(imap, message_id, &found, err_r);
	bool there = false;

	if (outcome != DONE)
		return outcome;
	for (clistiter *at = found != NULL ? clist_begin(found) : NULL; at != NULL;
		at = clist_next(at))
		there = there || *(const uint32_t *)clist_content(at) == uid;
	if (found != NULL)
		mailimap_search_result_free(found);
	if (!there)
		return DONE;
	/* A plain EXPUNGE would also remove what other people have marked. */
	if (imap->can_uidplus)
		return delete_original(imap, uid, err_r);
	if (!begin_selected(imap, err_r))
		return LATER;
	outcome = store_flag(imap, uid, mailimap_flag_new_deleted(), err_r);
	return outcome != DONE ? outcome
			       : err_set(err_r, NEVER, "the server has no UIDPLUS: it is only marked "
						       "as deleted");
}
