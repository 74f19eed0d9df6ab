/*
 * Frames on a socketpair: two bytes of type, then the values, one datagram
 * each. The peer may be an attacker: whatever does not come whole is refused,
 * and descriptors that came along are closed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/frame.h"

#include "base/io.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define FRAME_TYPE_SIZE 2
#define FRAME_QUEUE (8 * FRAME_MAX) /* what may wait in a socket; the kernel may allow less */

/* Room for the descriptors of one frame, aligned as control messages must be. */
union frame_control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(FRAME_FDS * sizeof(int))];
};

int
frame_pair(int pair_r[2])
{
	int pair[2];
	int size = FRAME_QUEUE;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		if (setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) < 0 ||
			setsockopt(pair[i], SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0) {
			io_close(&pair[0]);
			io_close(&pair[1]);
			return -1;
		}
	}
	memcpy(pair_r, pair, sizeof(pair));
	return 0;
}

static void
attach_fds(struct msghdr *msg, union frame_control *control, const struct frame *frame)
{
	size_t len = frame->fd_count * sizeof(int);
	struct cmsghdr *head;

	if (len == 0)
		return;
	memset(control, 0, sizeof(*control));
	msg->msg_control = control->bytes;
	msg->msg_controllen = CMSG_SPACE(len);
	head = CMSG_FIRSTHDR(msg);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(head), frame->fds, len);
}

static enum frame_result
send_failed(int error)
{
	switch (error) {
	case EAGAIN:
	case ENOBUFS:
	case ENOMEM:
	case ETOOMANYREFS:
		return FRAME_AGAIN;
	case EPIPE:
	case ECONNRESET:
	case ENOTCONN:
		return FRAME_CLOSED;
	default:
		return FRAME_BAD;
	}
}

enum frame_result
frame_send(int fd, const struct frame *frame)
{
	unsigned char type[FRAME_TYPE_SIZE];
	union frame_control control;
	/* sendmsg() does not write to what it sends. */
	struct iovec parts[2] = {
		{ type, sizeof(type) },
		{ (void *)(uintptr_t)frame->data, frame->len },
	};
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t sent;

	if (frame->bad)
		return FRAME_BAD;
	type[0] = (unsigned char)(frame->type & 0xff);
	type[1] = (unsigned char)(frame->type >> 8);
	attach_fds(&msg, &control, frame);
	do
		sent = sendmsg(fd, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? send_failed(errno) : FRAME_OK;
}

static void
keep_fds(struct frame *frame, struct msghdr *msg)
{
	struct cmsghdr *head;

	for (head = CMSG_FIRSTHDR(msg); head != NULL; head = CMSG_NXTHDR(msg, head)) {
		size_t len = head->cmsg_len - CMSG_LEN(0);

		if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + sizeof(int) <= len; at += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(head) + at, sizeof(fd));
			if (frame->fd_count < FRAME_FDS)
				frame->fds[frame->fd_count++] = fd;
			else
				io_close(&fd);
		}
	}
}

/*
 * A peer that closes with frames unread makes the kernel say ECONNRESET once,
 * before what the peer itself had sent: that is asked for again, so that a last
 * word is not lost.
 */
static ssize_t
receive(int fd, struct msghdr *msg)
{
	size_t room = msg->msg_controllen;
	bool reset = false;
	ssize_t got;

	for (;;) {
		msg->msg_controllen = room;
		got = recvmsg(fd, msg, MSG_CMSG_CLOEXEC);
		if (got >= 0 || (errno != EINTR && (errno != ECONNRESET || reset)))
			return got;
		reset = reset || errno == ECONNRESET;
	}
}

static enum frame_result
receive_failed(int error)
{
	if (error == EAGAIN)
		return FRAME_AGAIN;
	return error == ECONNRESET || error == ENOTCONN ? FRAME_CLOSED : FRAME_BAD;
}

enum frame_result
frame_recv(int fd, struct frame *frame_r)
{
	unsigned char type[FRAME_TYPE_SIZE];
	union frame_control control;
	struct iovec parts[2] = {
		{ type, sizeof(type) },
		{ frame_r->data, FRAME_MAX - FRAME_TYPE_SIZE },
	};
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2, .msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	ssize_t got;

	frame_start(frame_r, 0);
	got = receive(fd, &msg);
	if (got < 0)
		return receive_failed(errno);
	keep_fds(frame_r, &msg);
	if (got < FRAME_TYPE_SIZE || (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
		frame_drop(frame_r);
		frame_start(frame_r, 0);
		return got == 0 ? FRAME_CLOSED : FRAME_BAD;
	}
	frame_r->type = (uint16_t)(type[0] | type[1] << 8);
	frame_r->len = (size_t)got - FRAME_TYPE_SIZE;
	return FRAME_OK;
}
