/*
 * A record is the name, its NUL and the type.  No name contains NUL, so that
 * it ends the comparison of two names of which one begins the other.
 */
#include "lib/os/listing.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/os/sorter.h"

/* What is asked of the kernel at once, bytes. */
#define BUFFER_BYTES 32768

struct listing {
	struct sorter *sorter;
};

static int
compare_names(const void *a, size_t a_length, const void *b, size_t b_length,
    void *context)
{
	(void)context;
	return memcmp(a, b, a_length < b_length ? a_length : b_length);
}

static bool
is_dot(const char *name)
{
	return name[0] == '.' &&
	       (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static int
add_entry(
    struct listing *listing, const struct dirent64 *entry, struct error *err)
{
	char record[NAME_MAX + 3];
	size_t length = strlen(entry->d_name);

	memcpy(record, entry->d_name, length + 1);
	record[length + 1] = (char)entry->d_type;
	return sorter_add(listing->sorter, record, length + 2, err);
}

/*
 * getdents64 rather than readdir: the descriptor stays the caller's, and no
 * buffer is held while the walk is inside the folder.
 */
static int
read_entries(struct listing *listing, int fd, char *buffer, int *ret_problem,
    struct error *err)
{
	for (;;) {
		ssize_t length = getdents64(fd, buffer, BUFFER_BYTES);

		if (length < 0 && errno == EINTR)
			continue;
		if (length <= 0) {
			*ret_problem = length < 0 ? errno : 0;
			return sorter_finish(listing->sorter, err);
		}
		for (ssize_t at = 0; at < length;) {
			const struct dirent64 *entry =
			    (const void *)(buffer + at);

			if (!is_dot(entry->d_name) &&
			    add_entry(listing, entry, err) != 0)
				return -1;
			at += entry->d_reclen;
		}
	}
}

struct listing *
listing_new(int fd, const struct listing_options *options, int *ret_problem,
    struct error *err)
{
	struct sorter_options sorting = {
	    .compare = compare_names,
	    .memory_bytes = options->memory_bytes,
	    .spill_fd = options->spill_fd,
	    .spill_offset = options->spill_offset,
	};
	struct listing *listing = calloc(1, sizeof(*listing));
	char *buffer = malloc(BUFFER_BYTES);

	if (listing == NULL || buffer == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto fail;
	}
	listing->sorter = sorter_new(&sorting, err);
	if (listing->sorter == NULL ||
	    read_entries(listing, fd, buffer, ret_problem, err) != 0)
		goto fail;
	free(buffer);
	return listing;
fail:
	free(buffer);
	listing_free(listing);
	return NULL;
}

void
listing_free(struct listing *listing)
{
	if (listing == NULL)
		return;
	sorter_free(listing->sorter);
	free(listing);
}

int
listing_next(struct listing *listing, const char **ret_name, size_t *ret_length,
    uint8_t *ret_d_type, struct error *err)
{
	const void *data;
	size_t length;
	int rc = sorter_next(listing->sorter, &data, &length, err);

	if (rc == 1) {
		*ret_name = data;
		*ret_length = length - 2;
		*ret_d_type = ((const uint8_t *)data)[length - 1];
	}
	return rc;
}

size_t
listing_memory(const struct listing *listing)
{
	return sorter_memory(listing->sorter);
}

uint64_t
listing_spill_end(const struct listing *listing)
{
	return sorter_spill_end(listing->sorter);
}
