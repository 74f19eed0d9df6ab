/*
 * trusted_authserv_id against what the mail server really writes: the topmost
 * Authentication-Results of the newest mails. Only the ids are told; which of
 * them is the server's own, a person must say, since a sender may write one too.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "flow/trials.h"
#include "port/conf.h"

#define CHECK "authserv-id"
#define IDS_TOLD 5

static bool
is_trusted(const struct string_list *trusted, const char *id)
{
	for (size_t i = 0; i < trusted->count; i++) {
		if (text_equal_ci(trusted->at[i], id))
			return true;
	}
	return false;
}

static size_t
times(const struct trials_desk *found, const char *id)
{
	size_t count = 0;

	for (size_t i = 0; i < found->server_count; i++)
		count += text_equal_ci(found->servers[i], id);
	return count;
}

static bool
seen_before(const struct trials_desk *found, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (text_equal_ci(found->servers[i], found->servers[at]))
			return true;
	}
	return false;
}

/* "mx.example.co.jp (18), x.example.net (2)" */
static char *
ids_told(struct doctor *doctor, const struct trials_desk *found)
{
	struct text text;
	size_t told = 0;

	text_init(&text, doctor->cli->arena, 1000);
	for (size_t i = 0; i < found->server_count && told < IDS_TOLD; i++) {
		if (found->servers[i][0] == '\0' || seen_before(found, i))
			continue;
		text_addf(&text, "%s%s (%zu)", told++ > 0 ? ", " : "", found->servers[i],
			times(found, found->servers[i]));
	}
	return text.data;
}

/* No mail of the newest bears a trusted id on top. */
static void
tell_other(struct doctor *doctor, size_t desk, const struct trials_desk *found)
{
	const char *title = doctor_title(doctor, desk);
	const struct policy_desk *policy = &doctor->cli->conf->policy.desks[desk];
	const char *remedy = doctor_do(doctor,
		"name the one that is your own mail server's in desk.%s.trusted_authserv_id", title);

	if (policy->authserv_ids.count == 0)
		doctor_hint(doctor, title, CHECK, remedy,
			"the conf names none, so no mail counts as authenticated; on top of the "
			"newest %zu mails stand: %s",
			found->server_count, ids_told(doctor, found));
	else
		doctor_bad(doctor, title, CHECK, remedy,
			"none that the conf names stands on top of the newest %zu mails, but: %s",
			found->server_count, ids_told(doctor, found));
}

void
doctor_authserv(struct doctor *doctor, size_t desk)
{
	const struct policy_desk *policy = &doctor->cli->conf->policy.desks[desk];
	const struct trials_desk *found = &doctor->found[desk];
	const char *title = doctor_title(doctor, desk);
	size_t trusted = 0, none = times(found, "");

	for (size_t i = 0; i < found->server_count; i++)
		trusted += is_trusted(&policy->authserv_ids, found->servers[i]);
	if (trusted > 0)
		doctor_ok(doctor, title, CHECK, "a trusted one stands on top of %zu of the newest "
						"%zu mails", trusted, found->server_count);
	else if (none < found->server_count)
		tell_other(doctor, desk, found);
	else if (none > 0)
		doctor_hint(doctor, title, CHECK,
			"let your mail server check DKIM and DMARC and write "
			"Authentication-Results (RFC 8601)",
			"none of the newest %zu mails bears Authentication-Results: unsigned mail "
			"is never believed",
			none);
	else if (policy->authserv_ids.count == 0)
		doctor_hint(doctor, title, CHECK,
			doctor_do(doctor, "name the host that writes your mail server's "
					  "Authentication-Results in desk.%s.trusted_authserv_id", title),
			"the conf names none, so no mail counts as authenticated");
}
