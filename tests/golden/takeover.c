/*
 * Rooms that were taken over, beside honest ones, on the golden messages' scene:
 * each kind of room sends the desk frames of every type with wrong, cut, long
 * and well-formed values; a reader lies about what it read, asks a keyring for
 * more than it may, and waits for a second plaintext; a keyring gives the sealer
 * something else than the mail that is handed over, and a sealer something else than
 * what it sealed, and a keyring fails it for the moment only. The desk must refuse,
 * end the room, go on, believe no reader's word on a signature, and have nothing of a
 * reader's choosing signed.
 *
 * The linker puts wrappers (-Wl,--wrap) in front of the rooms' bodies and of
 * what awaits their next frame: a room is the real one until it is taken over.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "flow/engine.h"
#include "mail/compose.h"
#include "port/box.h"
#include "port/conf.h"
#include "port/store.h"
#include "room/frames.h"
#include "room/room.h"
#include "room/serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SCENE_ARENA ((size_t)64 * 1024 * 1024)
#define PATIENCE_MS 60000
#define LONG_BYTES (90 * 1024)
#define EVIL "EVIL words"	/* must stand in nothing that the desk writes */
#define IPA_KEY "D27D45A99BB3488B24B28DF7CAC794949EF26857"
#define GREEDY_MAX 16	/* hostile readers watched */
#define LINKS_MAX 8

enum act { ACT_FORGE, ACT_LIE, ACT_LIE_SIGNED, ACT_ODD_NUMBER, ACT_GREEDY, ACT_GIVE, ACT_SEAL,
	ACT_LATER };

/* What a keyring gives to a sealer, and a sealer to the desk. */
enum oddity {
	ODD_WRITABLE,	/* bytes that it may still change */
	ODD_LARGE,
	ODD_TYPE,
	ODD_LEFT_OVER,
	ODD_SILENT,
	ODD_WORDS,	/* in clear, where a ciphertext is awaited */
	ODDITIES
};

enum payload {
	PAYLOAD_EMPTY,
	PAYLOAD_JOB,
	PAYLOAD_LONG,
	PAYLOAD_ONES,
	PAYLOAD_HEADER,
	PAYLOAD_LAYER,
	PAYLOAD_OPENED,
	PAYLOAD_OPENED_CUT,
	PAYLOAD_SEAL,
	PAYLOAD_FDS,
	PAYLOADS
};

/* Seen by every process: how hostile rooms shall be, and what they got. */
static struct shared {
	enum room_kind hostile;	/* ROOM_KINDS: none is */
	enum act act;
	uint32_t type;
	enum payload payload;
	enum oddity oddity;
	int born;
	int read, read_again;	/* messages that readers were given, and how many no fresh one was */
	struct {
		pid_t pid;
		int plaintexts;
	} greedy[GREEDY_MAX];
} *shared;

static struct {
	struct conf *conf;
	struct engine *engine;
	struct store *store;
	struct arena *arena, *listing;	/* the latter: what was asked of the store last */
	char *sealed, *clear, *verified;	/* messages as they came */
	size_t sealed_len, clear_len, verified_len;
	int64_t received;
	int checks, failures, sent;
} scene;

static void
check(bool good, const char *what)
{
	scene.checks++;
	if (good)
		return;
	scene.failures++;
	printf("not ok - %s (room %s, act %d, type %u, payload %d)\n", what,
		room_kind_name(shared->hostile), (int)shared->act, (unsigned int)shared->type,
		(int)shared->payload);
}

/* --- inside hostile rooms --- */

/* A good signature of a pinned key, over nothing. */
static void
put_opened(struct frame *frame)
{
	struct facts_opened opened = { .status = OPEN_OK, .encrypted = true };

	opened.signature_count = 1;
	opened.signatures[0].status = SIGNATURE_GOOD;
	memcpy(opened.signatures[0].key, IPA_KEY, sizeof(IPA_KEY));
	opened.signatures[0].by_root = true;
	opened.signatures[0].root_coordinator = UINT32_MAX;
	frame_put_u32(frame, 1);
	frames_put_opened(frame, &opened);
}

