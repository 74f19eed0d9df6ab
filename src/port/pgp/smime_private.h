/*
 * What the files of S/MIME in this folder share: the place, and the home of one
 * check. Nobody outside the folder includes it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_PGP_SMIME_PRIVATE_H
#define PORT_PGP_SMIME_PRIVATE_H

#include "pgp_private.h"
#include "port/smime.h"

struct smime {
	char *folder;		/* the agent's home, in which those of the checks lie */
	char *socket;		/* the agent's */
	const struct x509_list *roots;
	char *keybox;		/* bytes of one that holds the roots and no more, NULL without */
	size_t keybox_len;
	bool reaper;
	unsigned checks;	/* made so far: the name of the next home */
};

/* Where one signature is checked. */
struct smime_home {
	char *folder;
	gpgme_ctx_t ctx;
};

bool smime_has_roots(const struct smime *smime);

/* Whether an error is of this moment, and nothing that a message can bring about: gpgsm may die of one. */
bool smime_ours(gpgme_error_t error);

/* A fresh home whose gpgsm lives at that time (0: now), and a context on it. False: LATER. */
bool smime_home_make(struct smime *smime, int64_t at, struct smime_home *home_r, struct err *err_r);

/* Ends its gpgsm and removes it. */
void smime_home_drop(const struct smime *smime, struct smime_home *home);

#endif
