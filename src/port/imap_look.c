/*
 * Looking at a mailbox without leaving a trace: what the server can do, a
 * folder opened to be read only, whether another could be written to. For
 * trials; must not set a flag, append or create anything.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port/imap_private.h"

#include "base/arena.h"

#include <libetpan/libetpan.h>
#include <stdlib.h>
#include <string.h>

uint32_t
imap_abilities(const struct imap *imap)
{
	static const struct {
		const char *name;
		enum imap_ability ability;
	} names[] = {
		{ "LITERAL+", IMAP_CAN_LITERAL },
		{ "LITERAL-", IMAP_CAN_LITERAL },
		{ "ACL", IMAP_CAN_ACL },
	};
	uint32_t abilities = 0;

	abilities |= imap->can_idle ? IMAP_CAN_IDLE : 0;
	abilities |= imap->can_move ? IMAP_CAN_MOVE : 0;
	abilities |= imap->can_uidplus ? IMAP_CAN_UIDPLUS : 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (mailimap_has_extension(imap->session, names[i].name))
			abilities |= names[i].ability;
	}
	return abilities;
}

/* What was selected before is not any more, whatever comes of the next command. */
static bool
begin_anew(struct imap *imap, struct err *err_r)
{
	free(imap->selected);
	imap->selected = NULL;
	return imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r);
}

enum outcome
imap_examine(struct imap *imap, const char *folder, struct imap_folder *folder_r,
	struct err *err_r)
{
	const struct mailimap_selection_info *info;
	char name[IMAP_NAME_MAX];
	enum outcome outcome = imap_name(folder, name, err_r);
	int result;

	if (outcome != DONE)
		return outcome;
	if (!begin_anew(imap, err_r))
		return LATER;
	result = mailimap_examine(imap->session, name);
	info = imap->session->imap_selection_info;
	if (result != MAILIMAP_NO_ERROR || info == NULL)
		return imap_failed(imap, result, "EXAMINE", err_r);
	imap->folder =
		(struct imap_folder){ info->sel_uidvalidity, info->sel_uidnext, info->sel_exists };
	imap->selected = mem_strdup(name);
	*folder_r = imap->folder;
	return DONE;
}

/* RFC 4314: "i" is the right to insert. */
static enum outcome
may_insert(struct imap *imap, const char *name, bool *may_r, struct err *err_r)
{
	struct mailimap_acl_myrights_data *rights = NULL;
	int result;

	if (!imap_begin(imap, 0, IMAP_REPLY_BYTES, err_r))
		return LATER;
	result = mailimap_acl_myrights(imap->session, name, &rights);
	if (result != MAILIMAP_NO_ERROR || rights == NULL)
		return imap_failed(imap, result, "MYRIGHTS", err_r);
	*may_r = rights->rights != NULL && strchr(rights->rights, 'i') != NULL;
	mailimap_acl_myrights_data_free(rights);
	return DONE;
}

enum outcome
imap_writable(struct imap *imap, const char *folder, bool *writable_r, struct err *err_r)
{
	const struct mailimap_selection_info *info;
	char name[IMAP_NAME_MAX];
	enum outcome outcome = imap_name(folder, name, err_r);
	bool writable;
	int result;

	if (outcome != DONE)
		return outcome;
	if (!begin_anew(imap, err_r))
		return LATER;
	result = mailimap_select(imap->session, name);
	info = imap->session->imap_selection_info;
	if (result != MAILIMAP_NO_ERROR || info == NULL)
		return imap_failed(imap, result, "SELECT", err_r);
	writable = info->sel_perm == MAILIMAP_MAILBOX_READWRITE;
	if (writable && mailimap_has_extension(imap->session, "ACL"))
		outcome = may_insert(imap, name, &writable, err_r);
	if (outcome == DONE)
		*writable_r = writable;
	return outcome;
}
