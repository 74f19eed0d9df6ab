/*
 * For sealing.sh alone: preloaded, it takes libsodium's place where a mail is
 * sealed, and copies instead. So the programs that are measured with and without
 * sealing are the same ones. Never linked with anything.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#define OVERHEAD 48

int crypto_box_seal(unsigned char *sealed, const unsigned char *mail, unsigned long long len,
	const unsigned char *key);

int
crypto_box_seal(unsigned char *sealed, const unsigned char *mail, unsigned long long len,
	const unsigned char *key)
{
	(void)key;
	memset(sealed, 0, OVERHEAD);
	memcpy(sealed + OVERHEAD, mail, (size_t)len);
	return 0;
}
