/*
 * Programs that do not say by a header field that they are programs. Words are
 * weak evidence: here they are only found. A coordinator's notification may end
 * with "sent automatically" and a finder may be out of office from Friday on, so
 * what follows from them is decided where the rest of the mail is known.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/robot.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/message.h"
#include "rule/phrase.h"
#include "rule/policy.h"

#include <string.h>

#define TAG_MAX 40		/* bytes of a tag that gateways put before a subject */
#define TAGS_MAX 3		/* how many of them */
#define NOTICE_TEXT_MAX 8192	/* bytes of a notice in which its words and the returned id must stand */

enum use {
	SUBJECT_AWAY,	/* begins the subject of an automatic answer */
	TEXT_AUTOMATIC,	/* stands in the text of one */
	SUBJECT_FAILED,	/* begins the subject of a failure notice */
	TEXT_FAILED,	/* stands in its text */
	DELAYED		/* it is not final: in subject or text */
};

/* Each word as rule/fold.c leaves it. */
static const struct {
	enum use use;
	const char *word;
} vocabulary[] = {
	{ SUBJECT_AWAY, "自動返信" }, { SUBJECT_AWAY, "自動応答" }, { SUBJECT_AWAY, "自動送信" },
	{ SUBJECT_AWAY, "自動配信" }, { SUBJECT_AWAY, "不在通知" }, { SUBJECT_AWAY, "不在のお知らせ" },
	{ SUBJECT_AWAY, "休業のお知らせ" }, { SUBJECT_AWAY, "休暇のお知らせ" },
	{ SUBJECT_AWAY, "out of office" }, { SUBJECT_AWAY, "out of the office" },
	{ SUBJECT_AWAY, "automatic reply" }, { SUBJECT_AWAY, "auto reply" },
	{ SUBJECT_AWAY, "auto-reply" }, { SUBJECT_AWAY, "autoreply" },
	{ SUBJECT_AWAY, "auto response" }, { SUBJECT_AWAY, "auto-response" },
	{ SUBJECT_AWAY, "automated response" }, { SUBJECT_AWAY, "automated reply" },
	{ SUBJECT_AWAY, "vacation reply" }, { SUBJECT_AWAY, "abwesenheitsnotiz" },
	{ SUBJECT_AWAY, "abwesenheit" }, { SUBJECT_AWAY, "automatische antwort" },

	{ TEXT_AUTOMATIC, "このメールは自動" }, { TEXT_AUTOMATIC, "本メールは自動" },
	{ TEXT_AUTOMATIC, "当メールは自動" }, { TEXT_AUTOMATIC, "自動返信メール" },
	{ TEXT_AUTOMATIC, "自動応答メール" }, { TEXT_AUTOMATIC, "自動送信メール" },
	{ TEXT_AUTOMATIC, "自動的に送信されて" }, { TEXT_AUTOMATIC, "自動的に返信" },
	{ TEXT_AUTOMATIC, "自動で返信" }, { TEXT_AUTOMATIC, "自動で送信されて" },
	{ TEXT_AUTOMATIC, "this is an automated" }, { TEXT_AUTOMATIC, "this is an automatic" },
	{ TEXT_AUTOMATIC, "this is an auto-generated" },
	{ TEXT_AUTOMATIC, "this message was automatically generated" },
	{ TEXT_AUTOMATIC, "this message was generated automatically" },
	{ TEXT_AUTOMATIC, "this email was sent automatically" },
	{ TEXT_AUTOMATIC, "wurde automatisch" }, { TEXT_AUTOMATIC, "automatisch generierte" },
	{ TEXT_AUTOMATIC, "automatisch erstellte" },

	{ SUBJECT_FAILED, "undelivered mail" }, { SUBJECT_FAILED, "undeliverable" },
	{ SUBJECT_FAILED, "undelivered" }, { SUBJECT_FAILED, "mail delivery fail" },
	{ SUBJECT_FAILED, "delivery failure" }, { SUBJECT_FAILED, "delivery status notification" },
	{ SUBJECT_FAILED, "delivery has failed" }, { SUBJECT_FAILED, "failure notice" },
	{ SUBJECT_FAILED, "returned mail" }, { SUBJECT_FAILED, "mail system error" },
	{ SUBJECT_FAILED, "message not delivered" }, { SUBJECT_FAILED, "warning: message" },
	{ SUBJECT_FAILED, "warning: could not send" }, { SUBJECT_FAILED, "delayed mail" },
	{ SUBJECT_FAILED, "unzustellbar" }, { SUBJECT_FAILED, "nicht zustellbar" },
	{ SUBJECT_FAILED, "配信不能" }, { SUBJECT_FAILED, "配信エラ" }, { SUBJECT_FAILED, "配送エラ" },
	{ SUBJECT_FAILED, "送信エラ" }, { SUBJECT_FAILED, "配信できません" },
	{ SUBJECT_FAILED, "メールが送信できません" }, { SUBJECT_FAILED, "メールを送信できません" },
	{ SUBJECT_FAILED, "メールが配信できません" }, { SUBJECT_FAILED, "メールを配信できません" },
	{ SUBJECT_FAILED, "送信したメールが" },

	{ TEXT_FAILED, "could not be delivered" }, { TEXT_FAILED, "couldn't be delivered" },
	{ TEXT_FAILED, "wasn't able to deliver" }, { TEXT_FAILED, "was not able to deliver" },
	{ TEXT_FAILED, "unable to deliver" }, { TEXT_FAILED, "did not reach some or all" },
	{ TEXT_FAILED, "could not be reached" }, { TEXT_FAILED, "permanent fatal errors" },
	{ TEXT_FAILED, "permanent error" }, { TEXT_FAILED, "delivery to the following" },
	{ TEXT_FAILED, "has not yet been delivered" }, { TEXT_FAILED, "配信に失敗" },
	{ TEXT_FAILED, "送信に失敗" }, { TEXT_FAILED, "配信できません" },
	{ TEXT_FAILED, "送信できません" }, { TEXT_FAILED, "届けることができません" },
	{ TEXT_FAILED, "konnte nicht zugestellt" }, { TEXT_FAILED, "nicht zugestellt werden" },

	{ DELAYED, "delayed" }, { DELAYED, "has not yet been delivered" },
	{ DELAYED, "(delay)" }, { DELAYED, "delivery incomplete" },
	{ DELAYED, "still being retried" }, { DELAYED, "this is a warning message only" },
	{ DELAYED, "warning: could not send message for past" }, { DELAYED, "will keep trying" },
	{ DELAYED, "will continue to try" }, { DELAYED, "遅延して" }, { DELAYED, "再送を続け" },
	{ DELAYED, "再送を試み" }, { DELAYED, "verzögert" },
};
#define VOCABULARY (sizeof(vocabulary) / sizeof(vocabulary[0]))

