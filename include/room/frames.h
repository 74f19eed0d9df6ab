/*
 * The meaning of every frame between rooms: types, and the values that travel
 * in them. Who may send what to whom stands beside each type. A receiver
 * re-checks everything: the get functions return false for a value out of
 * range, a string that is not UTF-8, a count past its limit, bytes left over.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_FRAMES_H
#define ROOM_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/frame.h"
#include "port/pgp.h"
#include "rule/facts.h"

struct arena;

enum frame_type {
	/* desk to nursery and back */
	FRAME_SPAWN = 1,	/* room kind, desk, serial; fd: the room's end of its socket */
	FRAME_SPAWNED,		/* serial; fd: pidfd */
	FRAME_GONE,		/* serial, wait status */
	/* desk to errand */
	FRAME_ERRAND,		/* errand, desk; fd: pipe into which the command's first line goes, or (ERRAND_ALERT) the text for its input */

	/* desk to reader */
	FRAME_READ = 20,	/* job, mode; fd: message */
	FRAME_READ_LINK,	/* job, mode, whole, sealed, the address outside ("" if it is not one); fd: link over which a keyring gives the bytes */
	FRAME_LINK,		/* job; fd: link over which to ask a keyring to open what this layer holds */
	/* reader to desk */
	FRAME_HEADER,		/* job, facts_header: layer 0 only */
	FRAME_LAYER,		/* job, facts_layer: the last word on this layer */
	FRAME_TEXT,		/* job; fd: what a person shall see (mode READ_TEXT), or the bytes (READ_RAW), or quotations (READ_EVIDENCE) */
	FRAME_SERVER,		/* job, authserv-id of the topmost Authentication-Results, "" for none (mode READ_SERVER) */

	/* over a link */
	FRAME_OPEN = 40,	/* reader to keyring: operation, charset of bare words inside or NULL; fds: data or signature, and what it covers for those that verify. For OPERATION_DECRYPT more such pairs may follow: the first that opens is the one */
	FRAME_CONTENT,		/* keyring to reader, or to the sealer: charset as it was told, fd: opened bytes */

	/* desk to keyring */
	FRAME_ASK = 60,		/* job, layer, when the message came (0: now); fd: link; what comes over it is opened */
	FRAME_GIVE,		/* job, layer; fd: link; the opened bytes go over it */
	FRAME_FORGET,		/* job */
	FRAME_UNBOX,		/* job, sealed secret half; fd: boxed bytes */
	FRAME_KEYS,		/* nothing */
	FRAME_IMPORT,		/* fd: keys */
	FRAME_EXPORT,		/* fingerprint, armour */
	/* keyring to desk */
	FRAME_OPENED,		/* job, layer, facts_opened */
	FRAME_KEY,		/* one key of the ring (frames_put_key) */
	FRAME_KEYS_END,		/* outcome, sentence */
	FRAME_IMPORTED,		/* outcome, sentence, fingerprints */
	FRAME_EXPORTED,		/* outcome, sentence; fd: the key */

	/* desk to sealer and back */
	FRAME_SEAL = 80,	/* frames_seal; fds: entity, and a link over which a keyring gives what it shall carry */
	FRAME_SEALED,		/* job, outcome, sentence, micalg, bad key; fd when DONE: armour */
	FRAME_MAKE_PAIR,	/* job */
	FRAME_PAIR,		/* job, outcome, sentence, public half; fd when DONE: secret half, sealed to the desk's key */

	/* desk to a mailbox's wire */
	FRAME_PASSWORD = 100,	/* fd: pipe out of which the errand's password comes; else the wire reads its own file */
	FRAME_FOLDER,		/* index, name, UIDVALIDITY, last UID */
	FRAME_START,		/* once */
	FRAME_TAKEN,		/* count: so many more messages may come */
	FRAME_APPEND,		/* id, folder, Message-ID; fd: message */
	FRAME_MARK,		/* number, folder, UIDVALIDITY, UID: it is on record; flag or move it as the conf says */
	FRAME_GET,		/* id, folder, UIDVALIDITY, UID */
	FRAME_REMOVE,		/* number, folder, UIDVALIDITY, UID, Message-ID: a drill's mail, which the Message-ID must say */
	FRAME_LOOK,		/* make a pass now */
	/* and back */
	FRAME_MAIL,		/* folder, UIDVALIDITY, UID, INTERNALDATE, size, header only; fd: message */
	FRAME_SEEN,		/* folder, UIDVALIDITY, UID: everything up to there was given */
	FRAME_PASSED,		/* folder, outcome, sentence: the folder was read, or why not */
	FRAME_WAITING,		/* every folder was read once; nothing new */
	FRAME_TROUBLE,		/* outcome, sentence: the connection is gone; the wire tries again by itself */
	FRAME_APPENDED,		/* id, outcome, sentence */
	FRAME_GOT,		/* id, outcome, sentence; fd when DONE */
	FRAME_MARKED,		/* number, outcome, sentence */
	FRAME_REMOVED,		/* number, outcome, sentence */

	/* desk to a smarthost's wire and back */
	FRAME_SUBMIT = 140,	/* id, from, to; fd: message */
	FRAME_SUBMITTED,	/* id, outcome, sentence, code, reply, unknown */

	/* desk to a wire that has not begun, and back (room/trial.h) */
	FRAME_TRY = 160,	/* nothing; to a smarthost: from, to */
	FRAME_TRIED,		/* one step (trial_put) */
	FRAME_TRIED_MAIL,	/* fd: the header fields of one of the newest mails */
	FRAME_TRIED_END,	/* nothing more comes */

	/* tool to its vault; each is answered by FRAME_VAULT_DID, those that list keys by FRAME_KEY and FRAME_KEYS_END */
	FRAME_VAULT_MAKE = 180,	/* user id, lifetime in seconds */
	FRAME_VAULT_LIST,	/* nothing */
	FRAME_VAULT_SHOW,	/* fd: keys */
	FRAME_VAULT_IMPORT,	/* fd: keys */
	FRAME_VAULT_TRY,	/* fingerprint */
	FRAME_VAULT_CERTIFIED,	/* fingerprint, the root's */
	FRAME_VAULT_REFRESH,	/* nothing */
	FRAME_VAULT_GIVE,	/* passphrase: the keyring's secrets come out, locked with it */
	FRAME_VAULT_TAKE,	/* passphrase; fd: what GIVE gave */
	FRAME_VAULT_LOCK,	/* passphrase; fd: a bundle */
	FRAME_VAULT_UNLOCK,	/* passphrase; fd: what LOCK gave */
	FRAME_VAULT_EXPORT,	/* fingerprint: its public half comes out */
	FRAME_VAULT_SEAL,	/* signer's fingerprint, addressee's; fd: an entity; its armour comes out */
	FRAME_VAULT_CHECK,	/* signer's fingerprint, a word; fd: a mail: only whether it opens, is signed and holds the word is told */
	FRAME_VAULT_DID,	/* outcome, sentence, text or NULL, whether a descriptor comes; fd: what was asked for */
};