static void
put_header(struct frame *frame)
{
	static struct facts_header header;

	header.from.count = 1;
	header.from.at[0] = (struct facts_address){ "vuln-contact@ipa.go.jp", "IPA" };
	header.subject = "IPA";
	header.message_id = "<evil@ipa.go.jp>\nnumber: " EVIL;
	header.reference_count = 1;
	header.references[0] = "<evil@ipa.go.jp>\nnumber: " EVIL;
	header.auth = (struct auth_results){ AUTH_PASS, true, true, 0 };
	frames_put_header(frame, &header);
}

static void
put_layer(struct frame *frame, enum layer_form form, const char *number)
{
	static struct facts_layer layer;

	layer.form = form;
	layer.form_index = -1;
	layer.sites = 1;
	layer.numbers.count = number != NULL;
	if (number != NULL)
		snprintf(layer.numbers.hit[0].number, NUMBER_MAX, "%s", number);
	layer.vulnerability_words = true;
	frames_put_layer(frame, &layer);
}

static void
forge(struct frame *frame, uint32_t job)
{
	static unsigned char bytes[LONG_BYTES];

	frame_start(frame, (uint16_t)shared->type);
	if (shared->payload != PAYLOAD_EMPTY && shared->payload != PAYLOAD_ONES)
		frame_put_u32(frame, job);
	switch (shared->payload) {
	case PAYLOAD_LONG:
	case PAYLOAD_ONES:
		memset(bytes, shared->payload == PAYLOAD_ONES ? 0xff : 0, sizeof(bytes));
		memcpy(frame->data + frame->len, bytes, sizeof(bytes) - frame->len);
		frame->len = sizeof(bytes);
		break;
	case PAYLOAD_HEADER:
		put_header(frame);
		break;
	case PAYLOAD_LAYER:
		put_layer(frame, FORM_PLAIN, "IPA#12345678");
		break;
	case PAYLOAD_OPENED:
	case PAYLOAD_OPENED_CUT:
		put_opened(frame);
		frame->len -= shared->payload == PAYLOAD_OPENED_CUT;
		break;
	case PAYLOAD_SEAL:
		frame_put_u32(frame, 2);
		frame_put_u32(frame, 1);
		frame_put_string(frame, IPA_KEY);
		break;
	default:
		break;
	}
}

static void
say(int fd, struct frame *frame)
{
	if (frame_send(fd, frame) != FRAME_OK)
		_exit(1);
}

/* A task begins with the job: its answer is forged. */
static _Noreturn void
hostile_forger(int fd, struct frame *in)
{
	static struct frame out;
	uint32_t job = frame_get_u32(in);
	int own;

	forge(&out, job);
	for (own = 0; shared->payload == PAYLOAD_FDS && own < FRAME_FDS; own++)
		frame_put_fd(&out, fd);
	frame_send(fd, &out);
	_exit(0);
}

static _Noreturn void
hostile_liar(int fd, struct frame *in)
{
	static struct frame frame;
	uint32_t job = frame_get_u32(in);
	int link;

	frame_start(&frame, FRAME_HEADER);
	frame_put_u32(&frame, job);
	put_header(&frame);
	say(fd, &frame);
	frame_start(&frame, FRAME_LAYER);
	frame_put_u32(&frame, job);
	put_layer(&frame, shared->act == ACT_LIE_SIGNED ? FORM_SIGNED : FORM_PLAIN,
		shared->act == ACT_ODD_NUMBER ? EVIL : NULL);
	say(fd, &frame);
	if (shared->act != ACT_LIE_SIGNED || frame_recv(fd, &frame) != FRAME_OK)
		_exit(0);
	/* A link to a keyring: it is given what bears no signature of the coordinator's. */
	frame_get_u32(&frame);
	link = frame_get_fd(&frame);
	frame_start(&frame, FRAME_OPEN);
	frame_put_u32(&frame, OPERATION_VERIFY);
	frame_put_string(&frame, NULL);
	frame_put_fd(&frame, io_memfd(EVIL, sizeof(EVIL)));
	frame_put_fd(&frame, io_memfd(EVIL, sizeof(EVIL)));
	say(link, &frame);
	frame_start(&frame, FRAME_OPENED);
	frame_put_u32(&frame, job);
	put_opened(&frame);
	frame_send(link, &frame);
	frame_send(fd, &frame);
	_exit(0);
}

