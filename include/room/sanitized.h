/*
 * Whether this build runs under AddressSanitizer, which reserves terabytes of
 * address space and traces its own process.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_SANITIZED_H
#define ROOM_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif
