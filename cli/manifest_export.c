#include "cli/manifest_export.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/format/frame.h"
#include "lib/model/manifest_reader.h"

/* A slice's text at its largest, with room for its comments and last line. */
#define FRAME_BYTES_MAX (4 * MANIFEST_SLICE_TEXT_BYTES_MAX)

#define COPY_BYTES 65536

static void
append_escaped(struct bytes *line, const char *path, size_t length)
{
	for (size_t i = 0; i < length; i++)
		switch (path[i]) {
		case '\\':
			bytes_append_text(line, "\\\\");
			break;
		case '\n':
			bytes_append_text(line, "\\n");
			break;
		case '\r':
			bytes_append_text(line, "\\r");
			break;
		default:
			bytes_append_u8(line, (uint8_t)path[i]);
		}
}

/*
 * One line as coreutils 9 writes it: a path with a backslash, line feed or
 * carriage return is escaped, and a backslash before the digest says so.
 */
static void
append_line(struct bytes *line, const struct manifest_entry *entry)
{
	char hex[2 * DIGEST_SHA256_BYTES + 1];
	bool is_escaped = false;

	for (size_t i = 0; i < entry->path_length; i++)
		if (strchr("\\\n\r", entry->path[i]) != NULL)
			is_escaped = true;
	bytes_format_hex(entry->digest, sizeof(entry->digest), hex);
	bytes_append_format(line, "%s%s  ", is_escaped ? "\\" : "", hex);
	append_escaped(line, entry->path, entry->path_length);
	bytes_append_u8(line, '\n');
}

int
manifest_export_sha256sum(
    int manifest_fd, FILE *out, uint64_t *ret_unread, struct error *err)
{
	struct manifest_reader *reader = manifest_reader_new(manifest_fd, err);
	struct manifest_entry entry;
	struct bytes line = BYTES_EMPTY;
	uint64_t unread = 0;
	int more = -1;

	if (reader == NULL)
		return -1;
	while ((more = manifest_reader_next(reader, &entry, err)) > 0) {
		if (entry.type != MANIFEST_FILE)
			continue;
		if (!entry.has_digest) {
			unread++;
			continue;
		}
		bytes_clear(&line);
		append_line(&line, &entry);
		if (bytes_check(&line, err) != 0) {
			more = -1;
			break;
		}
		(void)fwrite(line.data, 1, line.length, out);
	}
	if (more == 0)
		*ret_unread = unread;
	bytes_done(&line);
	manifest_reader_free(reader);
	return more;
}

/* Every entry must parse before any of the text is handed on. */
static int
check(int manifest_fd, struct error *err)
{
	struct manifest_reader *reader = manifest_reader_new(manifest_fd, err);
	struct manifest_entry entry;
	int more = -1;

	if (reader == NULL)
		return -1;
	do
		more = manifest_reader_next(reader, &entry, err);
	while (more > 0);
	manifest_reader_free(reader);
	return more;
}

int
manifest_export_mtree(int manifest_fd, FILE *out, struct error *err)
{
	struct frame_reader *frames = NULL;
	char *buffer = malloc(COPY_BYTES);
	size_t length = 0, frame;
	int rc = -1;

	if (buffer == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (check(manifest_fd, err) != 0)
		goto out;
	frames = frame_reader_new(manifest_fd, FRAME_BYTES_MAX, err);
	if (frames == NULL)
		goto out;
	do {
		if (frame_reader_read(
			frames, buffer, COPY_BYTES, &length, &frame, err) != 0)
			goto out;
		(void)fwrite(buffer, 1, length, out);
	} while (length > 0);
	rc = 0;
out:
	frame_reader_free(frames);
	free(buffer);
	return rc;
}
