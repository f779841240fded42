/*
 * archive_filter: decode foreign bzip2, xz and lz4 data with libarchive.
 *
 * Layer 2, part of archive.  Uses: base, format/source.
 *
 * One filter and no other; none of them starts a program.
 */
#ifndef HIKAE_FORMAT_ARCHIVE_FILTER_H
#define HIKAE_FORMAT_ARCHIVE_FILTER_H

#include "lib/format/source.h"

enum archive_filter_kind {
	ARCHIVE_FILTER_KIND_BZIP2,
	ARCHIVE_FILTER_KIND_XZ,
	ARCHIVE_FILTER_KIND_LZ4,
};

struct archive_filter;

/* The source must outlive the filter. */
int archive_filter_new(enum archive_filter_kind kind, struct source below,
    struct archive_filter **ret_filter, struct error *err) ERROR_CHECKED;
void archive_filter_free(struct archive_filter *filter);

/* Data that ends early or does not decode is ERROR_INPUT. */
struct source archive_filter_source(struct archive_filter *filter);

/* After the end: whether bytes other than zero follow the compressed data. */
bool archive_filter_has_trailing(const struct archive_filter *filter);

#endif
