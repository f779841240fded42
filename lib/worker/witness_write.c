/* A witness's folder, written anew: each file whole or as it was. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/worker/witness_internal.h"

/* From here on what journal.txt holds becomes a part, and it begins anew. */
#define PART_BYTES ((uint64_t)16 << 20)
#define FOLDER_MODE 0755
#define FILE_MODE 0644
#define CHUNK_BYTES 65536
#define NAME_BYTES 256
/* Between two signs of life. */
#define PROGRESS_BYTES ((uint64_t)4 << 20)

struct writing {
	int folder_fd, parcel_fd;
	const struct examine_events *events;
	struct bytes note; /* the new one */
	uint64_t written;
};

/* Whoever finds the medium may read it; file systems without modes differ. */
static int
begin_file(struct file_replacement *file, int folder_fd, const char *name,
    struct error *err)
{
	if (file_replacement_begin(
		file, folder_fd, name, FILE_MODE_AS_MADE, err) != 0)
		return -1;
	(void)fchmod(file->fd, FILE_MODE);
	return 0;
}

/* Exactly so many bytes of what the job brought. */
static int
take_parcel(
    struct writing *writing, void *room, size_t length, struct error *err)
{
	uint8_t *next = room;

	while (length > 0) {
		ssize_t got = read(writing->parcel_fd, next, length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return error_set(
			    err, ERROR_PROTOCOL, _("malformed job"));
		next += got;
		length -= (size_t)got;
	}
	return 0;
}

static bool
is_name(const char *name)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789._-/";

	return name[0] != '\0' && name[0] != '/' && name[0] != '.' &&
	       name[strspn(name, letters)] == '\0' &&
	       strstr(name, "/.") == NULL && strstr(name, "//") == NULL &&
	       name[strlen(name) - 1] != '/' &&
	       strncmp(name, "journal", 7) != 0;
}

/* 1: a file of the parcel; 0: there are no more. */
static int
next_file(struct writing *writing, char name[NAME_BYTES], struct bytes *content,
    struct error *err)
{
	uint8_t number[4], chunk[CHUNK_BYTES];
	size_t length, left;

	if (take_parcel(writing, number, 2, err) != 0)
		return -1;
	length = (size_t)number[0] << 8 | number[1];
	if (length == 0)
		return 0;
	if (length >= NAME_BYTES)
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	if (take_parcel(writing, name, length, err) != 0 ||
	    take_parcel(writing, number, 4, err) != 0)
		return -1;
	name[length] = '\0';
	left = (size_t)number[0] << 24 | (size_t)number[1] << 16 |
	       (size_t)number[2] << 8 | number[3];
	if (!is_name(name) || left > JOB_WITNESS_FILE_BYTES_MAX)
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	bytes_clear(content);
	while (left > 0) {
		size_t some = left < sizeof(chunk) ? left : sizeof(chunk);

		if (take_parcel(writing, chunk, some, err) != 0)
			return -1;
		bytes_append(content, chunk, some);
		left -= some;
	}
	return bytes_check(content, err) == 0 ? 1 : -1;
}

/* What lies there already need not be written again. */
static bool
is_there(int folder_fd, const char *name, const struct bytes *content)
{
	struct bytes found = BYTES_EMPTY;
	struct error why = {0};
	bool is_same = false;
	int fd;

	if (file_open_below(folder_fd, name, O_RDONLY | O_NOATIME, &fd, &why) !=
	    0)
		return false;
	is_same = file_read_whole(fd, content->length, &found, &why) == 0 &&
		  found.length == content->length &&
		  (found.length == 0 ||
		      memcmp(found.data, content->data, found.length) == 0);
	bytes_done(&found);
	(void)close(fd);
	return is_same;
}

static int
put_file(int folder_fd, const char *name, const struct bytes *content,
    struct error *err)
{
	struct file_replacement file = {.fd = -1};
	int rc = -1;

