/*
 * Fuzzes mail/cms.h: what it counts is no more than the bytes can hold, and only
 * what was walked to its end fits.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/cms.h"

#include "mail/limits.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct cms_look look;

	cms_look(data, len, &look);
	if (look.frame > len || look.certificates > len / 2 || look.signers > len / 2)
		abort();
	if (cms_fits(&look) && (look.kind != CMS_SIGNED || !look.whole ||
				       look.signers > LIMIT_CMS_SIGNERS))
		abort();
	return 0;
}
