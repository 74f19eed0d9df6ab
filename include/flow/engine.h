/*
 * The story of the desk as the programs see it: one engine over one store and
 * its rooms. The daemon opens it whole; the tool opens it without wires for
 * what must be opened, sealed or judged again.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOW_ENGINE_H
#define FLOW_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "rule/facts.h"

struct arena;
struct conf;
struct decision;
struct engine;
struct facts;
struct pgp_keys;
struct store;

/* What a dry run is told of one message; all of it is gone when the call returns. */
struct engine_judged {
	size_t tag;		/* as it was handed over */
	const struct facts *facts;
	const struct decision *decision;	/* NULL: the same bytes came before */
	int64_t case_id;	/* in the run's own store, 0 for none */
	bool new_case;
};

struct engine_options {
	bool mailboxes;	/* man the mailboxes */
	bool send;	/* work the outbox */
	bool once;	/* one pass, then engine_idle() */
	/*
	 * For a store that is thrown away: nothing of a mail's bytes is kept, each is
	 * judged as if it had been seen the moment it was received, and told here,
	 * before its commit: where that fails, again.
	 */
	bool dry;
	void (*judged)(void *context, const struct engine_judged *judged);
	void *context;
};

/*
 * Forks the nursery (so: before the store is opened and before any password is
 * read), asks every desk's keyring for its keys. The store is given afterwards.
 */
enum outcome engine_open(const struct conf *conf, const struct engine_options *options,
	struct engine **engine_r, struct err *err_r);

/* Ends the rooms; what was not committed comes again at the next start. */
void engine_close(struct engine **engine);

/* The store that it works on; stays the caller's. Makes the pair for sealing clear mail where there is none, takes up what a crash cut. */
enum outcome engine_start(struct engine *engine, struct store *store, struct err *err_r);

/* The keys of a desk's keyring, as they were at the last listing. */
const struct pgp_keys *engine_keys(const struct engine *engine, size_t desk);

/* The fingerprint that mail to that person is sealed to there, NULL while no key of theirs can be used. */
const char *engine_key_of_staff(const struct engine *engine, size_t desk, size_t staff);
/* The same of a coordinator. */
const char *engine_key_of_coordinator(const struct engine *engine, size_t desk, size_t coordinator);

/* One turn of the loop: waits at most timeout_ms (-1: until something is due) for rooms and for extra_fd (-1 for none). True if extra_fd is readable. */
bool engine_turn(struct engine *engine, int timeout_ms, int extra_fd);

/* With `once`, or for the tool: whether everything was passed, decided and sent that is due. */
bool engine_idle(const struct engine *engine);

/* Whether a pass, or an outbox entry, failed in this run. */
bool engine_failed(const struct engine *engine);

/* False once no room can be made any more: the process can only end and be started again. */
bool engine_standing(const struct engine *engine);

/* Finishes what is in hand and begins nothing new; engine_idle() becomes true. */
void engine_stop(struct engine *engine);

/* Someone changed the store or the keyring: look again (also at the mailboxes). */
void engine_wake(struct engine *engine);

/* A message from a file or a pipe, as if it had come in `folder` at that instant. The descriptor (a sealed memfd) stays the caller's. */
void engine_offer(struct engine *engine, size_t desk, const char *folder, int64_t received_at, int fd);

/*
 * A message that a person or an MTA hands over. It lies on no server that could
 * be asked for it again, so that it is kept whole whatever it is.
 */
struct engine_handed {
	size_t desk;
	int64_t received_at;
	int fd;			/* a sealed memfd; stays the caller's */
	bool header_only;	/* it is too large: fd holds its header fields alone */
	int64_t size;		/* of the whole */
	size_t tag;		/* of a dry run: told again with what was decided */
	bool from_sent;		/* of a dry run: it lay in the Sent folder */
};
void engine_hand_over(struct engine *engine, const struct engine_handed *handed);

/* How many messages are in hand. */
size_t engine_waiting(const struct engine *engine);

/* Judges a message on record again (after message trust|forged, keys import). */
void engine_judge_again(struct engine *engine, int64_t message);

enum engine_show {
	ENGINE_SHOW_TEXT,	/* the innermost text first, then what stands round a ciphertext */
	ENGINE_SHOW_RAW,	/* its bytes as they came, the only text */
	ENGINE_SHOW_EVIDENCE,	/* rule/evidence.h's lines, the n-th text those of layer n */
};

/* Texts of one message: sealed memfds, the caller's to close. */
struct engine_texts {
	int fds[FACTS_LAYERS];
	size_t count;
};

/*
 * Opens a message on record for the screen: turns the loop until it is done.
 * NEVER: not kept, or cannot be opened.
 */
enum outcome engine_show(struct engine *engine, int64_t message, enum engine_show show,
	struct engine_texts *texts_r, struct err *err_r);

/* Asks a desk's keyring to add keys; waits for it. */
enum outcome engine_import(struct engine *engine, size_t desk, int fd, struct arena *arena,
	const char ***fprs_r, size_t *count_r, struct err *err_r);

#endif
