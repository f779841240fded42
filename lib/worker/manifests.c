#include "lib/worker/manifests.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/worker/answer.h"
#include "lib/worker/proof.h"

#define READ_BYTES ((size_t)256 * 1024)

/* Callback of compare; context counts what was told. */
static int
on_difference(void *context, enum compare_kind kind, const char *path,
    size_t path_length, struct error *err)
{
	uint64_t *told = context;
	struct reply reply = {.kind = REPLY_DIFFERENCE};

	if (++*told > REPLY_DIFFERENCES_MAX)
		return 0;
	reply.difference = (struct reply_difference){
	    .kind = kind,
	    .path = path,
	    .path_length = path_length < PATH_MAX ? path_length : PATH_MAX,
	};
	return answer_send(&reply, err);
}

int
manifests_compare(const struct job *job, const struct examine_events *events,
    struct error *err)
{
	uint64_t told = 0;
	struct compare_options options = {
	    .first_fd = job->fds[JOB_FD_MANIFEST],
	    .second_fd = job->fds[JOB_FD_PREVIOUS],
	    .each = on_difference,
	    .context = &told,
	    .events = events,
	};
	struct reply reply = {.kind = REPLY_COMPARED};

	if (proof_check(job, options.first_fd, err) != 0 ||
	    proof_check_other(job, options.second_fd, err) != 0 ||
	    compare_manifests(&options, &reply.compared, err) != 0)
		return -1;
	return answer_send(&reply, err);
}

/* All of it, and whoever waits is told now and then. */
static int
digest(int fd, uint8_t *block, const struct examine_events *events,
    struct reply_digest *ret_digest, struct error *err)
{
	struct digest_sha256 sha256;
	struct signature_prehash prehash;
	struct examine_pulse pulse = {0};
	uint64_t at = 0;
	ssize_t n;

	digest_sha256_init(&sha256);
	signature_prehash_init(&prehash);
	while ((n = pread(fd, block, READ_BYTES, (off_t)at)) > 0) {
		digest_sha256_update(&sha256, block, (size_t)n);
		signature_prehash_update(&prehash, block, (size_t)n);
		at += (uint64_t)n;
		if (examine_is_due(&pulse, at, 0) &&
		    events->progress(events->context, at, 0, err) != 0)
			return -1;
	}
	if (n < 0)
		return error_set_errno(
		    err, errno, _("cannot read a manifest again"));
	digest_sha256_final(&sha256, ret_digest->sha256);
	signature_prehash_final(&prehash, ret_digest->prehash);
	return 0;
}

int
manifests_digest(const struct job *job, const struct examine_events *events,
    struct error *err)
{
	struct reply reply = {.kind = REPLY_DIGEST};
	uint8_t *block = malloc(READ_BYTES);
	int rc = -1;

	if (block == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (digest(job->fds[JOB_FD_MANIFEST], block, events, &reply.digest,
		err) == 0)
		rc = answer_send(&reply, err);
	free(block);
	return rc;
}
