/*
 * `case open`: a case that came by telephone, fax or post. What mail comes of it
 * later joins it, by its number or its site, as the desk's rules say.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/store.h"
#include "rule/title.h"
#include "view/json.h"

#include <sysexits.h>

/* What the command line says of it. */
struct opening {
	const struct policy_desk *desk;
	struct record_number number;	/* of which number is NULL where none was told */
	uint32_t sites;
	const char *coordinator, *title;
};

static bool
read_number(struct cli *cli, struct opening *opening, int *status_r)
{
	const char *spelling = cli->options[CLI_NUMBER];

	return spelling == NULL || cli_find_number(cli, spelling, &opening->number, status_r);
}

/* Whose it is: as told, by its number, or the only one there is. */
static bool
read_coordinator(struct cli *cli, struct opening *opening, int *status_r)
{
	const struct policy *policy = &cli->conf->policy;
	const char *told = cli->options[CLI_COORDINATOR];
	int index = -1;

	if (told != NULL && !cli_find_coordinator(cli, told, &index, status_r))
		return false;
	if (told != NULL)
		opening->coordinator = index >= 0 ? policy->coordinators[index].name : NULL;
	else if (opening->number.number != NULL)
		opening->coordinator = opening->number.coordinator;
	else if (policy->coordinator_count == 1)
		opening->coordinator = policy->coordinators[0].name;
	return true;
}

static const char *
first_site(const struct opening *opening)
{
	for (size_t i = 0; i < opening->desk->sites.count; i++) {
		if ((opening->sites & (UINT32_C(1) << i)) != 0)
			return opening->desk->sites.at[i];
	}
	return NULL;
}

static bool
read_title(struct cli *cli, struct opening *opening, int *status_r)
{
	const char *told = cli->options[CLI_TITLE];

	if (told != NULL)
		return cli_one_line(cli, "the title", told, TITLE_MAX, &opening->title, status_r);
	opening->title = title_make(cli->arena, opening->number.number, first_site(opening),
		origin_name(ORIGIN_STAFF));
	return true;
}

static bool
read_line(struct cli *cli, struct opening *opening, int *status_r)
{
	const char *site = cli->options[CLI_SITE];
	size_t desk;

	if (cli->options[CLI_DESK] == NULL) {
		*status_r = cli_fail(EX_USAGE, "say with --desk at which desk it came");
		return false;
	}
	if (!cli_find_desk(cli, cli->options[CLI_DESK], &desk, status_r))
		return false;
	opening->desk = &cli->conf->policy.desks[desk];
	if (site != NULL && !cli_find_sites(cli, opening->desk, site, &opening->sites, status_r))
		return false;
	return read_number(cli, opening, status_r) && read_coordinator(cli, opening, status_r) &&
		read_title(cli, opening, status_r);
}

static int64_t
put(struct cli *cli, const struct opening *opening)
{
	struct record_case record = { .desk = opening->desk->title, .title = opening->title,
		.coordinator = opening->coordinator, .origin = ORIGIN_STAFF,
		.trust = TRUST_UNVERIFIED, .opened_at = cli->now, .updated_at = cli->now };
	const struct string_list *sites = &opening->desk->sites;
	int64_t id = store_case_add(cli->store, &record);

	cli_log(cli, id, "case opened by hand%s%s",
		opening->coordinator != NULL ? ": " : "",
		opening->coordinator != NULL ? opening->coordinator : "");
	if (opening->number.number != NULL) {
		store_case_number_add(cli->store, id, opening->number.coordinator,
			opening->number.number, true);
		cli_log(cli, id, "number: %s", opening->number.number);
	}
	for (size_t i = 0; i < sites->count; i++) {
		if ((opening->sites & (UINT32_C(1) << i)) == 0)
			continue;
		store_case_site_add(cli->store, id, sites->at[i]);
		cli_log(cli, id, "site: %s", sites->at[i]);
	}
	return id;
}

/* Its id alone, for a script; with --json the record. */
static int
tell(struct cli *cli, int64_t id)
{
	struct record_case *record = store_case_get(cli->store, cli->arena, id);
	struct json_view view = cli_view(cli);

	if (record == NULL)
		return cli_read_well(cli);
	if (cli->options[CLI_JSON] != NULL)
		cli_put_json(json_case_head(&view, record));
	else
		cli_put(arena_printf(cli->arena, "%lld\n", (long long)id));
	if (record->beside_count > 0)
		(void)cli_fail(0, "%s is claimed by others too: case %s", record->numbers[0],
			cli_ids(cli, record->beside, record->beside_count));
	return EX_OK;
}

int
verb_case_open(struct cli *cli)
{
	struct opening opening = { .desk = NULL };
	int64_t id;
	int status;

	if (!read_line(cli, &opening, &status))
		return status;
	status = cli_begin(cli);
	if (status != EX_OK)
		return status;
	if (opening.number.number != NULL &&
		!cli_number_is_free(cli, opening.number.number, 0, &status))
		return status;
	id = put(cli, &opening);
	status = cli_commit(cli);
	return status == EX_OK ? tell(cli, id) : status;
}
