/*
 * What libFuzzer would do, for files that are there: gives each file named, and
 * each in a folder named, to the one target that it is linked with. So a test
 * run needs no fuzzing compiler to see that old finds stay mended.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static unsigned long given;

static void
give_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	unsigned char *bytes;
	long len;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (len = ftell(file)) < 0) {
		fprintf(stderr, "replay: %s cannot be read\n", path);
		exit(1);
	}
	rewind(file);
	/* Not a byte more: a sanitizer then sees who reads behind the end. */
	bytes = malloc((size_t)len + (len == 0));
	if (bytes == NULL || fread(bytes, 1, (size_t)len, file) != (size_t)len)
		exit(1);
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, (size_t)len);
	free(bytes);
	given++;
}

static void
give_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	char file[4096];

	if (folder == NULL) {
		give_file(path);
		return;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		give_folder(file);
	}
	closedir(folder);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		give_folder(argv[i]);
	printf("%lu inputs\n", given);
	return given > 0 ? 0 : 1;
}