/* Everything that may be wanted: a link is kept and listened to, and asked for two plaintexts at once. */
static void
want(int fd, struct frame *in, struct pollfd *ends, nfds_t *count)
{
	static struct frame out;
	uint32_t job = frame_get_u32(in);
	int link = in->type == FRAME_READ_LINK || in->type == FRAME_LINK ? in->fds[0] : -1;

	if (link >= 0 && *count < LINKS_MAX)
		ends[(*count)++] = (struct pollfd){ link, POLLIN, 0 };
	for (int times = 0; in->type == FRAME_LINK && times < 2; times++) {
		frame_start(&out, FRAME_OPEN);
		frame_put_u32(&out, OPERATION_DECRYPT);
		frame_put_string(&out, NULL);
		frame_put_fd(&out, io_memfd(scene.sealed, scene.sealed_len));
		frame_send(link, &out);
	}
	if (in->type == FRAME_LINK)
		return;
	if (in->type == FRAME_READ) {
		frame_start(&out, FRAME_HEADER);
		frame_put_u32(&out, job);
		put_header(&out);
		frame_send(fd, &out);
	}
	/* There is always more to open. */
	frame_start(&out, FRAME_LAYER);
	frame_put_u32(&out, job);
	put_layer(&out, FORM_ENCRYPTED, NULL);
	frame_send(fd, &out);
}

/* Reads whatever comes, over its socket and over all links; counts what was opened; leaves at no one's word. */
static _Noreturn void
greed(int fd, struct frame *in, size_t at)
{
	struct pollfd ends[LINKS_MAX] = { { fd, POLLIN, 0 } };
	nfds_t count = 1;

	want(fd, in, ends, &count);
	for (;;) {
		poll(ends, count, -1);
		for (nfds_t i = 0; i < count; i++) {
			if (ends[i].revents == 0)
				continue;
			if (frame_recv(ends[i].fd, in) != FRAME_OK)
				ends[i].fd = -1;
			else if (in->type == FRAME_CONTENT)
				shared->greedy[at].plaintexts++;
			else
				want(fd, in, ends, &count);
		}
	}
}

