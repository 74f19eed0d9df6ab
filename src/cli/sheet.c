/*
 * `sheet`: the hand-over sheet of a case, on standard output: a page to print, or text.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "view/sheet.h"

#include <sysexits.h>

int
verb_sheet(struct cli *cli)
{
	struct json_view view = cli_view(cli);
	const struct policy_staff *to = NULL;
	struct record_case *record;
	struct json_case what;
	const char *format = cli->options[CLI_FORMAT];
	bool text = text_equal(format, "text");
	enum language language;
	size_t staff;
	int status;

	if (format != NULL && !text && !text_equal(format, "html"))
		return cli_fail(EX_USAGE, "say --format html or text");

	if (cli->options[CLI_STAFF] != NULL) {
		if (!cli_find_staff(cli, cli->options[CLI_STAFF], &staff, &status))
			return status;
		to = &cli->conf->policy.staff[staff];
	}
	if (!cli_find_case(cli, cli->args[0], &record, &status))
		return status;
	if (to != NULL && !policy_serves(to, record->desk))
		return cli_fail(EX_DATAERR, "%s does not serve desk %s", to->title, record->desk);
	cli_gather(cli, record, &what);
	status = cli_read_well(cli);
	language = to != NULL ? to->language : cli_language(cli, record->desk);
	if (status == EX_OK)
		cli_put(text ? sheet_text(&view, &what, language, to)
			     : sheet_html(&view, &what, language, to));
	return status;
}
