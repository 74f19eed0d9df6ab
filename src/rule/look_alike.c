/*
 * Whether an address or a display name passes itself off as a coordinator's
 * (doc/RULES 1): its domain holds the coordinator's as labels, or equals it by
 * confusables or one edit; or the name bears the coordinator's name or address.
 * Its name is the conf's; what else it is called (trust_name_alike) is a weaker
 * claim, which trust.c weighs beside the text. By header fields alone. Errs on
 * the side of a look by a person: what is alike is suspect, never dropped.
 *
 * A true domain is never alike: the coordinator's own domain and what lies
 * under it (xxx@xxx.ipa.go.jp is IPA's, only not the address that the conf
 * names), nor the domains of the desks and of staff, who may happen to be one
 * letter away. Their display names are looked at all the same.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/trust.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "rule/confusable.h"
#include "rule/phrase.h"
#include "rule/policy.h"

#include <string.h>

#define EDIT_SHORTEST 6	/* letters: shorter domains are one edit from too many honest ones */
#define NAME_SHORTEST 2	/* letters of a coordinator's name that are looked for */
#define APART_SHORTEST 5	/* letters: shorter names are made up by pieces of too many others */
#define MIDDLE_DOT "\xe3\x83\xbb"

struct points {
	uint32_t *at;
	size_t count;
};

static struct points
points_of(struct arena *arena, const char *text)
{
	struct points points = { arena_calloc(arena, strlen(text) + 1, sizeof(uint32_t)), 0 };

	for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text))
		points.at[points.count++] = c;
	return points;
}

/*
 * At most one letter put in, left out, changed, or swapped with its neighbour.
 * What the two have in common at both ends is taken off; the rest tells.
 */
static bool
one_edit(struct points a, struct points b)
{
	while (a.count > 0 && b.count > 0 && a.at[0] == b.at[0]) {
		a = (struct points){ a.at + 1, a.count - 1 };
		b = (struct points){ b.at + 1, b.count - 1 };
	}
	while (a.count > 0 && b.count > 0 && a.at[a.count - 1] == b.at[b.count - 1]) {
		a.count--;
		b.count--;
	}
	if (a.count <= 1 && b.count <= 1)
		return true;
	return a.count == 2 && b.count == 2 && a.at[0] == b.at[1] && a.at[1] == b.at[0];
}

static bool
edited(struct arena *arena, const char *a, const char *b)
{
	struct points left = points_of(arena, a), right = points_of(arena, b);

	if (left.count < EDIT_SHORTEST || right.count < EDIT_SHORTEST)
		return false;
	return one_edit(left, right);
}

static bool
ascii_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/*
 * ASCII signs as dots: "ipa-go-jp.com" and "vuln-contact_ipa.go.jp" hold the
 * labels ipa, go, jp for every reader, so a hyphen parts labels like a dot.
 */
static char *
as_labels(struct arena *arena, const char *text)
{
	char *labels = arena_strdup(arena, text);

	for (char *at = labels; *at != '\0'; at++)
		if ((unsigned char)*at < 0x80 && !ascii_alnum(*at))
			*at = '.';
	return labels;
}

/* Whether word stands in text, not as a part of a longer ASCII word. */
static bool
bears(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *at = len > 0 ? strstr(text, word) : NULL;

	for (; at != NULL; at = strstr(at + 1, word)) {
		bool starts = at == text || !ascii_alnum(at[-1]) || !ascii_alnum(word[0]);
		bool ends = !ascii_alnum(at[len]) || !ascii_alnum(word[len - 1]);

		if (starts && ends)
			return true;
	}
	return false;
}

/* Past what a name is written with or without: blanks, slashes, hyphens, dots. */
static const char *
behind_signs(const char *at)
{
	for (;;) {
		if (*at != '\0' && (unsigned char)*at < 0x80 && !ascii_alnum(*at))
			at++;
		else if (text_starts(at, MIDDLE_DOT))
			at += strlen(MIDDLE_DOT);
		else
			return at;
	}
}

/*
 * Whether the word begins here, whatever signs stand in either: "CERT/CC" is
 * CERTCC. A short one may have them between all of its letters ("I.P.A."), but
 * is not made up of pieces ("I Pa").
 */
static bool
begins_apart(const char *text, const char *word)
{
	size_t letters = 0, gaps = 0;
	char last = '\0';

	for (word = behind_signs(word); *word != '\0'; word = behind_signs(word + 1)) {
		const char *letter = letters > 0 ? behind_signs(text) : text;

		if (*letter != *word)
			return false;
		gaps += letter != text;
		letters++;
		last = *word;
		text = letter + 1;
	}
	if (letters < NAME_SHORTEST || (ascii_alnum(last) && ascii_alnum(*text)))
		return false;
	return gaps == 0 || gaps == letters - 1 || letters >= APART_SHORTEST;
}

/* The same as bears(), whatever signs stand in either. */
static bool
bears_apart(const char *text, const char *word)
{
	for (const char *at = text; *at != '\0'; at++) {
		bool starts = at == text || !ascii_alnum(at[-1]) || !ascii_alnum(at[0]);

		if (starts && begins_apart(at, word))
			return true;
	}
	return false;
}

static size_t
label_count(const char *domain)
{
	size_t count = 1;

	for (; *domain != '\0'; domain++)
		count += *domain == '.';
	return count;
}

