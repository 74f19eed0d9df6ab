/*
 * Fuzzes observe_header() and observe_layer(), a reader's whole word on a mail:
 * programs' marks, failure notices, keys that came along, a finder's words. What
 * they tell must pass the desk's own look at it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "mail/message.h"
#include "mail/mime.h"
#include "rule/observe.h"
#include "rule/policy.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const char *own[] = { "vuln-contact@ipa.go.jp" }, *www[] = { "www@example.co.jp" };
	static const char *sites[] = { "https://www.example.co.jp/" };
	static const struct policy_coordinator ipa = {
		.name = "IPA", .addresses = { 1, own }, .root_key = "" };
	static const struct policy_form form = { .from = { 1, www }, .text_field = "text",
		.reply_field = "mail", .only_if = "" };
	static const struct policy_desk desk = { .address = "security@example.co.jp",
		.sites = { 1, sites }, .key = "" };
	static const struct policy policy = { .desks = &desk, .desk_count = 1,
		.coordinators = &ipa, .coordinator_count = 1, .forms = &form, .form_count = 1 };
	struct arena *arena = arena_new(ARENA_PLAIN, (size_t)512 * 1024 * 1024);
	struct facts_header *header = arena_alloc(arena, sizeof(*header));
	struct facts_layer *layer = arena_alloc(arena, sizeof(*layer));
	struct message *message = arena_alloc(arena, sizeof(*message));

	mime_start();
	message_read(arena, data, len, NULL, message);
	observe_header(arena, &policy, 0, message, header);
	for (size_t i = 0; i < header->offered_count; i++) {
		if (strspn(header->offered[i], "0123456789ABCDEF") != 40)
			abort();
	}
	if (header->report_failed && !header->delivery_report)
		abort();
	for (int sealed = 0; sealed < 2; sealed++) {
		observe_layer(arena, &policy, 0, message, sealed != 0, layer);
		if (!facts_layer_fits(layer, &policy) ||
			(sealed != 0 && (layer->told_reported || layer->told_publication)))
			abort();
	}
	arena_free(&arena);
	return 0;
}
