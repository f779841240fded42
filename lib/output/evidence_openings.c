/*
 * With paths: what lets somebody check which file a subject in the journal is.
 * Only here are names in a bundle (DESIGN law 10).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/evidence_internal.h"

/* The subjects that stand in the bundle, with repetitions. */
struct subjects {
	char (*items)[CATALOG_SUBJECT_BYTES];
	size_t count, capacity;
};

static int
add_subject(struct subjects *subjects, const char *subject, struct error *err)
{
	if (strlen(subject) != CATALOG_SUBJECT_BYTES - 1)
		return 0;
	if (subjects->count == subjects->capacity) {
		size_t capacity =
		    subjects->capacity == 0 ? 64 : 2 * subjects->capacity;
		char(*items)[CATALOG_SUBJECT_BYTES] =
		    reallocarray(subjects->items, capacity, sizeof(*items));

		if (items == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		subjects->items = items;
		subjects->capacity = capacity;
	}
	memcpy(
	    subjects->items[subjects->count++], subject, CATALOG_SUBJECT_BYTES);
	return 0;
}

/* Of an entry, of the files that a finding names, of samples of contents. */
static int
take_entry(struct subjects *subjects, const json_t *entry, struct error *err)
{
	static const char *const lists[] = {"files", "formats", "samples"};
	const char *subject =
	    json_string_value(json_object_get(entry, "subject"));
	const json_t *item;
	size_t i;

	if (subject != NULL && add_subject(subjects, subject, err) != 0)
		return -1;
	for (size_t list = 0; list < sizeof(lists) / sizeof(*lists); list++)
		json_array_foreach(json_object_get(entry, lists[list]), i, item)
		{
			if (take_entry(subjects, item, err) != 0)
				return -1;
		}
	return 0;
}

static int
take_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	json_t *entry;
	int rc;

	(void)seq;
	/* Most entries name no file: do not take them apart. */
	if (memmem(leaf, length, "\"subject\"", strlen("\"subject\"")) == NULL)
		return 0;
	entry = json_parse((const char *)leaf, length, err);
	if (entry == NULL)
		return -1;
	rc = take_entry(context, entry, err);
	json_decref(entry);
	return rc;
}

static int
take_copy(const struct query_copy *copy, void *context, struct error *err)
{
	return copy->subject == NULL ? 0
				     : add_subject(context, copy->subject, err);
}

static int
take_finding(
    const struct query_finding *finding, void *context, struct error *err)
{
	return finding->subject == NULL
		   ? 0
		   : add_subject(context, finding->subject, err);
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, CATALOG_SUBJECT_BYTES);
}

static int
add_opening(
    struct evidence_making *making, const char *subject, struct error *err)
{
	struct bytes path = BYTES_EMPTY, nonce = BYTES_EMPTY;
	struct bytes hex = BYTES_EMPTY;
	struct document_row row;
	int rc = -1;

	/* A name that the catalog lost has no opening any more. */
	if (catalog_get_name(making->request->catalog, subject, &path, err) !=
		0 ||
	    catalog_get_nonce(making->request->catalog, subject, &nonce, err) !=
		0) {
		rc = err->code == ERROR_NOT_FOUND ? 0 : -1;
		goto out;
	}
	/* Nobody could check it. */
	if (nonce.length == 0) {
		rc = 0;
		goto out;
	}
	document_row_begin(&row);
	document_row_text(&row, "subject", subject);
	document_row_value(&row, "path", json_of_bytes(path.data, path.length));
	for (size_t i = 0; i < nonce.length; i++)
		bytes_append_format(&hex, "%02x", nonce.data[i]);
	bytes_append_u8(&hex, 0);
	if (bytes_check(&hex, err) != 0) {
		json_decref(row.object);
		goto out;
	}
	document_row_text(&row, "nonce", (const char *)hex.data);
	rc = evidence_lines_end_row(making, &row, err);
out:
	bytes_done(&path);
	bytes_done(&nonce);
	bytes_done(&hex);
	return rc;
}

int
evidence_put_openings(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;
	struct subjects subjects = {.items = NULL};
	int rc = -1;

	if (!making->request->has_paths)
		return 0;
	if (journal_each(context->catalog, making->first, making->last + 1,
		take_leaf, &subjects, err) != 0 ||
	    query_copies(context->catalog, context->at, NULL, take_copy,
		&subjects, err) != 0 ||
	    query_findings(context->catalog, context->at, NULL, take_finding,
		&subjects, err) != 0 ||
	    evidence_lines_open(making, "openings", err) != 0)
		goto out;
	if (subjects.count > 0)
		qsort(subjects.items, subjects.count, sizeof(*subjects.items),
		    compare);
	rc = 0;
	for (size_t i = 0; rc == 0 && i < subjects.count; i++)
		if (i == 0 ||
		    strcmp(subjects.items[i - 1], subjects.items[i]) != 0)
			rc = add_opening(making, subjects.items[i], err);
	if (rc == 0)
		rc = evidence_lines_close(making, err);
out:
	free(subjects.items);
	return rc;
}
