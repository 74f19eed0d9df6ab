/*
 * The tool's side of its vault: forks it, asks, waits for the answer. One
 * question at a time. What a passphrase was written into is wiped.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/vault.h"

#include "base/arena.h"
#include "base/frame.h"
#include "base/io.h"
#include "port/box.h"
#include "room/frames.h"
#include "room/room.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define VAULT_MS 300000	/* a key, on a machine that has little randomness to give */

struct vault {
	int fd;
	pid_t pid;
	bool broken;	/* it ended, or said something that is not right */
	struct frame frame;
};

struct answer {
	enum outcome outcome;
	char *text;	/* NULL for none */
	int fd;		/* -1 for none */
};

enum outcome
vault_open(const char *home, const char *passphrase_file, struct vault **vault_r, struct err *err_r)
{
	struct vault *vault;
	int pair[2], flags;
	pid_t pid;

	/* Before it locks itself in: what it hashes with, and the agent, which would inherit its limits. */
	box_start();
	if (room_agent(home, err_r) != DONE)
		return LATER;
	if (frame_pair(pair) < 0)
		return err_set(err_r, LATER, "no socket pair for the vault (errno %d)", errno);
	pid = fork();
	if (pid == 0) {
		(void)signal(SIGINT, SIG_IGN);
		flags = fcntl(pair[1], F_GETFL);
		(void)fcntl(pair[1], F_SETFL, flags & ~O_NONBLOCK);
		room_vault(home, passphrase_file, room_enter_vault(home, passphrase_file, pair[1]));
	}
	io_close(&pair[1]);
	if (pid < 0) {
		io_close(&pair[0]);
		return err_set(err_r, LATER, "no process for the vault (errno %d)", errno);
	}
	vault = mem_alloc(sizeof(*vault));
	memset(vault, 0, sizeof(*vault));
	vault->fd = pair[0];
	vault->pid = pid;
	*vault_r = vault;
	return DONE;
}

void
vault_close(struct vault **vault)
{
	struct vault *old = *vault;

	if (old == NULL)
		return;
	/* A room that was forked meanwhile may hold a copy of our end: closing it alone would not be seen. */
	(void)shutdown(old->fd, SHUT_RDWR);
	io_close(&old->fd);
	while (waitpid(old->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(old);
	*vault = NULL;
}

static enum outcome
gone(struct vault *vault, struct err *err_r)
{
	vault->broken = true;
	return err_set(err_r, LATER, "the process that holds the keys has ended");
}

/* Sends the frame as it stands, wipes it, and waits for the next from the other side. */
static enum outcome
next(struct vault *vault, bool send, struct err *err_r)
{
	struct pollfd wait = { vault->fd, POLLIN, 0 };
	enum frame_result result = FRAME_OK;

	if (vault->broken)
		return gone(vault, err_r);
	if (send) {
		result = frame_send(vault->fd, &vault->frame);
		mem_wipe(vault->frame.data, vault->frame.len);
	}
	if (result != FRAME_OK || poll(&wait, 1, VAULT_MS) <= 0 ||
		frame_recv(vault->fd, &vault->frame) != FRAME_OK)
		return gone(vault, err_r);
	return DONE;
}

/* Asks what stands in the frame; text and descriptor are wanted where they may come. */
static enum outcome
ask(struct vault *vault, struct arena *arena, struct answer *answer_r, struct err *err_r)
{
	struct answer answer = { .fd = -1 };
	bool has_fd;

	if (next(vault, true, err_r) != DONE)
		return LATER;
	if (vault->frame.type != FRAME_VAULT_DID ||
		!frames_get_outcome(&vault->frame, &answer.outcome, err_r)) {
		frame_drop(&vault->frame);
		return gone(vault, err_r);
	}
	answer.text = frame_get_string(&vault->frame, arena, ERR_TEXT_MAX);
	has_fd = frame_get_bool(&vault->frame);
	if (has_fd)
		answer.fd = frame_get_fd(&vault->frame);
	if (!frame_end(&vault->frame)) {
		io_close(&answer.fd);
		return gone(vault, err_r);
	}
	*answer_r = answer;
	return answer.outcome;
}

/* A question whose answer is its outcome alone. */
static enum outcome
ask_plainly(struct vault *vault, struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4 * ERR_TEXT_MAX);
	struct answer answer = { .fd = -1 };
	enum outcome outcome = ask(vault, arena, &answer, err_r);

	io_close(&answer.fd);
	arena_free(&arena);
	return outcome;
}

/* The frame's last value: bytes as a memfd, closed when the frame was sent (send_fd_r). */
static enum outcome
put_memfd(struct vault *vault, const void *bytes, size_t len, int *fd_r, struct err *err_r)
{
	*fd_r = io_memfd(bytes, len);
	if (*fd_r < 0)
		return err_set(err_r, LATER, "no memory file: %s", strerrordesc_np(errno));
	frame_put_fd(&vault->frame, *fd_r);
	return DONE;
}

/* A question whose answer is bytes. */
static enum outcome
ask_bytes(struct vault *vault, struct arena *arena, char **bytes_r, size_t *len_r,
	struct err *err_r)
{
	struct answer answer = { .fd = -1 };
	enum outcome outcome = ask(vault, arena, &answer, err_r);
	struct io_map map = { 0 };

	if (outcome == DONE)
		outcome = io_map(answer.fd, VAULT_BYTES_MAX * 2, &map, err_r);
	if (outcome == DONE) {
		*bytes_r = arena_strndup(arena, (const char *)map.data, map.len);
		*len_r = map.len;
	}
	io_unmap(&map);
	io_close(&answer.fd);
	return outcome;
}

enum outcome
vault_make_key(struct vault *vault, const char *user_id, int64_t lifetime,
	char fpr_r[static PGP_FPR], struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4 * ERR_TEXT_MAX);
	struct answer answer = { .fd = -1 };
	enum outcome outcome;

	frame_start(&vault->frame, FRAME_VAULT_MAKE);
	frame_put_string(&vault->frame, user_id);
	frame_put_i64(&vault->frame, lifetime);
	outcome = ask(vault, arena, &answer, err_r);
	if (outcome == DONE && (answer.text == NULL || strlen(answer.text) != PGP_FPR - 1))
		outcome = gone(vault, err_r);
	if (outcome == DONE)
		memcpy(fpr_r, answer.text, PGP_FPR);
	io_close(&answer.fd);
	arena_free(&arena);
	return outcome;
}

