#include "lib/worker/proof.h"

#include "lib/model/manifest_reader.h"

static int
check(const struct job *job, int fd, const struct manifest_header *header,
    struct manifest_signature signature, struct error *err)
{
	struct bytes comment = BYTES_EMPTY;
	struct signature_keys trusted = {job->keys, job->key_count};
	int rc = -1;

	manifest_trusted_comment(header, &comment);
	bytes_append_u8(&comment, 0);
	if (bytes_check(&comment, err) == 0) {
		signature.trusted_comment = (const char *)comment.data;
		rc = manifest_verify_signature(
		    fd, &trusted, &signature, NULL, err);
	}
	/* A key that nobody trusts; not a copy that is not there. */
	if (rc != 0 && err->code == ERROR_NOT_FOUND)
		err->code = ERROR_SIGNATURE;
	bytes_done(&comment);
	return rc;
}

int
proof_check(const struct job *job, int fd, struct error *err)
{
	struct manifest_signature signature = {
	    .text = job->signature, .length = job->signature_length};

	return check(job, fd, &job->header, signature, err);
}

int
proof_check_other(const struct job *job, int fd, struct error *err)
{
	struct manifest_signature signature = {.text = job->other_signature,
	    .length = job->other_signature_length};

	return check(job, fd, &job->other, signature, err);
}
