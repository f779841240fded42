#include "lib/os/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"

#define CHUNK_BYTES 65536

void
lines_done(struct lines *lines)
{
	bytes_done(&lines->data);
}

static ssize_t
read_some(struct lines *lines, uint8_t *chunk, size_t size)
{
	ssize_t got = 0;

	while (lines->next_fd < lines->fd_count) {
		got = read(lines->fds[lines->next_fd], chunk, size);
		if (got > 0 || (got < 0 && errno != EINTR))
			break;
		if (got == 0)
			lines->next_fd++;
	}
	return got;
}

static int
fill(struct lines *lines, struct error *err)
{
	uint8_t chunk[CHUNK_BYTES];
	ssize_t got = read_some(lines, chunk, sizeof(chunk));

	if (got < 0)
		return error_set_errno(
		    err, errno, _("cannot read the journal's file"));
	lines->at_end = got == 0;
	if (lines->begin > 0) {
		size_t left = lines->data.length - lines->begin;

		if (lines->data.data != NULL)
			memmove(lines->data.data,
			    lines->data.data + lines->begin, left);
		lines->data.length = left;
		lines->begin = 0;
	}
	bytes_append(&lines->data, chunk, (size_t)got);
	return bytes_check(&lines->data, err);
}

int
lines_next(struct lines *lines, size_t limit, const uint8_t **ret_line,
    size_t *ret_length, struct error *err)
{
	size_t searched = 0;

	for (;;) {
		size_t left = lines->data.length - lines->begin;
		const uint8_t *line = (const uint8_t *)"", *end;

		if (lines->data.data != NULL)
			line = lines->data.data + lines->begin;
		end = memchr(line + searched, '\n', left - searched);
		if (end != NULL) {
			*ret_line = line;
			*ret_length = (size_t)(end - line);
			lines->begin += *ret_length + 1;
			lines->consumed += *ret_length + 1;
			return 1;
		}
		if (lines->at_end || left > limit)
			return 0;
		searched = left;
		if (fill(lines, err) != 0)
			return -1;
	}
}

int
lines_rest(struct lines *lines, size_t limit, const uint8_t **ret_rest,
    size_t *ret_length, struct error *err)
{
	while (!lines->at_end && lines->data.length - lines->begin <= limit)
		if (fill(lines, err) != 0)
			return -1;
	if (!lines->at_end)
		return 0;
	*ret_rest = lines->data.data == NULL ? (const uint8_t *)""
					     : lines->data.data + lines->begin;
	*ret_length = lines->data.length - lines->begin;
	return 1;
}
