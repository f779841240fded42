#include "lib/format/zip_record.h"

#include <errno.h>
#include <unistd.h>

#include "lib/base/i18n.h"

int
zip_record_read(int fd, uint64_t size, uint64_t offset, void *room,
    size_t length, struct error *err)
{
	uint8_t *to = room;

	if (offset > size || length > size - offset)
		return 0;
	while (length > 0) {
		ssize_t n = pread(fd, to, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot read the archive"));
		if (n == 0)
			return 0;
		to += n;
		offset += (uint64_t)n;
		length -= (size_t)n;
	}
	return 1;
}
