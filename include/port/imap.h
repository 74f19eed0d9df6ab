/*
 * One IMAP session over libetpan on port/curl's verified pipe: used by the wire
 * room alone. Blocking, with a total deadline for each command. Trusts nothing
 * of what the server says beyond the bytes of messages.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_IMAP_H
#define PORT_IMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "port/conf.h"

struct arena;
struct imap;

#define IMAP_CONNECT_SECONDS 30	/* name, TCP, TLS, and STARTTLS where that is used */
#define IMAP_COMMAND_SECONDS 120	/* one command, and its bytes at IMAP_SLOWEST */
#define IMAP_SILENCE_SECONDS 60	/* without a byte in the middle of a command, or after DONE */
#define IMAP_SLOWEST (32 * 1024)	/* bytes a second */
#define IMAP_REPLY_BYTES (2u * 1024 * 1024)	/* of a command that brings no message */
#define IMAP_HEADER_BYTES (256u * 1024)	/* of a header block asked for alone */
#define IMAP_UNKNOWN_BYTES (64u * 1024 * 1024)	/* the most of a message whose size is not known */
#define IMAP_IDLE_SECONDS (25 * 60)	/* an IDLE is ended before RFC 2177's 29 minutes */
#define IMAP_LIST_MAX 10000		/* UIDs looked at in one go */
#define IMAP_BATCH_MESSAGES 50		/* messages asked for in one FETCH */
#define IMAP_BATCH_BYTES (8u * 1024 * 1024)	/* and their bytes (a larger message goes alone) */

/* What a folder shows without its messages being read. */
struct imap_folder {
	uint32_t uid_validity;
	uint32_t uid_next;
	uint32_t messages;
};

struct imap_item {
	uint32_t uid;
	uint32_t size;		/* RFC822.SIZE; 0 when it is not known */
	int64_t internal_date;	/* INTERNALDATE, UTC; 0 when it is not one */
};

struct imap_list {
	struct imap_item *items;	/* ascending by UID */
	size_t count;
	bool more;			/* IMAP_LIST_MAX was met: ask again above the last UID */
};

/*
 * Connects, checks the certificate, logs in. LATER for network faults; NEVER
 * for refused credentials or certificates. No sentence bears the password.
 */
enum outcome imap_connect(const struct conf_server *server, const char *password,
	struct imap **imap_r, struct err *err_r);

/* How long this side waits: for tests and a drill; imap_connect() takes the constants above. */
struct imap_patience {
	int connect_ms, command_ms, silence_ms;
};
enum outcome imap_connect_with(const struct conf_server *server, const char *password,
	const struct imap_patience *patience, struct imap **imap_r, struct err *err_r);

/* Logs out politely if it still can. Takes NULL; sets NULL. */
void imap_close(struct imap **imap);

/*
 * STATUS (UIDVALIDITY UIDNEXT MESSAGES) of a folder that need not be selected.
 * Of the selected one, whose STATUS may be stale (RFC 3501 section 6.3.10), it
 * asks with NOOP, and selects it anew if that tells of a change.
 * NEVER: there is no such folder.
 */
enum outcome imap_status(struct imap *imap, const char *folder, struct imap_folder *folder_r,
	struct err *err_r);

/*
 * SELECT; the same values (uid_next from STATUS if the server leaves it out).
 * A folder selected already is only asked for news, as by imap_status(): the
 * values are fresh either way, UIDVALIDITY among them, and must be looked at.
 */
enum outcome imap_select(struct imap *imap, const char *folder, struct imap_folder *folder_r,
	struct err *err_r);

/* Whether that folder is the selected one. Asks nothing. */
bool imap_selected(const struct imap *imap, const char *folder);

/* UID, RFC822.SIZE and INTERNALDATE of everything above `after` in the selected folder. */
enum outcome imap_list(struct imap *imap, struct arena *arena, uint32_t after,
	struct imap_list *list_r, struct err *err_r);

/*
 * What imap_fetch() gives for each message; `bytes` are valid during the call,
 * whose time does not count as the server's. It must not use the session.
 * false stops the batch (LATER); the session stays usable.
 */
typedef bool imap_take_fn(void *context, uint32_t uid, const char *bytes, size_t len);