static int
odd_bytes(void)
{
	static unsigned char large[COMPOSE_MAX + 1];
	int fd;

	if (shared->oddity == ODD_LARGE)
		return io_memfd(large, sizeof(large));
	if (shared->oddity != ODD_WRITABLE)
		return io_memfd(EVIL, sizeof(EVIL));
	fd = memfd_create("evil", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (write(fd, EVIL, sizeof(EVIL)) < 0)
		_exit(1);
	return fd;
}

/* The keyring opened honestly, and hands something else over. */
static _Noreturn void
hostile_giver(struct frame *in)
{
	static struct frame out;
	int link;

	frame_get_u32(in);
	frame_get_u32(in);
	link = frame_get_fd(in);
	frame_start(&out, shared->oddity == ODD_TYPE ? FRAME_OPENED : FRAME_CONTENT);
	frame_put_string(&out, NULL);
	if (shared->oddity == ODD_LEFT_OVER)
		frame_put_u32(&out, 1);
	frame_put_fd(&out, odd_bytes());
	if (shared->oddity != ODD_SILENT)
		frame_send(link, &out);
	_exit(0);
}

static _Noreturn void
hostile_sealer(int fd, struct frame *in)
{
	static struct frame out;
	struct err err = { "" };

	frame_start(&out, shared->oddity == ODD_TYPE ? FRAME_PAIR : FRAME_SEALED);
	frame_put_u32(&out, frame_get_u32(in));
	frames_put_outcome(&out, DONE, &err);
	frame_put_string(&out, "pgp-sha512");
	frame_put_string(&out, NULL);
	if (shared->oddity == ODD_LEFT_OVER)
		frame_put_u32(&out, 1);
	frame_put_fd(&out, odd_bytes());
	if (shared->oddity != ODD_SILENT)
		frame_send(fd, &out);
	_exit(0);
}

/* What ails it passes, but never does. */
static _Noreturn void
failing_keyring(int fd, struct frame *in)
{
	static struct frame out;
	struct facts_opened opened = { .status = OPEN_LATER };

	frame_start(&out, FRAME_OPENED);
	frame_put_u32(&out, frame_get_u32(in));
	frame_put_u32(&out, 0);
	frames_put_opened(&out, &opened);
	say(fd, &out);
	_exit(0);
}

static _Noreturn void
hostile(int fd, struct frame *in)
{
	int at = __atomic_fetch_add(&shared->born, 1, __ATOMIC_SEQ_CST);

	if (shared->act == ACT_FORGE)
		hostile_forger(fd, in);
	if (shared->act == ACT_GIVE)
		hostile_giver(in);
	if (shared->act == ACT_SEAL)
		hostile_sealer(fd, in);
	if (shared->act == ACT_LATER)
		failing_keyring(fd, in);
	if (shared->act != ACT_GREEDY)
		hostile_liar(fd, in);
	if (at >= GREEDY_MAX)
		_exit(0);
	shared->greedy[at].pid = getpid();
	greed(fd, in, (size_t)at);
}

static enum room_kind own_kind = ROOM_KINDS;

void __real_serve_next(int fd, struct frame *frame_r);
void __wrap_serve_next(int fd, struct frame *frame_r);

/* The task by which it is taken over: folders and a password come before a wire's first. */
static bool
is_its_hour(uint16_t type)
{
	if (shared->act == ACT_LATER)
		return type == FRAME_UNBOX;
	if (shared->act == ACT_GIVE || shared->act == ACT_SEAL)
		return type == (shared->act == ACT_GIVE ? FRAME_GIVE : FRAME_SEAL);
	return type != FRAME_FOLDER && type != FRAME_PASSWORD;
}

static void
count_readings(uint16_t type)
{
	static bool has_read;	/* this very room */

	if (own_kind != ROOM_READER || type != FRAME_READ)
		return;
	__atomic_fetch_add(&shared->read, 1, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&shared->read_again, has_read, __ATOMIC_SEQ_CST);
	has_read = true;
}

void
__wrap_serve_next(int fd, struct frame *frame_r)
{
	__real_serve_next(fd, frame_r);
	count_readings(frame_r->type);
	if (shared->hostile == own_kind && is_its_hour(frame_r->type))
		hostile(fd, frame_r);
}

#define WRAP(name, kind)								\
	_Noreturn void __real_##name(const struct conf *conf, size_t desk, int fd);	\
	_Noreturn void __wrap_##name(const struct conf *conf, size_t desk, int fd);	\
	_Noreturn void									\
	__wrap_##name(const struct conf *conf, size_t desk, int fd)			\
	{										\
		own_kind = kind;							\
		__real_##name(conf, desk, fd);						\
	}

WRAP(room_reader, ROOM_READER)
WRAP(room_keyring, ROOM_KEYRING)
WRAP(room_sealer, ROOM_SEALER)
WRAP(room_mailbox, ROOM_MAILBOX)
WRAP(room_smarthost, ROOM_SMARTHOST)

/* --- the desk --- */

static bool
open_desk(bool mailboxes, bool send)
{
	struct engine_options options = { .mailboxes = mailboxes, .send = send, .once = true };
	struct err err;

	if (store_open(":memory:", true, &scene.store, &err) == DONE &&
		engine_open(scene.conf, &options, &scene.engine, &err) == DONE)
		return true;
	printf("not ok - the scene cannot be set: %s\n", err.text);
	exit(1);
}

static void
start_desk(void)
{
	struct err err;

	open_desk(false, false);
	check(engine_start(scene.engine, scene.store, &err) == DONE, "the desk starts");
}

static void
close_desk(void)
{
	engine_close(&scene.engine);
	store_close(&scene.store);
}

static void
settle(void)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;

	while (!engine_idle(scene.engine) && clock_mono_ms() < until)
		engine_turn(scene.engine, 1000, -1);
	check(engine_idle(scene.engine), "the desk comes to rest");
	check(engine_standing(scene.engine), "rooms can still be made");
}

