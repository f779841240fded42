/* What people did and stated: drills, sign-offs, statements, documents. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/output/evidence_internal.h"
#include "lib/store/query_drill.h"

/* What a facility can attach (daemon/attestation.h). */
#define DOCUMENT_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define HEX_BYTES (2 * DIGEST_SHA256_BYTES + 1)

static int
add_check(
    const struct query_drill_check *check, void *context, struct error *err)
{
	struct document_row row;
	json_t *object = NULL;

	document_row_begin(&row);
	document_row_number(&row, "entry", check->seq);
	document_row_text(&row, "kind", check->kind);
	document_row_text(&row, "name", check->name);
	document_row_text(&row, "outcome", check->outcome);
	if (check->detail != NULL)
		document_row_value(&row, "detail",
		    json_parse(check->detail, strlen(check->detail), NULL));
	if (document_row_end(&row, &object, err) != 0)
		return -1;
	if (json_array_append_new(context, object) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static void
describe_end(struct document_row *row, const struct query_drill *drill)
{
	document_row_flag(row, "is_ended", drill->is_ended);
	if (!drill->is_ended)
		return;
	document_row_instant(row, "ended_at", drill->ended_at);
	document_row_text(row, "outcome", drill->outcome);
	document_row_text(row, "reason", drill->reason);
	document_row_number(row, "files", drill->files);
	document_row_number(row, "bytes", drill->bytes);
	document_row_instant(row, "medium_ms", drill->medium_ms);
	document_row_instant(row, "restore_ms", drill->restore_ms);
	document_row_instant(row, "check_ms", drill->check_ms);
}

static void
describe_signature(struct document_row *row, const struct query_drill *drill)
{
	document_row_flag(row, "is_signed", drill->signature_seq != 0);
	if (drill->signature_seq == 0)
		return;
	document_row_number(row, "signature", drill->signature_seq);
	document_row_instant(row, "signed_at", drill->signed_at);
	document_row_text(row, "signed_by", drill->signed_by);
	document_row_text(row, "witness", drill->witness);
	document_row_text(row, "observation", drill->observation);
	document_row_text(row, "improvement", drill->improvement);
	document_row_instant(row, "due", drill->due);
	if (drill->improvement_seq == 0)
		return;
	document_row_instant(row, "improved_at", drill->improved_at);
	document_row_text(row, "improved_by", drill->improved_by);
	document_row_text(row, "improvement_note", drill->improvement_note);
}

static int
add_drill(const struct query_drill *drill, void *context, struct error *err)
{
	struct evidence_making *making = context;
	struct document_row row;
	json_t *checks = json_array();

	if (query_drill_checks(making->context.catalog, making->context.at,
		drill->id, add_check, checks, err) != 0) {
		json_decref(checks);
		return -1;
	}
	document_row_begin(&row);
	document_row_number(&row, "id", drill->id);
	document_row_text(&row, "system", drill->system);
	document_row_text(&row, "generation", drill->generation);
	document_row_text(&row, "medium", drill->medium);
	document_row_number(&row, "copy", drill->copy);
	document_row_number(&row, "manifest", drill->manifest);
	document_row_text(&row, "operator", drill->operator);
	document_row_instant(&row, "began_at", drill->began_at);
	document_row_number(&row, "share_ppm", drill->share_ppm);
	document_row_number(&row, "files_total", drill->files_total);
	document_row_number(&row, "bytes_total", drill->bytes_total);
	describe_end(&row, drill);
	describe_signature(&row, drill);
	document_row_value(&row, "checks", checks);
	return evidence_lines_end_row(making, &row, err);
}

/* All that ever were: a rule asks for the last one, however old it is. */
int
evidence_put_drills(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;
	const struct query_drill_filter filter = {
	    .system = making->request->system};

	if (evidence_lines_open(making, "drills", err) != 0 ||
	    query_drills(context->catalog, context->at, &filter, add_drill,
		making, err) != 0)
		return -1;
	return evidence_lines_close(making, err);
}

/* Digests of the documents that statements name. */
struct documents {
	struct evidence_making *making;
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
	document_row_attestation(&row, &making->context, attestation);
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
	struct documents documents = {.making = making};
	int rc = -1;

	if (evidence_lines_open(making, "attestations", err) == 0 &&
	    query_attestations(context->catalog, context->at, NULL,
		add_attestation, &documents, err) == 0 &&
	    evidence_lines_close(making, err) == 0)
		rc = put_documents(&documents, err);
	free(documents.digests);
	return rc;
}
