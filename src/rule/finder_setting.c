/*
 * What stands round a text and speaks for a report or for something else: who
 * sends it, to how many, and with what attached.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/finder_signs.h"

#include "base/text.h"
#include "mail/message.h"
#include "rule/words.h"

#include <string.h>

#define CIRCULAR_LEAST 4	/* addresses */

/* What is attached, as far as it speaks for a report or for something else. */
static void
read_attachments(const struct message *message, struct finder_setting *setting)
{
	for (size_t i = 0; i < message->attachment_count; i++) {
		const char *type = message->attachments[i].type;

		if (type == NULL)
			continue;
		if (text_starts_ci(type, "image/") || text_starts_ci(type, "video/") ||
			text_starts_ci(type, "text/plain") ||
			text_equal_ci(type, "application/vnd.tcpdump.pcap"))
			setting->picture = true;
		else if (text_equal_ci(type, "text/calendar"))
			setting->calendar = true;
		else if (text_starts_ci(type, "application/"))
			setting->document = true;
	}
}

/* Whether From is an office's address and no person's: its first word tells. */
static bool
from_role(const struct message *message)
{
	static const char *const roles[] = {
		"account", "accounts", "ad", "ads", "alert", "alerts", "billing", "campaign",
		"contact", "digest", "event", "events", "hello", "hr", "info", "information",
		"invoice", "jobs", "keiri", "mail", "mailer", "marketing", "news", "newsletter",
		"no", "noc", "noreply", "notice", "notification", "notifications", "offer",
		"offers", "office", "partner", "press", "pr", "promo", "promotion", "recruit",
		"sales", "seminar", "seo", "service", "shop", "soumu", "support", "survey",
		"system", "team", "training", "vertrieb", "ventas", "web", "webmaster",
	};
	const char *address = message->from_count == 1 ? message->from[0].addr : "";
	size_t len = 0;

	while (words_byte(address[len]))
		len++;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strlen(roles[i]) == len && text_starts_ci(address, roles[i]))
			return true;
	return false;
}

void
finder_setting_read(const struct message *message, struct finder_setting *setting)
{
	setting->bulk = message->bulk;
	setting->machine = message->auto_submitted;
	setting->circular = message->to_count + message->cc_count >= CIRCULAR_LEAST;
	setting->role = from_role(message);
	read_attachments(message, setting);
}
