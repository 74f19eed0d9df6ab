/*
 * Header fields of what we send, and the check that nothing can break out of
 * them. Every value comes from someone: a conf, a person, a mail answered.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/compose_private.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/header.h"

#include <string.h>

#define COLUMNS 76
#define WORD_BYTES 36		/* in one encoded word: it may stand behind "HP-Outer: From: " */
#define REFERENCES_BYTES (32u * 1024)	/* of one field: readers cut or refuse longer ones */
#define ID_MAX 900		/* a message id must fit into a line of 998 */

/* Valid UTF-8 without control characters, C1 included; NULL is fine. */
static bool
is_clean(const char *value)
{
	const char *at = value;

	if (!value)
		return true;
	if (!utf8_valid(value, strlen(value)))
		return false;
	while (*at) {
		uint32_t c = utf8_next(&at);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
	}
	return true;
}

static bool
has_control(const char *value)
{
	for (; value && *value; value++)
		if ((unsigned char)*value < 0x20 || *value == 0x7f)
			return true;
	return false;
}

static bool
is_clean_body(const char *text)
{
	if (!text)
		return true;
	if (!utf8_valid(text, strlen(text)))
		return false;
	for (const char *at = text; *at; at++)
		if (((unsigned char)*at < 0x20 && !strchr("\t\r\n", *at)) || *at == 0x7f)
			return false;
	return true;
}

static bool
is_ascii(const char *value)
{
	for (; *value; value++)
		if (*value < 0x20 || *value >= 0x7f)
			return false;
	return true;
}

/* "<…>" without blanks, which can stand in a field of ours. */
static bool
is_msg_id(const char *id)
{
	size_t len = strlen(id);

	return len > 2 && len <= ID_MAX && id[0] == '<' && id[len - 1] == '>' &&
		is_ascii(id) && !strchr(id, ' ');
}

bool
compose_is_type(const char *type)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789!#$&-^_.+";
	size_t top = type ? strspn(type, letters) : 0, sub;

	if (top == 0 || type[top] != '/')
		return false;
	sub = strspn(type + top + 1, letters);
	return sub > 0 && type[top + 1 + sub] == '\0' && top + sub < COLUMNS;
}

static enum outcome
check_addresses(const struct compose_mail *mail, struct err *err_r)
{
	if (!mail->from || !address_valid(mail->from))
		return err_set(err_r, NEVER, "the sender's address cannot be written");
	if (!mail->to || !address_valid(mail->to))
		return err_set(err_r, NEVER, "the addressee's address cannot be written");
	for (size_t i = 0; i < mail->cc_count; i++)
		if (!address_valid(mail->cc[i]))
			return err_set(err_r, NEVER, "an address of Cc cannot be written");
	return DONE;
}

static enum outcome
check_attachments(const struct compose_mail *mail, struct err *err_r)
{
	for (size_t i = 0; i < mail->attachment_count; i++) {
		const struct compose_attachment *attachment = &mail->attachments[i];

		if (!compose_is_type(attachment->type))
			return err_set(err_r, NEVER, "an attachment has no media type");
		if (!is_clean(attachment->name))
			return err_set(err_r, NEVER,
				"an attachment's name holds a control character or bad UTF-8");
	}
	return DONE;
}

static enum outcome
check_lines(const struct compose_mail *mail, struct err *err_r)
{
	const struct { const char *name, *value; bool ascii, needed; } values[] = {
		{ "From", mail->from_name, false, false },
		{ "Subject", mail->subject, false, true },
		{ "outer Subject", mail->outer_subject, false, false },
		{ "Date", mail->date, true, true },
		{ "Auto-Submitted", mail->auto_submitted, true, false },
		{ "X-Madoguchi", mail->x_madoguchi, true, false },
		{ "Autocrypt", mail->autocrypt, true, false },
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (!values[i].value && values[i].needed)
			return err_set(err_r, NEVER, "%s is missing", values[i].name);
		if (!is_clean(values[i].value) ||
		    (values[i].value && values[i].ascii && !is_ascii(values[i].value)))
			return err_set(err_r, NEVER, "%s holds a control character, or what "
				"cannot stand there", values[i].name);
	}
	if (has_control(mail->in_reply_to))
		return err_set(err_r, NEVER, "In-Reply-To holds a control character");
	for (size_t i = 0; i < mail->reference_count; i++)
		if (has_control(mail->references[i]))
			return err_set(err_r, NEVER, "References holds a control character");
	return DONE;
}

enum outcome
compose_check(const struct compose_mail *mail, struct err *err_r)
{
	enum outcome outcome = check_addresses(mail, err_r);

	if (outcome == DONE)
		outcome = check_lines(mail, err_r);
	if (outcome == DONE)
		outcome = check_attachments(mail, err_r);
	if (outcome != DONE)
		return outcome;
	if (!mail->message_id || !is_msg_id(mail->message_id))
		return err_set(err_r, NEVER, "Message-ID cannot be written");
	if (!mail->text || !is_clean_body(mail->text) || !is_clean_body(mail->html))
		return err_set(err_r, NEVER,
			"the body is missing, or holds a control character or bad UTF-8");
	return DONE;
}

