/* Stored manifests: are they there, and what was signed and recorded? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/i18n.h"
#include "lib/judge/records.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_slice.h"
#include "lib/store/vault.h"

#define CHUNK_BYTES ((size_t)256 * 1024)
#define ID_BYTES 33
#define GENERATION_BYTES 64

/* A copy, and its manifest in force. */
struct item {
	uint64_t copy, manifest, version;
	char system[ID_BYTES], generation[GENERATION_BYTES], medium[ID_BYTES];
	bool is_due; /* to be read */
};

/* What the journal says of it. */
struct recorded {
	uint8_t sha256[DIGEST_SHA256_BYTES];
	uint8_t members[DIGEST_SHA256_BYTES];
	bool is_known, has_members;
};

struct work {
	const struct records_request *request;
	struct records *records;
	struct item *items; /* by copy */
	size_t count;
	uint8_t *chunk;
};

#define COPY_TEXT(to, from) ((void)snprintf(to, sizeof(to), "%s", from))

static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct work *work = context;
	struct item *item;

	if (row->manifest == 0)
		return 0;
	if (array_grow(&work->items, work->count, sizeof(*item), err) != 0)
		return -1;
	item = &work->items[work->count++];
	*item = (struct item){.copy = row->id,
	    .manifest = row->manifest,
	    .version = row->version};
	COPY_TEXT(item->system, row->system);
	COPY_TEXT(item->generation, row->generation);
	COPY_TEXT(item->medium, row->medium);
	return 0;
}

static int
compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->copy < y->copy ? -1 : x->copy > y->copy;
}

/* What a finding of an earlier look is about is read: it may be mended. */
static int
take_doubt(const struct query_finding *row, void *context, struct error *err)
{
	struct work *work = context;
	const struct item key = {.copy = row->copy};
	struct item *item;

	(void)err;
	if (work->count == 0 || row->copy == 0)
		return 0;
	item =
	    bsearch(&key, work->items, work->count, sizeof(key), compare_items);
	if (item != NULL)
		item->is_due = true;
	return 0;
}

/* The part that comes after the last one, and begins anew at the end. */
static void
choose_part(struct work *work)
{
	struct records *records = work->records;
	size_t part = (work->count + RECORDS_PARTS - 1) / RECORDS_PARTS;
	size_t at = 0;

	if (part < RECORDS_PART_MIN)
		part = RECORDS_PART_MIN;
	if (part > work->count || work->request->is_all)
		part = work->count;
	while (at < work->count && work->items[at].copy <= records->upto)
		at++;
	for (size_t i = 0; i < part; i++) {
		struct item *item = &work->items[(at + i) % work->count];

		item->is_due = true;
		records->upto = item->copy;
	}
}

static int
choose(struct work *work, struct error *err)
{
	static const enum finding codes[] = {
	    FINDING_MANIFEST_MISSING, FINDING_SIGNATURE_INVALID};
	struct catalog *catalog = work->request->catalog;

	if (query_copies(catalog, CATALOG_NOW, NULL, take_copy, work, err) != 0)
		return -1;
	if (work->count == 0)
		return 0;
	qsort(work->items, work->count, sizeof(*work->items), compare_items);
	choose_part(work);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const struct query_finding_filter filter = {
		    .only_open = true, .code = finding_name(codes[i])};

		if (query_findings(catalog, CATALOG_NOW, &filter, take_doubt,
			work, err) != 0)
			return -1;
	}
	return 0;
}

/* The newest version comes first. */
static int
take_recorded(
    const struct query_manifest *row, void *context, struct error *err)
{
	struct recorded *recorded = context;

	(void)err;
	recorded->is_known = bytes_parse_hex(row->sha256, recorded->sha256,
				 sizeof(recorded->sha256)) == 0;
	recorded->has_members =
	    row->members_sha256 != NULL &&
	    bytes_parse_hex(row->members_sha256, recorded->members,
		sizeof(recorded->members)) == 0;
	return 1;
}