/*
 * What a reader tells: facts; beside them the text for a person's screen; or
 * nothing but the bytes as they came; or nothing but whose results stand on top.
 */
enum read_mode { READ_FACTS, READ_TEXT, READ_RAW, READ_SERVER, READ_EVIDENCE, READ_MODES };

#define FRAMES_CHARSET_MAX 64	/* bytes of a charset's name */

enum open_operation {
	OPERATION_DECRYPT,
	OPERATION_VERIFY,
	OPERATION_SMIME_OPEN,	/* signed data with its text inside */
	OPERATION_SMIME_VERIFY,
	OPEN_OPERATIONS
};

/* What a reader asks a keyring to open: FRAME_OPEN's values. */
struct frames_asked {
	enum open_operation operation;
	struct {
		char *charset;	/* of bare words inside, or NULL */
		int fd;
	} data[FRAME_FDS];	/* to be tried in this order */
	size_t count;
	int covered_fd;		/* what is signed, for those that verify; else -1 */
};

/* Takes out all there is; what is wrong with it frame_end() tells. */
void frames_get_asked(struct frame *frame, struct arena *arena, struct frames_asked *asked_r);

/* A layer's days that something is asked for by; part of the layer's own frame. */
void frames_put_dues(struct frame *frame, const struct facts_layer *layer);
void frames_get_dues(struct frame *frame, struct facts_layer *layer);

void frames_put_header(struct frame *frame, const struct facts_header *header);
bool frames_get_header(struct frame *frame, struct arena *arena, struct facts_header *header_r);

void frames_put_layer(struct frame *frame, const struct facts_layer *layer);
bool frames_get_layer(struct frame *frame, struct arena *arena, struct facts_layer *layer_r);

void frames_put_opened(struct frame *frame, const struct facts_opened *opened);
bool frames_get_opened(struct frame *frame, struct facts_opened *opened_r);

/* One key, as a listing shows it. */
void frames_put_key(struct frame *frame, const struct pgp_key *key);
bool frames_get_key(struct frame *frame, struct arena *arena, struct pgp_key *key_r);

#define FRAMES_RECIPIENTS 16	/* keys that one message is sealed to */

/* What the desk asks a sealer for: FRAME_SEAL's values. */
struct frames_seal {
	uint32_t job;
	enum pgp_mode mode;
	const char *recipients[FRAMES_RECIPIENTS];
	size_t recipient_count;
	int entity_fd;
	/*
	 * >= 0: the entity is left open for what comes over this link (mail/compose.h).
	 * Signed alone, it would stand there in clear: that is no right frame.
	 */
	int link_fd;
	bool whole;	/* it is a whole message as it came */
};

void frames_put_seal(struct frame *frame, const struct frames_seal *seal);
/* Descriptors are the caller's then; false: none is. */
bool frames_get_seal(struct frame *frame, struct arena *arena, struct frames_seal *seal_r);

/* What a keyring gives over a link: FRAME_CONTENT's values. False: the descriptor is closed. */
bool frames_get_content(struct frame *frame, struct arena *arena, char **charset_r, int *fd_r);

/* An outcome and its sentence. */
void frames_put_outcome(struct frame *frame, enum outcome outcome, const struct err *err);
bool frames_get_outcome(struct frame *frame, enum outcome *outcome_r, struct err *err_r);

#endif