static struct arena *
fresh_listing(void)
{
	arena_free(&scene.listing);
	scene.listing = arena_new(ARENA_PLAIN, SCENE_ARENA);
	return scene.listing;
}

/* Each message another one: by a line that is added at its end or, where that would break it, before it. */
static struct record_message *
offer(const char *bytes, size_t len)
{
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)16 * 1024 * 1024);
	char *one = arena_printf(arena, "X-Copy: %d\r\n%.*s", ++scene.sent, (int)len, bytes);
	struct record_message *list;
	size_t count;
	int fd = io_memfd(one, strlen(one));

	engine_offer(scene.engine, 0, "INBOX", scene.received, fd);
	io_close(&fd);
	settle();
	count = store_message_list(scene.store, fresh_listing(), STORE_ALL, 0, &list);
	arena_free(&arena);
	return count > 0 ? &list[count - 1] : NULL;
}

static void
honest_is_believed(void)
{
	enum room_kind before = shared->hostile;
	const struct record_message *message;

	shared->hostile = ROOM_KINDS;
	message = offer(scene.verified, scene.verified_len);
	shared->hostile = before;
	check(message != NULL && message->trust == TRUST_VERIFIED, "an honest room's word is believed afterwards");
}

static bool
writes_evil(void)
{
	struct record_outbox *list;
	size_t count = store_outbox_list(scene.store, scene.listing, OUTBOX_STATES, &list);

	for (size_t i = 0; i < count; i++) {
		const char *number = strstr(list[i].params, "\nnumber: ");

		if (number != NULL && strncmp(number, "\nnumber: " EVIL, strlen("\nnumber: " EVIL)) == 0)
			return true;
		if (strstr(list[i].to, EVIL) != NULL)
			return true;
	}
	return false;
}

/* --- what is tried --- */

/* The types of each kind of room, and some that are none beside them. */
static const uint32_t blocks[][2] = { { 0, 6 }, { 19, 27 }, { 39, 43 }, { 59, 74 }, { 79, 85 }, { 99, 118 },
	{ 139, 143 }, { UINT16_MAX, UINT16_MAX } };
static const uint32_t some[] = { 67, UINT16_MAX };

/* Every type; with `few`, of what another kind of room may say only some. */
static bool
is_type(uint32_t type, enum room_kind kind, bool few)
{
	static const uint32_t own[ROOM_KINDS] = { 19, 59, 79, 99, 139 };
	bool among = false;

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		among = among || some[i] == type;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		if (type >= blocks[i][0] && type <= blocks[i][1])
			return !few || among || blocks[i][0] == own[kind];
	}
	return false;
}

/* What a reader's room alone is tried with: it meets hostile bytes, the others do not. */
static bool
is_fine(enum payload payload)
{
	return payload == PAYLOAD_JOB || payload == PAYLOAD_HEADER || payload == PAYLOAD_LAYER ||
		payload == PAYLOAD_OPENED_CUT || payload == PAYLOAD_SEAL ||
		payload == PAYLOAD_LONG || payload == PAYLOAD_FDS;
}

