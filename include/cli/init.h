/*
 * What the files of `init` share: the questions, the answers that a person gave
 * by flags or at the terminal, and the steps that make a desk of them. Nobody
 * else includes it but the program, which takes the flags.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_INIT_H
#define CLI_INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "port/pgp.h"

struct cli;
struct text;
struct vault;

/* In the order in which they are asked. */
enum init_answer {
	INIT_NAME, INIT_ADDRESS, INIT_SITE, INIT_LANGUAGE, INIT_TIME_ZONE, INIT_AUTHSERV_ID,
	INIT_IMAP_URL, INIT_IMAP_USER, INIT_IMAP_PASSWORD_FILE, INIT_IMAP_PASSWORD_COMMAND,
	INIT_IMAP_CA_FILE, INIT_SMTP_URL, INIT_SMTP_USER, INIT_SMTP_PASSWORD_FILE,
	INIT_SMTP_PASSWORD_COMMAND, INIT_SMTP_CA_FILE, INIT_IPA, INIT_IPA_ADDRESS, INIT_IPA_KEYS,
	INIT_IPA_KEY, INIT_IPA_ROOT, INIT_OFFICER, INIT_OFFICER_KEYS, INIT_OFFICER_KEY,
	INIT_STATE_DIR, INIT_GNUPG_HOME, INIT_KEY, INIT_KEY_YEARS, INIT_KEY_PASSPHRASE_FILE,
	INIT_YES,
#ifdef ENABLE_TEST_HOOKS
	INIT_STOP_AFTER,	/* the process is killed after so many steps */
#endif
	INIT_ANSWERS
};

#define INIT_KEYS_MAX ((size_t)8 * 1024 * 1024)	/* bytes of a file of keys */
#define INIT_PINS_MAX 16
#define INIT_KEY_YEARS_MAX 100

struct init_question {
	const char *flag, *argument, *help;
	const char *ask;	/* the words at a terminal, NULL: not asked there */
	const char *path;	/* the conf's key that it fills, NULL for none */
	bool many;		/* may be given several times; at a terminal: with blanks between */
	bool must;
};

/* INIT_ANSWERS of them. */
extern const struct init_question init_questions[];

struct init_pins {
	const char *fprs[INIT_PINS_MAX];
	size_t count;
};

struct init {
	struct cli *cli;
	const char *answers[INIT_ANSWERS];	/* NULL: none; of those with many: one a line */
	bool terminal;
	const char *conf_file;		/* absolute */
	const char *folder;		/* the conf's */
	const char *imap_password, *smtp_password;	/* as they were typed, NULL for none */
	const char *home, *passphrase_file;
	struct vault *vault;
	const char *key;		/* the desk's own */
	struct init_pins ipa, officer;
	const char *root;		/* IPA's, NULL for none */
#ifdef ENABLE_TEST_HOOKS
	unsigned steps;
#endif
};

/* --- init_ask.c --- */

/* Takes a flag. */
void init_given(struct cli *cli, enum init_answer question, const char *value);

/* All answers, from flags, terminal and defaults; EX_OK, or the status after telling what is missing. */
int init_gather(struct init *init);

/* --- init_conf.c --- */

/* The conf of the answers. */
char *init_conf_text(const struct init *init);

/*
 * Whether the daemon would take the conf of these answers, fingerprints as they were given,
 * and what does not stand in a conf is of use; nothing is made for it. bad_r marks the
 * questions whose answers it would not. EX_OK, or the status after telling.
 */
int init_conf_check(const struct init *init, bool bad_r[static INIT_ANSWERS]);

/* The file beside the conf that holds a typed password. */
const char *init_password_file(const struct init *init, const char *name);

/* --- init_keys.c --- */

/* A fingerprint as a person copies it: blanks and colons go, letters become large. */
const char *init_plain_fpr(const struct init *init, const char *given);

/* Shows the keys of the files that were named, and has a person, or a flag, pin them. */
int init_pin(struct init *init);

/* Adds the keys of those files to the keyring. */
int init_import(struct init *init);

/* Finds the desk's key in the keyring, or makes it. */
int init_own_key(struct init *init);

/* --- init.c --- */

/* Tells of one thing: "made", "is there", "left alone" ... */
void init_tell(struct init *init, const char *what, const char *of);

/* A step is done; what stands then must be a state from which a second run completes. */
void init_step(struct init *init);

#endif
