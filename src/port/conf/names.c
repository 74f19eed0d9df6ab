/*
 * Values that are names of something: addresses, sites, folders, fingerprints,
 * domains, patterns. Checked for what they will be used for, so that nothing
 * from here has to be escaped later.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"
#include "mail/address.h"
#include "rule/number.h"

#include <ctype.h>
#include <string.h>

#define FPR_DIGITS 40
#define PIN_PREFIX "sha256//"
#define PIN_DIGITS 43 /* base64 of 32 bytes, before its '=' */
#define FOLDER_MAX 255

static const char *
lower(const struct value *value, const char *text)
{
	char *copy = arena_strdup(value->reading->arena, text);

	for (char *at = copy; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

bool
conf_address(struct value *value, const char *text, const char **out_r)
{
	if (!address_valid(text)) {
		conf_wrong(value, "%s is not a mail address; like \"security@example.co.jp\"",
			conf_quoted(value->reading, text));
		return false;
	}
	*out_r = arena_strdup(value->reading->arena, text);
	return true;
}

/* The host may be written in Japanese; blanks, quotes and a name before '@' never belong there. */
static bool
site_well(const char *text)
{
	const char *host = strstr(text, "://");
	size_t len;

	if (!text_starts_ci(text, "https://") && !text_starts_ci(text, "http://"))
		return false;
	host += 3;
	len = strcspn(host, "/?#");
	return len > 0 && host[0] != '.' && host[0] != ':' && host[0] != '-'
		&& memchr(host, '@', len) == NULL && strpbrk(text, " \"<>\\^`{|}") == NULL
		&& strstr(text, "　") == NULL;
}

bool
conf_site(struct value *value, const char *text, const char **out_r)
{
	if (!site_well(text)) {
		conf_wrong(value, "%s is not a site's URL; like \"https://www.example.co.jp/\"",
			conf_quoted(value->reading, text));
		return false;
	}
	*out_r = arena_strdup(value->reading->arena, text);
	return true;
}

bool
conf_folder(struct value *value, const char *text, const char **out_r)
{
	if (strlen(text) > FOLDER_MAX || strpbrk(text, "*%") != NULL) {
		conf_wrong(value, "%s is no folder's name; no '*' or '%%', at most %d bytes",
			conf_quoted(value->reading, text), FOLDER_MAX);
		return false;
	}
	*out_r = arena_strdup(value->reading->arena, text);
	return true;
}

/* Blanks, as gpg prints them, may stand in it. */
bool
conf_fpr(struct value *value, const char *text, const char **out_r)
{
	char *fpr = arena_alloc(value->reading->arena, FPR_DIGITS + 1);
	size_t len = 0;
	bool well = true;

	for (const char *at = text; *at != '\0' && well; at++) {
		if (*at == ' ')
			continue;
		well = isxdigit((unsigned char)*at) && len < FPR_DIGITS;
		if (well)
			fpr[len++] = (char)toupper((unsigned char)*at);
	}
	if (!well || len != FPR_DIGITS) {
		conf_wrong(value,
			"%s is not a fingerprint; the %d hex digits of gpg --fingerprint, not a "
			"key id",
			conf_quoted(value->reading, text), FPR_DIGITS);
		return false;
	}
	conf_claim_key(value, fpr);
	*out_r = fpr;
	return true;
}

bool
conf_domain(struct value *value, const char *text, const char **out_r)
{
	const char *probe = arena_printf(value->reading->arena, "a@%s", text);

	if (!address_valid(probe)) {
		conf_wrong(value, "%s is not a domain; like \"ipa.go.jp\"",
			conf_quoted(value->reading, text));
		return false;
	}
	*out_r = lower(value, text);
	return true;
}

/* An authserv-id (RFC 8601 2.5): a value without blanks and without what ends it. */
bool
conf_token(struct value *value, const char *text, const char **out_r)
{
	if (strpbrk(text, " ;()\"<>@,") != NULL) {
		conf_wrong(value,
			"%s is not an authserv-id; what stands first in your server's own "
			"Authentication-Results, like \"mx.example.co.jp\"",
			conf_quoted(value->reading, text));
		return false;
	}
	*out_r = arena_strdup(value->reading->arena, text);
	return true;
}

static bool
pin_well(const char *text)
{
	size_t digits = 0;

	if (!text_starts(text, PIN_PREFIX))
		return false;
	text += strlen(PIN_PREFIX);
	while (isalnum((unsigned char)text[digits]) || text[digits] == '+' || text[digits] == '/')
		digits++;
	return digits == PIN_DIGITS && strcmp(text + digits, "=") == 0;
}

bool
conf_pin(struct value *value, const char *text, const char **out_r)
{
	if (!pin_well(text)) {
		conf_wrong(value,
			"%s is not a pin; \"%s\" and the base64 of the public key's SHA-256 (44 "
			"characters)",
			conf_quoted(value->reading, text), PIN_PREFIX);
		return false;
	}
	*out_r = arena_strdup(value->reading->arena, text);
	return true;
}

bool
conf_after(struct value *value, void *field_r)
{
	static const char move[] = "move:";
	struct conf_imap *imap = field_r;
	const char *text, *folder = "";

	if (!conf_text_of(value, value->setting, &text))
		return false;
	if (text_starts(text, move) && text[sizeof(move) - 1] != '\0') {
		if (!conf_folder(value, text + sizeof(move) - 1, &folder))
			return false;
	} else if (strcmp(text, "keep") != 0 && strcmp(text, "flag") != 0) {
		conf_wrong(value, "%s is not known; \"keep\", \"flag\" or \"move:FOLDER\"",
			conf_quoted(value->reading, text));
		return false;
	}
	imap->after = folder[0] != '\0' ? AFTER_MOVE : text[0] == 'f' ? AFTER_FLAG : AFTER_KEEP;
	imap->move_to = folder;
	return true;
}

bool
conf_number(struct value *value, void *field_r)
{
	struct policy_coordinator *coordinator = field_r;
	struct number_pattern *pattern = NULL;
	const char *text;
	struct err err;

	if (!conf_text_of(value, value->setting, &text))
		return false;
	if (text[0] != '\0'
		&& number_pattern_compile(value->reading->arena, text, &pattern, &err) != DONE) {
		conf_wrong(value,
			"%s cannot be used: %s; a POSIX extended expression like "
			"\"IPA#([0-9]{8})\"",
			conf_quoted(value->reading, text), err.text);
		return false;
	}
	coordinator->number = arena_strdup(value->reading->arena, text);
	coordinator->pattern = pattern;
	return true;
}
