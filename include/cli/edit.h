/*
 * A text that a person writes in an editor. It may hold what nobody else is to know:
 * its file lies in memory (a tmpfs) or there is none.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include <stddef.h>

struct cli;

/*
 * Opens $VISUAL, $EDITOR, else what sensible-editor(1) would choose, or vi, on `text`, and
 * gives what stands there when it ends, in the arena. The file lies in a folder of its own,
 * mode 0700, below $XDG_RUNTIME_DIR or /dev/shm, where what the editor keeps beside it lies
 * as well; all of it is overwritten and removed. NULL with the exit status after telling: no such place,
 * the editor failed, more than max bytes, not UTF-8.
 */
char *edit_text(struct cli *cli, const char *text, size_t max, int *status_r);

#endif
