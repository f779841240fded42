#include "lib/inspect/dicom_deflated.h"

#include <stdlib.h>

#include "lib/format/gzip_inflate.h"

struct dicom_deflated {
	struct gzip_inflate *inflate;
	bool is_wrong;
	uint64_t padding; /* bytes behind its end: one may be */
};

struct dicom_deflated *
dicom_deflated_new(void)
{
	struct dicom_deflated *deflated = calloc(1, sizeof(*deflated));

	if (deflated == NULL)
		return NULL;
	deflated->inflate = gzip_inflate_new_raw();
	if (deflated->inflate == NULL) {
		free(deflated);
		return NULL;
	}
	return deflated;
}

void
dicom_deflated_free(struct dicom_deflated *deflated)
{
	if (deflated == NULL)
		return;
	gzip_inflate_free(deflated->inflate);
	free(deflated);
}

void
dicom_deflated_push(
    struct dicom_deflated *deflated, const uint8_t *data, size_t length)
{
	uint64_t ignored;

	if (deflated->is_wrong)
		return;
	if (gzip_inflate_is_ended(deflated->inflate))
		deflated->padding += length;
	else if (gzip_inflate_push(deflated->inflate, data, length, &ignored))
		return;
	else if (gzip_inflate_is_ended(deflated->inflate))
		deflated->padding += gzip_inflate_left(deflated->inflate);
	else
		deflated->is_wrong = true;
}

struct inspect_finding
dicom_deflated_conclude(const struct dicom_deflated *deflated)
{
	struct inspect_finding finding = {
	    .code = INSPECT_UNSUPPORTED, .severity = INSPECT_NOTE};

	if (deflated->is_wrong || !gzip_inflate_is_ended(deflated->inflate)) {
		finding.severity = INSPECT_BROKEN;
		finding.code =
		    deflated->is_wrong ? INSPECT_CHECKSUM : INSPECT_TRUNCATED;
	} else if (deflated->padding > 1) {
		finding.severity = INSPECT_WARNING;
		finding.code = INSPECT_TRAILING;
	}
	return finding;
}
