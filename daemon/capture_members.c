#include "daemon/capture_members.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

#define READ_BYTES (256 * 1024)

void
capture_members_done(struct capture_members *members)
{
	vault_rollback(&members->draft);
	gathering_clear(&members->findings);
}

int
capture_members_prepare(struct capture_members *members,
    const struct service *service, const struct config_source *source,
    uint64_t version, struct job *job, struct error *err)
{
	struct vault_name name = {
	    .system = members->header.system,
	    .generation = members->header.generation,
	    .medium = members->header.medium,
	    .version = version,
	    .is_members = true,
	};

	job->kind = JOB_PARSE;
	job->header = members->header;
	if (place_fill_parser(service, source, job, err) != 0 ||
	    vault_begin(service->state_fd, &name, &members->draft, err) != 0)
		return -1;
	job->fds[JOB_FD_MANIFEST] = dup(members->draft.manifest.fd);
	if (job->fds[JOB_FD_MANIFEST] < 0)
		return error_set(
		    err, ERROR_LIMIT, _("too many files are open"));
	return 0;
}

int
capture_members_reply(struct capture_members *members,
    const struct reply *reply, struct error *err)
{
	switch (reply->kind) {
	case REPLY_FINDING:
		return gathering_add(&members->findings, &reply->finding, err);
	case REPLY_MEMBERS:
		members->is_told = true;
		members->result = reply->members;
		return 0;
	case REPLY_BEGUN:
	case REPLY_PROGRESS:
	case REPLY_DONE:
	case REPLY_FAILED:
	/* For whom the capture is: hints are asked for there alone. */
	case REPLY_SURVEY:
		return 0;
	case REPLY_SLICE:
	case REPLY_CANDIDATE:
	case REPLY_FRAME:
	case REPLY_CAPTURED:
	case REPLY_FOREIGN:
	case REPLY_DRIFT:
	case REPLY_DIFFERENCE:
	case REPLY_COMPARED:
	case REPLY_DIGEST:
		break;
	}
	return error_set(err, ERROR_PROTOCOL, _("unexpected reply of a child"));
}

/*
 * What is signed must be what was written, and not what a process says that
 * looked at hostile bytes.
 */
static int
check_digests(const struct vault_draft *draft,
    const struct manifest_summary *told, struct error *err)
{
	struct digest_sha256 digest;
	struct signature_prehash prehash;
	uint8_t sha256[DIGEST_SHA256_BYTES], blake[SIGNATURE_PREHASH_BYTES];
	uint8_t *block = malloc(READ_BYTES);
	uint64_t at = 0;
	ssize_t n;

	if (block == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	digest_sha256_init(&digest);
	signature_prehash_init(&prehash);
	while (
	    (n = pread(draft->manifest.fd, block, READ_BYTES, (off_t)at)) > 0) {
		digest_sha256_update(&digest, block, (size_t)n);
		signature_prehash_update(&prehash, block, (size_t)n);
		at += (uint64_t)n;
	}
	free(block);
	digest_sha256_final(&digest, sha256);
	signature_prehash_final(&prehash, blake);
	if (n < 0 || memcmp(sha256, told->sha256, sizeof(sha256)) != 0 ||
	    memcmp(blake, told->prehash, sizeof(blake)) != 0)
		return error_set(err, ERROR_PROTOCOL,
		    _("the list of members is not what the parser told"));
	return 0;
}

/* Nothing is known of the members. */
static int
forget(struct capture_members *members, struct error *err)
{
	struct examine_finding finding = {
	    .code = FINDING_ARCHIVE_UNCHECKED,
	    .path = "",
	    .slice = EXAMINE_NO_SLICE,
	};

	gathering_clear(&members->findings);
	members->result = (struct parse_result){.state = PARSE_PARTIAL};
	return gathering_add(&members->findings, &finding, err);
}

static void
tell_failure(const struct capture_members *members, const struct jobs_end *end)
{
	char text[ERROR_TEXT_BYTES];

	(void)text_escape(text, sizeof(text), end->parser_error.text,
	    strlen(end->parser_error.text));
	log_event(LOG_LEVEL_WARNING, _("members of %s on %s: %s (%s)"),
	    members->header.generation, members->header.medium,
	    jobs_outcome_name(end->parser), text);
}

int
capture_members_settle(struct capture_members *members,
    const struct service *service, const struct jobs_end *end, bool is_whole,
    struct error *err)
{
	const struct parse_result *result = &members->result;

	/* The reader tells of its own troubles; the parser had only a part. */
	if (!is_whole) {
		gathering_clear(&members->findings);
		members->result = (struct parse_result){.state = PARSE_PARTIAL};
		return 0;
	}
	if (end->parser != JOBS_DONE || !members->is_told) {
		tell_failure(members, end);
		return forget(members, err);
	}
	if (!result->has_manifest)
		return 0;
	if (check_digests(&members->draft, &result->manifest, err) != 0)
		return forget(members, err);
	return vault_commit(&members->draft, &members->header,
	    result->manifest.prehash, &service->keyring.daemon, err);
}

static void
set_hex(
    json_t *object, const char *name, const uint8_t digest[DIGEST_SHA256_BYTES])
{
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	bytes_format_hex(digest, DIGEST_SHA256_BYTES, hex);
	(void)json_object_set_new(object, name, json_string(hex));
}

json_t *
capture_members_entry(const struct capture_members *members)
{
	const struct parse_result *result = &members->result;
	const struct manifest_totals *totals = &result->manifest.totals;
	json_t *entry = json_pack("{s:s, s:I, s:I}", "state",
	    parse_state_name(result->state), "files", (json_int_t)result->files,
	    "bytes", (json_int_t)result->bytes);

	if (result->has_manifest)
		set_hex(entry, "manifest_sha256", result->manifest.sha256);
	if (result->state == PARSE_COMPLETE && totals->has_content)
		set_hex(entry, "content", totals->content);
	return entry;
}
