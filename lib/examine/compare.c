#include "lib/examine/compare.h"

#include <stdbool.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/crypto/digest.h"
#include "lib/model/manifest_reader.h"

/* How far it is, for who waits. */
struct progress {
	const struct examine_events *events;
	struct examine_pulse pulse;
	uint64_t entries;
};

/* One of the two manifests. */
struct side {
	struct progress *progress;
	struct manifest_reader *reader;
	size_t strip; /* leading components of every path */
	struct manifest_entry entry;
	const char *path; /* of the entry, stripped */
	size_t path_length;
	int has_entry;
	uint8_t sum[DIGEST_SHA256_BYTES]; /* of all contents, modulo 2^256 */
};

static bool
counts(const struct manifest_entry *entry)
{
	return entry->type == MANIFEST_FILE || entry->type == MANIFEST_LINK;
}

/* Where the path goes on after `strip` components. */
static size_t
skip_components(const char *path, size_t length, size_t strip)
{
	size_t at = 0;

	while (strip-- > 0) {
		const char *slash = memchr(path + at, '/', length - at);

		if (slash == NULL)
			break;
		at = (size_t)(slash - path) + 1;
	}
	return at;
}

/* Bytes of the folders that two paths have in common, each with its slash. */
static size_t
common_folders(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t shorter = a_length < b_length ? a_length : b_length;
	size_t common = 0;

	for (size_t i = 0; i < shorter && a[i] == b[i]; i++)
		if (a[i] == '/')
			common = i + 1;
	return common;
}

/* The next line; tells now and then that there was one. */
static int
next_entry(struct side *side, struct manifest_entry *entry, struct error *err)
{
	struct progress *progress = side->progress;
	const struct examine_events *events = progress->events;

	progress->entries++;
	if (events != NULL &&
	    examine_is_due(&progress->pulse, 0, progress->entries) &&
	    events->progress(events->context, 0, progress->entries, err) != 0)
		return -1;
	return manifest_reader_next(side->reader, entry, err);
}

/*
 * How many leading components the records of a manifest share, and the sum of
 * their contents.
 */
static int
survey(struct side *side, struct error *err)
{
	const struct manifest_header *header =
	    manifest_reader_header(side->reader);
	struct bytes first = BYTES_EMPTY;
	struct manifest_entry entry;
	size_t common = SIZE_MAX;
	int more;

	while ((more = next_entry(side, &entry, err)) == 1) {
		if (!counts(&entry))
			continue;
		if (common == SIZE_MAX) {
			bytes_append(&first, entry.path, entry.path_length);
			common = first.length;
		}
		if (bytes_check(&first, err) != 0)
			return -1;
		common = common_folders((const char *)first.data, common,
		    entry.path, entry.path_length);
	}
	if (header->has_strip) {
		side->strip = header->strip;
	} else if (common != SIZE_MAX) {
		for (size_t i = 0; i < common && i < first.length; i++)
			if (first.data[i] == '/')
				side->strip++;
	}
	bytes_done(&first);
	return more;
}

