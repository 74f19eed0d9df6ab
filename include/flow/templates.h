/*
 * The names of the values that templates may use. Every one is given to every
 * template; what does not apply is empty, and its section falls away.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_TEMPLATES_H
#define FLOW_TEMPLATES_H

#include <stddef.h>

#include "base/err.h"

struct arena;

enum template_value {
	VALUE_DESK_NAME,	/* the window's name */
	VALUE_DESK_ADDRESS,
	VALUE_FINGERPRINT,	/* the desk's key, in groups of four */
	VALUE_NUMBER,		/* handling number, or empty */
	VALUE_RECEIVED_AT,	/* when the answered mail came, in the desk's zone */
	VALUE_TAG,		/* an alert's subject begins with it: "[IPA#12345678]", "[case 3]", or empty */
	VALUE_CASE,		/* case id, or empty */
	VALUE_MESSAGE,		/* message id, or empty */
	VALUE_KIND,		/* kind of the mail in question */
	VALUE_TRUST,
	VALUE_REASON,		/* why something is held or failed */
	VALUE_ENQUIRIES,	/* whom to ask whether a mail is the coordinator's, from the conf */
	VALUE_COORDINATOR,
	VALUE_DEADLINE,		/* the next deadline of the case */
	VALUE_DEADLINE_KIND,	/* its kind as commands spell it; of it exactly one of these four, if there is one: */
	VALUE_EXTENDS,		/* an extension moves it */
	VALUE_THEY_OWE,		/* others owe it to us */
	VALUE_WE_OWE,		/* we owe it, and no extension moves it */
	VALUE_TROUBLE,		/* it is of the list for trouble under way, which is ticked */
	VALUE_DECIDER_TOO,	/* a decision maker other than the reader is told as well; else empty */
	VALUE_COUNT,
	VALUE_SINCE,		/* since when something is silent, or was */
	VALUE_REQUESTED,	/* the day that a mail asks for something by */
	VALUE_DOUBT,		/* what is doubtful about a day that the mail set */
	VALUE_OFFERED,		/* fingerprints of keys that came along and are not used */
	VALUE_KEY,		/* fingerprint of a key that ends */
	VALUE_WHOSE,		/* and whose it is */
	VALUE_ENDS,		/* when */
	VALUE_DAYS,		/* in how many days, empty when it has ended */
	VALUE_ENDED,		/* it has */
	VALUE_OUTBOX,		/* outbox entry in question */
	VALUE_BODY,		/* a digest's text, or that of several alerts; what a person wrote */
	VALUE_DATE,		/* a digest's day */
	VALUE_ASK,		/* a finder is asked at least one of the next two; else empty */
	VALUE_ASK_REPORTED,	/* whether it was reported elsewhere */
	VALUE_ASK_PUBLICATION,	/* whether, how and when it will be published */
	VALUE_FINDER,		/* a reply goes to a finder, or `forward` passes on what a finder wrote; else empty */
	VALUE_BY_HAND,		/* a copy is owed that no command passes on; else empty */
	VALUE_UNVERIFIED,	/* nobody vouches for who wrote what is passed on; else empty */
	VALUE_COPY_TO,		/* the coordinator who has a copy of it */
	VALUE_SITES,		/* the case's sites, a line each */
	VALUE_UNTIL,		/* the day that an extension names */
	VALUE_NEW_FINGERPRINT,	/* the desk's next key, in groups of four */
	VALUE_CARRIED,		/* the mail in question comes along, opened; else empty */
	VALUE_LEFT_OUT,		/* it should, and cannot; else empty */
	VALUE_WITHOUT_KEY,	/* it should, and there is no usable key of the addressee's; else empty */
	TEMPLATE_VALUES
};

static const char *const template_values[TEMPLATE_VALUES] = {
	"desk_name", "desk_address", "fingerprint", "number", "received_at", "tag", "case", "message", "kind",
	"trust", "reason", "enquiries", "coordinator", "deadline",
	"deadline_kind", "extends", "they_owe", "we_owe", "trouble", "decider_too", "count", "since",
	"requested", "doubt", "offered", "key", "whose", "ends", "days", "ended", "outbox", "body",
	"date", "ask", "ask_reported", "ask_publication", "finder", "by_hand", "unverified", "copy_to",
	"sites", "until", "new_fingerprint", "carried", "left_out", "without_key",
};

/* Reads and fills every shipped template once; tells each that is not right. How many are. */
size_t templates_try(struct arena *arena, const char *data_dir,
	void (*tell)(void *context, const struct err *why), void *context);

#endif
