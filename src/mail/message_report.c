/*
 * Delivery reports (RFC 3462, 3464): whether one failed, and which of our mails
 * it speaks of; abuse reports (RFC 5965); and that a mail was shown (RFC 8098).
 * What a report says is a hint; anyone can write one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message.h"
#include "mail/message_parts.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/header.h"
#include "mail/limits.h"

#include <string.h>

/* "Action: failed" in any of the per-recipient blocks (RFC 3464 2.3.3). */
static bool
says_failed(struct arena *arena, const struct mime_part *part)
{
	size_t len;
	const unsigned char *body = mime_body_head(arena, part, LIMIT_HEADER_BYTES, &len);

	for (size_t at = 0; at < len;) {
		struct header_block block;
		const struct header_field *action;

		header_scan(arena, body + at, len - at, &block);
		action = header_find(&block, "Action");
		if (action && text_equal(header_token(arena, action->value), "failed"))
			return true;
		if (block.too_long || block.body_at == 0)
			return false;
		at += block.body_at;
	}
	return false;
}

/* Of the message that could not be delivered, or of its header alone. */
static const char *
returned_id(struct arena *arena, const struct mime_part *part)
{
	struct header_block block;
	const struct header_field *field;
	const char *id = NULL;
	size_t len;
	const unsigned char *body;

	if (!part->message && !text_equal(part->type, "text/rfc822-headers") &&
	    !text_equal(part->type, "message/global") &&
	    !text_equal(part->type, "message/global-headers"))
		return NULL;
	body = mime_body_head(arena, part, LIMIT_HEADER_BYTES, &len);
	header_scan(arena, body, len, &block);
	field = header_find(&block, "Message-ID");
	return field && header_msg_ids(arena, field->value, &id, 1) == 1 ? id : NULL;
}

/* Not every program names its report's type. */
static bool
holds_disposition(const struct mime_tree *tree)
{
	for (size_t i = 1; i < tree->count; i++) {
		if (text_equal(tree->parts[i].type, "message/disposition-notification") ||
		    text_equal(tree->parts[i].type, "message/global-disposition-notification"))
			return true;
	}
	return false;
}

void
message_report_read(struct arena *arena, struct message_parts *parts, struct message *message)
{
	const struct mime_part *root = parts->tree.parts;
	const char *kind;

	message->abuse_report = header_find(&message->fields, "X-XARF") != NULL ||
		header_find(&message->fields, "X-ARF") != NULL;
	if (parts->tree.count == 0 || !text_equal(root->type, "multipart/report"))
		return;
	kind = header_param(arena, root->content_type, "report-type");
	message->abuse_report = message->abuse_report || text_equal_ci(kind, "feedback-report");
	message->delivery_report = text_equal_ci(kind, "delivery-status");
	message->display_report = text_equal_ci(kind, "disposition-notification") ||
		holds_disposition(&parts->tree);
	for (size_t i = 1; i < parts->tree.count && message->delivery_report; i++) {
		const struct mime_part *part = &parts->tree.parts[i];

		if (part->multipart)
			continue;
		if (text_equal(part->type, "message/delivery-status") ||
		    text_equal(part->type, "message/global-delivery-status"))
			message->report_failed = message->report_failed ||
				says_failed(arena, part);
		else if (!message->report_original_id)
			message->report_original_id = returned_id(arena, part);
	}
}
