#include "lib/output/evidence_verify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/format/archive.h"
#include "lib/format/zip_plain.h"
#include "lib/output/evidence_check_packs.h"

#define READ_BYTES ((size_t)256 * 1024)

static const struct {
	const char *name, *sentence;
} faults[EVIDENCE_FAULTS] = {
    [EVIDENCE_FORMAT] = {"format", N_("not as a bundle has it, or cut off")},
    [EVIDENCE_MISSING] = {"missing", N_("missing")},
    [EVIDENCE_ADDED] = {"added", N_("not listed: it was added")},
    [EVIDENCE_CHANGED] = {"changed", N_("changed: its digest is another")},
    [EVIDENCE_ORDER] = {"order", N_("not where it must stand")},
    [EVIDENCE_LIST] = {"list", N_("the list of files is malformed")},
    [EVIDENCE_FACTS] = {"facts", N_("it does not say what a bundle says")},
    [EVIDENCE_SIGNATURE] = {"signature", N_("the signature does not hold")},
    [EVIDENCE_KEY] = {"key", N_("signed by another key")},
    [EVIDENCE_HISTORY] = {"history",
	N_("the history of the keys does not hold")},
    [EVIDENCE_CHECKPOINT] = {"checkpoint", N_("the checkpoint does not hold")},
    [EVIDENCE_CONSISTENCY] = {"consistency",
	N_("the journal's end is not proven to extend its start")},
    [EVIDENCE_INCLUSION] = {"inclusion", N_("not proven to be in the journal")},
    [EVIDENCE_DOCUMENT] = {"document", N_("it is of another checkpoint")},
    [EVIDENCE_OPENING] = {"opening",
	N_("a path and its nonce do not give the subject")},
    [EVIDENCE_REQUIREMENTS] = {"requirements",
	N_("not the requirements that were in force")},
};

const char *
evidence_fault_name(enum evidence_fault fault)
{
	return faults[fault].name;
}

const char *
evidence_fault_sentence(enum evidence_fault fault)
{
	return _(faults[fault].sentence);
}

/* ---- the file as a stream ---- */

struct stream {
	const struct evidence_question *question;
	uint64_t at;
	uint8_t *buffer;
	bool is_zip;
};

