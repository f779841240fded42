#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/format/archive_internal.h"

/* Bytes of one read where the format seeks. */
#define READ_BYTES (256 * 1024)

/* ---- what libarchive calls ---- */

la_ssize_t
archive_open_read_source(
    struct archive *archive, void *context, const void **ret_data)
{
	struct archive_reader *reader = context;
	const uint8_t *data;
	size_t length, zeros = 0;
	int more = reader->source.read(
	    reader->source.context, &data, &length, &reader->failure);

	if (more < 0) {
		archive_set_error(archive, EIO, "%s", reader->failure.text);
		return -1;
	}
	if (more == 0)
		return 0;
	while (zeros < length && data[length - 1 - zeros] == 0)
		zeros++;
	reader->given += length;
	if (zeros < length)
		reader->nonzero_end = reader->given - zeros;
	*ret_data = data;
	return (la_ssize_t)length;
}

static la_ssize_t
read_descriptor(struct archive *archive, void *context, const void **ret_data)
{
	struct archive_reader *reader = context;
	uint64_t left = reader->size - reader->position;
	ssize_t length;

	do
		length = pread(reader->fd, reader->buffer,
		    left < READ_BYTES ? (size_t)left : READ_BYTES,
		    (off_t)reader->position);
	while (length < 0 && errno == EINTR);
	if (length < 0) {
		(void)error_set_errno(
		    &reader->failure, errno, _("cannot read the archive"));
		archive_set_error(archive, EIO, "%s", reader->failure.text);
		return -1;
	}
	reader->position += (uint64_t)length;
	*ret_data = reader->buffer;
	return length;
}

static la_int64_t
seek_descriptor(
    struct archive *archive, void *context, la_int64_t offset, int whence)
{
	struct archive_reader *reader = context;
	int64_t base = 0;

	(void)archive;
	if (whence == SEEK_CUR)
		base = (int64_t)reader->position;
	else if (whence == SEEK_END)
		base = (int64_t)reader->size;
	if (__builtin_add_overflow(base, offset, &base) || base < 0 ||
	    (uint64_t)base > reader->size)
		return ARCHIVE_FATAL;
	reader->position = (uint64_t)base;
	return base;
}

static la_int64_t
skip_descriptor(struct archive *archive, void *context, la_int64_t request)
{
	struct archive_reader *reader = context;
	uint64_t left = reader->size - reader->position;

	(void)archive;
	if (request < 0)
		return 0;
	if ((uint64_t)request > left)
		request = (la_int64_t)left;
	reader->position += (uint64_t)request;
	return request;
}

/* ---- beginning and end ---- */

static int
enable_format(struct archive *archive, enum archive_kind kind)
{
	switch (kind) {
	case ARCHIVE_KIND_TAR:
		return archive_read_support_format_tar(archive);
	case ARCHIVE_KIND_CPIO:
		return archive_read_support_format_cpio(archive);
	case ARCHIVE_KIND_ZIP:
		return archive_read_support_format_zip_seekable(archive);
	case ARCHIVE_KIND_SEVENZIP:
		return archive_read_support_format_7zip(archive);
	case ARCHIVE_KIND_ISO9660:
		return archive_read_support_format_iso9660(archive);
	case ARCHIVE_KIND_UNKNOWN:
	case ARCHIVE_KIND_RAW:
	case ARCHIVE_KIND_OPENPGP:
	case ARCHIVE_KIND_OPENSSL:
	case ARCHIVE_KIND_AGE:
	case ARCHIVE_KIND_LUKS:
	case ARCHIVE_KIND_BORG:
	case ARCHIVE_KIND_RAR:
		break;
	}
	return ARCHIVE_FATAL;
}

static struct archive_reader *
make_reader(enum archive_kind kind, const struct archive_limits *limits,
    struct error *err)
{
	struct archive_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	reader->kind = kind;
	reader->limits = *limits;
	reader->fd = -1;
	if (kind == ARCHIVE_KIND_RAW)
		return reader;
	reader->archive = archive_read_new();
	/* A warning would mean that a part of the format cannot be read. */
	if (reader->archive != NULL &&
	    enable_format(reader->archive, kind) == ARCHIVE_OK)
		return reader;
	archive_reader_free(reader);
	(void)error_set(err, ERROR_INTERNAL, _("libarchive lacks a decoder"));
	return NULL;
}

void
archive_reader_free(struct archive_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->archive != NULL)
		(void)archive_read_free(reader->archive);
	free(reader->buffer);
	free(reader);
}

/*
 * What is encrypted is not damaged.  libarchive asks for the target of a link
 * together with its header, and where that is encrypted it stops: its words
 * say why, no code does.
 */
static bool
is_stopped_by_encryption(const struct archive_reader *reader)
{
	const char *words = archive_error_string(reader->archive);

	return archive_read_has_encrypted_entries(reader->archive) == 1 &&
	       words != NULL &&
	       (strcasestr(words, "encrypted") != NULL ||
		   strcasestr(words, "unsupported") != NULL);
}

enum archive_step
archive_open_stop(const struct archive_reader *reader, struct error *err)
{
	if (reader->failure.code != ERROR_NONE) {
		if (err != NULL)
			*err = reader->failure;
	} else if (archive_errno(reader->archive) == ENOMEM) {
		(void)error_set(err, ERROR_LIMIT,
		    _("the archive needs more memory than allowed"));
	} else if (reader->is_open && reader->members == 0 &&
		   archive_read_has_encrypted_entries(reader->archive) == 1) {
		(void)error_set(err, ERROR_DENIED,
		    _("the names in the archive are encrypted"));
	} else if (reader->is_open && is_stopped_by_encryption(reader)) {
		(void)error_set(err, ERROR_DENIED,
		    _("the archive's contents are encrypted"));
	} else {
		(void)error_set(err, ERROR_INPUT, _("the archive is damaged"));
	}
	return ARCHIVE_STEP_STOP;
}

int
archive_reader_new(enum archive_kind kind, struct source source,
    const char *raw_name, const struct archive_limits *limits,
    struct archive_reader **ret_reader, struct error *err)
{
	struct archive_reader *reader = make_reader(kind, limits, err);

	if (reader == NULL)
		return -1;
	reader->source = source;
	reader->raw_name = raw_name;
	if (reader->archive != NULL &&
	    archive_read_open(reader->archive, reader, NULL,
		archive_open_read_source, NULL) != ARCHIVE_OK) {
		(void)archive_open_stop(reader, err);
		archive_reader_free(reader);
		return -1;
	}
	reader->is_open = true;
	*ret_reader = reader;
	return 0;
}

int
archive_reader_new_seeking(enum archive_kind kind, int fd, uint64_t size,
    const struct archive_limits *limits, struct archive_reader **ret_reader,
    struct error *err)
{
	struct archive_reader *reader = make_reader(kind, limits, err);

	if (reader == NULL)
		return -1;
	reader->fd = fd;
	reader->size = size;
	reader->buffer = malloc(READ_BYTES);
	if (reader->buffer == NULL) {
		archive_reader_free(reader);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	(void)archive_read_set_read_callback(reader->archive, read_descriptor);
	(void)archive_read_set_seek_callback(reader->archive, seek_descriptor);
	(void)archive_read_set_skip_callback(reader->archive, skip_descriptor);
	(void)archive_read_set_callback_data(reader->archive, reader);
	if (archive_read_open1(reader->archive) != ARCHIVE_OK) {
		(void)archive_open_stop(reader, err);
		archive_reader_free(reader);
		return -1;
	}
	reader->is_open = true;
	*ret_reader = reader;
	return 0;
}
