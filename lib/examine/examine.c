#include "lib/examine/examine.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "lib/base/clock.h"

bool
examine_is_ignored(const struct examine_ignore *ignore, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	for (size_t i = 0; i < ignore->count; i++)
		if (fnmatch(ignore->patterns[i], name, 0) == 0)
			return true;
	return false;
}

/* Progress is told after so many bytes, entries or milliseconds. */
#define PULSE_BYTES (64 * 1024 * 1024)
#define PULSE_ENTRIES 4096
#define PULSE_MS 1000

bool
examine_is_due(struct examine_pulse *pulse, uint64_t bytes, uint64_t entries)
{
	int64_t now = clock_monotonic_ms();

	if (bytes - pulse->bytes < PULSE_BYTES &&
	    entries - pulse->entries < PULSE_ENTRIES &&
	    now - pulse->told_ms < PULSE_MS)
		return false;
	*pulse = (struct examine_pulse){now, bytes, entries};
	return true;
}

enum finding
examine_code_of_errno(int os_errno)
{
	switch (os_errno) {
	case ENOENT:
	case ENOTDIR:
		return FINDING_MISSING;
	case EACCES:
	case EPERM:
		return FINDING_PERMISSION_DENIED;
	case EXDEV:
		return FINDING_MOUNT_INSIDE;
	default:
		return FINDING_UNREADABLE_NOW;
	}
}

enum manifest_type
examine_type_of_mode(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return MANIFEST_FOLDER;
	case S_IFLNK:
		return MANIFEST_LINK;
	case S_IFIFO:
		return MANIFEST_FIFO;
	case S_IFSOCK:
		return MANIFEST_SOCKET;
	case S_IFCHR:
		return MANIFEST_CHAR;
	case S_IFBLK:
		return MANIFEST_BLOCK;
	default:
		return MANIFEST_FILE;
	}
}

void
examine_identity_of(
    const struct stat *st, struct readings_identity *ret_identity)
{
	*ret_identity = (struct readings_identity){
	    .inode = st->st_ino,
	    .size = (uint64_t)st->st_size,
	    .mtime_seconds = st->st_mtim.tv_sec,
	    .mtime_nanoseconds = (uint32_t)st->st_mtim.tv_nsec,
	    .ctime_seconds = st->st_ctim.tv_sec,
	    .ctime_nanoseconds = (uint32_t)st->st_ctim.tv_nsec,
	    .is_shared = st->st_nlink > 1,
	};
}
