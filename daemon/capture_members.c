#include "daemon/capture_members.h"

#include <string.h>

#include "daemon/place.h"
#include "lib/base/i18n.h"

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

	members->header.is_members = true;
	job->kind = JOB_PARSE;
	job->header = members->header;
	if (place_fill_parser(service, source, job, err) != 0 ||
	    vault_begin(service->state_fd, &name, &members->draft, err) != 0)
		return -1;
	return place_pass_manifest(members->draft.manifest.fd, job, err);
}

int
capture_members_take_finding(struct capture_members *members,
    const struct reply *reply, struct error *err)
{
	return gathering_add(&members->findings, &reply->finding, err);
}

int
capture_members_take_result(struct capture_members *members,
    const struct reply *reply, struct error *err)
{
	(void)err;
	members->is_told = true;
	members->result = reply->members;
	return 0;
}

/*
 * What is signed must be what was written, and not what a process says that
 * looked at hostile bytes.
 */
static int
check_digests(const struct capture_members *members, struct error *err)
{
	const struct manifest_summary *told = &members->result.manifest;
	const struct reply_digest *digest = members->digest;

	if (digest == NULL)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("the list of members could not be digested"));
	if (memcmp(digest->sha256, told->sha256, sizeof(told->sha256)) != 0 ||
	    memcmp(digest->prehash, told->prehash, sizeof(told->prehash)) != 0)
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

bool
capture_members_is_signable(
    const struct capture_members *members, const struct jobs_end *end)
{
	return end->outcome == JOBS_DONE && end->has_parser &&
	       end->parser == JOBS_DONE && members->is_told &&
	       members->result.has_manifest;
}

int
capture_members_settle(struct capture_members *members,
    const struct service *service, const struct jobs_end *end, bool is_whole,
    struct error *err)
{
	const struct parse_result *result = &members->result;
	struct error why = {0};

	/* The reader tells of its own troubles; the parser had only a part. */
	if (!is_whole) {
		gathering_clear(&members->findings);
		members->result = (struct parse_result){.state = PARSE_PARTIAL};
		return 0;
	}
	if (end->parser != JOBS_DONE || !members->is_told) {
		jobs_outcome_log("members", &members->header, end->parser,
		    &end->parser_error);
		return forget(members, err);
	}
	if (!result->has_manifest)
		return 0;
	if (check_digests(members, &why) != 0) {
		jobs_outcome_log(
		    "members", &members->header, JOBS_FAILED, &why);
		return forget(members, err);
	}
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
	json_t *entry = json_pack("{s:s, s:s, s:I, s:I}", "state",
	    parse_state_name(result->state), "encrypted",
	    parse_encryption_name(result->encryption), "files",
	    (json_int_t)result->files, "bytes", (json_int_t)result->bytes);

	if (result->has_manifest)
		set_hex(entry, "manifest_sha256", result->manifest.sha256);
	if (result->state == PARSE_COMPLETE && totals->has_content)
		set_hex(entry, "content", totals->content);
	return entry;
}
