/*
 * Limits of what a sealer is asked for.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_SEALER_H
#define ROOM_SEALER_H

#define SEALER_RECIPIENTS 16 /* keys that one message is sealed to */

#endif