/* 0: of that digest, and signed; 1: not; 2: it cannot be read. */
static int
digest_file(struct work *work, int fd, const struct bytes *signature,
    const uint8_t expected[DIGEST_SHA256_BYTES])
{
	const struct signature_keys keys = {
	    work->request->since.keys, work->request->since.key_count};
	struct digest_sha256 digest;
	struct signature_prehash prehash;
	uint8_t sha256[DIGEST_SHA256_BYTES], signed_[SIGNATURE_PREHASH_BYTES];
	struct error why;
	ssize_t got;

	digest_sha256_init(&digest);
	signature_prehash_init(&prehash);
	while ((got = read(fd, work->chunk, CHUNK_BYTES)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return 2;
		digest_sha256_update(&digest, work->chunk, (size_t)got);
		signature_prehash_update(&prehash, work->chunk, (size_t)got);
	}
	digest_sha256_final(&digest, sha256);
	signature_prehash_final(&prehash, signed_);
	if (memcmp(sha256, expected, sizeof(sha256)) != 0)
		return 1;
	return signature_verify(&keys, signed_, (const char *)signature->data,
		   signature->length, NULL, &why) == 0
		   ? 0
		   : 1;
}

/* One file: 0 and *ret_code where it is wrong; a finding's code, or FINDINGS.
 */
static int
look_at_file(struct work *work, const struct item *item, bool is_members,
    const uint8_t expected[DIGEST_SHA256_BYTES], int *ret_code,
    struct error *err)
{
	const struct vault_name name = {item->system, item->generation,
	    item->medium, item->version, is_members};
	struct bytes signature = BYTES_EMPTY;
	struct stat st;
	struct error why = {0};
	uint64_t end = 0;
	int fd = -1, rc = -1, read_as;

	*ret_code = FINDING_MANIFEST_MISSING;
	if (vault_open(work->request->state_fd, &name, &fd, &signature, &why) !=
	    0) {
		if (why.code == ERROR_INTERNAL)
			*err = why;
		else
			rc = 0;
		goto out;
	}
	if (!is_members && query_manifest_end(work->request->catalog,
			       item->manifest, &end, err) != 0)
		goto out;
	rc = 0;
	if (fstat(fd, &st) != 0)
		goto out;
	*ret_code = FINDING_SIGNATURE_INVALID;
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 ||
	    (uint64_t)st.st_size <= end)
		goto out;
	read_as =
	    item->is_due ? digest_file(work, fd, &signature, expected) : 0;
	if (read_as == 0)
		*ret_code = FINDINGS;
	else if (read_as == 2)
		*ret_code = FINDING_MANIFEST_MISSING;
out:
	if (fd >= 0)
		(void)close(fd);
	bytes_done(&signature);
	return rc;
}

static void
add_wrong(struct records *records, const struct item *item, int code)
{
	if (records->wrong_count == RECORDS_WRONG_MAX) {
		records->omitted++;
		return;
	}
	records->wrong[records->wrong_count++] = (struct records_wrong){
	    item->copy, item->manifest, (enum finding)code};
}

static int
look_at_item(struct work *work, const struct item *item, struct error *err)
{
	struct records *records = work->records;
	struct recorded recorded = {.is_known = false};
	int code = FINDINGS;

	if (query_manifests(work->request->catalog, CATALOG_NOW, item->copy,
		take_recorded, &recorded, err) != 0)
		return -1;
	/* A catalog that is altered: the comparison of rows tells. */
	if (!recorded.is_known)
		return 0;
	if (look_at_file(work, item, false, recorded.sha256, &code, err) != 0)
		return -1;
	if (code == FINDINGS && recorded.has_members &&
	    look_at_file(work, item, true, recorded.members, &code, err) != 0)
		return -1;
	records->manifests++;
	records->digested += item->is_due;
	if (code != FINDINGS)
		add_wrong(records, item, code);
	return 0;
}

int
records_look_at_manifests(const struct records_request *request,
    struct records *records, struct error *err)
{
	struct work work = {.request = request,
	    .records = records,
	    .chunk = malloc(CHUNK_BYTES)};
	int rc = -1;

	if (work.chunk == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	if (choose(&work, err) != 0)
		goto out;
	for (size_t i = 0; i < work.count; i++)
		if (look_at_item(&work, &work.items[i], err) != 0)
			goto out;
	rc = 0;
out:
	free(work.items);
	free(work.chunk);
	return rc;
}
