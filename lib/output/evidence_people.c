/* What people did and stated: drills, sign-offs, statements, documents. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/output/document_drill.h"
#include "lib/output/evidence_internal.h"
#include "lib/store/query_drill.h"

/* What a facility can attach (daemon/attestation.h). */
#define DOCUMENT_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define HEX_BYTES (2 * DIGEST_SHA256_BYTES + 1)

/* Numbers of drills; each is described when all are known. */
struct drills {
	uint64_t *ids;
	size_t count;
};

static int
take_drill(const struct query_drill *drill, void *context, struct error *err)
{
	struct drills *drills = context;
	uint64_t *ids =
	    reallocarray(drills->ids, drills->count + 1, sizeof(*ids));

	if (ids == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	drills->ids = ids;
	ids[drills->count++] = drill->id;
	return 0;
}

static int
add_drills(struct evidence_making *making, const struct drills *drills,
    struct error *err)
{
	for (size_t i = 0; i < drills->count; i++) {
		json_t *drill = NULL;

		if (document_drill(
			&making->context, drills->ids[i], &drill, err) != 0 ||
		    evidence_lines_add(making, drill, err) != 0)
			return -1;
	}
	return 0;
}

/* All that ever were: a rule asks for the last one, however old it is. */
int
evidence_put_drills(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;
	const struct query_drill_filter filter = {
	    .system = making->request->system};

	struct drills drills = {.ids = NULL};
	int rc = -1;

	if (query_drills(context->catalog, context->at, &filter, take_drill,
		&drills, err) == 0 &&
	    evidence_lines_open(making, "drills", err) == 0 &&
	    add_drills(making, &drills, err) == 0)
		rc = evidence_lines_close(making, err);
	free(drills.ids);
	return rc;
}

/* Digests of the documents that statements name. */
struct documents {
	struct evidence_making *making;
	struct inventory *inventory;
	char (*digests)[HEX_BYTES];
	size_t count;
};

static int
add_attestation(const struct query_attestation *attestation, void *context,
    struct error *err)
{
	struct documents *documents = context;
	struct evidence_making *making = documents->making;
	struct document_row row;

	if (attestation->document_sha256 != NULL) {
		char(*digests)[HEX_BYTES] = reallocarray(
		    documents->digests, documents->count + 1, sizeof(*digests));

		if (digests == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		documents->digests = digests;
		(void)snprintf(digests[documents->count++], HEX_BYTES, "%s",
		    attestation->document_sha256);
	}
	document_row_attestation(&row, documents->inventory, attestation);
	return evidence_lines_end_row(making, &row, err);
}

/* The document, where it is there and is what was attached. */
static int
put_document(
    struct evidence_making *making, const char *sha256, struct error *err)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[HEX_BYTES], path[EVIDENCE_PATH_BYTES];
	struct bytes content = BYTES_EMPTY;
	int fd = -1, rc = 0;
	bool is_there =
	    making->request->documents_fd >= 0 &&
	    file_open_below(making->request->documents_fd, sha256, O_RDONLY,
		&fd, NULL) == 0 &&
	    file_read_whole(fd, DOCUMENT_BYTES_MAX, &content, NULL) == 0;

	if (is_there) {
		digest_sha256_of(content.data, content.length, digest);
		bytes_format_hex(digest, sizeof(digest), hex);
		is_there = strcmp(hex, sha256) == 0;
	}
	(void)snprintf(
	    path, sizeof(path), EVIDENCE_PAYLOAD "documents/%s", sha256);
	if (is_there)
		rc = evidence_bag_put(&making->bag, path, &content, err);
	else
		making->result.documents_missing++;
	bytes_done(&content);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int
put_documents(struct documents *documents, struct error *err)
{
	if (documents->count > 0)
		qsort(documents->digests, documents->count, HEX_BYTES, compare);
	for (size_t i = 0; i < documents->count; i++)
		if ((i == 0 || strcmp(documents->digests[i - 1],
				   documents->digests[i]) != 0) &&
		    put_document(
			documents->making, documents->digests[i], err) != 0)
			return -1;
	return 0;
}

int
evidence_put_attestations(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;
	const struct inventory_moment moment = {
	    .at = context->at, .now = context->now};
	struct documents documents = {.making = making};
	int rc = -1;

	if (inventory_read(
		context->catalog, &moment, &documents.inventory, err) == 0 &&
	    evidence_lines_open(making, "attestations", err) == 0 &&
	    query_attestations(context->catalog, context->at, NULL,
		add_attestation, &documents, err) == 0 &&
	    evidence_lines_close(making, err) == 0)
		rc = put_documents(&documents, err);
	inventory_free(documents.inventory);
	free(documents.digests);
	return rc;
}
