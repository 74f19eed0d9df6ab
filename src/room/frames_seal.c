/*
 * What a sealer is asked for, and what a keyring gives over a link, packed and
 * unpacked. A request to carry opened bytes in anything but a ciphertext is wrong
 * as a whole, whoever makes it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/frames.h"

#include "base/io.h"

void
frames_put_seal(struct frame *frame, const struct frames_seal *seal)
{
	frame_put_u32(frame, seal->job);
	frame_put_u32(frame, seal->mode);
	frame_put_u32(frame, (uint32_t)seal->recipient_count);
	for (size_t i = 0; i < seal->recipient_count; i++)
		frame_put_string(frame, seal->recipients[i]);
	frame_put_bool(frame, seal->link_fd >= 0);
	frame_put_bool(frame, seal->whole);
	frame_put_fd(frame, seal->entity_fd);
	if (seal->link_fd >= 0)
		frame_put_fd(frame, seal->link_fd);
}

bool
frames_get_seal(struct frame *frame, struct arena *arena, struct frames_seal *seal_r)
{
	struct frames_seal seal = { .entity_fd = -1, .link_fd = -1 };
	bool carries;

	seal.job = frame_get_u32(frame);
	seal.mode = (enum pgp_mode)frame_get_below(frame, PGP_SIGN_SEAL + 1);
	seal.recipient_count = frame_get_below(frame, FRAMES_RECIPIENTS + 1);
	for (size_t i = 0; i < seal.recipient_count && !frame->bad; i++) {
		seal.recipients[i] = frame_get_string(frame, arena, PGP_FPR - 1);
		if (seal.recipients[i] == NULL)
			frame->bad = true;
	}
	carries = frame_get_bool(frame);
	seal.whole = frame_get_bool(frame);
	if (carries ? seal.mode != PGP_SIGN_SEAL : seal.whole)
		frame->bad = true;
	seal.entity_fd = frame_get_fd(frame);
	if (carries)
		seal.link_fd = frame_get_fd(frame);
	if (!frame_end(frame)) {
		io_close(&seal.entity_fd);
		io_close(&seal.link_fd);
		return false;
	}
	*seal_r = seal;
	return true;
}

bool
frames_get_content(struct frame *frame, struct arena *arena, char **charset_r, int *fd_r)
{
	char *charset = frame_get_string(frame, arena, FRAMES_CHARSET_MAX);
	int fd = frame_get_fd(frame);

	if (!frame_end(frame)) {
		io_close(&fd);
		return false;
	}
	*charset_r = charset;
	*fd_r = fd;
	return true;
}
