/*
 * Memory whose lifetime is a message's (or a command's): allocated piece by
 * piece, freed at once. Allocation never fails for the caller; past the cap, or
 * when the system has none, the process ends through arena_on_exhausted().
 * Must not be used for memory that outlives its arena.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

enum arena_kind {
	ARENA_PLAIN,
	ARENA_WIPED, /* for secrets, opened mail: overwritten when freed, not in core dumps */
};

/* A new arena that gives out at most cap bytes in all. Never NULL. */
struct arena *arena_new(enum arena_kind kind, size_t cap);

/* Gives everything back (wiped first if ARENA_WIPED). Takes NULL; sets NULL. */
void arena_free(struct arena **arena);

/* Gives back all but the first block, for the next message. */
void arena_reset(struct arena *arena);

/* size zeroed bytes, aligned for any type. Never NULL; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* count * size zeroed bytes; a product that overflows counts as exhaustion. */
void *arena_calloc(struct arena *arena, size_t count, size_t size);

/* Copies, NUL-ended. text may be NULL for arena_strdup: then NULL comes back. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
void *arena_memdup(struct arena *arena, const void *bytes, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * old, of old_size bytes from this arena, made new_size bytes: in place when it is the
 * newest piece and its block has room, else a copy. What is added is zero; old may be NULL.
 */
void *arena_resize(struct arena *arena, void *old, size_t old_size, size_t new_size);

/* Bytes given out so far, each piece rounded up to the alignment; the cap counts the same way. */
size_t arena_used(const struct arena *arena);

/*
 * What ends the process when memory is exhausted: called once with a sentence,
 * must not return. The default writes it to stderr and exits with EX_SOFTWARE.
 */
void arena_on_exhausted(void (*end)(const char *sentence));

/* malloc and friends for what outlives an arena; they never return NULL but end the process. */
void *mem_alloc(size_t size);
void *mem_realloc(void *old, size_t size);
char *mem_strdup(const char *text);

/* Ends the process the same way for another want without a remedy (no random source). */
_Noreturn void mem_end(const char *sentence);

/* Overwrites bytes in a way the compiler keeps. */
void mem_wipe(void *bytes, size_t len);

#endif
