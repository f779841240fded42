#include "lib/format/archive_pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"

struct archive_pack {
	struct archive *archive;
	struct archive_entry *entry;
	int fd;
	int64_t time;
	uint64_t left;	      /* of the present file */
	struct error failure; /* of the descriptor */
};

int
archive_pack_kind_parse(const char *name, enum archive_pack_kind *ret_kind)
{
	size_t length = strlen(name);

	if (length > 4 && strcmp(name + length - 4, ".zip") == 0)
		*ret_kind = ARCHIVE_PACK_ZIP;
	else if (length > 4 && strcmp(name + length - 4, ".tar") == 0)
		*ret_kind = ARCHIVE_PACK_TAR;
	else
		return -1;
	return 0;
}

/*
 * libarchive's callback.  After a failure, which stands in the pack, the rest
 * goes nowhere: told of it, libarchive would not free all that it holds.
 */
static la_ssize_t
write_descriptor(
    struct archive *archive, void *context, const void *data, size_t length)
{
	struct archive_pack *pack = context;

	(void)archive;
	if (pack->failure.code == ERROR_NONE)
		(void)!file_write_all(pack->fd, data, length, &pack->failure);
	return (la_ssize_t)length;
}

static int
fail(const struct archive_pack *pack, struct error *err)
{
	if (pack->failure.code != ERROR_NONE) {
		if (err != NULL)
			*err = pack->failure;
		return -1;
	}
	return error_set(err, ERROR_INTERNAL,
	    _("the archive could not be written: %s"),
	    archive_error_string(pack->archive) != NULL
		? archive_error_string(pack->archive)
		: "?");
}

static int
open_archive(struct archive_pack *pack, enum archive_pack_kind kind)
{
	int rc = ARCHIVE_FATAL;

	switch (kind) {
	case ARCHIVE_PACK_TAR:
		rc = archive_write_set_format_pax_restricted(pack->archive);
		break;
	case ARCHIVE_PACK_ZIP:
		rc = archive_write_set_format_zip(pack->archive);
		if (rc == ARCHIVE_OK)
			rc = archive_write_zip_set_compression_deflate(
			    pack->archive);
		break;
	}
	if (rc != ARCHIVE_OK)
		return rc;
	return archive_write_open(
	    pack->archive, pack, NULL, write_descriptor, NULL);
}

int
archive_pack_new(enum archive_pack_kind kind, int fd, int64_t time,
    struct archive_pack **ret_pack, struct error *err)
{
	struct archive_pack *pack = calloc(1, sizeof(*pack));

	if (pack == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	pack->fd = fd;
	pack->time = time;
	pack->archive = archive_write_new();
	pack->entry = archive_entry_new();
	if (pack->archive == NULL || pack->entry == NULL) {
		archive_pack_free(pack);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	if (open_archive(pack, kind) != ARCHIVE_OK) {
		(void)fail(pack, err);
		archive_pack_free(pack);
		return -1;
	}
	*ret_pack = pack;
	return 0;
}

int
archive_pack_begin(struct archive_pack *pack, const char *path, uint64_t size,
    struct error *err)
{
	struct archive_entry *entry = archive_entry_clear(pack->entry);

	if (pack->left != 0 || size > INT64_MAX)
		return error_set(err, ERROR_INTERNAL, "%s", path);
	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)size);
	archive_entry_set_mtime(entry, (time_t)pack->time, 0);
	pack->left = size;
	if (archive_write_header(pack->archive, entry) != ARCHIVE_OK ||
	    pack->failure.code != ERROR_NONE)
		return fail(pack, err);
	return 0;
}

int
archive_pack_data(struct archive_pack *pack, const void *data, size_t length,
    struct error *err)
{
	if (length > pack->left)
		return error_set(err, ERROR_INTERNAL, "archive_pack");
	if ((length > 0 && archive_write_data(pack->archive, data, length) !=
			       (la_ssize_t)length) ||
	    pack->failure.code != ERROR_NONE)
		return fail(pack, err);
	pack->left -= length;
	return 0;
}

int
archive_pack_end(struct archive_pack *pack, struct error *err)
{
	if (pack->left != 0)
		return error_set(err, ERROR_INTERNAL, "archive_pack");
	if (archive_write_close(pack->archive) != ARCHIVE_OK ||
	    pack->failure.code != ERROR_NONE)
		return fail(pack, err);
	return 0;
}

void
archive_pack_free(struct archive_pack *pack)
{
	if (pack == NULL)
		return;
	/* One that was not ended must not get an end now. */
	if (pack->failure.code == ERROR_NONE)
		pack->failure.code = ERROR_CANCELLED;
	if (pack->archive != NULL)
		(void)archive_write_free(pack->archive);
	archive_entry_free(pack->entry);
	free(pack);
}