/* `one` lets one hostile room have its say. */
static int
forge_all(enum room_kind kind, bool few, void (*one)(void))
{
	int count = 0;

	shared->act = ACT_FORGE;
	for (uint32_t type = 0; type <= UINT16_MAX; type++) {
		if (!is_type(type, kind, few))
			continue;
		for (enum payload payload = 0; payload < PAYLOADS; payload++) {
			if (few && is_fine(payload))
				continue;
			count++;
			shared->hostile = kind;
			shared->type = type;
			shared->payload = payload;
			one();
			shared->hostile = ROOM_KINDS;
		}
	}
	return count;
}

static void
forge_once(void)
{
	int before = shared->born;
	const struct record_message *message = offer(scene.clear, scene.clear_len);

	check(shared->born > before, "the room was there");
	check(message != NULL, "the message is on record");
	if (message == NULL)
		return;
	/* Of signatures a keyring may speak; nobody else. */
	if (shared->hostile == ROOM_READER)
		check(message->trust != TRUST_VERIFIED && message->signed_by == NULL, "nothing is verified");
	check(!writes_evil(), "nothing of a room's choosing is to be signed");
}

static void
forge_once_sealed(void)
{
	int before = shared->born;

	offer(scene.sealed, scene.sealed_len);
	check(shared->born > before, "the room was there");
}

/* A desk of its own: the room is one that is made once. */
static void
forge_once_at_start(void)
{
	struct err err;
	int64_t until = clock_mono_ms() + PATIENCE_MS;
	int before = shared->born;

	open_desk(shared->hostile == ROOM_MAILBOX, false);
	/* A desk without a pair of keys does not start: that is refused, too. */
	if (engine_start(scene.engine, scene.store, &err) == DONE) {
		while (!engine_idle(scene.engine) && clock_mono_ms() < until)
			engine_turn(scene.engine, 100, -1);
	}
	check(shared->born > before, "the room was there");
	check(engine_standing(scene.engine), "rooms can still be made");
	close_desk();
}

/* Sealed honestly, handed to a smarthost's wire that is not. */
static void
forge_once_sending(void)
{
	int before = shared->born;
	struct record_outbox *list;
	struct err err;
	size_t sent;

	open_desk(false, true);
	if (engine_start(scene.engine, scene.store, &err) == DONE)
		offer(scene.verified, scene.verified_len);
	sent = store_outbox_list(scene.store, fresh_listing(), OUTBOX_SENT, &list);
	check(shared->born > before, "the room was there");
	check(sent == 0, "nothing counts as sent");
	close_desk();
}

static void
readers_lie(void)
{
	const struct record_message *message;

	start_desk();
	for (enum act act = ACT_LIE; act <= ACT_ODD_NUMBER; act++) {
		shared->hostile = ROOM_READER;
		shared->act = act;
		shared->born = 0;
		message = offer(scene.clear, scene.clear_len);
		check(shared->born > 0, "the room was there");
		check(message != NULL && message->trust != TRUST_VERIFIED && message->signed_by == NULL,
			"a reader's word makes nothing verified");
		check(!writes_evil(), "nothing of a reader's choosing is to be signed");
		honest_is_believed();
	}
	close_desk();
}

static void
readers_want_more(void)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;
	int most = 0, living = 1;

	start_desk();
	shared->hostile = ROOM_READER;
	shared->act = ACT_GREEDY;
	shared->born = 0;
	offer(scene.sealed, scene.sealed_len);
	for (int i = 0; i < GREEDY_MAX; i++)
		most = shared->greedy[i].plaintexts > most ? shared->greedy[i].plaintexts : most;
	shared->hostile = ROOM_KINDS;
	check(most == 1, "a reader sees one plaintext, and no second");
	honest_is_believed();
	close_desk();
	/* Killed by then; the nursery, which is their parent, may not have ended yet. */
	while (living > 0 && clock_mono_ms() < until) {
		living = 0;
		for (int i = 0; i < GREEDY_MAX; i++)
			living += shared->greedy[i].pid != 0 && kill(shared->greedy[i].pid, 0) == 0;
		poll(NULL, 0, 20);
	}
	check(living == 0, "no reader stays behind");
}

