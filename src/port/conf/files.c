/*
 * Values that name files. A relative path is relative to the file that names
 * it. Checks that a file is there and that one with a secret is nobody else's
 * to read; reads phrases, overrides and the checklist, never a secret.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/utf8.h"
#include "rule/calendar.h"
#include "rule/checklist.h"
#include "rule/phrase.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA_MAX (1024 * 1024) /* bytes of phrases, overrides, checklist */
#define SHIPPED_FOR "IPA" /* the coordinator whose phrases are shipped */
#define SHIPPED_PHRASES "ipa.phrases"
#define SHIPPED_CHECKLIST "checklist.tsv"

/* path in the folder of file. */
static const char *
in_folder_of(struct arena *arena, const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');

	if (path[0] == '/' || slash == NULL)
		return arena_strdup(arena, path);
	return arena_printf(arena, "%.*s/%s", (int)(slash - file), file, path);
}

const char *
conf_beside(const struct value *value, const char *path)
{
	struct reading *reading = value->reading;
	const char *file = config_setting_source_file(value->at);

	file = file == NULL ? reading->file : in_folder_of(reading->arena, reading->file, file);
	return in_folder_of(reading->arena, file, path);
}

bool
conf_path(struct value *value, const char *text, const char **out_r)
{
	*out_r = conf_beside(value, text);
	return true;
}

void
conf_note_file(struct reading *reading, const char *path)
{
	for (size_t i = 0; i < reading->file_count; i++)
		if (text_equal(reading->files[i], path))
			return;
	if (reading->file_count < CONF_FILES_MAX)
		reading->files[reading->file_count++] = arena_strdup(reading->arena, path);
}

/* A file that is there and that we may read. */
static bool
regular(struct value *value, const char *path, struct stat *st_r)
{
	if (stat(path, st_r) != 0 || (S_ISREG(st_r->st_mode) && eaccess(path, R_OK) != 0)) {
		conf_wrong(value, "%s cannot be read: %s; a file that user %u may read", path,
			strerror(errno), (unsigned)geteuid());
		return false;
	}
	if (!S_ISREG(st_r->st_mode)) {
		conf_wrong(value, "%s is not a file; a file is wanted", path);
		return false;
	}
	return true;
}

bool
conf_file(struct value *value, const char *text, const char **out_r)
{
	const char *path = conf_beside(value, text);
	struct stat st;

	if (!regular(value, path, &st))
		return false;
	conf_note_file(value->reading, path);
	*out_r = path;
	return true;
}

bool
conf_secret(struct value *value, const char *text, const char **out_r)
{
	const char *path = conf_beside(value, text);
	struct stat st;

	if (!regular(value, path, &st))
		return false;
	if ((st.st_mode & (S_IROTH | S_IWOTH)) != 0) {
		conf_wrong(value,
			"%s holds a secret and all the world may read it (mode %04o); chmod 0600 "
			"it",
			path, (unsigned)st.st_mode & 07777U);
		return false;
	}
	if ((st.st_mode & (S_IRGRP | S_IWGRP)) != 0 && st.st_gid != getegid()) {
		conf_wrong(value,
			"%s holds a secret and the group %u may read it (mode %04o); chmod 0600 "
			"it, or give it the group %u",
			path, (unsigned)st.st_gid, (unsigned)st.st_mode & 07777U,
			(unsigned)getegid());
		return false;
	}
	conf_note_file(value->reading, path);
	*out_r = path;
	return true;
}

/* A file that will be written: its folder must be there. */
bool
conf_feed(struct value *value, const char *text, const char **out_r)
{
	const char *path = conf_beside(value, text);
	const char *folder = in_folder_of(value->reading->arena, path, ".");
	struct stat st;

	if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode)) {
		conf_wrong(value, "the folder of %s is not there; make it, or name another", path);
		return false;
	}
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		conf_wrong(value, "%s is not a file; a file's name is wanted", path);
		return false;
	}
	*out_r = path;
	return true;
}

/* Where the phrases lie; NULL for none. */
static const char *
phrases_path(struct value *value, const char *name, const char *text)
{
	struct reading *reading = value->reading;
	const char *beside;

	if (!value->given)
		return strcmp(name, SHIPPED_FOR) == 0
			? arena_printf(reading->arena, "%s/%s", reading->data_dir, SHIPPED_PHRASES)
			: NULL;
	if (text[0] == '\0')
		return NULL;
	beside = conf_beside(value, text);
	if (strchr(text, '/') != NULL || access(beside, F_OK) == 0)
		return beside;
	return arena_printf(reading->arena, "%s/%s", reading->data_dir, text);
}