/*
 * BODY.PEEK[] of items (or, header_only, the first IMAP_HEADER_BYTES of
 * BODY.PEEK[HEADER]), each given to `take` as it comes, so that one message at
 * a time is in memory. More than IMAP_BATCH_MESSAGES or IMAP_BATCH_BYTES of
 * them are asked for in several FETCHes. Ones that are gone meanwhile are left
 * out; if the server does not give one that is still there: LATER, and the
 * others of the batch were given. A server that sends far more bytes than it
 * announced is hung up on.
 */
enum outcome imap_fetch(struct imap *imap, const struct imap_item *items, size_t count,
	bool header_only, imap_take_fn *take, void *context, struct err *err_r);

/* Sets $MadoguchiFiled on a message of the selected folder. */
enum outcome imap_flag(struct imap *imap, uint32_t uid, struct err *err_r);

/*
 * Moves it (UID MOVE, else COPY, \Deleted and UID EXPUNGE). Creates the folder
 * if it is missing. One that is gone already counts as moved. NEVER when the
 * server can neither.
 */
enum outcome imap_move(struct imap *imap, uint32_t uid, const char *folder, struct err *err_r);

/*
 * Whether a message with that Message-ID ("<…>") lies in the folder (selects
 * it). NEVER: there is no such folder, or the Message-ID has a quote,
 * backslash, blank, control or 8-bit character.
 */
enum outcome imap_has(struct imap *imap, const char *folder, const char *message_id, bool *there_r,
	struct err *err_r);

/*
 * Removes that message of the selected folder (\Deleted and UID EXPUNGE), if its
 * Message-ID is this one ("<…>"): another is left alone, and one that is gone
 * counts as removed. NEVER: as imap_has(), or the server has no UIDPLUS; then it
 * is marked as deleted, and goes with whoever expunges next.
 */
enum outcome imap_remove(struct imap *imap, uint32_t uid, const char *message_id,
	struct err *err_r);

/*
 * APPEND with \Seen. Creates the folder if it is missing. After LATER it may
 * have happened all the same: ask imap_has() before it is done again.
 */
enum outcome imap_append(struct imap *imap, const char *folder, const void *bytes, size_t len,
	struct err *err_r);

/* --- for trials: looking without leaving a trace --- */

/* What the server says that it can do, after the login. */
enum imap_ability {
	IMAP_CAN_IDLE = 1 << 0,
	IMAP_CAN_MOVE = 1 << 1,
	IMAP_CAN_UIDPLUS = 1 << 2,
	IMAP_CAN_LITERAL = 1 << 3,	/* LITERAL+ or LITERAL-: an APPEND in one go */
	IMAP_CAN_ACL = 1 << 4,		/* it tells who may do what */
	IMAP_ABILITIES = 1 << 5,
};
uint32_t imap_abilities(const struct imap *imap);

/*
 * EXAMINE: the folder is selected to be read only, and nothing in it changes,
 * not even what counts as recent. imap_newest() and imap_fetch() may follow.
 * NEVER: there is no such folder.
 */
enum outcome imap_examine(struct imap *imap, const char *folder, struct imap_folder *folder_r,
	struct err *err_r);

/* The last `count` messages of the selected folder, ascending. */
enum outcome imap_newest(struct imap *imap, struct arena *arena, uint32_t count,
	struct imap_list *list_r, struct err *err_r);

/*
 * Whether mail may be put into the folder: by MYRIGHTS where the server has
 * ACL, else by the state in which SELECT gives it. NEVER: there is no such folder.
 */
enum outcome imap_writable(struct imap *imap, const char *folder, bool *writable_r,
	struct err *err_r);

enum imap_wake { IMAP_WAKE_NEWS, IMAP_WAKE_TIME, IMAP_WAKE_FD };

/*
 * IDLE (RFC 2177) on the selected folder until a message comes there, the
 * time is up (IMAP_IDLE_SECONDS at most) or wake_fd is readable; ends IDLE
 * before it returns. News that came with an earlier command, and that neither
 * imap_select(), imap_status() nor imap_list() has told since, end it at once.
 * Where the server has no IDLE: waits without it, with a NOOP at the end
 * unless wake_fd ended it. LATER: the connection is gone or the server does
 * not answer any more.
 */
enum outcome imap_idle(struct imap *imap, int wake_fd, int timeout_ms, enum imap_wake *wake_r,
	struct err *err_r);

#endif