	if (is_there(folder_fd, name, content))
		return 0;
	if (begin_file(&file, folder_fd, name, err) == 0 &&
	    file_write_all(file.fd, content->data, content->length, err) == 0)
		rc = file_replacement_commit(&file, err);
	file_replacement_rollback(&file);
	return rc;
}

/* The same below a folder of the folder. */
static int
put_below(struct writing *writing, char *name, const struct bytes *content,
    struct error *err)
{
	char *slash = strrchr(name, '/');
	int fd, rc;

	if (slash == NULL)
		return put_file(writing->folder_fd, name, content, err);
	*slash = '\0';
	if (file_make_folders(writing->folder_fd, name, FOLDER_MODE, err) !=
		0 ||
	    file_open_below(writing->folder_fd, name, O_RDONLY | O_DIRECTORY,
		&fd, err) != 0)
		return -1;
	rc = put_file(fd, slash + 1, content, err);
	(void)close(fd);
	return rc;
}

static int
put_files(struct writing *writing, struct error *err)
{
	struct bytes content = BYTES_EMPTY;
	char name[NAME_BYTES];
	int rc;

	while ((rc = next_file(writing, name, &content, err)) == 1) {
		if (strcmp(name, JOB_WITNESS_NOTE) == 0)
			bytes_append(
			    &writing->note, content.data, content.length);
		rc = put_below(writing, name, &content, err);
		if (rc != 0)
			break;
	}
	bytes_done(&content);
	if (rc == 0 && writing->note.length == 0)
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	return rc == 0 ? bytes_check(&writing->note, err) : -1;
}

/* So many bytes from where `from` stands; UINT64_MAX: to its end. */
static int
copy(struct writing *writing, int from, uint64_t length, int to,
    struct error *err)
{
	uint8_t chunk[CHUNK_BYTES];

	while (length > 0) {
		size_t some =
		    length < sizeof(chunk) ? (size_t)length : sizeof(chunk);
		ssize_t got = read(from, chunk, some);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(
			    err, errno, _("cannot read the journal's file"));
		if (got == 0)
			break;
		if (file_write_all(to, chunk, (size_t)got, err) != 0)
			return -1;
		if (length != UINT64_MAX)
			length -= (uint64_t)got;
		writing->written += (uint64_t)got;
		if (writing->written % PROGRESS_BYTES < (uint64_t)got &&
		    writing->events->progress(writing->events->context,
			writing->written, 0, err) != 0)
			return -1;
	}
	return length == 0 || length == UINT64_MAX
		   ? 0
		   : error_set(err, ERROR_INPUT, _("the file is no journal"));
}

/* What journal.txt holds becomes a part; it is copied, then replaced. */
static int
close_part(struct writing *writing, const struct journal_parts *parts,
    const struct witness_found *found, struct error *err)
{
	struct file_replacement file = {.fd = -1};
	char name[JOURNAL_PARTS_NAME_BYTES];
	int last = parts->fds[parts->count - 1], rc = -1;

	journal_parts_name(parts->first, name);
	if (begin_file(&file, writing->folder_fd, name, err) == 0 &&
	    copy(writing, last, found->last_bytes, file.fd, err) == 0)
		rc = file_replacement_commit(&file, err);
	file_replacement_rollback(&file);
	return rc;
}

static bool
has_more(const struct writing *writing)
{
	struct stat st;

	return fstat(writing->parcel_fd, &st) == 0 &&
	       lseek(writing->parcel_fd, 0, SEEK_CUR) < st.st_size;
}