bool
conf_phrases(struct value *value, void *field_r)
{
	struct policy_coordinator *coordinator = field_r;
	struct arena *arena = value->reading->arena;
	struct phrase_book *book = NULL;
	const char *text, *path;
	char *bytes;
	size_t len;
	struct err err;

	if (!conf_text_of(value, value->setting, &text))
		return false;
	path = phrases_path(value, coordinator->name, text);
	if (path != NULL && io_read_file(arena, path, DATA_MAX, &bytes, &len, &err) != DONE) {
		conf_wrong(value, "%s; a file of phrases beside this one or in %s", err.text,
			value->reading->data_dir);
		return false;
	}
	if (path != NULL && phrase_book_read(arena, bytes, len, &book, &err) != DONE) {
		conf_wrong(value, "%s: %s; lines of phrase, tab, meaning", path, err.text);
		return false;
	}
	if (path != NULL && !text_starts(path, value->reading->data_dir))
		conf_note_file(value->reading, path);
	coordinator->phrases = book;
	return true;
}

/* A file of days, or "" for none. */
static bool
read_days(struct value *value, enum calendar_file file, const char *like, struct policy_days *days_r)
{
	struct reading *reading = value->reading;
	const char *text, *path;
	char *bytes = arena_strdup(reading->arena, "");
	size_t len = 0;
	struct err err;
	int bad;

	if (!conf_text_of(value, value->setting, &text))
		return false;
	path = conf_beside(value, text);
	if (text[0] != '\0'
		&& io_read_file(reading->arena, path, DATA_MAX, &bytes, &len, &err) != DONE) {
		conf_wrong(value, "%s; a file of dates, or \"\"", err.text);
		return false;
	}
	bad = utf8_valid(bytes, len) ? calendar_file_read(reading->arena, file, bytes, days_r) : 1;
	if (bad != 0) {
		conf_wrong(value, "line %d of %s is not understood; %s", bad, path, like);
		return false;
	}
	if (text[0] != '\0')
		conf_note_file(reading, path);
	return true;
}

bool
conf_overrides(struct value *value, void *field_r)
{
	return read_days(value, CALENDAR_OVERRIDES,
		"\"YYYY-MM-DD closed\" or \"YYYY-MM-DD open\"", field_r);
}

bool
conf_holidays(struct value *value, void *field_r)
{
	return read_days(value, CALENDAR_HOLIDAYS, "\"YYYY-MM-DD NAME\"", field_r);
}

static bool
has_root(const struct x509_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].root)
			return true;
	return false;
}

/* Read here and kept: a room needs no file then, and has what the start has checked. */
bool
conf_roots(struct value *value, void *field_r)
{
	struct conf_smime smime = { .roots = "", .certificates = { .count = 0 } };
	struct arena *arena = value->reading->arena;
	struct stat st;
	const char *text;
	char *bytes;
	size_t len;
	struct err err;

	if (!conf_text_of(value, value->setting, &text))
		return false;
	if (text[0] == '\0') {
		*(struct conf_smime *)field_r = smime;
		return true;
	}
	smime.roots = conf_beside(value, text);
	if (!regular(value, smime.roots, &st))
		return false;
	if (io_read_file(arena, smime.roots, X509_FILE_MAX, &bytes, &len, &err) != DONE) {
		conf_wrong(value, "%s; a file of CA certificates (PEM)", err.text);
		return false;
	}
	if (x509_read(arena, bytes, len, &smime.certificates, &err) != DONE) {
		conf_wrong(value, "%s: %s; a file of CA certificates (PEM)", smime.roots, err.text);
		return false;
	}
	if (!has_root(&smime.certificates)) {
		conf_wrong(value,
			"%s holds no root: none of its certificates is issued by itself; add the "
			"CA's root certificate (PEM)",
			smime.roots);
		return false;
	}
	conf_note_file(value->reading, smime.roots);
	*(struct conf_smime *)field_r = smime;
	return true;
}

void
conf_shipped(struct reading *reading)
{
	const char *path = arena_printf(
		reading->arena, "%s/%s", reading->data_dir, SHIPPED_CHECKLIST);
	enum outcome outcome;
	char *bytes;
	size_t len;
	struct err err;

	outcome = io_read_file(reading->arena, path, DATA_MAX, &bytes, &len, &err);
	if (outcome == DONE)
		outcome = checklist_read(
			reading->arena, bytes, len, &reading->conf->checklist, &err);
	if (outcome != DONE)
		conf_wrong_file(
			reading, path, 1, "(checklist)", "%s; install madoguchi anew", err.text);
}
