#include "lib/examine/prove.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/examine/copy.h"
#include "lib/model/manifest_reader.h"
#include "lib/os/walk.h"

#define READ_BYTES ((size_t)1024 * 1024)
#define WALK_MEMORY_BYTES (8 * 1024 * 1024)

struct proving {
	const struct prove_options *options;
	struct prove_result result;
	struct examine_pulse pulse;
	uint8_t *block;
	struct bytes path; /* of the present entry, with a NUL */
	struct bytes target;
	struct copy files;
	uint64_t read, entries;
	uint64_t present; /* files and links that were there */
};

static int
tell_progress(struct proving *proving, struct error *err)
{
	const struct examine_events *events = proving->options->events;

	if (!examine_is_due(&proving->pulse, proving->read, proving->entries))
		return 0;
	return events->progress(
	    events->context, proving->read, proving->entries, err);
}

/* The digest of an open file, and its size. */
static int
digest(struct proving *proving, int fd, uint8_t value[DIGEST_SHA256_BYTES],
    uint64_t *ret_size, struct error *err)
{
	struct digest_sha256 sha256;
	uint64_t size = 0;
	ssize_t n;

	digest_sha256_init(&sha256);
	while ((n = read(fd, proving->block, READ_BYTES)) > 0) {
		digest_sha256_update(&sha256, proving->block, (size_t)n);
		size += (uint64_t)n;
		proving->read += (uint64_t)n;
		if (tell_progress(proving, err) != 0)
			return -1;
	}
	if (n < 0)
		return error_set_errno(
		    err, errno, _("cannot read a restored file"));
	digest_sha256_final(&sha256, value);
	*ret_size = size;
	return 0;
}

static int
prove_file(struct proving *proving, const struct manifest_entry *entry,
    struct error *err)
{
	struct prove_result *result = &proving->result;
	uint8_t value[DIGEST_SHA256_BYTES];
	uint64_t size = 0;
	int problem, rc;
	int fd = copy_open_file(
	    &proving->files, (const char *)proving->path.data, &problem);

	if (fd < 0) {
		/* What nobody could read is not there, as it should be. */
		if (entry->has_digest)
			result->missing++;
		else
			result->unproved++;
		return 0;
	}
	rc = digest(proving, fd, value, &size, err);
	(void)close(fd);
	if (rc != 0)
		return -1;
	proving->present++;
	if (!entry->has_digest) {
		result->unproved++;
	} else if (size != entry->size ||
		   memcmp(value, entry->digest, DIGEST_SHA256_BYTES) != 0) {
		result->differing++;
	} else {
		result->files++;
		result->bytes += size;
	}
	return 0;
}

static void
prove_link(struct proving *proving, const struct manifest_entry *entry)
{
	struct bytes *target = &proving->target;
	bool is_there;
	int problem;

	bytes_clear(target);
	is_there = copy_read_link(&proving->files,
		       (const char *)proving->path.data, target, &problem) == 0;
	proving->present += is_there;
	if (entry->link == NULL)
		proving->result.unproved++;
	else if (!is_there || target->length != entry->link_length ||
		 memcmp(target->data, entry->link, entry->link_length) != 0)
		proving->result.missing_links++;
}

static int
prove_entry(struct proving *proving, const struct manifest_entry *entry,
    struct error *err)
{
	bytes_clear(&proving->path);
	bytes_append(&proving->path, entry->path, entry->path_length);
	bytes_append_u8(&proving->path, 0);
	if (bytes_check(&proving->path, err) != 0)
		return -1;
	proving->entries++;
	if (entry->type == MANIFEST_LINK)
		prove_link(proving, entry);
	if (entry->type == MANIFEST_FILE &&
	    portion_has(
		&proving->options->portion, entry->path, entry->path_length) &&
	    prove_file(proving, entry, err) != 0)
		return -1;
	return tell_progress(proving, err);
}

static int
prove_entries(struct proving *proving, struct error *err)
{
	struct manifest_reader *reader =
	    manifest_reader_new(proving->options->manifest_fd, err);
	struct manifest_entry entry;
	int more = -1;

	if (reader == NULL)
		return -1;
	while ((more = manifest_reader_next(reader, &entry, err)) == 1)
		if (prove_entry(proving, &entry, err) != 0) {
			more = -1;
			break;
		}
	manifest_reader_free(reader);
	return more;
}

/* All that is there, less what an entry accounts for. */
static int
count_extra(struct proving *proving, struct error *err)
{
	const struct walk_options options = {
	    .spill_fd = proving->options->spill_fd,
	    .memory_bytes = WALK_MEMORY_BYTES,
	};
	struct walk *walk = walk_new(proving->options->files_fd, &options, err);
	struct walk_entry entry;
	uint64_t count = 0;
	int more = -1;

	if (walk == NULL)
		return -1;
	while ((more = walk_next(walk, &entry, err)) == 1) {
		count += entry.type != WALK_FOLDER;
		proving->entries++;
		if (tell_progress(proving, err) != 0) {
			more = -1;
			break;
		}
	}
	walk_free(walk);
	if (count > proving->present)
		proving->result.extra = count - proving->present;
	return more;
}

int
prove_run(const struct prove_options *options, struct prove_result *ret_result,
    struct error *err)
{
	struct proving proving = {
	    .options = options, .files = (struct copy)COPY_CLOSED};
	int rc = -1;

	proving.block = malloc(READ_BYTES);
	if (proving.block == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (copy_open(&proving.files, options->files_fd, ".", false, err) ==
		0 &&
	    prove_entries(&proving, err) == 0 &&
	    count_extra(&proving, err) == 0) {
		*ret_result = proving.result;
		rc = 0;
	}
	copy_close(&proving.files);
	bytes_done(&proving.path);
	bytes_done(&proving.target);
	free(proving.block);
	return rc;
}
