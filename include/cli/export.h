/*
 * What `export` and `sheet` share: the writers that need more than a call of view/.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#define EXIT_LACKS 1	/* what was asked for is there, but not all of it */

struct cli;
struct json_case;

/*
 * The case's messages to standard output as an mbox. EX_OK, or EXIT_LACKS after telling
 * of each that is not kept whole or cannot be had out of what it is sealed in.
 */
int export_mbox(struct cli *cli, const struct json_case *what);

#endif
