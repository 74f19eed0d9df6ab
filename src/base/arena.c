/*
 * Arenas: a list of blocks, each twice the one before, from which pieces are
 * cut in order. Blocks of a wiped arena are pages of their own, so that they
 * can be kept out of core dumps. Must not log; what cannot be had ends the
 * process, so that no caller has to think of it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_GUARD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_GUARD 1
#endif
#endif

/*
 * Under AddressSanitizer what was not given out is marked unreadable, and a gap
 * stands between pieces: else an overrun inside a block would pass unseen.
 */
#ifdef ARENA_GUARD
#include <sanitizer/asan_interface.h>
#define ARENA_GAP ARENA_ALIGN
#else
#define ARENA_GAP 0
#define ASAN_POISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#endif

#define ARENA_ALIGN _Alignof(max_align_t)
#define ARENA_BLOCK_MIN ((size_t)16 * 1024)
#define ARENA_BLOCK_MAX ((size_t)1024 * 1024)
#define ARENA_SIZE_MAX (SIZE_MAX / 4) /* above it no sum here can overflow */

struct arena_block {
	struct arena_block *next; /* the one before it in time */
	size_t size;		  /* bytes in data */
	size_t used;
	_Alignas(max_align_t) unsigned char data[];
};

struct arena {
	enum arena_kind kind;
	size_t cap;
	size_t used;
	struct arena_block *blocks; /* newest first */
};

static void
end_default(const char *sentence)
{
	dprintf(STDERR_FILENO, "%s\n", sentence);
	_exit(EX_SOFTWARE);
}

static void (*arena_end)(const char *sentence) = end_default;

void
arena_on_exhausted(void (*end)(const char *sentence))
{
	arena_end = end != NULL ? end : end_default;
}

_Noreturn void
mem_end(const char *sentence)
{
	arena_end(sentence);
	abort();
}

static size_t
round_up(size_t size, size_t unit)
{
	return (size + unit - 1) / unit * unit;
}

static struct arena_block *
block_new(enum arena_kind kind, size_t size)
{
	size_t whole = round_up(sizeof(struct arena_block) + size, ARENA_BLOCK_MIN);
	struct arena_block *block;

	if (kind == ARENA_PLAIN) {
		block = mem_alloc(whole);
	} else {
		block = mmap(NULL, whole, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (block == MAP_FAILED)
			mem_end("out of memory");
		/* Best effort: a kernel that knows no DONTDUMP still gets the wiping. */
		(void)madvise(block, whole, MADV_DONTDUMP);
	}
	block->next = NULL;
	block->size = whole - sizeof(struct arena_block);
	block->used = 0;
	ASAN_POISON_MEMORY_REGION(block->data, block->size);
	return block;
}

static void
block_empty(struct arena_block *block, enum arena_kind kind)
{
	ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
	if (kind == ARENA_WIPED)
		explicit_bzero(block->data, block->used);
	block->used = 0;
}

static void
block_free(struct arena_block *block, enum arena_kind kind)
{
	block_empty(block, kind);
	if (kind == ARENA_PLAIN)
		free(block);
	else
		(void)munmap(block, sizeof(*block) + block->size);
}

struct arena *
arena_new(enum arena_kind kind, size_t cap)
{
	struct arena *arena = mem_alloc(sizeof(*arena));

	arena->kind = kind;
	arena->cap = round_up(cap < ARENA_SIZE_MAX ? cap : ARENA_SIZE_MAX, ARENA_ALIGN);
	arena->used = 0;
	arena->blocks = block_new(kind, 1);
	return arena;
}

void
arena_reset(struct arena *arena)
{
	struct arena_block *next;

	while ((next = arena->blocks->next) != NULL) {
		block_free(arena->blocks, arena->kind);
		arena->blocks = next;
	}
	block_empty(arena->blocks, arena->kind);
	ASAN_POISON_MEMORY_REGION(arena->blocks->data, arena->blocks->size);
	arena->used = 0;
}

void
arena_free(struct arena **arena)
{
	if (*arena == NULL)
		return;
	arena_reset(*arena);
	block_free((*arena)->blocks, (*arena)->kind);
	free(*arena);
	*arena = NULL;
}

static void
arena_count(struct arena *arena, size_t len)
{
	if (len > arena->cap || arena->used > arena->cap - len)
		mem_end("the memory for one message or command is used up");
	arena->used += len;
}

static struct arena_block *
arena_add_block(struct arena *arena, size_t least)
{
	size_t size = 2 * arena->blocks->size;
	struct arena_block *block;

	if (size > ARENA_BLOCK_MAX)
		size = ARENA_BLOCK_MAX;
	block = block_new(arena->kind, size > least ? size : least);
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

/* size bytes that are not zeroed yet. */
static void *
arena_take(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t len;
	void *piece;

	if (size > ARENA_SIZE_MAX)
		mem_end("a piece of memory was asked for that cannot be");
	len = round_up(size > 0 ? size : 1, ARENA_ALIGN);
	arena_count(arena, len);
	if (block->size - block->used < len + ARENA_GAP)
		block = arena_add_block(arena, len + ARENA_GAP);
	piece = block->data + block->used;
	block->used += len + ARENA_GAP;
	ASAN_UNPOISON_MEMORY_REGION(piece, size);
	return piece;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_take(arena, size), 0, size);
}

void *
arena_calloc(struct arena *arena, size_t count, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(count, size, &product))
		product = SIZE_MAX;
	return arena_alloc(arena, product);
}

