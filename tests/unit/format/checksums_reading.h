/*
 * checksums_reading: what a list gives, as text, for the tests of checksums.
 */
#ifndef HIKAE_TESTS_UNIT_FORMAT_CHECKSUMS_READING_H
#define HIKAE_TESTS_UNIT_FORMAT_CHECKSUMS_READING_H

#include <inttypes.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/format/checksums.h"

static const char *const algorithm_names[CHECKSUMS_ALGORITHMS] = {
    [CHECKSUMS_NONE] = "none",
    [CHECKSUMS_OTHER] = "other",
    [CHECKSUMS_MD5] = "md5",
    [CHECKSUMS_SHA1] = "sha1",
    [CHECKSUMS_SHA224] = "sha224",
    [CHECKSUMS_SHA256] = "sha256",
    [CHECKSUMS_SHA384] = "sha384",
    [CHECKSUMS_SHA512] = "sha512",
    [CHECKSUMS_CRC32C] = "crc32c",
};

/* "ALGORITHM HEX SIZE PATH;" for each entry, SIZE "-" where it has none. */
static int
note_entry(
    void *context, const struct checksums_entry *entry, struct error *err)
{
	struct bytes *out = context;
	char hex[2 * CHECKSUMS_DIGEST_BYTES_MAX + 1];

	(void)err;
	bytes_format_hex(
	    entry->digest, checksums_digest_bytes(entry->algorithm), hex);
	bytes_append_format(
	    out, "%s %s ", algorithm_names[entry->algorithm], hex);
	if (entry->has_size)
		bytes_append_format(out, "%" PRIu64 " ", entry->size);
	else
		bytes_append_text(out, "- ");
	bytes_append(out, entry->path, entry->path_length);
	bytes_append_text(out, ";");
	return 0;
}

/*
 * Read a list in pieces of `step` bytes.  0 with the entries in ret_out (with
 * a NUL), or the error's code.
 */
static enum error_code
read_list(struct checksums_options options, const char *text, size_t length,
    size_t step, struct bytes *ret_out, struct checksums_summary *ret_summary)
{
	struct error err = {0};
	struct checksums *list;
	int rc = 0;

	bytes_clear(ret_out);
	options.each = note_entry;
	options.context = ret_out;
	list = checksums_new(&options, &err);
	for (size_t at = 0; rc == 0 && at < length; at += step)
		rc = checksums_feed(list, text + at,
		    length - at < step ? length - at : step, &err);
	if (rc == 0)
		rc = checksums_finish(list, ret_summary, &err);
	checksums_free(list);
	bytes_append_u8(ret_out, 0);
	return rc == 0 ? ERROR_NONE : err.code;
}

#endif
