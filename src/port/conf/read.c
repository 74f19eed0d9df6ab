/*
 * Reads the conf file as a whole: libconfig for the syntax, then the table for
 * everything else. All mistakes are told together; with any there is no conf.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_private.h"

#include "base/arena.h"
#include "base/io.h"
#include "rule/number.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
find_file(struct reading *reading)
{
	char folder[PATH_MAX];
	struct stat st;

	reading->file = arena_strdup(reading->arena, reading->given);
	if (reading->given[0] != '/' && getcwd(folder, sizeof(folder)) != NULL)
		reading->file = arena_printf(reading->arena, "%s/%s", folder, reading->given);
	if (stat(reading->file, &st) != 0) {
		conf_wrong_file(reading, reading->given, 1, "(file)",
			"%s; name it with -c", strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		conf_wrong_file(
			reading, reading->given, 1, "(file)", "is not a file; name one with -c");
		return false;
	}
	return true;
}

static bool
check_bytes(struct reading *reading)
{
	char *bytes;
	size_t len;
	struct err err;

	if (io_read_file(reading->arena, reading->file, CONF_FILE_MAX, &bytes, &len, &err)
		!= DONE) {
		conf_wrong_file(reading, reading->given, 1, "(file)",
			"%s; a file of at most %d bytes that we may read", err.text,
			CONF_FILE_MAX);
		return false;
	}
	return conf_scan(reading, bytes, len);
}

/*
 * libconfig takes an included file's name from the working folder; with its own
 * setting for another folder it no longer takes an absolute one. So the working
 * folder is the conf file's for that moment.
 */
static bool
parse_there(struct reading *reading)
{
	const char *slash = strrchr(reading->file, '/');
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int there = open(
		arena_strndup(reading->arena, reading->file, (size_t)(slash - reading->file) + 1),
		O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool moved = here >= 0 && there >= 0 && fchdir(there) == 0;
	bool parsed = config_read_file(&reading->config, reading->file) == CONFIG_TRUE;

	if (moved && fchdir(here) != 0)
		parsed = false;
	io_close(&here);
	io_close(&there);
	return parsed;
}

static bool
parse(struct reading *reading)
{
	const char *file, *text;
	int line;

	if (parse_there(reading))
		return true;
	file = config_error_file(&reading->config);
	line = config_error_line(&reading->config);
	text = config_error_text(&reading->config);
	if (file == NULL || strcmp(file, reading->file) == 0)
		file = reading->given;
	conf_wrong_file(reading, arena_strdup(reading->arena, file), line > 0 ? (unsigned)line : 1,
		"(syntax)", "%s; look at this line and the one before it",
		text != NULL ? text : "it cannot be read");
	return false;
}

struct conf *
conf_read(struct arena *arena, const char *file, const char *data_dir, conf_ring *ring,
	struct text *mistakes)
{
	struct reading reading = { .arena = arena, .given = file };
	struct conf *conf = arena_alloc(arena, sizeof(*conf));

	reading.conf = conf;
	reading.data_dir = conf->data_dir = arena_strdup(arena, data_dir);
	reading.mistakes = arena_calloc(arena, MISTAKES_MAX, sizeof(*reading.mistakes));
	config_init(&reading.config);
	if (find_file(&reading) && check_bytes(&reading) && parse(&reading)) {
		conf->file = reading.file;
		conf_find_unknown(&reading);
		conf_fill(&reading);
		conf_cross(&reading);
		if (ring != NULL)
			conf_check_keys(&reading, ring);
	}
	conf_shipped(&reading);
	conf_tell(&reading, mistakes);
	config_destroy(&reading.config);
	conf->files = (struct string_list){ reading.file_count,
		arena_memdup(arena, reading.files, sizeof(reading.files)) };
	if (reading.mistake_count == 0)
		return conf;
	conf_close(conf);
	return NULL;
}

void
conf_close(struct conf *conf)
{
	if (conf == NULL)
		return;
	for (size_t i = 0; i < conf->policy.coordinator_count; i++) {
		/* The policy's view is const; its maker may take it apart. */
		struct policy_coordinator *coordinator =
			(struct policy_coordinator *)&conf->policy.coordinators[i];
		struct number_pattern *pattern = (struct number_pattern *)coordinator->pattern;

		number_pattern_free(&pattern);
		coordinator->pattern = NULL;
	}
}