/* A question whose answer is keys. */
static enum outcome
ask_keys(struct vault *vault, struct arena *arena, struct pgp_keys *keys_r, struct err *err_r)
{
	struct pgp_keys keys = { arena_calloc(arena, PGP_KEYS_MAX, sizeof(*keys.keys)), 0 };
	enum outcome outcome = next(vault, true, err_r);

	while (outcome == DONE && vault->frame.type == FRAME_KEY) {
		if (keys.count == PGP_KEYS_MAX ||
			!frames_get_key(&vault->frame, arena, &keys.keys[keys.count++]) ||
			!frame_end(&vault->frame))
			return gone(vault, err_r);
		outcome = next(vault, false, err_r);
	}
	if (outcome != DONE)
		return outcome;
	if (vault->frame.type != FRAME_KEYS_END ||
		!frames_get_outcome(&vault->frame, &outcome, err_r) || !frame_end(&vault->frame)) {
		frame_drop(&vault->frame);
		return gone(vault, err_r);
	}
	if (outcome == DONE)
		*keys_r = keys;
	return outcome;
}

enum outcome
vault_list(struct vault *vault, struct arena *arena, struct pgp_keys *keys_r, struct err *err_r)
{
	frame_start(&vault->frame, FRAME_VAULT_LIST);
	return ask_keys(vault, arena, keys_r, err_r);
}

enum outcome
vault_show(struct vault *vault, struct arena *arena, const void *bytes, size_t len,
	struct pgp_keys *keys_r, struct err *err_r)
{
	enum outcome outcome;
	int fd;

	frame_start(&vault->frame, FRAME_VAULT_SHOW);
	outcome = put_memfd(vault, bytes, len, &fd, err_r);
	if (outcome == DONE)
		outcome = ask_keys(vault, arena, keys_r, err_r);
	io_close(&fd);
	return outcome;
}

enum outcome
vault_certified(struct vault *vault, const char *key, const char *root, bool *yes_r,
	struct err *err_r)
{
	struct arena *arena = arena_new(ARENA_PLAIN, 4 * ERR_TEXT_MAX);
	struct answer answer = { .fd = -1 };
	enum outcome outcome;

	frame_start(&vault->frame, FRAME_VAULT_CERTIFIED);
	frame_put_string(&vault->frame, key);
	frame_put_string(&vault->frame, root);
	outcome = ask(vault, arena, &answer, err_r);
	if (outcome == DONE)
		*yes_r = answer.text != NULL && strcmp(answer.text, "yes") == 0;
	io_close(&answer.fd);
	arena_free(&arena);
	return outcome;
}

