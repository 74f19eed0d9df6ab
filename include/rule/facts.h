/*
 * What a reader tells the desk of a message: the list of facts, layer by layer.
 * A layer is a text with one provenance: layer 0 is the message as it came, a
 * further one is what stood inside a ciphertext or a signed part. What a sealed
 * layer may tell is limited to doc/RULES 3: numbers, stage, kind, dates, which
 * of the desk's sites, sizes and media types.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_FACTS_H
#define RULE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/auth_results.h"
#include "rule/due.h"
#include "rule/number.h"
#include "rule/phrase.h"

#define FACTS_LAYERS 6		/* layers of one message; a deeper one is a limit met */
#define FACTS_ADDRESSES 64	/* addresses kept of one header field */
#define FACTS_REFERENCES 100	/* message identifiers kept of In-Reply-To and References together, the newest ones */
#define FACTS_ATTACHMENTS 64
#define FACTS_PROBLEMS 32
#define FACTS_SITES 32
#define FACTS_DUES 8		/* days asked for in one text, the first ones */
#define FACTS_SIGNATURES 8
#define FACTS_RECIPIENTS 32
#define FACTS_OFFERS 4		/* keys that came along with one mail */
#define FACTS_CERTIFICATE_ADDRESSES 8	/* kept of one certificate; more than that no person has */
#define FACTS_CERTIFICATE_ADDRESS 255	/* bytes of one, its NUL included: RFC 5321 4.5.3.1 allows 254 */
#define FACTS_BOOKS 8		/* coordinators that may have a phrase book */
#define FACTS_TYPE_MAX 255	/* bytes of a media type: RFC 6838 4.2 allows 127 on each side of the slash */
#define FACTS_STRING_MAX 1000	/* bytes of any one string (a longer one is cut and noted) */

/* What is odd about a message; spelled by problem_text(). Codes, so that no text of a sealed mail leaks. */
enum problem {
	PROBLEM_NONE,
	PROBLEM_BROKEN_MIME,
	PROBLEM_TOO_LARGE,
	PROBLEM_TOO_DEEP,
	PROBLEM_TOO_MANY_PARTS,
	PROBLEM_HEADER_TOO_LONG,
	PROBLEM_UNPACKED_TOO_LARGE,
	PROBLEM_NO_SECRET_KEY,
	PROBLEM_DECRYPT_FAILED,
	PROBLEM_NO_INTEGRITY,
	PROBLEM_BAD_SIGNATURE,
	PROBLEM_UNKNOWN_KEY,
	PROBLEM_EXPIRED_KEY,
	PROBLEM_REVOKED_KEY,
	PROBLEM_READER_CRASHED,
	PROBLEM_READER_TIMEOUT,
	PROBLEM_READER_MEMORY,
	PROBLEM_KEYRING_CRASHED,
	PROBLEM_UNKNOWN_CHARSET,
	PROBLEM_CHARSET_DAMAGED,	/* bytes that are not of the declared charset */
	PROBLEM_CHARSET_GUESSED,
	PROBLEM_DUPLICATE_FIELD,	/* Subject, From, Content-Type … given twice: readers differ */
	PROBLEM_SENDER_DIFFERS,
	PROBLEM_AUTHENTICATION_FAILED,	/* dmarc=fail beside a good pinned signature */
	PROBLEM_LOOK_ALIKE,
	PROBLEM_NUMBER_CONFLICT,	/* number and References name different cases */
	PROBLEM_NUMBER_UNSIGNED,	/* a number only outside the signed part */
	PROBLEM_DATE_FAR_OFF,
	PROBLEM_NO_MESSAGE_ID,
	PROBLEM_NO_DATE,
	PROBLEM_SITE_DOUBT,
	PROBLEM_TOO_MANY_NUMBERS,
	PROBLEM_CUT,			/* a field was cut at a limit */
	PROBLEM_SMIME_NOT_CHECKED,
	PROBLEM_NUL_BYTES,
	PROBLEM_TRUNCATED,		/* larger than max_size: header fields alone were fetched */
	PROBLEM_OLD,			/* older than max_age when first seen */
	PROBLEM_SIGNATURE_BESIDE,	/* a detached signature is attached: over what, nobody knows */
	PROBLEM_CHARSET_WRONG,
	PROBLEM_SIGNATURE_EXPIRED,	/* the signature itself was made for a time that is over */
	PROBLEM_REPLY_ELSEWHERE,	/* a coordinator's mail whose Reply-To is of another house */
	PROBLEM_KEY_OFFERED,		/* a public key came along: used for nothing */
	PROBLEM_SIGNATURE_NOT_CHECKED,	/* of a kind that gpg cannot, or will not, check */
	PROBLEM_FROM_DIFFERS,		/* the protected From is not the one outside */
	PROBLEM_SEVERAL_BLOCKS,		/* of the armoured blocks in a text one at most was opened */
	PROBLEM_SMIME_ENCRYPTED,
	PROBLEM_SMIME_UNKNOWN,		/* its certificate leads to no root of the conf */
	PROBLEM_SMIME_OUT_OF_TIME,	/* a certificate of its chain was not valid when the mail came */
	PROBLEM_DUE_WEEKDAY,		/* the four of enum due_doubt, in its order */
	PROBLEM_DUE_ORDER,
	PROBLEM_DUE_FAR,
	PROBLEM_DUE_BEYOND_CALENDAR,
	PROBLEM_SMIME_OTHER_ADDRESS,	/* good, but by the certificate of an address that is not From's */
	PROBLEM_LOCKED_ARCHIVE,
	PROBLEM_TEXT_STUB,
	PROBLEM_TEXTS_DIFFER,		/* plain and as HTML: mail programs show either */
	PROBLEMS
};

