/* How much journal, catalog and manifests took of the disk of late. */
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/judge/records.h"
#include "lib/judge/room.h"
#include "lib/os/file.h"
#include "lib/os/walk.h"
#include "lib/store/journal.h"

/* For the names of one folder of manifests; a larger one is not counted. */
#define NAMES_BYTES ((size_t)4 * 1024 * 1024)
#define SECTOR_BYTES 512

/* The part of the catalog's bytes that its newest entries are of all. */
static int
add_catalog(const struct records_request *request, int64_t since,
    struct records *records, struct error *err)
{
	struct catalog_at before;
	struct error own = {0};
	uint64_t size, recent;

	if (journal_size(request->catalog, &size, err) != 0)
		return -1;
	recent = size;
	if (journal_seq_at(request->catalog, since, &before, &own) == 0)
		recent = before.seq < size ? size - (before.seq + 1) : 0;
	else if (own.code != ERROR_NOT_FOUND) {
		*err = own;
		return -1;
	}
	if (size > 0)
		records->taken_bytes +=
		    (request->catalog_bytes / size + 1) * recent;
	return 0;
}

/* What cannot be looked at is missing elsewhere in the report. */
static int
add_manifests(const struct records_request *request, int64_t since,
    struct records *records, struct error *err)
{
	static const struct walk_options options = {
	    .spill_fd = -1, .memory_bytes = NAMES_BYTES};
	struct walk_entry entry;
	struct walk *walk;
	struct error own;
	int fd = -1, more;

	if (file_open_below(request->state_fd, "manifests",
		O_RDONLY | O_DIRECTORY, &fd, NULL) != 0)
		return 0;
	walk = walk_new(fd, &options, &own);
	(void)close(fd);
	if (walk == NULL)
		return 0;
	while ((more = walk_next(walk, &entry, &own)) == 1)
		if (entry.is_known &&
		    entry.mtime_seconds >= since / CLOCK_SECOND_MS) {
			records->taken_bytes += entry.blocks_512 * SECTOR_BYTES;
			records->taken_files++;
		}
	walk_free(walk);
	if (more == 0 || own.code == ERROR_LIMIT)
		return 0;
	*err = own;
	return -1;
}

int
records_look_at_taken(const struct records_request *request,
    struct records *records, struct error *err)
{
	int64_t since = request->now - ROOM_PERIOD_MS;

	return add_catalog(request, since, records, err) == 0
		   ? add_manifests(request, since, records, err)
		   : -1;
}
