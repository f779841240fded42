/*
 * checksums: the first byte says which syntax, the second which algorithm.
 * Whatever comes out is a clean name with a digest of the right length, and
 * the size of the pieces makes no difference.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/format/checksums.h"

static int
take(void *context, const struct checksums_entry *entry, struct error *err)
{
	struct bytes *out = context;

	(void)err;
	if (entry->path_length == 0 ||
	    entry->path_length > CHECKSUMS_PATH_BYTES_MAX ||
	    memchr(entry->path, 0, entry->path_length) != NULL ||
	    entry->path[0] == '/' ||
	    entry->path[entry->path_length - 1] == '/' ||
	    memmem(entry->path, entry->path_length, "//", 2) != NULL ||
	    memmem(entry->path, entry->path_length, "/../", 4) != NULL)
		abort();
	bytes_append_u8(out, (uint8_t)entry->algorithm);
	bytes_append_block(out, entry->path, entry->path_length);
	bytes_append_block(
	    out, entry->digest, checksums_digest_bytes(entry->algorithm));
	bytes_append_u64(out, entry->has_size ? entry->size : UINT64_MAX);
	return 0;
}

static int
read_all(const struct checksums_options *options, const uint8_t *data,
    size_t length, size_t step)
{
	struct checksums *list = checksums_new(options, NULL);
	struct checksums_summary summary;
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < length; at += step)
		rc = checksums_feed(list, data + at,
		    length - at < step ? length - at : step, NULL);
	if (rc == 0)
		rc = checksums_finish(list, &summary, NULL);
	checksums_free(list);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct bytes whole = BYTES_EMPTY, pieces = BYTES_EMPTY;
	struct checksums_options options = {.each = take, .context = &whole};
	int rc;

	if (length < 2)
		return 0;
	options.syntax = (enum checksums_syntax)(data[0] % CHECKSUMS_SYNTAXES);
	options.algorithm = (enum checksums_algorithm)(
	    1 + data[1] % (CHECKSUMS_ALGORITHMS - 1));
	if (options.syntax == CHECKSUMS_SIDECAR)
		options.name = "dump";
	rc = read_all(&options, data + 2, length - 2, length);
	options.context = &pieces;
	if (read_all(&options, data + 2, length - 2, 3) != rc ||
	    pieces.length != whole.length ||
	    (whole.length > 0 &&
		memcmp(pieces.data, whole.data, whole.length) != 0))
		abort();
	bytes_done(&whole);
	bytes_done(&pieces);
	return 0;
}