struct facts_address {
	const char *address;	/* addr-spec, domain in lower case; "" when it could not be read */
	const char *name;	/* display name, decoded, or NULL */
};

struct facts_addresses {
	struct facts_address at[FACTS_ADDRESSES];
	size_t count;
};

struct facts_attachment {
	const char *name;	/* NULL in a sealed layer */
	const char *type;	/* "text/plain", lower case */
	uint64_t size;		/* bytes after transfer decoding */
};

/* What shape the layer has, as found in its bytes. */
enum layer_form {
	FORM_PLAIN,		/* text to read here */
	FORM_ENCRYPTED,		/* multipart/encrypted or inline armour: a layer follows if it opens */
	FORM_SIGNED,		/* multipart/signed: the signed part follows as a layer */
	FORM_SMIME_SIGNED,
	FORM_SMIME_ENCRYPTED,
	FORM_BROKEN,
	LAYER_FORMS
};

/* Header fields of layer 0: only these are ever kept. */
struct facts_header {
	struct facts_addresses from, sender, reply_to, to, cc;
	const char *subject;		/* decoded */
	const char *message_id;		/* "<…>" or NULL */
	const char *references[FACTS_REFERENCES];	/* References then In-Reply-To, each "<…>" */
	size_t reference_count;
	bool has_date;
	int64_t date;
	bool auto_submitted;		/* Auto-Submitted other than "no", or an older mark of the kind */
	bool bulk;			/* Precedence bulk|list|junk, List-*; not where the list is the window's own */
	bool own_list;			/* came through a list that is the window's own address */
	bool null_return_path;
	bool delivery_report;		/* multipart/report; report-type=delivery-status, or a mail system's own words */
	const char *report_original_id;	/* Message-ID of the returned mail, or NULL */
	bool report_failed;		/* some Action: failed stands in it, or its words say so */
	const char *x_madoguchi;	/* value, or NULL */
	struct auth_results auth;	/* the topmost of each trusted id, already chosen by the reader from the desk's ids */
	char offered[FACTS_OFFERS][41];	/* fingerprints, upper case, of OpenPGP keys that came along in clear */
	size_t offered_count;
	const char *form_reply;		/* what the form's reply_field holds, if it is a valid address; else NULL */
};

