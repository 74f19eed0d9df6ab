/*
 * The mail of a `replay`, listed before any of it is judged: it must come in the
 * order in which it came to the mailbox, wherever the files lie. Only places
 * are kept, so that the list stays small.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replay.h"

#include "base/arena.h"
#include "cli/cli.h"
#include "cli/mail_files.h"
#include "mail/receipt.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

struct listing {
	struct cli *cli;
	struct replay_list *list;
};

/*
 * An mbox has dates of its own, a Maildir has them in its names; else the mail
 * itself must tell, by two header fields that are looked at here and no further.
 */
static int64_t
received_at(const struct mail_found *found)
{
	const char *slash = strrchr(found->path, '/');
	int64_t at = 0;

	if (found->quoted)
		return found->at;
	if (found->maildir)
		at = receipt_of_name(slash != NULL ? slash + 1 : found->path);
	if (at == 0)
		at = receipt_of_header(found->bytes, found->len);
	return at != 0 ? at : found->at;
}

/* "Sent" of "/home/a/Maildir/.Sent/cur/1764460000.M1P2.host". */
static const char *
folder_of(struct cli *cli, const char *path)
{
	const char *end = path + strlen(path), *from;

	for (int i = 0; i < 2; i++) {
		while (end > path && end[-1] != '/')
			end--;
		if (end == path)
			return NULL;
		end--;
	}
	from = end;
	while (from > path && from[-1] != '/')
		from--;
	from += *from == '.';
	return from < end ? arena_strndup(cli->arena, from, (size_t)(end - from)) : NULL;
}

static struct replay_mail *
next_place(struct cli *cli, struct replay_list *list)
{
	if (list->count == list->room) {
		size_t room = 2 * list->room + 256;

		list->mails = arena_resize(cli->arena, list->mails,
			list->room * sizeof(*list->mails), room * sizeof(*list->mails));
		list->room = room;
	}
	return &list->mails[list->count++];
}

static int
take(void *context, const struct mail_found *found)
{
	struct listing *listing = context;
	struct cli *cli = listing->cli;
	struct replay_mail *mail = next_place(cli, listing->list);

	*mail = (struct replay_mail){ .path = found->path,
		.name = found->quoted ? arena_strdup(cli->arena, found->name) : found->path,
		.offset = found->offset,
		.len = found->len,
		.at = mail_files_received(received_at(found), cli->now),
		.quoted = found->quoted,
		.folder = found->maildir ? folder_of(cli, found->path) : NULL,
		.found = listing->list->count };
	return EX_OK;
}

/* What came in the same second stays in the order in which it was found. */
static int
by_time(const void *one, const void *other)
{
	const struct replay_mail *a = one, *b = other;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->found < b->found ? -1 : 1;
}

int
replay_list(struct cli *cli, struct replay_list *list_r)
{
	struct listing listing = { cli, list_r };
	struct mail_sink sink = { take, &listing };
	int status = EX_OK;

	memset(list_r, 0, sizeof(*list_r));
	for (size_t i = 0; i < cli->arg_count; i++) {
		int one = mail_files_path(cli, cli->args[i], &sink);

		status = one != EX_OK ? one : status;
	}
	if (list_r->count > 1)
		qsort(list_r->mails, list_r->count, sizeof(*list_r->mails), by_time);
	return status;
}
