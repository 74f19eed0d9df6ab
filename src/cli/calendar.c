/*
 * `calendar`: the working calendar that deadlines are counted by, for a person to
 * check against a printed one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/clock.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "rule/calendar.h"
#include "view/json.h"
#include "view/yearly.h"

#include <string.h>
#include <sysexits.h>

/* The first desk's year; the year that was given. False when that is none. */
static bool
year_asked(const struct cli *cli, int *year_r)
{
	const struct policy *policy = &cli->conf->policy;
	struct clock_civil civil;
	int year = 0;

	if (cli->arg_count == 0) {
		clock_civil(cli->now, policy->desks[0].time_zone, &civil);
		*year_r = civil.year;
		return true;
	}
	if (strlen(cli->args[0]) != 4 || strspn(cli->args[0], "0123456789") != 4)
		return false;
	for (const char *c = cli->args[0]; *c != '\0'; c++)
		year = 10 * year + (*c - '0');
	*year_r = year;
	return year >= 1970;
}

int
verb_calendar(struct cli *cli)
{
	const struct policy *policy = &cli->conf->policy;
	int year;

	if (!year_asked(cli, &year))
		return cli_fail(EX_USAGE, "%s: not a year from 1970 to 9999", cli->args[0]);
	if (cli->options[CLI_JSON] != NULL)
		cli_put_json(yearly_json(cli->arena, policy, year));
	else
		cli_put(yearly_text(cli->arena, policy, year, (unsigned)cli->width));
	return EX_OK;
}
