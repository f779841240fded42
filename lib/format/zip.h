/*
 * zip: does a zip file agree with itself?
 *
 * Layer 2.  Uses: base.
 *
 * A zip names each member twice, in the central directory at its end and
 * before its data, and libarchive compares the two in part only.  A changed
 * name has no checksum: that the two agree is all there is.  Layout after
 * PKWARE's APPNOTE.TXT 6.3.10 section 4.3.
 */
#ifndef HIKAE_FORMAT_ZIP_H
#define HIKAE_FORMAT_ZIP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

/*
 * Walk the central directory and compare each entry's name, method and
 * encryption with what stands before its data, and the number of entries with
 * what the end tells.  fd is read by pread.  ERROR_INPUT where something does
 * not agree; *ret_trailing: bytes other than zero follow the end.
 */
int zip_check(
    int fd, uint64_t size, bool *ret_trailing, struct error *err) ERROR_CHECKED;

#endif
