/*
 * Days that a text asks for something by, as a reader tells them: figures that are
 * held to their range, nothing of the text.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/frames.h"

#include "base/frame.h"
#include "rule/facts.h"

void
frames_put_dues(struct frame *frame, const struct facts_layer *layer)
{
	frame_put_u32(frame, (uint32_t)layer->due_count);
	for (size_t i = 0; i < layer->due_count; i++) {
		const struct due_mention *due = &layer->dues[i];

		frame_put_u32(frame, (uint32_t)due->form);
		frame_put_u32(frame, (uint32_t)due->year);
		frame_put_u32(frame, (uint32_t)due->month);
		frame_put_u32(frame, (uint32_t)due->day);
		frame_put_i64(frame, due->weekday);
		frame_put_i64(frame, due->count);
		frame_put_u32(frame, (uint32_t)due->span.count);
		frame_put_u32(frame, (uint32_t)due->span.unit);
		frame_put_i64(frame, due->hour);
		frame_put_i64(frame, due->minute);
		frame_put_bool(frame, due->utc);
		frame_put_bool(frame, due->day_first_doubt);
	}
}

/* A number from `low` to `high`; else the frame is bad. */
static int
get_between(struct frame *frame, int64_t low, int64_t high)
{
	int64_t number = frame_get_i64(frame);

	if (number >= low && number <= high)
		return (int)number;
	frame->bad = true;
	return 0;
}

void
frames_get_dues(struct frame *frame, struct facts_layer *layer)
{
	layer->due_count = frame_get_below(frame, FACTS_DUES + 1);
	for (size_t i = 0; i < layer->due_count && !frame->bad; i++) {
		struct due_mention *due = &layer->dues[i];

		due->form = (enum due_form)frame_get_below(frame, DUE_FORMS);
		due->year = (int)frame_get_below(frame, 10000);
		due->month = (int)frame_get_below(frame, 13);
		due->day = (int)frame_get_below(frame, DUE_LAST_DAY + 1);
		due->weekday = get_between(frame, -1, 6);
		due->count = get_between(frame, DUE_NEXT, DUE_COUNT_MAX);
		due->span.count = (int)frame_get_below(frame, DUE_COUNT_MAX + 1);
		due->span.unit = (enum span_unit)frame_get_below(frame, SPAN_MONTHS + 1);
		due->hour = get_between(frame, -1, 24);
		due->minute = get_between(frame, -1, 59);
		due->utc = frame_get_bool(frame);
		due->day_first_doubt = frame_get_bool(frame);
		due->at = due->len = 0;
	}
}