/* journal.txt: what stays, the new entries, the checkpoint. */
static int
fill_journal(struct writing *writing, const struct journal_parts *parts,
    const struct witness_found *found, int fd, struct error *err)
{
	static const char first[] = JOURNAL_PARTS_FIRST_LINE "\n";

	if (found == NULL) {
		if (file_write_all(fd, first, sizeof(first) - 1, err) != 0)
			return -1;
	} else {
		int last = parts->fds[parts->count - 1];

		if (lseek(last, 0, SEEK_SET) != 0)
			return error_set_errno(
			    err, errno, _("cannot read the journal's file"));
		if (found->last_bytes >= PART_BYTES && has_more(writing) &&
		    parts->count < JOURNAL_PARTS_MAX) {
			if (close_part(writing, parts, found, err) != 0)
				return -1;
		} else if (copy(writing, last, found->last_bytes, fd, err) !=
			   0) {
			return -1;
		}
	}
	if (copy(writing, writing->parcel_fd, UINT64_MAX, fd, err) != 0 ||
	    file_write_all(fd, "\n", 1, err) != 0)
		return -1;
	return file_write_all(
	    fd, writing->note.data, writing->note.length, err);
}

static int
put_journal(struct writing *writing, const struct journal_parts *parts,
    const struct witness_found *found, struct error *err)
{
	struct file_replacement file = {.fd = -1};
	int rc = -1;

	if (begin_file(&file, writing->folder_fd, JOURNAL_PARTS_LAST, err) ==
		0 &&
	    fill_journal(writing, parts, found, file.fd, err) == 0)
		rc = file_replacement_commit(&file, err);
	file_replacement_rollback(&file);
	return rc;
}

/* What a crash left; and parts of a journal that was written anew. */
static int
clear(int folder_fd, bool has_parts, struct error *err)
{
	const struct dirent *entry;
	DIR *folder;
	uint64_t first;
	int fd;

	if (file_open_below(folder_fd, ".", O_RDONLY | O_DIRECTORY, &fd, err) !=
	    0)
		return -1;
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	while ((entry = readdir(folder)) != NULL)
		if (strncmp(entry->d_name, FILE_TEMPORARY_PREFIX,
			strlen(FILE_TEMPORARY_PREFIX)) == 0 ||
		    (has_parts && journal_parts_parse(entry->d_name, &first)))
			(void)unlinkat(folder_fd, entry->d_name, 0);
	(void)closedir(folder);
	return 0;
}

/* Whether what lies there is what hikaed was told. */
static int
check_present(const struct witness_found *found,
    const struct job_witness *witness, struct error *err)
{
	const bool is_there = found->state != REPLY_WITNESS_NONE;
	uint8_t digest[DIGEST_SHA256_BYTES];

	digest_sha256_of(
	    found->note.data == NULL ? (const uint8_t *)"" : found->note.data,
	    found->note.length, digest);
	if (is_there != witness->has_present ||
	    (is_there && memcmp(digest, witness->present, sizeof(digest)) != 0))
		return error_set(err, ERROR_EXISTS,
		    _("the witness changed while it was looked at"));
	return 0;
}

int
witness_write(int folder_fd, const struct job *job,
    const struct examine_events *events, struct error *err)
{
	const struct job_witness *witness = &job->witness;
	struct writing writing = {.folder_fd = folder_fd,
	    .parcel_fd = job->fds[JOB_FD_WITNESS],
	    .events = events};
	struct journal_parts parts = {.count = 0};
	struct witness_found found = {.state = REPLY_WITNESS_NONE};
	int rc = -1;

	if (witness_read(folder_fd, true, events, &parts, &found, err) != 0 ||
	    check_present(&found, witness, err) != 0 ||
	    clear(folder_fd, false, err) != 0)
		goto out;
	if (witness->from > 0 &&
	    (found.state != REPLY_WITNESS_FOUND ||
		parts.first + found.entries != witness->from)) {
		(void)error_set(err, ERROR_EXISTS,
		    _("the witness changed while it was looked at"));
		goto out;
	}
	if (put_files(&writing, err) != 0 ||
	    put_journal(
		&writing, &parts, witness->from > 0 ? &found : NULL, err) != 0)
		goto out;
	rc = witness->from > 0 ? 0 : clear(folder_fd, true, err);
out:
	bytes_done(&writing.note);
	witness_found_done(&found);
	journal_parts_close(&parts);
	return rc;
}
