/*
 * Authentication-Results of one trusted server (RFC 8601 2.2). Reads the
 * topmost field of a trusted id and no other. A pass counts only where nothing
 * about it is odd; a fail counts anyway, since nobody gains by forging one.
 * Must not decide on trust: that is rule/'s work.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/auth_results.h"

#include "base/arena.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/lex.h"

#include <string.h>

/* "method=result" and those of its properties that count; NULL for none. */
struct resinfo {
	const char *method;
	const char *result;
	const char *header_from;
	const char *header_d;
	const char *header_i;
	bool odd;	/* something that the grammar does not have, or a property given twice */
};

/* What the results of the field come to. */
struct tally {
	const char *domain;	/* of From, "" when there is not one */
	bool dmarc_pass, dmarc_fail, dmarc_other;
	bool dkim_aligned;
};

static bool
is_keyword_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '-' || c == '_';
}

/* A Keyword of RFC 5321 (and the '_' that is met in them); "" if there is none. */
static const char *
read_keyword(struct arena *arena, struct lex *lex)
{
	const char *from = lex->at;

	while (lex->at < lex->end && is_keyword_char(*lex->at))
		lex->at++;
	return arena_strndup(arena, from, (size_t)(lex->at - from));
}

/* A token, a quoted string, or both run together ("a b"@c.jp), up to a blank, ';' or comment. */
static const char *
read_value(struct arena *arena, struct lex *lex)
{
	struct text value;

	text_init(&value, arena, (size_t)(lex->end - lex->at));
	while (lex->at < lex->end && !lex_is_blank(*lex->at) && *lex->at != ';' &&
		*lex->at != '(') {
		if (*lex->at == '"')
			lex_quoted(lex, &value);
		else
			text_add_char(&value, *lex->at++);
	}
	return value.data;
}

static bool
take_behind_cfws(struct lex *lex, char c)
{
	bool taken;

	lex_skip_cfws(lex);
	taken = lex_take(lex, c);
	if (taken)
		lex_skip_cfws(lex);
	return taken;
}

static void
keep_property(struct resinfo *info, const char *name, const char *value)
{
	const char **place = NULL;

	if (text_equal_ci(name, "from"))
		place = &info->header_from;
	else if (text_equal_ci(name, "d"))
		place = &info->header_d;
	else if (text_equal_ci(name, "i"))
		place = &info->header_i;
	if (place == NULL)
		return;
	if (*place != NULL)
		info->odd = true;
	*place = value;
}

/* One "ptype.property=value", "reason=value", or the "word=value" that some servers write. */
static void
read_property(struct arena *arena, struct lex *lex, struct resinfo *info)
{
	const char *ptype = read_keyword(arena, lex);
	const char *property = NULL, *value;

	if (take_behind_cfws(lex, '.'))
		property = read_keyword(arena, lex);
	if (*ptype == '\0' || (property != NULL && *property == '\0') ||
		!take_behind_cfws(lex, '=')) {
		info->odd = true;
		read_value(arena, lex);
		return;
	}
	value = read_value(arena, lex);
	if (property != NULL && text_equal_ci(ptype, "header"))
		keep_property(info, property, value);
}

/* One result up to its ';'. "none" and an empty one have no method. */
static void
read_resinfo(struct arena *arena, struct lex *lex, struct resinfo *info_r)
{
	memset(info_r, 0, sizeof(*info_r));
	lex_skip_cfws(lex);
	info_r->method = read_keyword(arena, lex);
	if (take_behind_cfws(lex, '/'))
		info_r->odd = !text_equal(read_keyword(arena, lex), "1");
	info_r->result = take_behind_cfws(lex, '=') ? read_keyword(arena, lex) : "";
	lex_skip_cfws(lex);
	while (lex->at < lex->end && *lex->at != ';') {
		read_property(arena, lex, info_r);
		lex_skip_cfws(lex);
	}
}

/*
 * Whether a domain is one under which strangers register names. Without a
 * public suffix list: one label, or such a second level under a country's.
 */