/* How many letters to the officer, who has a key, bring a mail along, are in that state, and sealed or not. */
static int
bringers(enum outbox_state state, bool sealed)
{
	struct record_outbox *list;
	size_t count = store_outbox_list(scene.store, scene.listing, state, &list);
	int found = 0;

	for (size_t i = 0; i < count; i++)
		found += list[i].kind == KIND_ALERT && list[i].sealed == sealed &&
			strstr(list[i].params, "carries: ") != NULL &&
			strcmp(list[i].to, "officer@example.co.jp") == 0;
	return found;
}

static bool
evil_is_sealed(void)
{
	struct record_outbox *list;
	size_t count = store_outbox_list(scene.store, scene.listing, OUTBOX_STATES, &list);

	for (size_t i = 0; i < count; i++) {
		char *bytes;
		size_t len;

		if (store_outbox_bytes(scene.store, scene.listing, list[i].id, &bytes, &len) &&
			memmem(bytes, len, EVIL, strlen(EVIL)) != NULL)
			return true;
	}
	return false;
}

/*
 * A clear mail, whose way no link leads but that to the sealer. The letter waits (what the
 * keyring gave was no word at all), or goes without; the sealer has not ended by it.
 */
static void
give_once(enum oddity oddity)
{
	bool goes_without = oddity == ODD_WRITABLE || oddity == ODD_LARGE;
	struct err err;

	shared->hostile = ROOM_KINDS;
	open_desk(false, true);
	check(engine_start(scene.engine, scene.store, &err) == DONE, "the desk starts");
	shared->hostile = ROOM_KEYRING;
	shared->act = ACT_GIVE;
	shared->oddity = oddity;
	shared->born = 0;
	offer(scene.clear, scene.clear_len);
	check(shared->born > 0, "the room was there");
	check(bringers(OUTBOX_DROPPED, false) == goes_without && bringers(OUTBOX_DEFERRED, false) == !goes_without,
		"the letter waits, or goes without what it was to bring");
	check(bringers(OUTBOX_DEFERRED, true) == 0, "and nothing is sealed in its name");
	shared->hostile = ROOM_KINDS;
	honest_is_believed();
	/* There is no server that would take it. */
	check(bringers(OUTBOX_DEFERRED, true) == 1, "another mail is handed over afterwards");
	close_desk();
}

static void
seal_once(enum oddity oddity)
{
	struct err err;

	shared->hostile = ROOM_KINDS;
	open_desk(false, true);
	check(engine_start(scene.engine, scene.store, &err) == DONE, "the desk starts");
	shared->hostile = ROOM_SEALER;
	shared->act = ACT_SEAL;
	shared->oddity = oddity;
	shared->born = 0;
	offer(scene.verified, scene.verified_len);
	check(shared->born > 0, "the room was there");
	check(!evil_is_sealed(), "no letter bears what a sealer made up");
	shared->hostile = ROOM_KINDS;
	honest_is_believed();
	close_desk();
}

/* A clear mail is read once, in intake; a sealed one once more, to be handed over. */
static void
hand_over_reads_fresh(void)
{
	struct err err;

	open_desk(false, true);
	check(engine_start(scene.engine, scene.store, &err) == DONE, "the desk starts");
	offer(scene.clear, scene.clear_len);
	shared->read = shared->read_again = 0;
	offer(scene.verified, scene.verified_len);
	check(bringers(OUTBOX_DEFERRED, true) == 2, "both are handed over");
	check(shared->read == 2 && shared->read_again == 1,
		"what is handed over is read by a reader that has seen no other mail");
	close_desk();
}

