#include "lib/os/block.h"

#include <errno.h>
#include <unistd.h>

/*
 * What a disk, its driver or a checksumming file system says of bad blocks; the
 * bytes beside them may be good.
 */
static bool
is_medium_error(int problem)
{
	switch (problem) {
	case EIO:
	case ENODATA:	/* "critical medium error" of the block layer */
	case EILSEQ:	/* "protection error" of the block layer */
	case EREMOTEIO: /* "critical target error" of the block layer */
	case EBADMSG:	/* a file system's checksum */
	case EUCLEAN:	/* a file system's structure */
		return true;
	default:
		return false;
	}
}

static ssize_t
read_at(const struct block *block, size_t at, size_t length)
{
	ssize_t got;

	do
		got = pread(block->fd, block->buffer + at, length,
		    (off_t)(block->offset + at));
	while (got < 0 && errno == EINTR);
	return got;
}

void
block_read(const struct block *block, struct block_result *ret)
{
	const size_t mask = block->piece_bytes - 1;
	bool narrow = is_medium_error(ret->problem);

	if (ret->problem != 0 && !narrow)
		return;
	ret->problem = 0;
	while (ret->got < block->needed) {
		/* Direct reads begin at a piece; its bytes come once more. */
		const size_t at = ret->got & ~mask;
		const size_t length =
		    narrow ? block->piece_bytes : block->wanted - at;
		const ssize_t got = read_at(block, at, length);

		if (got < 0 && !narrow && is_medium_error(errno)) {
			narrow = true;
			continue;
		}
		if (got < 0) {
			ret->problem = errno;
			return;
		}
		if (at + (size_t)got <= ret->got) {
			ret->at_end = true;
			break;
		}
		ret->got = at + (size_t)got;
	}
	ret->was_reread = narrow;
}
