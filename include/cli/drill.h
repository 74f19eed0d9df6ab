/*
 * What the files of `drill` share: the drill's key, its mail, and the steps of the
 * way with what each took. The key is `init`'s and `keys`' too.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_DRILL_H
#define CLI_DRILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "port/pgp.h"

struct cli;
struct conf;
struct vault;

/* --- the key (drill_key.c) --- */

/* One desk's drill key, and the vault over the keyring that alone has its secret half. */
struct drill_key {
	const char *home;
	struct vault *vault;
	char fpr[PGP_FPR];
	bool made;	/* now */
};

/* The folder of that keyring: below state_dir, where none of the daemon's rooms may look. */
const char *drill_home(struct cli *cli, const struct conf *conf, size_t desk);

/*
 * Finds the key, or makes it, and sees to it that its keyring has the desk's public
 * key and the desk's keyring its own. Forks, so: before a store is open. With DONE
 * the vault stays open; drill_key_close() is the caller's duty whatever comes.
 */
enum outcome drill_key_ready(struct cli *cli, const struct conf *conf, size_t desk,
	struct drill_key *key_r, struct err *err_r);

/* Ends the vault and the agent that it needed. */
void drill_key_close(struct drill_key *key);

/* The key's fingerprint as it was made, without opening anything; NULL where there is none yet. */
const char *drill_key_known(struct cli *cli, const struct conf *conf, size_t desk);

/* --- the way (drill.c, drill_follow.c, drill_mail.c, drill_tell.c) --- */

enum drill_step {
	DRILL_KEY, DRILL_SEAL, DRILL_SEND, DRILL_ARRIVE, DRILL_ACKNOWLEDGE, DRILL_RETURN, DRILL_OPEN,
	DRILL_REMOVE, DRILL_STEPS
};

enum drill_state { DRILL_NOT_REACHED, DRILL_FINE, DRILL_HINT, DRILL_FAILED };

struct drill_result {
	enum drill_state state;
	int64_t us;		/* what it took */
	const char *text;	/* what was seen, or why it failed */
	const char *todo;	/* NULL when all is well */
};

struct drill_walk {
	struct cli *cli;
	size_t desk;
	const char *title;
	struct drill_key key;
	uint32_t number;
	const char *name;	/* "DRILL#12345678" */
	int64_t seconds;	/* it may take */
	int64_t begun;
	int64_t question;	/* outbox entry, 0 until there is one */
	int64_t question_sent;	/* when the server took it */
	struct drill_result steps[DRILL_STEPS];
};

/* A step is done, in so many microseconds; or has failed, and what to do is known. */
void drill_fine(struct drill_walk *walk, enum drill_step step, int64_t us, const char *text);
void drill_fail(struct drill_walk *walk, enum drill_step step, const char *why);
bool drill_has_failed(const struct drill_walk *walk);

/* Waits for the steps behind the sending, until the last, the first that fails, or the time is up. */
void drill_follow(struct drill_walk *walk);

/* The whole message, sealed to the desk's key, for the outbox; it bears that Message-ID. */
enum outcome drill_mail(struct drill_walk *walk, const char *message_id, char **bytes_r,
	size_t *len_r, struct err *err_r);

/* Whether no step failed and all were reached. */
bool drill_passed(const struct drill_walk *walk);

/* A line a step, or JSON. */
void drill_tell(const struct drill_walk *walks, size_t count);

#endif
