/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/held.h"

const char *
held_why_text(enum held_why why)
{
	static const char *const texts[HELD_WHYS] = {
		[HELD_JUDGED_AGAIN] = "the mail was judged again: a person releases the answer",
		[HELD_NO_KEY] = "no usable key of the addressee",
		[HELD_NO_KEY_TO_FORWARD] =
			"no usable key of the addressee: nothing is forwarded in clear",
		[HELD_NEW_KEY] = "the letter about the new key: release it when all is ready",
		[HELD_NEW_KEY_IN_USE] =
			"the conf names the new key already: the old one would not sign it",
		[HELD_NEW_KEY_LEFT] = ("it is of a change of keys that the conf has left: "
				       "the key that it began with would not sign it"),
	};

	return texts[why];
}
