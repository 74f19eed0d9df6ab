/*
 * What every room's body shares: waiting for its next frame, answering, and
 * leaving when the other side is gone or speaks wrongly.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_SERVE_H
#define ROOM_SERVE_H

#include "base/frame.h"

struct io_map;

/* The next frame from the desk; ends the process at the socket's end (fine) or at a frame that is not one. */
void serve_next(int fd, struct frame *frame_r);

/* Ends the process unless everything in the frame was right and taken. */
void serve_checked(struct frame *frame);

/* Sends; ends the process when the desk is gone. */
void serve_answer(int fd, const struct frame *frame);

/* For links: one frame of that type within the time, false otherwise; the frame's values are to be taken next. */
bool serve_link(int link, int timeout_ms, uint16_t type, struct frame *frame_r);

/* Maps what a sealed memory file of a message's size holds, or leaves when it is none. */
void serve_map(int fd, struct io_map *map_r);

#endif
