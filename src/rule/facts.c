/*
 * What is odd about a message, in words for staff. Sentences are fixed: nothing
 * out of a mail may ever stand in one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/facts.h"

#include "base/arena.h"
#include "rule/policy.h"

#include <string.h>

#define FITS_ARENA ((size_t)4 * 1024 * 1024)

static const char *const sentences[PROBLEMS] = {
	[PROBLEM_NONE] = "nothing is wrong",
	[PROBLEM_BROKEN_MIME] = "broken MIME: read as far as it could be",
	[PROBLEM_TOO_LARGE] = "too large",
	[PROBLEM_TOO_DEEP] = "parts are nested too deep",
	[PROBLEM_TOO_MANY_PARTS] = "too many parts",
	[PROBLEM_HEADER_TOO_LONG] = "a header is too long",
	[PROBLEM_UNPACKED_TOO_LARGE] = "too large when unpacked",
	[PROBLEM_NO_SECRET_KEY] = "sealed to keys that are not here",
	[PROBLEM_DECRYPT_FAILED] = "could not be decrypted: damaged, or not OpenPGP",
	[PROBLEM_NO_INTEGRITY] =
		"encrypted without integrity protection that gpg vouches for: nothing of it is shown",
	[PROBLEM_BAD_SIGNATURE] =
		"bad signature: this is not what was signed; altered on the way, or forged",
	[PROBLEM_UNKNOWN_KEY] =
		"unknown key: signed by a key that is not here or is pinned for nobody",
	[PROBLEM_EXPIRED_KEY] = "signed by a key that had expired",
	[PROBLEM_REVOKED_KEY] = "signed by a key that was revoked",
	[PROBLEM_READER_CRASHED] = "reader crashed while opening it",
	[PROBLEM_READER_TIMEOUT] = "reader took too long to open it",
	[PROBLEM_READER_MEMORY] = "reader ran out of memory opening it",
	[PROBLEM_KEYRING_CRASHED] = "keyring crashed while opening it",
	[PROBLEM_UNKNOWN_CHARSET] = "unknown charset: part of the text could not be read",
	[PROBLEM_CHARSET_DAMAGED] = "text holds bytes that are not of its charset",
	[PROBLEM_CHARSET_GUESSED] = "no charset given: guessed",
	[PROBLEM_DUPLICATE_FIELD] =
		"duplicate header field: mail programs will differ on what it says",
	[PROBLEM_SENDER_DIFFERS] =
		"sender differs: signed by the coordinator, sent by someone else",
	[PROBLEM_AUTHENTICATION_FAILED] =
		"DMARC failed, though the signature is good (forwarding breaks it)",
	[PROBLEM_LOOK_ALIKE] = "look-alike: pretends to be a coordinator",
	[PROBLEM_NUMBER_CONFLICT] =
		"number and References name different cases: the number was followed",
	[PROBLEM_NUMBER_UNSIGNED] =
		"a handling number stands only outside the signed part: ignored",
	[PROBLEM_DATE_FAR_OFF] = "Date is far from the time of arrival",
	[PROBLEM_NO_MESSAGE_ID] = "no Message-ID",
	[PROBLEM_NO_DATE] = "no usable Date",
	[PROBLEM_SITE_DOUBT] =
		"several cases, or none, may be meant by the site: opened as a new one",
	[PROBLEM_TOO_MANY_NUMBERS] = "too many handling numbers: the first ones were kept",
	[PROBLEM_CUT] = "a header field was cut, or a list of them",
	[PROBLEM_SMIME_NOT_CHECKED] = "S/MIME signature not checked",
	[PROBLEM_NUL_BYTES] = "holds NUL bytes",
	[PROBLEM_TRUNCATED] = "larger than max_size: only its header fields were fetched",
	[PROBLEM_OLD] = "older than max_age when first seen: its answer is held",
	[PROBLEM_SIGNATURE_BESIDE] = "a detached signature is attached: it is not checked",
	[PROBLEM_CHARSET_WRONG] = "text is not of the charset that it names: read as another",
	[PROBLEM_SIGNATURE_EXPIRED] = "the signature has expired",
	[PROBLEM_REPLY_ELSEWHERE] =
		"Reply-To leads elsewhere: the window answers to the coordinator's address in its conf",
	[PROBLEM_KEY_OFFERED] =
		"a key is offered: it is used for nothing; compare its fingerprint by another way",
	[PROBLEM_SIGNATURE_NOT_CHECKED] = "a signature could not be checked",
	[PROBLEM_FROM_DIFFERS] = "From inside differs from the one outside",
	[PROBLEM_SEVERAL_BLOCKS] = "several OpenPGP blocks in its text: one at most was opened",
	[PROBLEM_SMIME_ENCRYPTED] =
		("S/MIME encrypted, which is not opened here: ask for OpenPGP, sealed to the "
		 "window's key"),
	[PROBLEM_SMIME_UNKNOWN] =
		"S/MIME signature not checked: its certificate leads to no root of smime.roots",
	[PROBLEM_SMIME_OUT_OF_TIME] =
		"S/MIME signature by a certificate that was not valid when the mail came",
	[PROBLEM_DUE_WEEKDAY] = "the weekday beside a day asked for is another one's",
	[PROBLEM_DUE_ORDER] =
		"day and month of a day asked for may be the other way round: the earlier is taken",
	[PROBLEM_DUE_FAR] = "a day asked for bears no year and is far ahead",
	[PROBLEM_DUE_BEYOND_CALENDAR] =
		"a deadline lies beyond what the calendar knows of holidays",
	[PROBLEM_SMIME_OTHER_ADDRESS] =
		"S/MIME signature by the certificate of another address than the sender's",
	[PROBLEM_LOCKED_ARCHIVE] =
		"an archive is locked with a password: what it holds could not be opened",
	[PROBLEM_TEXT_STUB] = "its plain text only stands in for its HTML: that was read",
	[PROBLEM_TEXTS_DIFFER] =
		("its plain text and its HTML name other numbers, or say other things: programs "
		 "show either"),
};

const char *
problem_text(enum problem problem)
{
	return (unsigned int)problem < PROBLEMS ? sentences[problem] : "unknown problem";
}

void
facts_problem(struct facts_layer *layer, enum problem problem)
{
	if (problem == PROBLEM_NONE)
		return;
	for (size_t i = 0; i < layer->problem_count; i++) {
		if (layer->problems[i] == problem)
			return;
	}
	if (layer->problem_count < FACTS_PROBLEMS)
		layer->problems[layer->problem_count++] = problem;
}

bool
facts_layer_fits(const struct facts_layer *layer, const struct policy *policy)
{
	struct arena *arena = arena_new(ARENA_PLAIN, FITS_ARENA);
	bool fits = layer->form_index >= -1 && layer->form_index < (int)policy->form_count;

	for (size_t i = 0; i < layer->numbers.count && fits; i++)
		fits = number_fits(arena, policy, &layer->numbers.hit[i]);
	arena_free(&arena);
	return fits;
}