static bool
is_public_suffix(const char *domain)
{
	static const char *const second_levels[] = { "ac", "ad", "co", "com", "ed", "edu", "go",
		"gob", "gouv", "gov", "gr", "lg", "ltd", "mil", "ne", "net", "nom", "or", "org",
		"plc", "re" };
	const char *dot = strchr(domain, '.');

	if (dot == NULL || dot == domain || dot[1] == '\0')
		return true;
	if (strchr(dot + 1, '.') != NULL || strlen(dot + 1) != 2)
		return false;
	for (size_t i = 0; i < sizeof(second_levels) / sizeof(second_levels[0]); i++)
		if (strlen(second_levels[i]) == (size_t)(dot - domain) &&
			text_starts_ci(domain, second_levels[i]))
			return true;
	return false;
}

/* Relaxed alignment (RFC 7489 3.1.1), towards parents only. */
static bool
is_aligned(const char *signer, const char *domain)
{
	if (*domain == '\0' || signer == NULL || *signer == '\0')
		return false;
	return text_equal_ci(signer, domain) ||
		(address_domain_in(domain, signer) && !is_public_suffix(signer));
}

/* The domain of "user@domain", "@domain" or "domain". */
static const char *
domain_of(const char *value)
{
	return value != NULL && strchr(value, '@') != NULL ? address_domain(value) : value;
}

static void
count_resinfo(struct tally *tally, const struct resinfo *info)
{
	bool pass = text_equal_ci(info->result, "pass") && !info->odd && *tally->domain != '\0';

	if (text_equal_ci(info->method, "dmarc")) {
		const char *domain = domain_of(info->header_from);

		if (text_equal_ci(info->result, "fail"))
			tally->dmarc_fail = true;
		else if (pass && (domain == NULL || text_equal_ci(domain, tally->domain)))
			tally->dmarc_pass = true;
		else
			tally->dmarc_other = true;
	} else if (text_equal_ci(info->method, "dkim") && pass) {
		const char *signer = info->header_d != NULL ? info->header_d :
			domain_of(info->header_i);

		tally->dkim_aligned = tally->dkim_aligned || is_aligned(signer, tally->domain);
	}
}

/* Reads what stands behind the authserv-id; false when not all of it could be read. */
static bool
read_results(struct arena *arena, struct lex *lex, struct tally *tally)
{
	struct resinfo info;
	const char *version;

	lex_skip_cfws(lex);
	version = read_keyword(arena, lex);
	if (*version != '\0' && !text_equal(version, "1"))
		return false;
	lex_skip_cfws(lex);
	if (lex->at < lex->end && *lex->at != ';')
		return false;
	while (lex_take(lex, ';')) {
		read_resinfo(arena, lex, &info);
		count_resinfo(tally, &info);
	}
	return !lex->broken;
}

/* Which of the trusted ones it is, id_count for none. */
static size_t
trusted_id(const char *id, const char *const *ids, size_t id_count)
{
	for (size_t i = 0; i < id_count; i++)
		if (*id != '\0' && text_equal_ci(id, ids[i]))
			return i;
	return id_count;
}

static void
judge(const struct tally *tally, bool whole, struct auth_results *results_r)
{
	if (tally->dmarc_fail)
		results_r->dmarc = AUTH_FAIL;
	else if (whole && tally->dmarc_pass && !tally->dmarc_other)
		results_r->dmarc = AUTH_PASS;
	results_r->dkim_aligned = whole && tally->dkim_aligned;
}

void
auth_results_read(struct arena *arena, const char *const *values, size_t count,
	const char *const *ids, size_t id_count, const char *from, struct auth_results *results_r)
{
	struct tally tally = { .domain = address_domain(from) };
	struct lex lex;

	memset(results_r, 0, sizeof(*results_r));
	for (size_t i = 0; i < count; i++) {
		lex_start(&lex, values[i], strlen(values[i]));
		lex_skip_cfws(&lex);
		results_r->host = trusted_id(read_value(arena, &lex), ids, id_count);
		if (results_r->host == id_count)
			continue;
		results_r->trusted = true;
		judge(&tally, read_results(arena, &lex, &tally), results_r);
		return;
	}
}

const char *
auth_results_id(struct arena *arena, const char *value)
{
	const char *id;
	struct lex lex;

	lex_start(&lex, value, strlen(value));
	lex_skip_cfws(&lex);
	id = read_value(arena, &lex);
	if (strlen(id) > AUTH_ID_MAX)
		return "";
	for (const char *at = id; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~')
			return "";
	return id;
}
