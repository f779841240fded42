/* Files for contents: those below a folder, and those that a reader sends. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/examine/contents.h"
#include "lib/examine/restore_stream.h"
#include "lib/os/walk.h"

#define READ_BYTES ((size_t)256 * 1024)
#define WALK_MEMORY_BYTES (8 * 1024 * 1024)

/* ---- below a folder ---- */

static int
read_file(struct contents *contents, int fd, uint8_t *block, struct error *err)
{
	ssize_t n;

	do {
		n = read(fd, block, READ_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot read a restored file"));
		if (contents_push(contents, block, (uint64_t)n, err) != 0)
			return -1;
	} while (n != 0);
	return contents_end(contents, true, err);
}

static int
take_file(struct contents *contents, struct walk *walk, const char *path,
    uint8_t *block, struct error *err)
{
	int fd, rc;

	if (walk_open_file(walk, &fd, err) != 0)
		return -1;
	rc = contents_begin(contents, path, err);
	if (rc == 0)
		rc = read_file(contents, fd, block, err);
	(void)close(fd);
	return rc;
}

static int
walk_files(struct contents *contents, int files_fd, int spill_fd,
    uint8_t *block, struct error *err)
{
	const struct walk_options options = {
	    .spill_fd = spill_fd, .memory_bytes = WALK_MEMORY_BYTES};
	struct walk *walk = walk_new(files_fd, &options, err);
	struct walk_entry entry;
	int more = -1;

	if (walk == NULL)
		return -1;
	while ((more = walk_next(walk, &entry, err)) == 1)
		if (entry.type == WALK_FILE && entry.problem == 0 &&
		    take_file(contents, walk, entry.path, block, err) != 0) {
			more = -1;
			break;
		}
	walk_free(walk);
	return more;
}

int
contents_inspect(int files_fd, int spill_fd,
    const struct contents_options *options, contents_fn *each, void *context,
    struct error *err)
{
	struct contents *contents = NULL;
	uint8_t *block = malloc(READ_BYTES);
	int rc = -1;

	if (block == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (contents_new(options, &contents, err) == 0 &&
	    walk_files(contents, files_fd, spill_fd, block, err) == 0)
		rc = contents_finish(contents, each, context, err);
	contents_free(contents);
	free(block);
	return rc;
}

/* ---- from a reader ---- */

static int
pass_over(void *context, const char *path, struct error *err)
{
	(void)context;
	(void)path;
	(void)err;
	return 0;
}

static int
pass_over_link(
    void *context, const char *path, const char *target, struct error *err)
{
	(void)target;
	return pass_over(context, path, err);
}

static int
on_begin(void *context, const char *path, struct error *err)
{
	return contents_begin(context, path, err);
}

static int
on_bytes(void *context, const uint8_t *data, size_t length, struct error *err)
{
	return contents_push(context, data, length, err);
}

static int
on_end(void *context, bool is_whole, struct error *err)
{
	return contents_end(context, is_whole, err);
}

int
contents_receive(int socket, const struct contents_options *options,
    contents_fn *each, void *context, struct error *err)
{
	struct restore_stream_sink sink = {
	    .folder = pass_over,
	    .special = pass_over,
	    .link = pass_over_link,
	    .file_begin = on_begin,
	    .file_write = on_bytes,
	    .file_end = on_end,
	};
	struct contents *contents = NULL;
	bool is_whole = false;
	int rc = -1;

	if (contents_new(options, &contents, err) != 0)
		return -1;
	sink.context = contents;
	if (restore_stream_take(
		socket, &sink, options->events, &is_whole, err) != 0)
		goto out;
	if (is_whole)
		rc = contents_finish(contents, each, context, err);
	else
		(void)error_set(err, ERROR_UNAVAILABLE, _("the reader ended"));
out:
	contents_free(contents);
	return rc;
}
