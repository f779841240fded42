#include "lib/format/archive.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/format/archive_internal.h"
#include "lib/format/zip.h"

#define TAR_BLOCK 512
/* Two sectors of 2048 bytes behind the system area: the volume's size. */
#define ISO_SECTOR 2048
#define ISO_SIZE_AT (16 * ISO_SECTOR + 80)
/*
 * 7zFormat.txt of the LZMA SDK, "SignatureHeader": where the last header is,
 * counted from behind this one, and its size.
 */
#define SEVENZIP_HEADER 32
#define SEVENZIP_NEXT_AT 12

/* ---- limits ---- */

static enum archive_step
too_much(struct error *err)
{
	(void)error_set(
	    err, ERROR_LIMIT, _("the archive unpacks to more than is allowed"));
	return ARCHIVE_STEP_STOP;
}

/* One more warning, or one more step that brought nothing. */
static bool
is_patient(unsigned *count, unsigned limit)
{
	return ++*count <= limit;
}

/* ---- members ---- */

static enum archive_member_type
type_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) != NULL)
		return ARCHIVE_MEMBER_HARD_LINK;
	switch (archive_entry_filetype(entry)) {
	case AE_IFDIR:
		return ARCHIVE_MEMBER_FOLDER;
	case AE_IFLNK:
		return ARCHIVE_MEMBER_LINK;
	case AE_IFIFO:
		return ARCHIVE_MEMBER_FIFO;
	case AE_IFSOCK:
		return ARCHIVE_MEMBER_SOCKET;
	case AE_IFCHR:
		return ARCHIVE_MEMBER_CHAR;
	case AE_IFBLK:
		return ARCHIVE_MEMBER_BLOCK;
	default:
		return ARCHIVE_MEMBER_FILE;
	}
}