enum outcome
vault_refresh(struct vault *vault, struct err *err_r)
{
	frame_start(&vault->frame, FRAME_VAULT_REFRESH);
	return ask_plainly(vault, err_r);
}

enum outcome
vault_import(struct vault *vault, const void *bytes, size_t len, struct err *err_r)
{
	enum outcome outcome;
	int fd;

	frame_start(&vault->frame, FRAME_VAULT_IMPORT);
	outcome = put_memfd(vault, bytes, len, &fd, err_r);
	if (outcome == DONE)
		outcome = ask_plainly(vault, err_r);
	io_close(&fd);
	return outcome;
}

enum outcome
vault_try(struct vault *vault, const char *fpr, struct err *err_r)
{
	frame_start(&vault->frame, FRAME_VAULT_TRY);
	frame_put_string(&vault->frame, fpr);
	return ask_plainly(vault, err_r);
}

enum outcome
vault_export(struct vault *vault, struct arena *arena, const char *fpr, char **armour_r,
	size_t *len_r, struct err *err_r)
{
	frame_start(&vault->frame, FRAME_VAULT_EXPORT);
	frame_put_string(&vault->frame, fpr);
	return ask_bytes(vault, arena, armour_r, len_r, err_r);
}

enum outcome
vault_seal(struct vault *vault, struct arena *arena, const char *signer, const char *recipient,
	const void *entity, size_t len, char **armour_r, size_t *armour_len_r, struct err *err_r)
{
	enum outcome outcome;
	int fd;

	frame_start(&vault->frame, FRAME_VAULT_SEAL);
	frame_put_string(&vault->frame, signer);
	frame_put_string(&vault->frame, recipient);
	outcome = put_memfd(vault, entity, len, &fd, err_r);
	if (outcome == DONE)
		outcome = ask_bytes(vault, arena, armour_r, armour_len_r, err_r);
	io_close(&fd);
	return outcome;
}

enum outcome
vault_check(struct vault *vault, const char *signer, const char *word, const void *mail, size_t len,
	struct err *err_r)
{
	enum outcome outcome;
	int fd;

	frame_start(&vault->frame, FRAME_VAULT_CHECK);
	frame_put_string(&vault->frame, signer);
	frame_put_string(&vault->frame, word);
	outcome = put_memfd(vault, mail, len, &fd, err_r);
	if (outcome == DONE)
		outcome = ask_plainly(vault, err_r);
	io_close(&fd);
	return outcome;
}

enum outcome
vault_give(struct vault *vault, struct arena *arena, const char *passphrase, char **locked_r,
	size_t *len_r, struct err *err_r)
{
	frame_start(&vault->frame, FRAME_VAULT_GIVE);
	frame_put_string(&vault->frame, passphrase);
	return ask_bytes(vault, arena, locked_r, len_r, err_r);
}

enum outcome
vault_take(struct vault *vault, const char *passphrase, const void *locked, size_t len,
	struct err *err_r)
{
	enum outcome outcome;
	int fd;

	frame_start(&vault->frame, FRAME_VAULT_TAKE);
	frame_put_string(&vault->frame, passphrase);
	outcome = put_memfd(vault, locked, len, &fd, err_r);
	if (outcome == DONE)
		outcome = ask_plainly(vault, err_r);
	io_close(&fd);
	return outcome;
}

/* Bytes and a passphrase in, bytes out. */
static enum outcome
turn(struct vault *vault, enum frame_type type, struct arena *arena, const char *passphrase,
	const void *bytes, size_t len, char **bytes_r, size_t *len_r, struct err *err_r)
{
	enum outcome outcome;
	int fd;

	frame_start(&vault->frame, (uint16_t)type);
	frame_put_string(&vault->frame, passphrase);
	outcome = put_memfd(vault, bytes, len, &fd, err_r);
	if (outcome == DONE)
		outcome = ask_bytes(vault, arena, bytes_r, len_r, err_r);
	io_close(&fd);
	return outcome;
}

enum outcome
vault_lock(struct vault *vault, struct arena *arena, const char *passphrase, const void *bundle,
	size_t len, char **locked_r, size_t *locked_len_r, struct err *err_r)
{
	return turn(vault, FRAME_VAULT_LOCK, arena, passphrase, bundle, len, locked_r, locked_len_r,
		err_r);
}

enum outcome
vault_unlock(struct vault *vault, struct arena *arena, const char *passphrase, const void *locked,
	size_t len, char **bundle_r, size_t *bundle_len_r, struct err *err_r)
{
	return turn(vault, FRAME_VAULT_UNLOCK, arena, passphrase, locked, len, bundle_r,
		bundle_len_r, err_r);
}