/* The last `count` labels: of "mail.1pa.go.jp" what stands where "ipa.go.jp" would. */
static const char *
last_labels(const char *domain, size_t count)
{
	for (size_t more = label_count(domain); more > count; more--)
		domain = strchr(domain, '.') + 1;
	return domain;
}

/* Both domains as a reader sees them. */
static bool
domain_alike(struct arena *arena, const char *domain, const char *true_domain)
{
	const char *shown = utf8_fold(arena, confusable_domain(arena, domain));
	const char *skeleton = confusable_skeleton(arena, shown);
	const char *wanted = utf8_fold(arena, confusable_domain(arena, true_domain));
	const char *wanted_skeleton = confusable_skeleton(arena, wanted);
	size_t labels = label_count(wanted_skeleton);

	if (bears(as_labels(arena, skeleton), as_labels(arena, wanted_skeleton)))
		return true;
	return edited(arena, last_labels(shown, labels), wanted) ||
		edited(arena, last_labels(skeleton, labels), wanted_skeleton);
}

/* Whether text (a display name, or what stands before the '@') bears the domain, whole. */
static bool
text_bears_domain(struct arena *arena, const char *text, const char *true_domain)
{
	const char *skeleton = confusable_skeleton(arena, text);
	const char *wanted = confusable_skeleton(arena, confusable_domain(arena, true_domain));

	return bears(as_labels(arena, skeleton), as_labels(arena, wanted));
}

static bool
name_alike(struct arena *arena, const char *display_name, const char *name)
{
	if (name == NULL || strlen(name) < NAME_SHORTEST)
		return false;
	return bears(confusable_skeleton(arena, display_name), confusable_skeleton(arena, name));
}

/* Whether it bears the conf's name written otherwise, or what the phrase book calls identity. */
static bool
identity_alike(struct arena *arena, const struct policy_coordinator *coordinator,
	const char *display_name)
{
	const struct phrase_book *book = coordinator->phrases;
	size_t count = book != NULL ? phrase_book_count(book) : 0;
	const char *shown = confusable_skeleton(arena, phrase_match_copy(arena, display_name));

	if (coordinator->name != NULL &&
		bears_apart(shown, confusable_skeleton(arena, coordinator->name)))
		return true;
	for (size_t i = 0; i < count; i++)
		if (phrase_book_meaning(book, i) == PHRASE_IDENTITY &&
			bears_apart(shown, confusable_skeleton(arena,
				phrase_match_copy(arena, phrase_book_text(book, i)))))
			return true;
	return false;
}

bool
trust_name_alike(struct arena *arena, const struct policy_coordinator *coordinator,
	const char *display_name)
{
	const char *turned;

	if (display_name == NULL)
		return false;
	turned = confusable_reversed(arena, display_name);
	return identity_alike(arena, coordinator, display_name) ||
		(turned != NULL && identity_alike(arena, coordinator, turned));
}

/* The true domain, what lies under it, and our own people's: known, so not alike. */
static bool
domain_known(const struct policy *policy, const char *domain)
{
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		const struct string_list *own = &policy->coordinators[i].addresses;

		for (size_t k = 0; k < own->count; k++)
			if (address_domain_in(domain, address_domain(own->at[k])))
				return true;
	}
	for (size_t i = 0; i < policy->desk_count; i++)
		if (address_domain_in(domain, address_domain(policy->desks[i].address)))
			return true;
	for (size_t i = 0; i < policy->staff_count; i++)
		if (address_domain_in(domain, address_domain(policy->staff[i].address)))
			return true;
	return false;
}

static bool
is_address_of(const struct policy_coordinator *coordinator, const char *address)
{
	for (size_t i = 0; i < coordinator->addresses.count; i++)
		if (address_equal(coordinator->addresses.at[i], address))
			return true;
	return false;
}

static bool
alike(struct arena *arena, const struct policy_coordinator *coordinator, const char *address,
	const char *display_name, bool known)
{
	const char *at = strrchr(address, '@');
	const char *local = arena_strndup(arena, address, at != NULL ? (size_t)(at - address) : 0);

	for (size_t i = 0; i < coordinator->addresses.count; i++) {
		const char *true_domain = address_domain(coordinator->addresses.at[i]);

		if (*true_domain == '\0')
			continue;
		if (!known && (domain_alike(arena, address_domain(address), true_domain) ||
			       text_bears_domain(arena, local, true_domain)))
			return true;
		if (display_name != NULL && text_bears_domain(arena, display_name, true_domain))
			return true;
	}
	return display_name != NULL && name_alike(arena, display_name, coordinator->name);
}

bool
trust_look_alike(struct arena *arena, const struct policy *policy, const char *address,
	const char *display_name, int *coordinator_r)
{
	bool known = domain_known(policy, address_domain(address));
	/* A name that turns the direction of writing is read as it is shown, too. */
	const char *turned =
		display_name != NULL ? confusable_reversed(arena, display_name) : NULL;

	for (size_t i = 0; i < policy->coordinator_count; i++)
		if (is_address_of(&policy->coordinators[i], address))
			return false;
	for (size_t i = 0; i < policy->coordinator_count; i++) {
		if (!alike(arena, &policy->coordinators[i], address, display_name, known) &&
			(turned == NULL ||
				!alike(arena, &policy->coordinators[i], address, turned, known)))
			continue;
		*coordinator_r = (int)i;
		return true;
	}
	return false;
}