/* Add the digest of a record's content, without its name, to the sum. */
static void
add_to_sum(struct side *side, const struct manifest_entry *entry)
{
	uint8_t record[16 + DIGEST_SHA256_BYTES] = {0};
	uint8_t digest[DIGEST_SHA256_BYTES];
	unsigned carry = 0;

	record[0] = (uint8_t)entry->type;
	for (size_t i = 0; i < 8; i++)
		record[8 + i] = (uint8_t)(entry->size >> (8 * i));
	if (entry->type == MANIFEST_LINK)
		digest_sha256_of(entry->link, entry->link_length, record + 16);
	else
		memcpy(record + 16, entry->digest, DIGEST_SHA256_BYTES);
	digest_sha256_of(record, sizeof(record), digest);
	for (size_t i = DIGEST_SHA256_BYTES; i-- > 0;) {
		carry += (unsigned)side->sum[i] + digest[i];
		side->sum[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

/* The next record that counts. */
static int
next(struct side *side, struct error *err)
{
	size_t skipped;

	do {
		side->has_entry = next_entry(side, &side->entry, err);
		if (side->has_entry <= 0)
			return side->has_entry;
	} while (!counts(&side->entry));
	skipped = skip_components(
	    side->entry.path, side->entry.path_length, side->strip);
	side->path = side->entry.path + skipped;
	side->path_length = side->entry.path_length - skipped;
	add_to_sum(side, &side->entry);
	return 0;
}

static bool
is_same_content(const struct manifest_entry *a, const struct manifest_entry *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == MANIFEST_LINK)
		return a->link_length == b->link_length &&
		       memcmp(a->link, b->link, a->link_length) == 0;
	/* What was not read equals nothing. */
	return a->size == b->size && a->has_digest && b->has_digest &&
	       memcmp(a->digest, b->digest, DIGEST_SHA256_BYTES) == 0;
}

static int
order_of(const struct side *first, const struct side *second)
{
	if (first->has_entry == 0)
		return 1;
	if (second->has_entry == 0)
		return -1;
	return manifest_compare_paths(
	    first->path, first->path_length, second->path, second->path_length);
}

/* One step of the merge of two sorted lists. */
static int
step(struct side sides[2], const struct compare_options *options,
    struct compare_result *result, struct error *err)
{
	int order = order_of(&sides[0], &sides[1]);
	const struct side *from = order <= 0 ? &sides[0] : &sides[1];
	enum compare_kind kind = COMPARE_DIFFERS;

	if (order < 0) {
		result->only_first++;
		kind = COMPARE_ONLY_FIRST;
	} else if (order > 0) {
		result->only_second++;
		kind = COMPARE_ONLY_SECOND;
	} else if (is_same_content(&sides[0].entry, &sides[1].entry)) {
		result->equal++;
	} else {
		result->differing++;
	}
	if ((order != 0 ||
		!is_same_content(&sides[0].entry, &sides[1].entry)) &&
	    options->each(options->context, kind, from->path, from->path_length,
		err) != 0)
		return -1;
	if (order <= 0 && next(&sides[0], err) != 0)
		return -1;
	return order >= 0 ? next(&sides[1], err) : 0;
}

static int
survey_side(struct side *side, int fd, struct error *err)
{
	int rc;

	side->reader = manifest_reader_new(fd, err);
	rc = side->reader != NULL ? survey(side, err) : -1;
	manifest_reader_free(side->reader);
	side->reader = NULL;
	return rc;
}

static int
open_side(struct side *side, int fd, struct error *err)
{
	side->reader = manifest_reader_new(fd, err);
	return side->reader != NULL ? next(side, err) : -1;
}

static int
compare(const struct compare_options *options, bool is_alike,
    struct compare_result *ret_result, struct error *err)
{
	struct compare_result result = {0};
	struct progress progress = {.events = options->events};
	struct side sides[2] = {
	    {.progress = &progress}, {.progress = &progress}};
	int rc = -1;

	if (survey_side(&sides[0], options->first_fd, err) != 0 ||
	    survey_side(&sides[1], options->second_fd, err) != 0)
		goto out;
	if (is_alike && sides[0].strip < sides[1].strip)
		sides[1].strip = sides[0].strip;
	else if (is_alike)
		sides[0].strip = sides[1].strip;
	if (open_side(&sides[0], options->first_fd, err) != 0 ||
	    open_side(&sides[1], options->second_fd, err) != 0)
		goto out;
	while (sides[0].has_entry == 1 || sides[1].has_entry == 1)
		if (step(sides, options, &result, err) != 0)
			goto out;
	result.is_names_only =
	    result.only_first + result.only_second + result.differing > 0 &&
	    memcmp(sides[0].sum, sides[1].sum, sizeof(sides[0].sum)) == 0;
	*ret_result = result;
	rc = 0;
out:
	manifest_reader_free(sides[0].reader);
	manifest_reader_free(sides[1].reader);
	return rc;
}

int
compare_manifests(const struct compare_options *options,
    struct compare_result *ret_result, struct error *err)
{
	return compare(options, false, ret_result, err);
}

int
compare_generations(const struct compare_options *options,
    struct compare_result *ret_result, struct error *err)
{
	return compare(options, true, ret_result, err);
}
