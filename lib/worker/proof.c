#include "lib/worker/proof.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/model/manifest_reader.h"

/* A manifest as it must be. */
struct wanted {
	const struct manifest_header *header;
	struct manifest_signature signature;
	const struct job_recorded *recorded;
};

/* What is signed and older, or signed with a stolen key, is another one. */
static int
check_recorded(const struct job_recorded *recorded,
    const uint8_t sha256[DIGEST_SHA256_BYTES], struct error *err)
{
	if (!recorded->is_known ||
	    memcmp(recorded->sha256, sha256, DIGEST_SHA256_BYTES) == 0)
		return 0;
	return error_set(err, ERROR_SIGNATURE,
	    _("the manifest is signed, but is not the one that the journal "
	      "names"));
}

static int
check(const struct job *job, int fd, struct wanted wanted, struct error *err)
{
	uint8_t sha256[DIGEST_SHA256_BYTES];
	struct bytes comment = BYTES_EMPTY;
	struct signature_keys trusted = {job->keys, job->key_count};
	int rc = -1;

	manifest_trusted_comment(wanted.header, &comment);
	bytes_append_u8(&comment, 0);
	if (bytes_check(&comment, err) == 0) {
		wanted.signature.trusted_comment = (const char *)comment.data;
		rc = manifest_verify_signature(
		    fd, &trusted, &wanted.signature, sha256, err);
	}
	if (rc == 0)
		rc = check_recorded(wanted.recorded, sha256, err);
	/* A key that nobody trusts; not a copy that is not there. */
	if (rc != 0 && err->code == ERROR_NOT_FOUND)
		err->code = ERROR_SIGNATURE;
	bytes_done(&comment);
	return rc;
}

int
proof_check(const struct job *job, int fd, struct error *err)
{
	struct wanted wanted = {
	    .header = &job->header,
	    .signature = {.text = job->signature,
		.length = job->signature_length},
	    .recorded = &job->recorded,
	};

	return check(job, fd, wanted, err);
}

int
proof_check_other(const struct job *job, int fd, struct error *err)
{
	struct wanted wanted = {
	    .header = &job->other,
	    .signature = {.text = job->other_signature,
		.length = job->other_signature_length},
	    .recorded = &job->other_recorded,
	};

	return check(job, fd, wanted, err);
}
