#include "lib/store/query_slice.h"

#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/store/store.h"

static struct query_manifest
manifest_of_row(struct sql_query *q)
{
	return (struct query_manifest){
	    .id = sql_u64(q, 0),
	    .copy = sql_u64(q, 1),
	    .version = sql_u64(q, 2),
	    .run = sql_u64(q, 3),
	    .superseded_seq = sql_u64(q, 4),
	    .sha256 = sql_text(q, 5),
	    .content = sql_text(q, 6),
	    .mode = sql_text(q, 7),
	    .slices = sql_u64(q, 8),
	    .entries = sql_u64(q, 9),
	    .files = sql_u64(q, 10),
	    .bytes = sql_u64(q, 11),
	    .bytes_read = sql_u64(q, 12),
	    .problems = sql_u64(q, 13),
	    .captured_at = sql_int(q, 14),
	    .oldest_reading = sql_int(q, 15),
	    .members_state = sql_text(q, 16),
	    .members_sha256 = sql_text(q, 17),
	    .members_content = sql_text(q, 18),
	    .members_files = sql_u64(q, 19),
	    .members_bytes = sql_u64(q, 20),
	    .foreign_kind = sql_text(q, 21),
	    .foreign_result = sql_text(q, 22),
	    .foreign_listed = sql_u64(q, 23),
	    .foreign_mismatched = sql_u64(q, 24),
	};
}

int
query_manifests(struct catalog *catalog, struct catalog_at at, uint64_t copy,
    query_manifest_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MANIFESTS];
	int rc;

	if (sql_bind(q, err, "uu", at.seq, copy) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_manifest row = manifest_of_row(q);

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_manifest_digest(struct catalog *catalog,
    const struct query_manifest_name *name,
    uint8_t ret_sha256[DIGEST_SHA256_BYTES], struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MANIFEST_DIGEST];
	const char *hex = NULL;
	int rc;

	if (sql_bind(q, err, "ttu", name->generation, name->medium,
		name->version) != 0)
		return -1;
	rc = sql_step(q, err);
	if (rc > 0)
		hex = sql_text(q, name->is_members ? 1 : 0);
	if (rc >= 0 && (hex == NULL || bytes_parse_hex(hex, ret_sha256,
					   DIGEST_SHA256_BYTES) != 0))
		rc = error_set(err, ERROR_NOT_FOUND,
		    _("the journal names no such manifest"));
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_manifest_volume(struct catalog *catalog,
    const struct query_manifest_name *name, char *ret_volume, size_t size,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MANIFEST_VOLUME];
	const char *volume = NULL;
	int rc;

	if (sql_bind(q, err, "ttu", name->generation, name->medium,
		name->version) != 0)
		return -1;
	rc = sql_step(q, err);
	if (rc > 0)
		volume = sql_text(q, 0);
	if (rc >= 0 && (volume == NULL || strlen(volume) >= size))
		volume = "";
	if (rc >= 0)
		memcpy(ret_volume, volume, strlen(volume) + 1);
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_manifest_end(struct catalog *catalog, uint64_t manifest,
    uint64_t *ret_end, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MANIFEST_END];
	int rc;

	if (sql_bind(q, err, "u", manifest) != 0)
		return -1;
	rc = sql_step(q, err);
	if (rc > 0)
		*ret_end = sql_u64(q, 0);
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_slices(struct catalog *catalog, struct catalog_at at, uint64_t manifest,
    query_slice_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_SLICES];
	int rc;

	if (sql_bind(q, err, "uu", at.seq, manifest) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_slice row = {
		    .manifest = sql_u64(q, 0),
		    .slice = sql_u64(q, 1),
		    .frame_offset = sql_u64(q, 2),
		    .frame_length = sql_u64(q, 3),
		    .entries = sql_u64(q, 4),
		    .bytes = sql_u64(q, 5),
		    .verdict = sql_text(q, 6),
		    .outcome = sql_text(q, 7),
		    .basis = sql_text(q, 8),
		    .level = sql_text(q, 9),
		    .mode = sql_text(q, 10),
		    .seq = sql_u64(q, 11),
		    .run = sql_u64(q, 12),
		    .tried_at = sql_int(q, 13),
		    .read_at = sql_int(q, 14),
		    .bytes_read = sql_u64(q, 15),
		    .findings = sql_u64(q, 16),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_next_slices(struct catalog *catalog,
    const struct query_next_filter *filter, query_next_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_NEXT_SLICES];
	int rc;

	if (filter->limit == 0)
		return 0;
	if (sql_bind(q, err, "tiu", filter->medium, filter->tried_before,
		filter->limit) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_next row = {
		    .copy = sql_u64(q, 0),
		    .manifest = sql_u64(q, 1),
		    .slice = sql_u64(q, 2),
		    .generation = sql_text(q, 3),
		    .source = sql_text(q, 4),
		    .turn = (enum query_turn)sql_int(q, 5),
		    .frame_offset = sql_u64(q, 6),
		    .frame_length = sql_u64(q, 7),
		    .entries = sql_u64(q, 8),
		    .bytes = sql_u64(q, 9),
		    .read_at = sql_int(q, 10),
		    .tried_at = sql_int(q, 11),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_coverage(struct catalog *catalog, struct catalog_at at,
    const char *medium, struct query_coverage *ret_coverage, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_COVERAGE];

	if (sql_bind(q, err, "ut", at.seq, medium) != 0 || sql_step(q, err) < 0)
		return -1;
	*ret_coverage = (struct query_coverage){
	    .copies = sql_u64(q, 0),
	    .missing = sql_u64(q, 1),
	    .settling = sql_u64(q, 2),
	    .slices = sql_u64(q, 3),
	    .damaged = sql_u64(q, 4),
	    .undetermined = sql_u64(q, 5),
	    .bytes = sql_u64(q, 6),
	    .unconfirmed_bytes = sql_u64(q, 7),
	    .oldest_read_at = sql_instant(q, 8),
	    .copies_linked = sql_u64(q, 9),
	    .copies_read_twice = sql_u64(q, 10),
	};
	sql_reset(q);
	return 0;
}

int
query_due(struct catalog *catalog, const char *medium, int64_t read_before,
    uint64_t *ret_slices, uint64_t *ret_bytes, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_DUE];

	if (sql_bind(q, err, "ti", medium, read_before) != 0 ||
	    sql_step(q, err) < 0)
		return -1;
	*ret_slices = sql_u64(q, 0);
	*ret_bytes = sql_u64(q, 1);
	sql_reset(q);
	return 0;
}
