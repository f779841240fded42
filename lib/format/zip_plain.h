/*
 * zip_plain: is a zip file its members and nothing else?
 *
 * Layer 2.  Uses: base.
 *
 * Programs find a zip's members from its end or from its beginning, and some
 * skip what they do not know: with anything beside the members one file can
 * show different members to two programs.  For files that are proof of
 * something; what foreign programs write may be otherwise and in order
 * (format/zip).  Layout after PKWARE's APPNOTE.TXT 6.3.10 section 4.3.
 */
#ifndef HIKAE_FORMAT_ZIP_PLAIN_H
#define HIKAE_FORMAT_ZIP_PLAIN_H

#include <stdint.h>

#include "lib/base/error.h"

/*
 * After zip_check: the first member stands at offset 0, each follows the one
 * before it in the order of the directory, the directory follows the last, and
 * its end, or fewer than 10240 zeros behind it, ends the file; no comment, no
 * other disk, no extra field but zip64, times and owners, and sizes and
 * checksums are everywhere the same.  fd is read by pread.  ERROR_INPUT where
 * it is otherwise.
 */
int zip_plain_check(int fd, uint64_t size, struct error *err) ERROR_CHECKED;

#endif
