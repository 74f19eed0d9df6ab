/*
 * A server that plays a script, for the faults that no real server shows on
 * demand. A step is a letter, a blank and an argument:
 *   "S text"   sends text and CR LF; $T in it is the last command's tag, %0 a NUL byte
 *   "R text"   the same without CR LF
 *   "C text"   reads a line, which must hold text
 *   "B 123"    reads so many bytes
 *   "U"        reads a message up to its final dot
 *   "W 100"    waits so many milliseconds
 *   "F 1000"   sends so many bytes without a line end
 *   "N 1000"   sends so many opening brackets
 *   "D text"   sends text byte by byte, 20 ms apart, over and over until the other side has gone
 *   "L text"   sends text and CR LF over and over until the other side has gone
 *   "E"        reads until the other side has gone
 *   "Q"        the same, but answers IMAP's LOGOUT and SMTP's QUIT
 *   "X"        closes the connection
 *   "A"        waits for another connection
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAKE_SERVER_H
#define FAKE_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct fake {
	int port;
	pid_t pid;
};

/* The server's own state, in its process. */
struct fake_play {
	int listener, peer;
	char tag[64];
};

static inline void
fake_die(const char *step, const char *why)
{
	fprintf(stderr, "fake server: \"%s\": %s\n", step, why);
	_exit(1);
}

static inline void
fake_accept(struct fake_play *play)
{
	int on = 1;

	if (play->peer >= 0)
		close(play->peer);
	play->peer = accept(play->listener, NULL, NULL);
	setsockopt(play->peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static inline void
fake_send(struct fake_play *play, const char *step, const char *text, const char *end)
{
	char out[8192];
	size_t len = 0;

	for (; *text != '\0' && len + 80 < sizeof out; text++) {
		if (text[0] == '$' && text[1] == 'T') {
			len += (size_t)snprintf(out + len, 70, "%s", play->tag);
			text++;
		} else if (text[0] == '%' && text[1] == '0') {
			out[len++] = '\0';
			text++;
		} else {
			out[len++] = *text;
		}
	}
	len += (size_t)snprintf(out + len, 4, "%s", end);
	if (send(play->peer, out, len, MSG_NOSIGNAL) != (ssize_t)len)
		fake_die(step, "the other side has gone");
}

static inline void
fake_read_line(struct fake_play *play, const char *step, const char *wanted)
{
	char line[16384];
	size_t len = 0;

	while (len + 1 < sizeof line && recv(play->peer, line + len, 1, 0) == 1)
		if (line[len++] == '\n')
			break;
	line[len] = '\0';
	if (strstr(line, wanted) == NULL)
		fake_die(step, line);
	/* A line of one word is an answer or DONE, not a command. */
	if (strchr(line, ' ') != NULL)
		snprintf(play->tag, sizeof play->tag, "%.*s", (int)strcspn(line, " "), line);
}

static inline void
fake_read_bytes(struct fake_play *play, const char *step, size_t len)
{
	char c;

	for (; len > 0; len--)
		if (recv(play->peer, &c, 1, 0) != 1)
			fake_die(step, "the other side has gone");
}

static inline void
fake_read_message(struct fake_play *play, const char *step)
{
	char last[5] = "";

	while (memcmp(last, "\r\n.\r\n", 5) != 0) {
		memmove(last, last + 1, 4);
		if (recv(play->peer, last + 4, 1, 0) != 1)
			fake_die(step, "the other side has gone");
	}
}

static inline void
fake_flood(struct fake_play *play, char what, size_t len)
{
	char block[4096];
	size_t count;

	memset(block, what, sizeof block);
	for (; len > 0; len -= count) {
		count = len < sizeof block ? len : sizeof block;
		if (send(play->peer, block, count, MSG_NOSIGNAL) != (ssize_t)count)
			return;
	}
}

static inline void
fake_drip(struct fake_play *play, const char *text)
{
	size_t i = 0, len = strlen(text);

	while (send(play->peer, text + i++ % len, 1, MSG_NOSIGNAL) == 1)
		usleep(20000);
}

static inline void
fake_repeat(struct fake_play *play, const char *text)
{
	char out[65536];
	size_t len = 0;

	while (len + strlen(text) + 3 < sizeof out)
		len += (size_t)snprintf(out + len, sizeof out - len, "%s\r\n", text);
	while (send(play->peer, out, len, MSG_NOSIGNAL) > 0)
		continue;
}

static inline void
fake_wait_end(struct fake_play *play)
{
	char block[4096];

	while (recv(play->peer, block, sizeof block, 0) > 0)
		continue;
}

static inline void
fake_wait_farewell(struct fake_play *play)
{
	char line[4096];
	size_t len = 0;

	while (len + 1 < sizeof line && recv(play->peer, line + len, 1, 0) == 1) {
		if (line[len++] != '\n')
			continue;
		line[len] = '\0';
		len = 0;
		if (strcmp(line, "QUIT\r\n") == 0)
			fake_send(play, "Q", "221 bye", "\r\n");
		if (strstr(line, " LOGOUT\r\n") == NULL)
			continue;
		snprintf(play->tag, sizeof play->tag, "%.*s", (int)strcspn(line, " "), line);
		fake_send(play, "Q", "* BYE\r\n$T OK done", "\r\n");
	}
}

static inline void
fake_step(struct fake_play *play, const char *step)
{
	const char *text = step[1] == ' ' ? step + 2 : step + 1;

	switch (step[0]) {
	case 'S': fake_send(play, step, text, "\r\n"); break;
	case 'R': fake_send(play, step, text, ""); break;
	case 'C': fake_read_line(play, step, text); break;
	case 'B': fake_read_bytes(play, step, strtoul(text, NULL, 10)); break;
	case 'U': fake_read_message(play, step); break;
	case 'W': usleep((useconds_t)strtoul(text, NULL, 10) * 1000); break;
	case 'F': fake_flood(play, 'x', strtoul(text, NULL, 10)); break;
	case 'N': fake_flood(play, '(', strtoul(text, NULL, 10)); break;
	case 'D': fake_drip(play, text); break;
	case 'L': fake_repeat(play, text); break;
	case 'E': fake_wait_end(play); break;
	case 'Q': fake_wait_farewell(play); break;
	case 'X': shutdown(play->peer, SHUT_RDWR); break;
	case 'A': fake_accept(play); break;
	default: fake_die(step, "no such step");
	}
}

/* A server on 127.0.0.1 that accepts one connection and plays the steps; a NULL ends them. */
static inline struct fake
fake_start(const char *const *steps)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct fake_play play = { .listener = socket(AF_INET, SOCK_STREAM, 0), .peer = -1 };
	socklen_t len = sizeof address;
	struct fake fake;

	if (bind(play.listener, (struct sockaddr *)&address, len) != 0 ||
		listen(play.listener, 5) != 0 ||
		getsockname(play.listener, (struct sockaddr *)&address, &len) != 0)
		abort();
	fake.port = ntohs(address.sin_port);
	fake.pid = fork();
	if (fake.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fake_accept(&play);
		for (; *steps != NULL; steps++)
			fake_step(&play, *steps);
		_exit(0);
	}
	close(play.listener);
	return fake;
}

/* Whether the script was played to its end. */
static inline bool
fake_played(struct fake *fake)
{
	int status = 1;

	waitpid(fake->pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#endif
