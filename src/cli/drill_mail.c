/*
 * The drill's notification: what a coordinator sends in stage 3, to nobody but
 * ourselves, with a weakness that there is not. It says so itself, for whoever comes
 * upon it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/drill.h"

#include "base/arena.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "mail/compose.h"
#include "port/conf.h"
#include "room/vault.h"

static const char *
text_of(const struct drill_walk *walk, const struct policy_desk *desk)
{
	if (desk->language == LANGUAGE_EN)
		return arena_printf(walk->cli->arena,
			"This is a drill of madoguchi. It speaks of no real weakness, and nobody needs\n"
			"to act: the window answers it by itself and takes it away again.\n\n"
			"Handling number: %s\n"
			"Kind of vulnerability: SQL injection (invented for the drill)\n",
			walk->name);
	return arena_printf(walk->cli->arena,
		"これは madoguchi の訓練メールです。実在する脆弱性についてのものではありません。\n"
		"窓口が自動で応答し、このメールは削除されますので、対応は不要です。\n\n"
		"取扱番号: %s\n"
		"脆弱性の種類: SQLインジェクション（訓練のための架空のもの）\n",
		walk->name);
}

enum outcome
drill_mail(struct drill_walk *walk, const char *message_id, char **bytes_r, size_t *len_r,
	struct err *err_r)
{
	struct arena *arena = walk->cli->arena;
	const struct policy_desk *desk = &walk->cli->conf->policy.desks[walk->desk];
	bool english = desk->language == LANGUAGE_EN;
	struct compose_mail mail = {
		.from_name = desk->name,
		.from = desk->address,
		.to = desk->address,
		.subject = arena_printf(arena, "[%s] %s", walk->name,
			english ? "Details (a drill)" : "脆弱性関連情報の詳細（訓練）"),
		.outer_subject =
			arena_printf(arena, "[%s] %s", walk->name, english ? "Message" : "ご連絡"),
		.message_id = message_id,
		.date = clock_rfc5322(arena, clock_now(), desk->time_zone),
		.x_madoguchi = arena_printf(arena, "drill; desk=%s", desk->title),
		.text = text_of(walk, desk),
	};
	struct text entity, message;
	enum outcome outcome;
	char *armour;
	size_t len;

	text_init(&entity, arena, COMPOSE_MAX);
	outcome = compose_inner(arena, &mail, true, &entity, err_r);
	if (outcome == DONE)
		outcome = vault_seal(walk->key.vault, arena, walk->key.fpr, desk->key, entity.data,
			entity.len, &armour, &len, err_r);
	if (outcome != DONE)
		return outcome;
	text_init(&message, arena, COMPOSE_MAX);
	outcome = compose_encrypted(arena, &mail, armour, len, &message, err_r);
	*bytes_r = message.data;
	*len_r = message.len;
	return outcome;
}