/* A quoted string if in ASCII, else all in encoded words: no sign in it is read as syntax. */
static void
add_phrase(struct text *out, const char *name)
{
	if (is_ascii(name) && strlen(name) <= COLUMNS / 2) {
		text_add_char(out, '"');
		for (const char *at = name; *at; at++) {
			if (*at == '"' || *at == '\\')
				text_add_char(out, '\\');
			text_add_char(out, *at);
		}
		text_add_char(out, '"');
		return;
	}
	while (*name) {
		size_t len = strlen(name), step = len > WORD_BYTES ? utf8_cut(name, WORD_BYTES) :
			len;

		text_add(out, "=?UTF-8?B?");
		compose_base64(out, name, step);
		/* The line end that closes it is not wanted inside a field. */
		out->len -= 2;
		text_add(out, "?=");
		name += step;
		if (*name)
			text_add(out, "\r\n ");
	}
}

static void
add_from(struct text *out, const char *prefix, const struct compose_mail *mail)
{
	text_add(out, prefix);
	text_add(out, "From: ");
	if (mail->from_name && *mail->from_name) {
		add_phrase(out, mail->from_name);
		text_add(out, "\r\n ");
		text_addf(out, "<%s>\r\n", mail->from);
	} else {
		text_addf(out, "%s\r\n", mail->from);
	}
}

static void
add_line(struct text *out, const char *prefix, const char *name, const char *value)
{
	if (value)
		text_addf(out, "%s%s: %s\r\n", prefix, name, value);
}

static void
add_unstructured(struct arena *arena, struct text *out, const char *prefix, const char *name,
	const char *value)
{
	if (value)
		add_line(out, prefix, name, header_encode(arena, value));
}

static void
add_cc(struct text *out, const char *prefix, const struct compose_mail *mail)
{
	for (size_t i = 0; i < mail->cc_count; i++) {
		if (i == 0)
			text_addf(out, "%sCc: %s", prefix, mail->cc[0]);
		else
			text_addf(out, ",\r\n %s", mail->cc[i]);
	}
	if (mail->cc_count > 0)
		text_add(out, "\r\n");
}

/*
 * Where the last ids begin that fit beside the first: a thread is tied by its
 * root and its newest mails.
 */
static size_t
references_from(const struct compose_mail *mail)
{
	size_t from = mail->reference_count, bytes = 0;

	while (from > 1) {
		bytes += strlen(mail->references[from - 1]) + strlen("\r\n ");
		if (bytes > REFERENCES_BYTES)
			break;
		from--;
	}
	return from;
}

/*
 * One id a line. They come from mail that we answer: what another program wrote
 * and no line of ours can hold is left out rather than the answer withheld.
 */
static void
add_references(struct text *out, const char *prefix, const struct compose_mail *mail)
{
	size_t from = references_from(mail);
	bool begun = false;

	for (size_t i = 0; i < mail->reference_count; i++) {
		if ((i > 0 && i < from) || !is_msg_id(mail->references[i]))
			continue;
		if (begun)
			text_addf(out, "\r\n %s", mail->references[i]);
		else
			text_addf(out, "%sReferences: %s", prefix, mail->references[i]);
		begun = true;
	}
	if (begun)
		text_add(out, "\r\n");
}

/* Folded at blanks before the key, and anywhere in it: blanks there count for nothing. */
static void
add_autocrypt(struct text *out, const char *prefix, const char *value)
{
	size_t column = strlen(prefix) + strlen("Autocrypt: ");
	bool data = false;

	text_addf(out, "%sAutocrypt: ", prefix);
	for (const char *at = value; *at; at++) {
		data = data || text_starts(at, "keydata=");
		if (*at == ' ' && !data) {
			text_add(out, "\r\n ");
			column = 1;
			continue;
		}
		if (data && column >= COLUMNS) {
			text_add(out, "\r\n ");
			column = 1;
		}
		text_add_char(out, *at);
		column++;
	}
	text_add(out, "\r\n");
}

void
compose_fields(struct arena *arena, struct text *out, const struct compose_mail *mail,
	const char *prefix, const char *subject)
{
	add_from(out, prefix, mail);
	add_line(out, prefix, "To", mail->to);
	add_cc(out, prefix, mail);
	add_unstructured(arena, out, prefix, "Subject", subject);
	add_line(out, prefix, "Date", mail->date);
	add_line(out, prefix, "Message-ID", mail->message_id);
	if (mail->in_reply_to && is_msg_id(mail->in_reply_to))
		add_line(out, prefix, "In-Reply-To", mail->in_reply_to);
	add_references(out, prefix, mail);
	add_line(out, prefix, "Auto-Submitted", mail->auto_submitted);
	add_unstructured(arena, out, prefix, "X-Madoguchi", mail->x_madoguchi);
	if (mail->autocrypt)
		add_autocrypt(out, prefix, mail->autocrypt);
}
