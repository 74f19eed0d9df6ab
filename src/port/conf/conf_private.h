/*
 * What the files of this folder share: the state of one reading, the value in
 * hand, the readers that the table of keys names. Nobody outside the folder
 * includes it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_CONF_PRIVATE_H
#define PORT_CONF_PRIVATE_H

#include <libconfig.h>

#include "port/conf.h"

#define MISTAKES_MAX 1000	/* told of one conf */
#define PATH_BYTES 512		/* of a key's path */

/* The struct that a key's field stands in. */
enum conf_base {
	BASE_CONF, BASE_POLICY, BASE_DESK_POLICY, BASE_DESK, BASE_COORDINATOR, BASE_FORM,
	BASE_STAFF
};

struct conf_mistake {
	const char *file;
	unsigned line;
	size_t order;
	const char *text;
};

/* A key that the conf names: whose, and where it says so. */
struct conf_claim {
	enum conf_base base;
	size_t index;		/* of the desk, coordinator or staff member */
	const char *fpr, *path, *file;
	unsigned line;
};

struct reading {
	struct arena *arena;
	const char *given;	/* the file as the caller names it */
	const char *file;	/* absolute */
	const char *data_dir;
	config_t config;
	struct conf *conf;
	struct policy_desk *desks;	/* the policy's, while they are written */
	struct policy_coordinator *coordinators;
	struct policy_form *forms;
	struct policy_staff *staff;
	struct conf_mistake *mistakes;
	size_t mistake_count;
	struct conf_claim *claims;
	size_t claim_count, claim_room;
	const char *files[CONF_FILES_MAX];
	size_t file_count;
};

/* A value on its way into a field. */
struct value {
	struct reading *reading;
	const struct conf_key *key;
	const config_setting_t *setting;	/* the value: the file's or the default */
	const config_setting_t *at;		/* blamed: itself, or the group it is not in */
	const char *path;			/* "desk.www.imap.url" */
	bool given;				/* not the default */
	size_t index;				/* which desk, coordinator, form or staff member */
};

/* Checks one text and gives what to store (itself, or a normal form); false after a mistake. */
typedef bool conf_item(struct value *value, const char *text, const char **out_r);

/* How a key is read: into which field, within which bounds. */
struct conf_spec {
	bool (*read)(struct value *value, void *field_r);
	enum conf_base base;
	size_t offset;
	long min, max;		/* of a number, of a text's bytes, of a list's entries */
	conf_item *item;	/* a text's own check, or NULL */
	const char *const *words;	/* the values of a word, NULL at the end */
	const char *like;	/* of a key that must be given: an example */
};

/* mistakes.c: "what is wrong; what would be right", with the place of the setting. */
void conf_wrong(const struct value *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void conf_wrong_at(struct reading *reading, const config_setting_t *at, const char *path,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
void conf_wrong_file(struct reading *reading, const char *file, unsigned line, const char *path,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void conf_tell(struct reading *reading, struct text *mistakes);

/* The file that a setting stands in, as mistakes name it. */
const char *conf_file_of(const struct reading *reading, const config_setting_t *at);

/* The value as a quotation for a mistake: short and printable. */
const char *conf_quoted(const struct reading *reading, const char *text);

/* unknown.c: every setting that the table does not know. */
void conf_find_unknown(struct reading *reading);

/* scan.c: what libconfig would not tell of the file and of those that it includes. */
bool conf_scan(struct reading *reading, const char *bytes, size_t len);

/* files.c: notes that the conf includes or names a file. */
void conf_note_file(struct reading *reading, const char *path);

/* fill.c: every key of the table into its field. */
void conf_fill(struct reading *reading);

/* cross.c: what only several values together can be wrong in. */
void conf_cross(struct reading *reading);

/* Notes that the value names a key. */
void conf_claim_key(struct value *value, const char *fpr);

/* claims.c: the keys that were noted, against each desk's keyring. */
void conf_check_keys(struct reading *reading, conf_ring *ring);

/* values.c */
bool conf_text_of(struct value *value, const config_setting_t *setting, const char **text_r);
bool conf_string(struct value *value, void *field_r);
bool conf_list(struct value *value, void *field_r);
bool conf_bool(struct value *value, void *field_r);
bool conf_int(struct value *value, void *field_r);
bool conf_long(struct value *value, void *field_r);
bool conf_word(struct value *value, void *field_r);
bool conf_switch(struct value *value, void *field_r);

/* names.c */
conf_item conf_address, conf_site, conf_folder, conf_fpr, conf_domain, conf_token, conf_pin;
bool conf_after(struct value *value, void *field_r);
bool conf_number(struct value *value, void *field_r);

/* server.c */
bool conf_url(struct value *value, void *field_r);
bool conf_is_loopback(const char *host);

/* files.c */
conf_item conf_path, conf_file, conf_secret, conf_feed;
const char *conf_beside(const struct value *value, const char *path);
bool conf_phrases(struct value *value, void *field_r);
bool conf_overrides(struct value *value, void *field_r);
bool conf_holidays(struct value *value, void *field_r);
bool conf_roots(struct value *value, void *field_r);
void conf_shipped(struct reading *reading);

/* times.c */
conf_item conf_zone;
bool conf_span(struct value *value, void *field_r);
bool conf_hours(struct value *value, void *field_r);
bool conf_time(struct value *value, void *field_r);
bool conf_closed(struct value *value, void *field_r);

#endif
