/*
 * zip_record: the records of a zip file, and how they are read.
 *
 * Layer 2.  Uses: base.
 *
 * Sizes and marks after PKWARE's APPNOTE.TXT 6.3.10 section 4.3.  Numbers are
 * little-endian (base/octets).
 */
#ifndef HIKAE_FORMAT_ZIP_RECORD_H
#define HIKAE_FORMAT_ZIP_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* Fixed parts, bytes; names, extra fields and comments follow. */
#define ZIP_LOCAL_BYTES 30
#define ZIP_ENTRY_BYTES 46
#define ZIP_END_BYTES 22
#define ZIP_END64_BYTES 56
#define ZIP_LOCATOR64_BYTES 20

#define ZIP_LOCAL_MAGIC "PK\003\004"
#define ZIP_ENTRY_MAGIC "PK\001\002"
#define ZIP_END_MAGIC "PK\005\006"
#define ZIP_END64_MAGIC "PK\006\006"
#define ZIP_LOCATOR64_MAGIC "PK\006\007"
#define ZIP_DESCRIPTOR_MAGIC "PK\007\010"
#define ZIP_MAGIC_BYTES 4

#define ZIP_EXTRA_ZIP64 1
#define ZIP_IN_ZIP64 UINT32_MAX /* the number stands in that extra field */

/*
 * Exactly `length` bytes at `offset` of a file of `size` bytes: 1; 0 where the
 * file ends before, also if it did not when `size` was asked; -1: it cannot be
 * read.
 */
int zip_record_read(int fd, uint64_t size, uint64_t offset, void *room,
    size_t length, struct error *err) ERROR_CHECKED;

#endif