/* A keyring that cannot open a mail at the moment is no reason to go without it. */
static void
hand_over_waits(void)
{
	struct err err;

	open_desk(false, true);
	check(engine_start(scene.engine, scene.store, &err) == DONE, "the desk starts");
	shared->hostile = ROOM_KEYRING;
	shared->act = ACT_LATER;
	shared->born = 0;
	offer(scene.clear, scene.clear_len);
	check(shared->born > 1, "it is tried again at once");
	check(bringers(OUTBOX_DEFERRED, false) == 1, "and then later");
	check(bringers(OUTBOX_DROPPED, false) == 0, "the letter does not go without it");
	shared->hostile = ROOM_KINDS;
	honest_is_believed();
	close_desk();
}

static void
hand_overs(void)
{
	hand_over_reads_fresh();
	hand_over_waits();
	for (enum oddity oddity = 0; oddity < ODDITIES; oddity++) {
		/* Words are what a keyring may give. */
		if (oddity != ODD_WORDS)
			give_once(oddity);
		seal_once(oddity);
	}
	printf("%-10s %d odd answers each of keyring and sealer\n", "hand-over", (int)ODDITIES);
	fflush(stdout);
}

static void
run(void)
{
	static const struct {
		enum room_kind kind;
		void (*one)(void);
		bool few, of_its_own;	/* the latter: it opens a desk itself */
	} rooms[] = {
		{ ROOM_READER, forge_once, false, false },
		{ ROOM_KEYRING, forge_once_sealed, true, false },
		{ ROOM_SEALER, forge_once_at_start, true, true },
		{ ROOM_MAILBOX, forge_once_at_start, true, true },
		{ ROOM_SMARTHOST, forge_once_sending, true, true },
	};

	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		int count;

		if (!rooms[i].of_its_own) {
			start_desk();
			honest_is_believed();
		}
		count = forge_all(rooms[i].kind, rooms[i].few, rooms[i].one);
		printf("%-10s %d forged frames\n", room_kind_name(rooms[i].kind), count);
		fflush(stdout);
		if (!rooms[i].of_its_own) {
			honest_is_believed();
			close_desk();
		}
	}
}

static char *
read_message(const char *folder, const char *name, size_t *len_r)
{
	struct err err;
	char *bytes;

	if (io_read_file(scene.arena, arena_printf(scene.arena, "%s/%s", folder, name), 1 << 20, &bytes,
		    len_r, &err) == DONE)
		return bytes;
	printf("not ok - %s\n", err.text);
	exit(1);
}

int
main(int argc, char **argv)
{
	struct text mistakes;

	if (argc < 4)
		return 64;
	scene.arena = arena_new(ARENA_PLAIN, SCENE_ARENA);
	text_init(&mistakes, scene.arena, 1 << 20);
	box_start();
	scene.conf = conf_read(scene.arena, argv[1], argv[2], NULL, &mistakes);
	if (scene.conf == NULL) {
		fputs(mistakes.data, stderr);
		return 1;
	}
	scene.conf->reader_timeout = 5;
	scene.conf->policy.coordinator_count = 1; /* IPA: each desk that starts asks gpg about the others' roots */
	scene.verified = scene.sealed = read_message(argv[3], "pgp/protected-v1.eml", &scene.sealed_len);
	scene.verified_len = scene.sealed_len;
	scene.clear = read_message(argv[3], "stages/contact.eml", &scene.clear_len);
	clock_parse("2025-05-20 10:00", "Asia/Tokyo", &scene.received);
	clock_pretend(scene.received);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	shared->hostile = ROOM_KINDS;
	readers_lie();
	readers_want_more();
	hand_overs();
	run();
	conf_close(scene.conf);
	printf("%d%%: Checks: %d, Failures: %d, Errors: 0\n",
		100 * (scene.checks - scene.failures) / scene.checks, scene.checks, scene.failures);
	return scene.failures == 0 ? 0 : 1;
}