/* Formats whose names are Unicode by their standard. */
static bool
is_unicode(const struct archive_reader *reader)
{
	int format = archive_format(reader->archive);

	return format == ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE ||
	       format == ARCHIVE_FORMAT_7ZIP ||
	       (format & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ISO9660;
}

static void
fill_member(struct archive_reader *reader, struct archive_member *member)
{
	struct archive_entry *entry = reader->entry;
	long nanoseconds = archive_entry_mtime_nsec(entry);

	*member = (struct archive_member){
	    .type = type_of(entry),
	    .path = archive_entry_pathname(entry),
	    .is_unicode = is_unicode(reader),
	    .has_size = archive_entry_size_is_set(entry) != 0 &&
			archive_entry_size(entry) >= 0,
	    .has_time = archive_entry_mtime_is_set(entry) != 0,
	    .has_mode = true,
	    .time_seconds = archive_entry_mtime(entry),
	    .mode = archive_entry_perm(entry) & 07777,
	    .links = archive_entry_nlink(entry),
	    .is_encrypted = archive_entry_is_data_encrypted(entry) == 1,
	};
	if (member->has_size)
		member->size = (uint64_t)archive_entry_size(entry);
	if (nanoseconds >= 0 && nanoseconds < 1000000000)
		member->time_nanoseconds = (uint32_t)nanoseconds;
	if (member->type == ARCHIVE_MEMBER_HARD_LINK)
		member->target = archive_entry_hardlink(entry);
	else if (member->type == ARCHIVE_MEMBER_LINK)
		member->target = archive_entry_symlink(entry);
}

static enum archive_step
next_raw(struct archive_reader *reader, struct archive_member *ret_member)
{
	if (reader->members > 0)
		return ARCHIVE_STEP_END;
	reader->members = 1;
	reader->has_member = true;
	reader->member_at = 0;
	*ret_member = (struct archive_member){
	    .type = ARCHIVE_MEMBER_FILE, .path = reader->raw_name};
	return ARCHIVE_STEP_MORE;
}

/* Where the last member's data ended, for the check of the end. */
static void
note_end(struct archive_reader *reader)
{
	int64_t at = archive_filter_bytes(reader->archive, 0);

	if (reader->kind == ARCHIVE_KIND_TAR && at >= 0)
		reader->end =
		    ((uint64_t)at + TAR_BLOCK - 1) & ~(uint64_t)(TAR_BLOCK - 1);
}

enum archive_step
archive_reader_next(struct archive_reader *reader,
    struct archive_member *ret_member, struct error *err)
{
	struct archive_block block;
	bool is_doubtful = false;

	if (reader->kind == ARCHIVE_KIND_RAW)
		return next_raw(reader, ret_member);
	/* Passing over it here, and not in libarchive, keeps the limits. */
	while (reader->has_member && !reader->is_encrypted) {
		enum archive_step step =
		    archive_reader_data(reader, &block, err);

		if (step == ARCHIVE_STEP_STOP)
			return step;
	}
	for (;;) {
		int result;

		/*
		 * libarchive ends the process where a name cannot be converted
		 * and errno happens to be ENOMEM from before.
		 */
		errno = 0;
		result =
		    archive_read_next_header(reader->archive, &reader->entry);

		if (result == ARCHIVE_EOF)
			return ARCHIVE_STEP_END;
		if (result == ARCHIVE_FATAL || result == ARCHIVE_FAILED)
			return archive_open_stop(reader, err);
		if (result == ARCHIVE_OK)
			break;
		is_doubtful = true;
		if (!is_patient(&reader->warnings, reader->limits.warnings))
			return archive_open_stop(reader, err);
		if (result == ARCHIVE_WARN)
			break;
	}
	if (++reader->members > reader->limits.members)
		return too_much(err);
	fill_member(reader, ret_member);
	ret_member->is_doubtful = is_doubtful;
	if (ret_member->path == NULL) {
		ret_member->path = "";
		ret_member->is_doubtful = true;
	}
	reader->has_member = true;
	reader->is_encrypted = ret_member->is_encrypted;
	/* What a hard link's size means, its format alone knows. */
	reader->has_size =
	    ret_member->has_size && ret_member->type == ARCHIVE_MEMBER_FILE;
	reader->member_size = ret_member->size;
	reader->member_at = 0;
	note_end(reader);
	return ARCHIVE_STEP_MORE;
}

/* ---- data ---- */

/* libarchive tells of a block at `offset`: behind a hole, perhaps. */
static enum archive_step
take_block(struct archive_reader *reader, uint64_t offset,
    struct archive_block *block, struct error *err)
{
	uint64_t total;

	if (offset < reader->member_at) {
		(void)error_set(
		    err, ERROR_INPUT, _("parts of a sparse file overlap"));
		return ARCHIVE_STEP_STOP;
	}
	block->zeros = offset - reader->member_at;
	if (__builtin_add_overflow(
		block->zeros, (uint64_t)block->length, &total) ||
	    total > reader->limits.bytes - reader->bytes)
		return too_much(err);
	reader->member_at += total;
	reader->bytes += total;
	if (total > 0)
		reader->idle = 0;
	else if (!is_patient(&reader->idle, reader->limits.idle))
		return too_much(err);
	return ARCHIVE_STEP_MORE;
}

static enum archive_step
data_raw(struct archive_reader *reader, struct archive_block *ret_block,
    struct error *err)
{
	int more = reader->source.read(
	    reader->source.context, &ret_block->data, &ret_block->length, err);

	if (more < 0)
		return ARCHIVE_STEP_STOP;
	if (more == 1)
		return take_block(reader, reader->member_at, ret_block, err);
	reader->has_member = false;
	return ARCHIVE_STEP_END;
}

/* The hole at the end, and whether the size is what the header says. */
static enum archive_step
end_data(struct archive_reader *reader, struct archive_block *ret_block,
    struct error *err)
{
	reader->has_member = false;
	note_end(reader);
	if (!reader->has_size || reader->member_at == reader->member_size)
		return ARCHIVE_STEP_END;
	if (reader->member_at < reader->member_size &&
	    archive_entry_sparse_count(reader->entry) > 0)
		return take_block(reader, reader->member_size, ret_block,
			   err) == ARCHIVE_STEP_MORE
			   ? ARCHIVE_STEP_END
			   : ARCHIVE_STEP_STOP;
	(void)error_set(err, ERROR_INPUT,
	    _("a member has another size than its header says"));
	return ARCHIVE_STEP_BAD;
}

/*
 * A member's data is not as it should be.  libarchive has no code that parts
 * what is wrong from what it cannot do: the words do.
 */
static enum archive_step
bad_data(struct archive_reader *reader, struct error *err)
{
	const char *words = archive_error_string(reader->archive);

	reader->has_member = false;
	note_end(reader);
	if (reader->failure.code != ERROR_NONE ||
	    archive_errno(reader->archive) == ENOMEM ||
	    !is_patient(&reader->warnings, reader->limits.warnings))
		return archive_open_stop(reader, err);
	if (words != NULL && (strcasestr(words, "unsupported") != NULL ||
				 strcasestr(words, "not supported") != NULL))
		(void)error_set(err, ERROR_UNAVAILABLE,
		    _("a member is stored in a way that cannot be read"));
	else
		(void)error_set(err, ERROR_INPUT, _("a member is damaged"));
	return ARCHIVE_STEP_BAD;
}

enum archive_step
archive_reader_data(struct archive_reader *reader,
    struct archive_block *ret_block, struct error *err)
{
	la_int64_t offset = 0;
	const void *data = NULL;
	int result;

	*ret_block = (struct archive_block){0};
	if (!reader->has_member)
		return ARCHIVE_STEP_END;
	if (reader->kind == ARCHIVE_KIND_RAW)
		return data_raw(reader, ret_block, err);
	result = archive_read_data_block(
	    reader->archive, &data, &ret_block->length, &offset);
	switch (result) {
	case ARCHIVE_OK:
		ret_block->data = data;
		return take_block(
		    reader, offset < 0 ? 0 : (uint64_t)offset, ret_block, err);
	case ARCHIVE_EOF:
		ret_block->length = 0;
		return end_data(reader, ret_block, err);
	case ARCHIVE_FATAL:
		return archive_open_stop(reader, err);
	case ARCHIVE_RETRY:
		ret_block->length = 0;
		if (is_patient(&reader->warnings, reader->limits.warnings))
			return ARCHIVE_STEP_MORE;
		return archive_open_stop(reader, err);
	default: /* ARCHIVE_WARN, ARCHIVE_FAILED */
		return bad_data(reader, err);
	}
}

/* ---- the end ---- */

/* An image that is shorter than its volume says was cut off. */
static int
finish_iso(struct archive_reader *reader, struct error *err)
{
	uint8_t field[4];
	uint64_t sectors;

	if (pread(reader->fd, field, sizeof(field), ISO_SIZE_AT) !=
	    (ssize_t)sizeof(field))
		return error_set(err, ERROR_INPUT, _("the archive is cut off"));
	sectors = field[0] | (uint64_t)field[1] << 8 |
		  (uint64_t)field[2] << 16 | (uint64_t)field[3] << 24;
	if (sectors * ISO_SECTOR > reader->size)
		return error_set(err, ERROR_INPUT, _("the archive is cut off"));
	return 0;
}

static uint64_t
little_endian(const uint8_t bytes[8])
{
	uint64_t value = 0;

	for (size_t i = 8; i > 0; i--)
		value = value << 8 | bytes[i - 1];
	return value;
}

/* Anything but zeros behind the last header? */
static int
finish_sevenzip(
    struct archive_reader *reader, bool *ret_trailing, struct error *err)
{
	uint8_t next[16], block[4096];
	uint64_t at;

	if (pread(reader->fd, next, sizeof(next), SEVENZIP_NEXT_AT) !=
		(ssize_t)sizeof(next) ||
	    __builtin_add_overflow(
		little_endian(next), little_endian(next + 8), &at) ||
	    __builtin_add_overflow(at, SEVENZIP_HEADER, &at))
		return error_set(err, ERROR_INPUT, _("the archive is cut off"));
	while (at < reader->size) {
		ssize_t n = pread(reader->fd, block, sizeof(block), (off_t)at);

		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot read the archive"));
		if (n == 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			*ret_trailing = *ret_trailing || block[i] != 0;
		if (*ret_trailing)
			break;
		at += (uint64_t)n;
	}
	return 0;
}

int
archive_reader_finish(
    struct archive_reader *reader, bool *ret_trailing, struct error *err)
{
	const void *ignored;
	uint64_t begin = reader->given;
	la_ssize_t more = 0;

	*ret_trailing = false;
	if (reader->kind == ARCHIVE_KIND_ISO9660)
		return finish_iso(reader, err);
	if (reader->kind == ARCHIVE_KIND_SEVENZIP)
		return finish_sevenzip(reader, ret_trailing, err);
	if (reader->kind == ARCHIVE_KIND_ZIP)
		return zip_check(reader->fd, reader->size, ret_trailing, err);
	if (reader->kind != ARCHIVE_KIND_TAR &&
	    reader->kind != ARCHIVE_KIND_CPIO)
		return 0;
	if (reader->kind == ARCHIVE_KIND_CPIO)
		reader->end =
		    (uint64_t)archive_filter_bytes(reader->archive, 0);
	while ((more = archive_open_read_source(
		    reader->archive, reader, &ignored)) > 0)
		if (reader->given - begin > reader->limits.bytes) {
			(void)too_much(err);
			return -1;
		}
	if (more < 0) {
		(void)archive_open_stop(reader, err);
		return -1;
	}
	if (reader->kind == ARCHIVE_KIND_TAR) {
		bool is_filled =
		    reader->nonzero_end > reader->end &&
		    reader->nonzero_end <= reader->end + 2 * TAR_BLOCK;

		if (is_filled || reader->given < reader->end + 2 * TAR_BLOCK)
			return error_set(
			    err, ERROR_INPUT, _("the archive is cut off"));
		reader->end += 2 * TAR_BLOCK;
	}
	*ret_trailing = reader->nonzero_end > reader->end;
	return 0;
}

uint64_t
archive_reader_bytes(const struct archive_reader *reader)
{
	return reader->bytes;
}
