/*
 * What the conf file says, as values that rules read: desks, coordinators,
 * forms, staff, calendar. Filled by port/conf, immutable afterwards. Holds no
 * password and no path that a rule would have to open.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_POLICY_H
#define RULE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_pattern;
struct phrase_book;

/* A list of strings; `at` has count entries. */
struct string_list {
	size_t count;
	const char **at;
};

enum language { LANGUAGE_JA, LANGUAGE_EN };

enum answer_mode { ANSWER_AUTO, ANSWER_HOLD, ANSWER_OFF };

enum span_unit { SPAN_DAYS, SPAN_BUSINESS_DAYS, SPAN_MONTHS };

/* "3 business days", "45 days", "3 months" */
struct span {
	int count;
	enum span_unit unit;
};

struct policy_acknowledge {
	enum answer_mode contact, encryption, details, follow_up, finder;
	bool without_key_clear;	/* false: hold */
	struct span max_age;
	int per_day;
};

struct policy_deadlines {
	struct span acknowledge, contact, encryption, investigation, finder, vendor_receipt, their_answer, warn_before;
};

struct policy_desk {
	const char *title;	/* the conf's group name, as in --desk */
	const char *name;
	const char *address;
	struct string_list aliases;
	struct string_list sites;	/* URLs as the conf writes them */
	enum language language;
	const char *time_zone;
	struct string_list authserv_ids;
	bool keep_unrelated;
	const char *key;	/* the desk's own fingerprint, 40 upper-case hex digits */
	const char *sent_folder;
	bool smime_verified;	/* what a good S/MIME signature is worth; false: authenticated */
	struct policy_acknowledge acknowledge;
	struct policy_deadlines deadline;
};

struct policy_coordinator {
	const char *name;
	struct string_list addresses;	/* the first is the one that is answered */
	const char *number;	/* the pattern as written */
	const struct number_pattern *pattern;	/* compiled; NULL when number is "" */
	struct string_list keys;	/* pinned fingerprints, 40 upper-case hex digits */
	const char *root_key;	/* "" for none */
	const char *enquiries;
	struct span remediation;
	const struct phrase_book *phrases;	/* NULL for none */
	struct string_list smime;	/* domains of the addresses in its S/MIME certificates */
};

struct policy_form {
	const char *title;
	struct string_list from;
	const char *text_field, *reply_field, *only_if;
};

enum staff_role { ROLE_OFFICER, ROLE_DECISION_MAKER, ROLE_IMPLEMENTER, ROLE_VENDOR };

struct policy_staff {
	const char *title;
	const char *address;
	enum staff_role role;
	struct string_list desks;	/* empty: all */
	const char *key;	/* "" for none */
	enum language language;
	int digest_minute;	/* minutes after midnight, -1 for none */
	bool digest_every_day;
	bool alerts;
	const char *deputy;
};

/* One closed span: month and day, with a year or for every year (year 0). */
struct policy_closed {
	int from_year, from_month, from_day;
	int to_year, to_month, to_day;
};

/* A day that a file of the calendar names. */
struct policy_day {
	int64_t days;		/* since 1970-01-01 */
	bool open;
	int line;		/* of its file */
	const char *why;	/* in words for a person */
};

/* In order of the days, each once. */
struct policy_days {
	struct policy_day *at;
	size_t count;
};

struct policy {
	const struct policy_desk *desks;
	size_t desk_count;
	const struct policy_coordinator *coordinators;
	size_t coordinator_count;
	const struct policy_form *forms;
	size_t form_count;
	const struct policy_staff *staff;
	size_t staff_count;
	const char *country;	/* "JP" */
	const struct policy_closed *closed;
	size_t closed_count;
	struct policy_days overrides;	/* what the gazette or a person changed */
	struct policy_days holidays;	/* of a country without rules here */
	int hours_from, hours_to;	/* minutes after midnight */
};

/* The desk of that title, the coordinator of that name: NULL where the conf has none (any more). */
const struct policy_desk *policy_desk_of(const struct policy *policy, const char *title);
const struct policy_coordinator *policy_coordinator_of(const struct policy *policy,
	const char *name);

/* Whether a person works for the desk of that title. */
bool policy_serves(const struct policy_staff *staff, const char *desk);

#endif
