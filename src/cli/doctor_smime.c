/*
 * The doctor's look at S/MIME: is gpgsm there, whom do the roots let in, and
 * until when. A signature that cannot be checked is no fault of the mail's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/clock.h"
#include "cli/cli.h"
#include "port/conf.h"
#include "port/smime.h"

#include <sys/stat.h>

#define SOON_DAYS 60	/* a new root is not to be had in a day */

static bool
some_domain(const struct policy *policy)
{
	for (size_t i = 0; i < policy->coordinator_count; i++)
		if (policy->coordinators[i].smime.count > 0)
			return true;
	return false;
}

/* Who can change it says whose mail is believed. */
static bool
look_at_file(struct doctor *doctor, const char *title, const char *file)
{
	struct stat st;

	if (stat(file, &st) != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return true;
	doctor_bad(doctor, title, "smime", doctor_do(doctor, "chmod go-w %s", file),
		"%s may be changed by others (mode %04o)", file, (unsigned)st.st_mode & 07777U);
	return false;
}

/* A line for each root that is over, or soon will be; true when all are well. */
static bool
look_at_roots(struct doctor *doctor, const char *title, const struct conf_smime *smime)
{
	bool well = true;

	for (size_t i = 0; i < smime->certificates.count; i++) {
		const struct x509_certificate *root = &smime->certificates.at[i];
		long days = doctor_days(doctor, root->not_after);
		const char *remedy;

		if (days >= SOON_DAYS)
			continue;
		well = false;
		remedy = doctor_do(doctor, "put the CA's new certificate into %s, and take this one out",
			smime->roots);
		if (days < 0)
			doctor_bad(doctor, title, "smime", remedy, "%s: %s has expired on %s", smime->roots,
				root->name, doctor_date(doctor, root->not_after, title));
		else
			doctor_hint(doctor, title, "smime", remedy, "%s: %s expires on %s", smime->roots,
				root->name, doctor_date(doctor, root->not_after, title));
	}
	return well;
}

static void
look_at_desk(struct doctor *doctor, size_t desk, const char *version)
{
	const struct conf_smime *smime = &doctor->cli->conf->desks[desk].smime;
	const char *title = doctor_title(doctor, desk);
	bool well;

	if (smime->certificates.count == 0) {
		doctor_ok(doctor, title, "smime",
			"no smime.roots: S/MIME signatures are shown as not checked");
		return;
	}
	well = look_at_file(doctor, title, smime->roots);
	well = look_at_roots(doctor, title, smime) && well;
	if (!some_domain(&doctor->cli->conf->policy)) {
		doctor_hint(doctor, title, "smime",
			"name the domains of the coordinator's addresses in its smime",
			"there are smime.roots, and no coordinator whose S/MIME counts");
		well = false;
	}
	if (well)
		doctor_ok(doctor, title, "smime", "gpgsm %s, %zu certificates in %s", version,
			smime->certificates.count, smime->roots);
}

void
doctor_smime(struct doctor *doctor)
{
	static const char remedy[] = "apt-get install gpgsm";
	const struct conf *conf = doctor->cli->conf;
	bool wanted = false;
	struct err err;
	char *version;

	for (size_t i = 0; i < conf->policy.desk_count; i++)
		wanted = wanted || conf->desks[i].smime.certificates.count > 0;
	if (smime_version(doctor->cli->arena, &version, &err) == DONE) {
		for (size_t i = 0; i < conf->policy.desk_count; i++)
			look_at_desk(doctor, i, version);
	} else if (wanted) {
		doctor_bad(doctor, NULL, "smime", remedy,
			"%s: no S/MIME signature can be checked", err.text);
	} else {
		doctor_hint(doctor, NULL, "smime", remedy,
			"%s: mail that is signed by S/MIME with its text inside cannot be read", err.text);
	}
}
