/*
 * What the desk takes of a reader's word on a layer: nothing that has no place in
 * the conf. The rooms that were taken over say the same in frames (tests/golden).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/facts.h"

#include "rule.h"

#include <limits.h>
#include <string.h>

#define ARENA_CAP ((size_t)64 * 1024 * 1024)

static struct arena *arena;
static struct policy policy;
static struct policy_coordinator coordinators[2];
static struct policy_form forms[2];

static void
setup(void)
{
	arena = arena_new(ARENA_PLAIN, ARENA_CAP);
	memset(&policy, 0, sizeof(policy));
	memset(coordinators, 0, sizeof(coordinators));
	memset(forms, 0, sizeof(forms));
	coordinators[0].pattern = rule_pattern(arena, "IPA#([0-9]{8})");
	coordinators[1].pattern = rule_pattern(arena, "VU#([0-9]{6,})");
	policy.coordinators = coordinators;
	policy.coordinator_count = 2;
	policy.forms = forms;
	policy.form_count = 2;
}

static void
teardown(void)
{
	rule_pattern_free(&coordinators[0]);
	rule_pattern_free(&coordinators[1]);
	arena_free(&arena);
}

static const struct {
	int form_index;
	const char *numbers[3];
	size_t coordinators[3];
	bool fits;
} layers[] = {
	{ -1, { NULL }, { 0 }, true },
	{ 0, { NULL }, { 0 }, true },
	{ 1, { NULL }, { 0 }, true },
	{ 2, { NULL }, { 0 }, false },
	{ INT16_MAX, { NULL }, { 0 }, false },
	{ -2, { NULL }, { 0 }, false },
	{ INT_MIN, { NULL }, { 0 }, false },
	{ -1, { "IPA#12345678", "VU#123456" }, { 0, 1 }, true },
	{ -1, { "IPA#12345678", "VU#123456", "IPA#1234567" }, { 0, 1, 0 }, false },
	{ -1, { "IPA#12345678", "VU#123456" }, { 1, 0 }, false },
	{ -1, { "IPA#12345678", "VU#123456" }, { 0, 2 }, false },
};

START_TEST(layer_fits)
{
	struct facts_layer layer = { .form_index = layers[_i].form_index };

	for (size_t i = 0; i < 3 && layers[_i].numbers[i] != NULL; i++) {
		snprintf(layer.numbers.hit[i].number, NUMBER_MAX, "%s", layers[_i].numbers[i]);
		layer.numbers.hit[i].coordinator = layers[_i].coordinators[i];
		layer.numbers.count = i + 1;
	}
	ck_assert(facts_layer_fits(&layer, &policy) == layers[_i].fits);
}
END_TEST

static Suite *
suite_layer(void)
{
	Suite *suite = suite_create("layer");
	TCase *tests = tcase_create("layer");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, layer_fits, 0, sizeof(layers) / sizeof(layers[0]));
	suite_add_tcase(suite, tests);
	return suite;
}

int
main(void)
{
	return unit_run(suite_layer());
}
