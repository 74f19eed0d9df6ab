/*
 * S/MIME in the keyring. Needs neither the keyring nor its agent; and what cannot
 * be checked is read all the same, unchecked: where gpgsm is missing nobody shall
 * miss a mail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "room/keyring.h"

#include "base/io.h"
#include "base/log.h"
#include "mail/limits.h"
#include "port/conf.h"
#include "port/smime.h"
#include "room/serve.h"

#include <unistd.h>

void
keyring_smime(struct smime **smime, const struct conf_desk *desk, int64_t at, int data_fd,
	int covered_fd, int *content_r, struct facts_opened *opened_r)
{
	struct io_map data = { 0 }, covered = { 0 };
	enum outcome outcome = DONE;
	struct err err = { "" };

	opened_r->smime = true;
	serve_map(data_fd, &data);
	if (covered_fd >= 0)
		serve_map(covered_fd, &covered);
	if (*smime == NULL)
		outcome = smime_open(desk->pgp.home, &desk->smime.certificates, smime, &err);
	if (outcome == LATER)
		opened_r->status = OPEN_LATER;
	else if (outcome == NEVER)
		opened_r->status = covered_fd >= 0 ? OPEN_OK : OPEN_FAILED;
	else if (covered_fd >= 0)
		smime_verify(*smime, at, covered.data, covered.len, data.data, data.len, opened_r,
			&err);
	else
		smime_open_signed(*smime, at, data.data, data.len, LIMIT_UNPACKED_BYTES, content_r,
			opened_r, &err);
	if (outcome != DONE || opened_r->status == OPEN_LATER)
		log_warn("S/MIME cannot be checked: %s", err.text);
	if (covered_fd >= 0 && opened_r->status == OPEN_OK)
		*content_r = dup(covered_fd);
	io_unmap(&data);
	io_unmap(&covered);
}
