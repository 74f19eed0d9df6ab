/*
 * The conf file, over libconfig: read whole, checked whole, every mistake told
 * at once with file and line. One table of keys (conf_keys) is what the parser,
 * the sample and the man page are tested against. Reads no password's content.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_CONF_H
#define PORT_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "port/x509.h"
#include "rule/checklist.h"
#include "rule/policy.h"

struct arena;
struct conf_spec;

#define CONF_FILE_MAX (1024 * 1024)	/* bytes of a conf file */
#define CONF_DESKS_MAX 64
#define CONF_COORDINATORS_MAX 8		/* as many as facts have room for */
#define CONF_FORMS_MAX 64
#define CONF_STAFF_MAX 1000
#define CONF_SITES_MAX 32		/* of a desk; as many as facts have bits for */
#define CONF_LIST_MAX 256		/* entries of any other list */
#define CONF_FILES_MAX 500		/* that a conf names */
#define CONF_STRING_MAX 1000		/* bytes of a value, unless its key says less */

enum conf_tls { TLS_REQUIRED, TLS_STARTTLS, TLS_NONE };
enum conf_auth { AUTH_AUTO, AUTH_PLAIN, AUTH_LOGIN, AUTH_SCRAM, AUTH_XOAUTH2, AUTH_OAUTHBEARER };
enum conf_after { AFTER_KEEP, AFTER_FLAG, AFTER_MOVE };

/* A server to log in to. */
struct conf_server {
	const char *url;
	const char *host;
	int port;
	bool implicit_tls;		/* imaps:// or smtps:// */
	enum conf_tls tls;
	enum conf_auth auth;
	const char *user;
	const char *password_file;	/* absolute, or "" */
	const char *password_command;	/* or "" */
	const char *ca_file;		/* absolute, or "" */
	const char *pin;		/* or "" */
};

#define CONF_LATE_INTERVALS 10	/* poll_intervals without a pass, then a folder is late */

struct conf_imap {
	struct conf_server server;
	struct string_list folders;
	const char *sent_folder;
	bool save_sent;
	enum conf_after after;
	const char *move_to;		/* AFTER_MOVE: the folder */
	bool idle;
	int poll_interval;		/* seconds */
	long max_size;			/* bytes */
};

struct conf_pgp {
	const char *home;		/* absolute */
	const char *key;
	const char *passphrase_file;	/* absolute, or "" */
};

struct conf_smime {
	const char *roots;		/* absolute, or "" */
	struct x509_list certificates;	/* what that file holds; at least one of them is a root, if there are any */
};

/* Beside policy.desks[i]. */
struct conf_desk {
	struct conf_imap imap;
	struct conf_server smtp;
	struct conf_pgp pgp;
	struct conf_smime smime;
};

struct conf {
	struct policy policy;
	struct conf_desk *desks;
	struct checklist checklist;
	const char *file;		/* absolute path of the conf file */
	const char *state_dir;
	const char *alert_command;
	const char *feed_file;
	const char *data_dir;		/* shipped data: templates */
	int reader_timeout;		/* seconds */
	struct string_list files;	/* that the conf includes or names, absolute; what is shipped is not among them */
};

/* One key: what the lint compares with sample and man page. */
struct conf_key {
	const char *path;		/* "desk.*.imap.url" */
	const char *fallback;		/* the default as the sample writes it, NULL for a key that must be given */
	const struct conf_spec *spec;	/* how it is read: port/conf alone looks into it */
};

/* The table; *count_r entries. */
const struct conf_key *conf_keys(size_t *count_r);

/* A key of a keyring, as far as the conf speaks of keys. */
struct conf_ring_key {
	const char *fpr;
	bool secret;	/* its secret half is there */
};

/* Lists the keyring in that home folder, in the arena; false when it cannot be listed at the moment. */
typedef bool conf_ring(struct arena *arena, const char *home, const struct conf_ring_key **keys_r,
	size_t *count_r);

/*
 * Reads and checks. All mistakes go to `mistakes`, one a line:
 * "FILE:LINE: path.of.the.key: what is wrong; what would be right". NULL when
 * there is any. data_dir: where shipped phrases, checklist and templates lie.
 * ring: by which the keys that the conf names are looked up in each desk's
 * keyring; NULL, or a keyring that cannot be listed: they are not checked.
 */
struct conf *conf_read(struct arena *arena, const char *file, const char *data_dir, conf_ring *ring,
	struct text *mistakes);

/* Adds the string as a conf file writes it: in quotes, whatever stands in it. */
void conf_put_string(struct text *text, const char *string);

/* Releases what the arena does not hold (compiled patterns). */
void conf_close(struct conf *conf);

#endif