bool
robot_marked(struct arena *arena, const struct message *message)
{
	const struct header_field *precedence = header_find(&message->fields, "Precedence");
	const char *word = precedence != NULL ? header_token(arena, precedence->value) : "";

	return header_find(&message->fields, "X-Autoreply") != NULL ||
		header_find(&message->fields, "X-Autorespond") != NULL ||
		text_equal(word, "auto_reply") || text_equal(word, "auto-reply");
}

/*
 * Whether the field's value holds that address in brackets; by_dot: with a dot for
 * its '@', as list ids are made.
 */
static bool
names_address(struct arena *arena, const struct message *message, const char *field,
	const char *address, bool by_dot)
{
	const struct header_field *found = header_find(&message->fields, field);
	char *wanted;

	if (found == NULL)
		return false;
	wanted = arena_printf(arena, by_dot ? "<%s>" : "<mailto:%s>", address);
	if (by_dot && strchr(wanted, '@') != NULL)
		*strchr(wanted, '@') = '.';
	return strstr(utf8_fold(arena, utf8_repair(arena, found->value, strlen(found->value), NULL)),
		utf8_fold(arena, wanted)) != NULL;
}

static bool
is_of(struct arena *arena, const char *address, const struct message *message)
{
	return names_address(arena, message, "List-Post", address, false) ||
		names_address(arena, message, "List-Id", address, true);
}