/* Whether old is the newest piece of the newest block and can grow where it is. */
static bool
arena_grows(struct arena *arena, const unsigned char *old, size_t old_len, size_t new_len)
{
	struct arena_block *block = arena->blocks;

	return block->used >= old_len + ARENA_GAP &&
		old == block->data + (block->used - old_len - ARENA_GAP) &&
		block->size - block->used >= new_len - old_len;
}

void *
arena_resize(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
	unsigned char *grown = old;
	size_t old_len = round_up(old_size > 0 ? old_size : 1, ARENA_ALIGN);

	if (old != NULL && new_size <= old_size)
		return old;
	if (old == NULL)
		return arena_alloc(arena, new_size);
	if (new_size <= ARENA_SIZE_MAX &&
		arena_grows(arena, old, old_len, round_up(new_size, ARENA_ALIGN))) {
		arena_count(arena, round_up(new_size, ARENA_ALIGN) - old_len);
		arena->blocks->used += round_up(new_size, ARENA_ALIGN) - old_len;
		ASAN_UNPOISON_MEMORY_REGION(old, new_size);
	} else {
		grown = arena_take(arena, new_size);
		memcpy(grown, old, old_size);
	}
	memset(grown + old_size, 0, new_size - old_size);
	return grown;
}

void *
arena_memdup(struct arena *arena, const void *bytes, size_t len)
{
	void *copy = arena_take(arena, len);

	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

char *
arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_take(arena, len < SIZE_MAX ? len + 1 : len);

	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
	return text != NULL ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *out;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return arena_strdup(arena, "");
	out = arena_take(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(out, (size_t)len + 1, format, args);
	va_end(args);
	return out;
}

size_t
arena_used(const struct arena *arena)
{
	return arena->used;
}

void *
mem_alloc(size_t size)
{
	void *piece = malloc(size > 0 ? size : 1);

	if (piece == NULL)
		mem_end("out of memory");
	return piece;
}

void *
mem_realloc(void *old, size_t size)
{
	void *piece = realloc(old, size > 0 ? size : 1);

	if (piece == NULL)
		mem_end("out of memory");
	return piece;
}

char *
mem_strdup(const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		mem_end("out of memory");
	return copy;
}

void
mem_wipe(void *bytes, size_t len)
{
	if (len > 0)
		explicit_bzero(bytes, len);
}
