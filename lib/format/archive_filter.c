#include "lib/format/archive_filter.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#include "lib/base/i18n.h"

struct archive_filter {
	struct source below;
	struct archive *archive;
	struct error failure; /* of the source below */
	uint64_t given;	      /* bytes from below */
	uint64_t nonzero_end; /* behind the last of them that is not zero */
	bool is_open, is_ended, has_trailing;
};

static const struct {
	int (*support)(struct archive *archive);
	int code;
} filters[] = {
    [ARCHIVE_FILTER_KIND_BZIP2] = {archive_read_support_filter_bzip2,
	ARCHIVE_FILTER_BZIP2},
    [ARCHIVE_FILTER_KIND_XZ] = {archive_read_support_filter_xz,
	ARCHIVE_FILTER_XZ},
    [ARCHIVE_FILTER_KIND_LZ4] = {archive_read_support_filter_lz4,
	ARCHIVE_FILTER_LZ4},
};

/* libarchive's callback. */
static la_ssize_t
read_below(struct archive *archive, void *context, const void **ret_data)
{
	struct archive_filter *filter = context;
	const uint8_t *data;
	size_t length, zeros = 0;
	int more = filter->below.read(
	    filter->below.context, &data, &length, &filter->failure);

	if (more < 0) {
		archive_set_error(archive, EIO, "%s", filter->failure.text);
		return -1;
	}
	if (more == 0)
		return 0;
	while (zeros < length && data[length - 1 - zeros] == 0)
		zeros++;
	filter->given += length;
	if (zeros < length)
		filter->nonzero_end = filter->given - zeros;
	*ret_data = data;
	return (la_ssize_t)length;
}

int
archive_filter_new(enum archive_filter_kind kind, struct source below,
    struct archive_filter **ret_filter, struct error *err)
{
	struct archive_filter *filter = calloc(1, sizeof(*filter));

	if (filter != NULL)
		filter->archive = archive_read_new();
	if (filter == NULL || filter->archive == NULL) {
		free(filter);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	filter->below = below;
	/* A warning would mean that another program does the work. */
	if (filters[kind].support(filter->archive) != ARCHIVE_OK ||
	    archive_read_support_format_raw(filter->archive) != ARCHIVE_OK) {
		archive_filter_free(filter);
		return error_set(
		    err, ERROR_INTERNAL, _("libarchive lacks a decoder"));
	}
	*ret_filter = filter;
	return 0;
}

void
archive_filter_free(struct archive_filter *filter)
{
	if (filter == NULL)
		return;
	(void)archive_read_free(filter->archive);
	free(filter);
}

/* Why libarchive failed. */
static int
refuse(struct archive_filter *filter, struct error *err)
{
	if (filter->failure.code != ERROR_NONE) {
		if (err != NULL)
			*err = filter->failure;
		return -1;
	}
	if (archive_errno(filter->archive) == ENOMEM)
		return error_set(err, ERROR_LIMIT,
		    _("the compressed data needs more memory than allowed"));
	return error_set(err, ERROR_INPUT, _("the compressed data is damaged"));
}

static int
open_filter(struct archive_filter *filter, struct error *err)
{
	struct archive_entry *entry;

	if (archive_read_open(filter->archive, filter, NULL, read_below,
		NULL) != ARCHIVE_OK ||
	    archive_read_next_header(filter->archive, &entry) != ARCHIVE_OK)
		return refuse(filter, err);
	/* None means that it was passed through: its header is cut. */
	if (archive_filter_count(filter->archive) < 2)
		return refuse(filter, err);
	/* Two layers mean one inside the other: only the outer is decoded. */
	if (archive_filter_count(filter->archive) > 2)
		return error_set(err, ERROR_LIMIT,
		    _("compressed data inside compressed data"));
	filter->is_open = true;
	return 0;
}

/* Anything but zeros behind the last byte that the decoder took? */
static int
look_behind(struct archive_filter *filter, struct error *err)
{
	int64_t taken = archive_filter_bytes(filter->archive, -1);
	const void *ignored;
	la_ssize_t more;

	while ((more = read_below(filter->archive, filter, &ignored)) > 0)
		;
	if (more < 0)
		return refuse(filter, err);
	filter->is_ended = true;
	filter->has_trailing =
	    taken >= 0 && filter->nonzero_end > (uint64_t)taken;
	return 0;
}

static int
read_decoded(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct archive_filter *filter = context;
	la_int64_t offset;
	const void *data;

	if (filter->is_ended)
		return 0;
	if (!filter->is_open && open_filter(filter, err) != 0)
		return -1;
	for (;;) {
		int result = archive_read_data_block(
		    filter->archive, &data, ret_length, &offset);

		if (result == ARCHIVE_EOF)
			return look_behind(filter, err);
		if (result != ARCHIVE_OK)
			return refuse(filter, err);
		if (*ret_length > 0)
			break;
	}
	*ret_data = data;
	return 1;
}

struct source
archive_filter_source(struct archive_filter *filter)
{
	return (struct source){.context = filter, .read = read_decoded};
}

bool
archive_filter_has_trailing(const struct archive_filter *filter)
{
	return filter->has_trailing;
}