/* Up to length bytes at an offset; fewer only at the end of the file. */
static ssize_t
read_at(const struct evidence_question *question, uint64_t at, void *buffer,
    size_t length, struct error *err)
{
	ssize_t got;

	if (at >= question->size)
		return 0;
	if (length > question->size - at)
		length = (size_t)(question->size - at);
	do
		got = pread(question->fd, buffer, length, (off_t)at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_set_errno(err, errno, _("cannot read the bundle"));
	return got;
}

static int
read_stream(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct stream *stream = context;
	ssize_t got = read_at(
	    stream->question, stream->at, stream->buffer, READ_BYTES, err);

	if (got <= 0)
		return (int)got;
	stream->at += (uint64_t)got;
	*ret_data = stream->buffer;
	*ret_length = (size_t)got;
	return 1;
}

static int
open_reader(struct evidence_check *check, struct stream *stream,
    struct archive_reader **ret_reader, struct error *err)
{
	static const struct archive_limits limits = ARCHIVE_LIMITS_DEFAULT;
	const struct evidence_question *question = check->question;
	struct source source = {stream, read_stream};
	ssize_t got =
	    read_at(question, 0, stream->buffer, ARCHIVE_KIND_HEAD_BYTES, err);
	enum archive_kind kind;

	if (got < 0)
		return -1;
	kind = archive_kind_recognise(stream->buffer, (size_t)got);
	stream->is_zip = kind == ARCHIVE_KIND_ZIP;
	if (stream->is_zip)
		return archive_reader_new_seeking(kind, question->fd,
		    question->size, &limits, ret_reader, err);
	if (kind == ARCHIVE_KIND_TAR)
		return archive_reader_new(
		    kind, source, "", &limits, ret_reader, err);
	return error_set(
	    err, ERROR_INPUT, _("the file is neither a tar nor a zip"));
}

/* ---- its members ---- */

/* What stands below the one folder; NULL, and told, where it is elsewhere. */
static const char *
take_path(struct evidence_check *check, const struct archive_member *member)
{
	const char *slash = strchr(member->path, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - member->path);
	char shown[256];

	if (check->folder[0] == '\0' && length > 0 &&
	    length < sizeof(check->folder))
		memcpy(check->folder, member->path, length);
	if (length > 0 && strlen(check->folder) == length &&
	    strncmp(check->folder, member->path, length) == 0 &&
	    member->type == ARCHIVE_MEMBER_FILE &&
	    strlen(slash + 1) < EVIDENCE_PATH_BYTES)
		return slash + 1;
	evidence_check_fault(check, EVIDENCE_ADDED,
	    text_escape(
		shown, sizeof(shown), member->path, strlen(member->path)),
	    "");
	return NULL;
}

/* Hand out a member's data: 1 whole, 0 and told where it is damaged, -1. */
static int
read_member(struct evidence_check *check, struct archive_reader *reader,
    const char *path, uint8_t digest[DIGEST_SHA256_BYTES], struct error *err)
{
	struct digest_sha256 sum;
	struct archive_block block;
	enum archive_step step;

	digest_sha256_init(&sum);
	while ((step = archive_reader_data(reader, &block, err)) ==
	       ARCHIVE_STEP_MORE) {
		/* No hole is ours. */
		if (block.zeros > 0) {
			evidence_check_fault(check, EVIDENCE_FORMAT, path, "");
			return 0;
		}
		digest_sha256_update(&sum, block.data, block.length);
		if (check->content != NULL &&
		    check->content(check, block.data, block.length, err) != 0)
			return -1;
	}
	digest_sha256_final(&sum, digest);
	if (step == ARCHIVE_STEP_END)
		return 1;
	if (err->code != ERROR_INPUT && err->code != ERROR_UNAVAILABLE &&
	    err->code != ERROR_LIMIT)
		return -1;
	evidence_check_fault(check, EVIDENCE_FORMAT, path, err->text);
	return 0;
}

/* The two that come first are not listed themselves. */
static int
take_head(struct evidence_check *check, struct archive_reader *reader,
    const char *path, struct error *err)
{
	bool is_list = strcmp(path, EVIDENCE_TAGMANIFEST) == 0;
	uint8_t digest[DIGEST_SHA256_BYTES];
	int rc;

	evidence_check_begin_file(check, path);
	if (!is_list && (strcmp(path, EVIDENCE_SEAL) != 0 ||
			    check->kept[EVIDENCE_KEPT_SIGNATURE].length > 0)) {
		evidence_check_fault(check, EVIDENCE_ORDER, path,
		    _("the bundle must begin with its signature and the list "
		      "of files"));
		return 0;
	}
	evidence_check_keep(check,
	    is_list ? EVIDENCE_KEPT_TAGMANIFEST : EVIDENCE_KEPT_SIGNATURE);
	rc = read_member(check, reader, path, digest, err);
	if (rc <= 0)
		return rc;
	if (is_list &&
	    evidence_check_take_list(check,
		&check->kept[EVIDENCE_KEPT_TAGMANIFEST], false, err) != 0)
		return -1;
	return 1;
}

static int
take_listed(struct evidence_check *check, struct archive_reader *reader,
    const char *path, struct error *err)
{
	const struct evidence_listed *listed = evidence_check_find(check, path);
	uint8_t digest[DIGEST_SHA256_BYTES], expected[DIGEST_SHA256_BYTES];
	int rc;

	if (listed == NULL)
		return 0;
	memcpy(expected, listed->sha256, sizeof(expected));
	evidence_check_begin_file(check, path);
	rc = read_member(check, reader, path, digest, err);
	if (rc <= 0)
		return rc;
	if (memcmp(digest, expected, sizeof(digest)) != 0)
		evidence_check_fault(check, EVIDENCE_CHANGED, path, "");
	check->report->files++;
	return evidence_check_end_file(check, err) != 0 ? -1 : 1;
}

/* 1: go on; 0: nothing more can be learned; -1. */
static int
take_member(struct evidence_check *check, struct archive_reader *reader,
    const struct archive_member *member, struct error *err)
{
	char path[EVIDENCE_PATH_BYTES];
	const char *below = take_path(check, member);

	if (below == NULL)
		return 1;
	(void)snprintf(path, sizeof(path), "%s", below);
	if (check->count == 0)
		return take_head(check, reader, path, err);
	return take_listed(check, reader, path, err) < 0 ? -1 : 1;
}

static int
read_members(struct evidence_check *check, struct archive_reader *reader,
    struct error *err)
{
	struct archive_member member;
	enum archive_step step;
	bool has_trailing = false;
	int rc = 1;

	while (rc == 1 && !evidence_check_is_full(check) &&
	       (step = archive_reader_next(reader, &member, err)) !=
		   ARCHIVE_STEP_END) {
		if (step == ARCHIVE_STEP_STOP || step == ARCHIVE_STEP_BAD)
			return -1;
		rc = take_member(check, reader, &member, err);
	}
	if (rc != 1 || evidence_check_is_full(check))
		return rc < 0 ? -1 : 0;
	if (archive_reader_finish(reader, &has_trailing, err) != 0)
		return -1;
	if (has_trailing)
		evidence_check_fault(
		    check, EVIDENCE_FORMAT, "", _("something follows its end"));
	return 1;
}

/* What the file says of itself is a fault; what this machine lacks is not. */
static int
read_bundle(
    struct evidence_check *check, struct stream *stream, struct error *err)
{
	struct archive_reader *reader = NULL;
	int rc = open_reader(check, stream, &reader, err);

	if (rc == 0)
		rc = read_members(check, reader, err);
	archive_reader_free(reader);
	/* Others must unpack from it what was read here. */
	if (rc == 1 && stream->is_zip &&
	    zip_plain_check(check->question->fd, check->question->size, err) !=
		0)
		rc = -1;
	if (rc >= 0)
		return rc;
	if (err->code != ERROR_INPUT && err->code != ERROR_LIMIT &&
	    err->code != ERROR_DENIED && err->code != ERROR_UNAVAILABLE)
		return -1;
	evidence_check_fault(check, EVIDENCE_FORMAT, "", err->text);
	return 0;
}

static void
free_check(struct evidence_check *check)
{
	for (size_t i = 0; i < EVIDENCE_KEPT_NONE; i++)
		bytes_done(&check->kept[i]);
	for (size_t i = 0; i < KEYRING_STATEMENTS_MAX; i++)
		keyring_proof_done(&check->proofs[i]);
	bytes_done(&check->line);
	evidence_check_packs_done(check);
	free(check->listed);
	free(check->leaves);
	free(check);
}

int
evidence_verify(const struct evidence_question *question,
    struct evidence_report *ret_report, struct error *err)
{
	struct evidence_check *check = calloc(1, sizeof(*check));
	struct stream stream = {question, 0, malloc(READ_BYTES), false};
	struct error own = {0};
	int rc = -1;

	*ret_report = (struct evidence_report){.faults = 0};
	if (err == NULL)
		err = &own;
	if (check == NULL || stream.buffer == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	check->question = question;
	check->report = ret_report;
	rc = read_bundle(check, &stream, err);
	/* One that has no list has nothing that could be missing from it. */
	if (rc >= 0 && check->count > 0 && !evidence_check_is_full(check)) {
		evidence_check_missing(check);
		evidence_check_proof(check);
	} else if (rc >= 0 && ret_report->faults == 0) {
		evidence_check_fault(check, EVIDENCE_FORMAT, "", "");
	}
	rc = rc < 0 ? -1 : 0;
out:
	free(stream.buffer);
	if (check != NULL)
		free_check(check);
	return rc;
}
