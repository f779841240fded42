#include "lib/os/direct.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statfs.h>

/*
 * Newer kernels accept O_DIRECT on tmpfs and copy from memory all the same;
 * asking for the type costs less than reading that way.
 */
static bool
is_in_memory(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 &&
	       (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC);
}

static bool
set_flag(int fd, bool on)
{
	const int flags = fcntl(fd, F_GETFL);
	const int wanted = on ? flags | O_DIRECT : flags & ~O_DIRECT;

	return flags >= 0 &&
	       (flags == wanted || fcntl(fd, F_SETFL, wanted) == 0);
}

enum direct_support
direct_enable(int fd, size_t block_bytes, size_t *ret_unit_bytes)
{
	size_t unit = DIRECT_UNIT_BYTES;
	struct statx facts;

	if (is_in_memory(fd))
		return DIRECT_MEMORY;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_DIOALIGN,
		&facts) < 0)
		return DIRECT_REFUSED;
	if ((facts.stx_mask & STATX_DIOALIGN) != 0) {
		/* Zero: this file has none (data journal, verity). */
		if (facts.stx_dio_offset_align == 0 ||
		    facts.stx_dio_mem_align > block_bytes)
			return DIRECT_REFUSED;
		if (facts.stx_dio_offset_align > unit)
			unit = facts.stx_dio_offset_align;
	}
	if (unit > block_bytes || !set_flag(fd, true))
		return DIRECT_REFUSED;
	*ret_unit_bytes = unit;
	return DIRECT_ON;
}

bool
direct_is_refusal(int problem)
{
	return problem == EINVAL || problem == EOPNOTSUPP;
}

void
direct_disable(int fd)
{
	(void)set_flag(fd, false);
}