bool
robot_own_list(struct arena *arena, const struct policy_desk *desk, const struct message *message)
{
	const struct header_field *precedence = header_find(&message->fields, "Precedence");

	if (precedence != NULL && !text_equal(header_token(arena, precedence->value), "list"))
		return false;
	if (is_of(arena, desk->address, message))
		return true;
	for (size_t i = 0; i < desk->aliases.count; i++) {
		if (is_of(arena, desk->aliases.at[i], message))
			return true;
	}
	return false;
}

/* What stands before the words that tell: "Re:", brackets, blanks. Of a folded subject. */
static const char *
behind_prefixes(const char *subject)
{
	static const char *const prefixes[] = { "re:", "aw:", "sv:", "【", "[", "(", "<", " ", "※" };
	size_t i = 0;

	while (i < sizeof(prefixes) / sizeof(prefixes[0])) {
		if (text_starts(subject, prefixes[i])) {
			subject += strlen(prefixes[i]);
			i = 0;
		} else {
			i++;
		}
	}
	return subject;
}

/* Behind "[EXTERNAL]" and the like; NULL when no short tag begins the subject. */
static const char *
behind_tag(const char *subject)
{
	static const char *const pairs[][2] = { { "[", "]" }, { "【", "】" }, { "(", ")" } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *end = text_starts(subject, pairs[i][0]) ?
			memmem(subject, strnlen(subject, TAG_MAX), pairs[i][1],
				strlen(pairs[i][1])) : NULL;

		if (end != NULL)
			return end + strlen(pairs[i][1]) + strspn(end + strlen(pairs[i][1]), " ");
	}
	return NULL;
}

static bool
begins(const char *subject, enum use use)
{
	for (int tags = 0; subject != NULL && tags <= TAGS_MAX; tags++) {
		const char *at = behind_prefixes(subject);

		for (size_t i = 0; i < VOCABULARY; i++) {
			if (vocabulary[i].use == use && text_starts(at, vocabulary[i].word))
				return true;
		}
		subject = behind_tag(subject);
	}
	return false;
}

static bool
holds(const char *text, enum use use)
{
	for (size_t i = 0; i < VOCABULARY; i++) {
		if (vocabulary[i].use == use && strstr(text, vocabulary[i].word) != NULL)
			return true;
	}
	return false;
}

bool
robot_words(struct arena *arena, const char *subject, const struct phrase_text *text)
{
	return begins(phrase_match_copy(arena, subject), SUBJECT_AWAY) ||
		(text != NULL && holds(phrase_text_copy(text), TEXT_AUTOMATIC));
}

/* Mail systems write as these. */
static bool
by_mail_system(const struct message *message)
{
	static const char *const names[] = {
		"mailer-daemon@", "mail-daemon@", "maildaemon@", "mdaemon@", "postmaster@",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && message->from_count == 1; i++) {
		if (text_starts_ci(message->from[0].addr, names[i]))
			return true;
	}
	return false;
}

/* "Message-ID: <…>" at the beginning of a line: the returned mail's header, as text. */
static const char *
returned_id(struct arena *arena, const char *text)
{
	const char *id;

	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		line += strspn(line, "> \t");
		if (text_starts_ci(line, "message-id:") &&
			header_msg_ids(arena, arena_strndup(arena, line + strlen("message-id:"),
				strcspn(line + strlen("message-id:"), "\n")), &id, 1) == 1)
			return id;
	}
	return NULL;
}

bool
robot_failure_notice(struct arena *arena, const struct message *message,
	struct robot_notice *notice_r)
{
	const char *subject, *text, *folded;

	/* An empty Return-Path alone is also a cautious program's: then the subject must tell. */
	if (!by_mail_system(message) && !message->null_return_path)
		return false;
	subject = phrase_match_copy(arena, message->subject);
	text = arena_strndup(arena, message->text, utf8_cut(message->text, NOTICE_TEXT_MAX));
	folded = phrase_match_copy(arena, text);
	if (!begins(subject, SUBJECT_FAILED) &&
		(!by_mail_system(message) || !holds(folded, TEXT_FAILED)))
		return false;
	notice_r->failed = !holds(subject, DELAYED) && !holds(folded, DELAYED);
	notice_r->returned_id = returned_id(arena, text);
	return true;
}

const char *
robot_word(size_t index)
{
	return index < VOCABULARY ? vocabulary[index].word : NULL;
}
