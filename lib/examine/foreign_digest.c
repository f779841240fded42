#include "lib/examine/foreign_internal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/* Whether the file still is what the manifest describes. */
static bool
is_as_recorded(int fd, const struct manifest_entry *entry)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (uint64_t)st.st_size == entry->size &&
	       (!entry->has_time ||
		   (st.st_mtim.tv_sec == entry->time_seconds &&
		       st.st_mtim.tv_nsec == (long)entry->time_nanoseconds));
}

static int
on_bytes(void *context, const struct read_item *item, const uint8_t *data,
    size_t length, struct error *err)
{
	struct foreign *foreign = context;
	struct foreign_pending *pending = item->owner;

	for (size_t i = 0; i < DIGEST_ALGORITHMS; i++)
		if (pending->is_wanted[i])
			digest_any_update(pending->digests[i], data, length);
	foreign->bytes_done += length;
	if (!examine_is_due(
		&foreign->pulse, foreign->bytes_done, foreign->entries_done))
		return 0;
	return foreign->options->events->progress(
	    foreign->options->events->context, foreign->bytes_done,
	    foreign->entries_done, err);
}

static int
on_reopen(void *context, const struct read_item *item)
{
	struct foreign *foreign = context;
	const struct foreign_pending *pending = item->owner;
	int ignored;

	copy_refresh(&foreign->copy);
	return copy_open_file(
	    &foreign->copy, (const char *)pending->group.path.data, &ignored);
}

/* Only a list that needs it costs a queue. */
static int
begin(struct foreign *foreign, struct error *err)
{
	const struct foreign_options *options = foreign->options;
	struct read_options reading = {
	    .stream = options->stream,
	    .context = foreign,
	    .reopen = on_reopen,
	    .bytes = on_bytes,
	};

	if (foreign->queue != NULL)
		return 0;
	if (copy_open(&foreign->copy, options->root_fd, options->locator,
		options->is_file, err) != 0)
		return -1;
	return read_queue_new(&reading, &foreign->queue, err);
}

/* SHA-256 was compared with the manifest's, and need not be taken twice. */
static bool
must_read(const struct foreign_claim *claim)
{
	return claim->has_digest && claim->algorithm != DIGEST_SHA256;
}

/* Make ready the digests that the claims ask for. */
static int
want_digests(struct foreign_pending *pending, struct error *err)
{
	const struct foreign_group *group = &pending->group;

	memset(pending->is_wanted, 0, sizeof(pending->is_wanted));
	for (size_t i = 0; i < group->count; i++)
		if (must_read(&group->claims[i]))
			pending->is_wanted[group->claims[i].algorithm] = true;
	for (size_t i = 0; i < DIGEST_ALGORITHMS; i++) {
		if (!pending->is_wanted[i])
			continue;
		if (pending->digests[i] == NULL)
			pending->digests[i] =
			    digest_any_new((enum digest_algorithm)i);
		if (pending->digests[i] == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		digest_any_restart(pending->digests[i]);
	}
	return 0;
}

/* Whether every claim that needs it agrees with what was read. */
static bool
agrees(const struct foreign_pending *pending)
{
	const struct foreign_group *group = &pending->group;
	uint8_t digests[DIGEST_ALGORITHMS][DIGEST_ANY_BYTES_MAX];

	for (size_t i = 0; i < DIGEST_ALGORITHMS; i++)
		if (pending->is_wanted[i])
			digest_any_final(pending->digests[i], digests[i]);
	for (size_t i = 0; i < group->count; i++) {
		const struct foreign_claim *claim = &group->claims[i];

		if (must_read(claim) &&
		    memcmp(claim->digest, digests[claim->algorithm],
			digest_algorithm_bytes(claim->algorithm)) != 0)
			return false;
	}
	return true;
}

/* A file came out of the queue. */
static int
judge(
    struct foreign *foreign, struct foreign_pending *pending, struct error *err)
{
	const struct read_item *item = &pending->item;
	const char *path = (const char *)pending->group.path.data;
	size_t length = pending->group.path.length - 1;

	foreign->outcome.bytes_read += item->bytes_read;
	foreign->entries_done++;
	/* What cannot be read, or moves, is the verification's to tell. */
	if (item->problem != 0 || item->is_short || item->is_changed) {
		foreign->outcome.not_comparable++;
		return 0;
	}
	if (memcmp(item->value, pending->expected, DIGEST_SHA256_BYTES) != 0) {
		foreign->outcome.not_comparable++;
		return foreign_tell(foreign,
		    (struct examine_finding){.code = FINDING_UNSTABLE_READ,
			.path = path,
			.path_length = length},
		    err);
	}
	if (agrees(pending)) {
		foreign->outcome.agreeing++;
		return 0;
	}
	foreign->outcome.mismatched++;
	return foreign_tell(foreign,
	    (struct examine_finding){.code = FINDING_FOREIGN_MANIFEST_MISMATCH,
		.path = path,
		.path_length = length,
		.expected_size = item->to,
		.actual_size = item->to},
	    err);
}

static int
pop(struct foreign *foreign, struct error *err)
{
	struct read_item *item;

	if (read_queue_pop(foreign->queue, &item, err) != 1)
		return error_set(err, ERROR_INTERNAL, "an empty queue");
	foreign->pending_first =
	    (foreign->pending_first + 1) % FOREIGN_PENDING_MAX;
	foreign->pending_count--;
	return judge(foreign, item->owner, err);
}

int
foreign_digest_push(struct foreign *foreign, const struct manifest_entry *entry,
    bool has_agreed, struct error *err)
{
	struct foreign_pending *pending;
	struct bytes empty;
	int fd, ignored;

	if (begin(foreign, err) != 0)
		return -1;
	while (foreign->pending_count == FOREIGN_PENDING_MAX ||
	       (foreign->pending_count > 0 &&
		   !read_queue_has_room(foreign->queue)))
		if (pop(foreign, err) != 0)
			return -1;
	fd = copy_open_file(
	    &foreign->copy, (const char *)foreign->group.path.data, &ignored);
	if (fd < 0 || !is_as_recorded(fd, entry)) {
		if (fd >= 0)
			(void)close(fd);
		/* One algorithm that agrees is enough; none is not. */
		if (has_agreed)
			foreign->outcome.agreeing++;
		else
			foreign->outcome.not_comparable++;
		return 0;
	}
	pending =
	    &foreign->pool[(foreign->pending_first + foreign->pending_count) %
			   FOREIGN_PENDING_MAX];
	empty = pending->group.path;
	pending->group = foreign->group;
	foreign->group.path = empty;
	pending->item =
	    (struct read_item){.owner = pending, .fd = fd, .to = entry->size};
	memcpy(pending->expected, entry->digest, DIGEST_SHA256_BYTES);
	if (want_digests(pending, err) != 0 ||
	    read_queue_push(foreign->queue, &pending->item, err) != 0)
		return -1;
	foreign->pending_count++;
	return 0;
}

int
foreign_digest_finish(struct foreign *foreign, struct error *err)
{
	while (foreign->pending_count > 0)
		if (pop(foreign, err) != 0)
			return -1;
	return 0;
}

void
foreign_digest_done(struct foreign *foreign)
{
	read_queue_free(foreign->queue);
	copy_close(&foreign->copy);
	for (size_t i = 0; i < FOREIGN_PENDING_MAX; i++) {
		struct foreign_pending *pending = &foreign->pool[i];

		bytes_done(&pending->group.path);
		for (size_t k = 0; k < DIGEST_ALGORITHMS; k++)
			digest_any_free(pending->digests[k]);
	}
}