struct facts_layer {
	enum layer_form form;
	uint32_t parent;		/* index of the layer it stood in; itself for layer 0 */
	bool sealed;			/* came out of a ciphertext, or stands in a layer that did */
	struct number_hits numbers;	/* canonical numbers in its subject (protected one) and own text, order of appearance, subject first */
	uint8_t number_place[NUMBERS_MAX];	/* enum number_place of each */
	struct phrase_hits phrases[FACTS_BOOKS];	/* by coordinator index */
	struct due_mention dues[FACTS_DUES];	/* days that its own text asks for something by; where they stand is not told */
	size_t due_count;
	uint32_t drill;			/* a drill's number in its subject or own text, 0 for none: means nothing outside of a drill */
	uint32_t sites;			/* bit i: the desk's site i is named */
	uint32_t foreign_urls;		/* how many URLs of other sites */
	bool named_coordinator[FACTS_BOOKS];	/* by coordinator: the text names itself that coordinator (doc/RULES 1), not merely mentions it */
	int form_index;			/* which conf form this came through (layer 0), -1 for none */
	bool form_chosen;		/* only_if is satisfied */
	bool finder_words;		/* reads like a vulnerability report by a person */
	bool finder_weak;		/* not so, but the whole of it is one's (rule/finder_settle.c) */
	bool finder_doubt;		/* might be one, or might not */
	bool finder_notice;		/* by a program: might be a notice of a leak or an attack */
	int finder_score;		/* hundredths, finder_settle(); 0 of a sealed text */
	uint64_t finder_signs;		/* bit i: enum finder_sign i was seen; never of a sealed text */
	bool finder_quoted;		/* the same of what it quotes or passes on */
	bool told_reported, told_publication;	/* a finder's two questions are answered; never of a sealed text */
	bool bulk_words;		/* bears the marks of an advertisement or newsletter */
	bool robot_words;		/* its own words say that a program sent it */
	bool vulnerability_words;	/* own text names a kind of vulnerability or its effect, whatever book there is */
	bool empty;			/* no text at all */
	struct facts_attachment attachments[FACTS_ATTACHMENTS];
	size_t attachment_count;
	enum problem problems[FACTS_PROBLEMS];
	size_t problem_count;
};

enum number_place { PLACE_SUBJECT, PLACE_BODY, PLACE_QUOTED, NUMBER_PLACES };

/* What the keyring itself tells the desk of one opening. */
enum open_status {
	OPEN_OK,		/* decrypted, or signature checked (see signatures) */
	OPEN_NO_SECRET_KEY,
	OPEN_FAILED,		/* damaged, no integrity protection, not OpenPGP */
	OPEN_NO_INTEGRITY,
	OPEN_TOO_LARGE,		/* unpacked past the limit */
	OPEN_LATER,		/* a passing fault: try again */
	OPEN_STATUSES
};

enum signature_status {
	SIGNATURE_GOOD,
	SIGNATURE_BAD,
	SIGNATURE_NO_KEY,	/* made by a key that is not here; S/MIME: by none that a root of the conf vouches for */
	SIGNATURE_EXPIRED_KEY,	/* good, but made after the key expired; S/MIME: not valid when the mail came */
	SIGNATURE_REVOKED_KEY,
	SIGNATURE_EXPIRED,	/* good, but made for a time that is over */
	SIGNATURE_ERROR,	/* gpg cannot check it, or will not */
	SIGNATURE_STATUSES
};

struct facts_signature {
	enum signature_status status;
	char key[41];		/* primary fingerprint, upper case, of a key that is here; else the fingerprint or key id that the signature names */
	int64_t made_at;
	bool by_root;		/* the key is certified by a coordinator's root_key: index below */
	uint32_t root_coordinator;
	/* S/MIME, good: whom its certificate was issued for; each is one that could stand in From */
	char addresses[FACTS_CERTIFICATE_ADDRESSES][FACTS_CERTIFICATE_ADDRESS];
	size_t address_count;
};

/* The keyring's facts of the layer that it opened. */
struct facts_opened {
	enum open_status status;
	bool encrypted;
	bool smime;	/* S/MIME: the keys are certificates' fingerprints, and are pinned for nobody */
	unsigned char sha256[32];	/* of the bytes that the signatures cover, or of the plaintext */
	struct facts_signature signatures[FACTS_SIGNATURES];
	size_t signature_count;
	char recipients[FACTS_RECIPIENTS][17];	/* key ids, 16 hex digits; zeros when hidden */
	size_t recipient_count;
};

struct facts {
	struct facts_header header;
	struct facts_layer layers[FACTS_LAYERS];
	size_t layer_count;
	struct facts_opened opened[FACTS_LAYERS];	/* of the layer of the same index; [0] unused */
	bool failed_open;	/* some layer asked to be opened and was not: opened_failed tells why */
	struct facts_opened opened_failed;
	enum problem room_problem;	/* PROBLEM_NONE, or what ended the reader or keyring: then only what was told before stands here */
	uint64_t size;		/* of the message as it came */
};

struct arena;
struct policy;

/*
 * Whether a reader's word on a layer fits the conf: each number is one of a
 * coordinator's, in its canonical form, and every index has something behind it.
 * What a reader says goes into lists of ours and into letters that are signed.
 */
bool facts_layer_fits(const struct facts_layer *layer, const struct policy *policy);

/* English sentence for `problems`; with the desk's language later the same codes serve. */
const char *problem_text(enum problem problem);

/* Notes a problem once; beyond FACTS_PROBLEMS it is dropped. */
void facts_problem(struct facts_layer *layer, enum problem problem);

#endif
