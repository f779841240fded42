#include "lib/format/journal_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/format/json.h"
#include "lib/os/file.h"

#define DIGITS 12
/* An entry that begins journal.txt is not longer; what counts is its number. */
#define LINE_BYTES_MAX (16 * 1024 * 1024)
#define CHUNK_BYTES 4096

void
journal_parts_name(uint64_t first, char ret_name[JOURNAL_PARTS_NAME_BYTES])
{
	(void)snprintf(ret_name, JOURNAL_PARTS_NAME_BYTES,
	    "journal-%0*" PRIu64 ".txt", DIGITS, first % 1000000000000u);
}

bool
journal_parts_parse(const char *name, uint64_t *ret_first)
{
	char again[JOURNAL_PARTS_NAME_BYTES];
	uint64_t first;

	if (strlen(name) != JOURNAL_PARTS_NAME_BYTES - 1 ||
	    strncmp(name, "journal-", 8) != 0)
		return false;
	first = strtoull(name + 8, NULL, 10);
	journal_parts_name(first, again);
	*ret_first = first;
	return strcmp(name, again) == 0;
}

void
journal_parts_close(struct journal_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->fds[i] >= 0)
			(void)close(parts->fds[i]);
	parts->count = 0;
}

/* The first line of a file, which is read from its beginning again. */
static int
read_first_line(int fd, struct bytes *line, struct error *err)
{
	uint8_t chunk[CHUNK_BYTES];
	const uint8_t *end = NULL;
	size_t before = 0;

	while (end == NULL && line->length <= LINE_BYTES_MAX) {
		ssize_t got =
		    pread(fd, chunk, sizeof(chunk), (off_t)line->length);

		if (got < 0)
			return error_set_errno(
			    err, errno, _("cannot read the journal's file"));
		if (got == 0)
			break;
		before = line->length;
		end = memchr(chunk, '\n', (size_t)got);
		bytes_append(line, chunk, (size_t)got);
		if (bytes_check(line, err) != 0)
			return -1;
	}
	if (end == NULL)
		return error_set(err, ERROR_INPUT, _("the file is no journal"));
	line->length = before + (size_t)(end - chunk);
	return 0;
}

/* With which entry journal.txt begins. */
static int
find_first(int fd, uint64_t *ret_first, struct error *err)
{
	struct bytes line = BYTES_EMPTY;
	json_t *leaf = NULL;
	int rc = -1;

	if (read_first_line(fd, &line, err) != 0)
		goto out;
	*ret_first = 0;
	rc = 0;
	if (line.length == strlen(JOURNAL_PARTS_FIRST_LINE) &&
	    memcmp(line.data, JOURNAL_PARTS_FIRST_LINE, line.length) == 0)
		goto out;
	leaf = json_parse((const char *)line.data, line.length, err);
	if (leaf == NULL || json_get_u64(leaf, "seq", ret_first) != 0 ||
	    *ret_first == 0)
		rc = error_set(err, ERROR_INPUT, _("the file is no journal"));
out:
	json_decref(leaf);
	bytes_done(&line);
	return rc;
}

static int
compare_numbers(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return a < b ? -1 : a > b;
}

/* The parts before an entry, in order. */
static int
list_parts(int folder_fd, uint64_t before, uint64_t firsts[JOURNAL_PARTS_MAX],
    size_t *ret_count, struct error *err)
{
	const struct dirent *entry;
	DIR *folder;
	uint64_t first;
	size_t count = 0;
	int fd, rc = 0;

	if (file_open_below(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_NOATIME,
		&fd, err) != 0)
		return -1;
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	while (rc == 0 && (entry = readdir(folder)) != NULL) {
		if (!journal_parts_parse(entry->d_name, &first) ||
		    first >= before)
			continue;
		if (count == JOURNAL_PARTS_MAX - 1)
			rc = error_set(err, ERROR_LIMIT,
			    _("the journal is in too many pieces"));
		else
			firsts[count++] = first;
	}
	(void)closedir(folder);
	if (count > 0)
		qsort(firsts, count, sizeof(firsts[0]), compare_numbers);
	*ret_count = count;
	return rc;
}

int
journal_parts_open(
    int folder_fd, struct journal_parts *ret_parts, struct error *err)
{
	uint64_t firsts[JOURNAL_PARTS_MAX];
	char name[JOURNAL_PARTS_NAME_BYTES];
	size_t count = 0;
	int last = -1;

	ret_parts->count = 0;
	if (file_open_below(folder_fd, JOURNAL_PARTS_LAST, O_RDONLY | O_NOATIME,
		&last, err) != 0)
		return -1;
	if (find_first(last, &ret_parts->first, err) != 0 ||
	    list_parts(folder_fd, ret_parts->first, firsts, &count, err) != 0)
		goto failed;
	for (size_t i = 0; i < count; i++) {
		journal_parts_name(firsts[i], name);
		if (file_open_below(folder_fd, name, O_RDONLY | O_NOATIME,
			&ret_parts->fds[i], err) != 0)
			goto failed;
		ret_parts->count++;
	}
	ret_parts->fds[ret_parts->count++] = last;
	return 0;
failed:
	(void)close(last);
	return -1;
}
