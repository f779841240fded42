#include "lib/examine/portion.h"

#include <stdlib.h>

#include "lib/base/i18n.h"
#include "lib/model/manifest_reader.h"

struct bucket {
	uint64_t files, bytes;
};

static uint32_t
bucket_of(uint64_t seed, const char *path, size_t length)
{
	struct digest_sha256 digest;
	uint8_t number[8], value[DIGEST_SHA256_BYTES];

	for (size_t i = 0; i < sizeof(number); i++)
		number[i] = (uint8_t)(seed >> (56 - 8 * i));
	digest_sha256_init(&digest);
	digest_sha256_update(&digest, number, sizeof(number));
	digest_sha256_update(&digest, path, length);
	digest_sha256_final(&digest, value);
	return (uint32_t)value[0] << 8 | value[1];
}

bool
portion_has(const struct portion *portion, const char *path, size_t length)
{
	return portion->threshold >= PORTION_BUCKETS ||
	       bucket_of(portion->seed, path, length) < portion->threshold;
}

/* Fill the buckets; the plan's totals and its entries without files. */
static int
count(struct manifest_reader *reader, uint64_t seed,
    const struct examine_events *events, struct bucket *buckets,
    struct portion_plan *plan, struct error *err)
{
	struct examine_pulse pulse = {0};
	struct manifest_entry entry;
	int more;

	while ((more = manifest_reader_next(reader, &entry, err)) == 1) {
		struct bucket *bucket;

		if (examine_is_due(
			&pulse, plan->bytes_total, plan->files_total) &&
		    events->progress(events->context, 0, 0, err) != 0)
			return -1;
		if (entry.type != MANIFEST_FILE) {
			plan->entries++;
			continue;
		}
		bucket =
		    &buckets[bucket_of(seed, entry.path, entry.path_length)];
		bucket->files++;
		bucket->bytes += entry.size;
		plan->files_total++;
		plan->bytes_total += entry.size;
	}
	return more;
}

/* The share of a number of bytes, rounded up. */
static uint64_t
share_of(uint64_t bytes, uint32_t ppm)
{
	uint64_t whole = bytes / PORTION_ALL_PPM * ppm;
	uint64_t rest = bytes % PORTION_ALL_PPM * ppm;

	return whole + (rest + PORTION_ALL_PPM - 1) / PORTION_ALL_PPM;
}

static void
choose(const struct bucket *buckets, uint32_t ppm, struct portion_plan *plan)
{
	uint64_t wanted = share_of(plan->bytes_total, ppm);
	uint32_t at = 0;

	while (at < PORTION_BUCKETS &&
	       (ppm >= PORTION_ALL_PPM || plan->bytes < wanted ||
		   plan->files == 0)) {
		plan->files += buckets[at].files;
		plan->bytes += buckets[at].bytes;
		at++;
	}
	plan->threshold = at;
	plan->entries += plan->files;
}

int
portion_make(int manifest_fd, uint64_t seed, uint32_t share_ppm,
    const struct examine_events *events, struct portion_plan *ret_plan,
    struct error *err)
{
	struct manifest_reader *reader = manifest_reader_new(manifest_fd, err);
	struct bucket *buckets = calloc(PORTION_BUCKETS, sizeof(*buckets));
	struct portion_plan plan = {0};
	int rc = -1;

	if (reader == NULL)
		goto out;
	if (buckets == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	if (count(reader, seed, events, buckets, &plan, err) != 0)
		goto out;
	choose(buckets, share_ppm, &plan);
	*ret_plan = plan;
	rc = 0;
out:
	free(buckets);
	manifest_reader_free(reader);
	return rc;
}
