#include "lib/examine/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/examine/look.h"
#include "lib/examine/parse_internal.h"

#define STREAM_BYTES (1024 * 1024)

const char *
parse_state_name(enum parse_state state)
{
	static const char *const names[PARSE_STATES] = {
	    [PARSE_COMPLETE] = "complete",
	    [PARSE_PARTIAL] = "partial",
	    [PARSE_OPAQUE] = "opaque",
	    [PARSE_DAMAGED] = "damaged",
	};

	return names[state];
}

const char *
parse_encryption_name(enum parse_encryption encryption)
{
	static const char *const names[PARSE_ENCRYPTIONS] = {
	    [PARSE_ENCRYPTION_UNKNOWN] = "unknown",
	    [PARSE_ENCRYPTION_NONE] = "none",
	    [PARSE_ENCRYPTION_FILE] = "file",
	    [PARSE_ENCRYPTION_ARCHIVE] = "archive",
	};

	return names[encryption];
}

/* ---- the stream ---- */

static int
read_stream(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct parse *parse = context;
	int fd = *parse->options->stream_fd;
	ssize_t length;

	if (fd < 0)
		return 0;
	do
		length = read(fd, parse->buffer, STREAM_BYTES);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return error_set_errno(err, errno, _("cannot hear the reader"));
	parse->received += (uint64_t)length;
	parse->is_stream_ended = length == 0;
	*ret_data = parse->buffer;
	*ret_length = (size_t)length;
	return length > 0;
}

/* Nothing more is wanted: the reader goes on alone. */
static void
close_stream(struct parse *parse)
{
	int *fd = parse->options->stream_fd;

	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* ---- all members ---- */

/* Is there anything behind the archive, or behind its compression? */
static int
finish_reader(struct parse *parse, struct error *err)
{
	struct error why = {0};
	bool is_trailing = false;

	if (archive_reader_finish(parse->reader, &is_trailing, &why) != 0)
		return parse_report_stop(parse, NULL, &why, err);
	if (parse->decoder != NULL && decoder_has_trailing(parse->decoder))
		is_trailing = true;
	if (!is_trailing)
		return 0;
	return parse_report(parse, FINDING_ARCHIVE_TRAILING, NULL, err);
}

static int
run_members(struct parse *parse, struct error *err)
{
	struct archive_member member;
	struct error why = {0};
	enum archive_step step;

	while ((step = archive_reader_next(parse->reader, &member, &why)) ==
	       ARCHIVE_STEP_MORE) {
		int more;

		parse->members_seen++;
		if (parse_report_progress(parse, err) != 0)
			return -1;
		more = parse_member(parse, &member, err);
		if (more <= 0)
			return more;
	}
	if (step == ARCHIVE_STEP_END && parse->members_seen > 0)
		return finish_reader(parse, err);
	/* Nothing to read is nothing to call intact. */
	if (step == ARCHIVE_STEP_END)
		(void)error_set(&why, ERROR_INPUT, _("there is nothing in it"));
	return parse_report_stop(parse, NULL, &why, err);
}

/* ---- the manifest ---- */

/* members_write's callback. */
static int
on_odd(void *context, enum members_odd odd, const struct manifest_entry *entry,
    struct error *err)
{
	struct parse *parse = context;
	const struct examine_events *events = parse->options->events;
	struct examine_finding finding = {
	    .code = FINDING_ARCHIVE_NAMES,
	    .path = entry->path,
	    .path_length = entry->path_length,
	    .slice = EXAMINE_NO_SLICE,
	};

	switch (odd) {
	case MEMBERS_TWICE:
		break;
	case MEMBERS_NO_PLACE:
		parse->is_partial = true;
		parse->is_cut = true;
		break;
	case MEMBERS_NO_TARGET:
		parse->is_partial = true;
		finding.code = FINDING_MEMBER_UNREADABLE;
		break;
	}
	return events->finding(events->context, &finding, err);
}

/* Only a list of all members is worth being kept. */
static int
write_manifest(struct parse *parse, struct error *err)
{
	const struct members_events events = {parse, on_odd};
	struct manifest_writer *writer;
	int rc = -1;

	if (parse->is_cut)
		return 0;
	writer = manifest_writer_new(
	    parse->options->manifest_fd, &parse->options->header, err);
	if (writer == NULL)
		return -1;
	if (members_write(parse->members, writer, &events, err) != 0 ||
	    manifest_writer_finish(writer, &parse->result.manifest, err) != 0)
		goto out;
	parse->result.has_manifest = !parse->is_cut;
	parse->result.files = parse->result.manifest.totals.files;
	parse->result.bytes = parse->result.manifest.totals.bytes;
	rc = 0;
out:
	manifest_writer_free(writer);
	return rc;
}

/* ---- beginning ---- */

static int
open_seeking(struct parse *parse, struct error *err)
{
	parse->result.is_seeking = true;
	close_stream(parse);
	return archive_reader_new_seeking(parse->result.kind,
	    parse->options->file_fd, parse->file_size, &parse->options->limits,
	    &parse->reader, err);
}

/* A tar or cpio in compressed data, or just one file. */
static int
open_decoded(
    struct parse *parse, enum decoder_kind compression, struct error *err)
{
	const struct archive_limits *limits = &parse->options->limits;
	const struct bytes *head = &parse->decoded.head;
	enum archive_kind kind;

	if (decoder_new(compression, limits->memory,
		source_peek_all(&parse->stored), &parse->decoder, err) != 0)
		return -1;
	parse->result.kind = ARCHIVE_KIND_RAW;
	if (source_peek_begin(&parse->decoded, decoder_source(parse->decoder),
		ARCHIVE_KIND_HEAD_BYTES, err) != 0)
		return -1;
	kind = archive_kind_recognise(head->data, head->length);
	if (kind == ARCHIVE_KIND_TAR || kind == ARCHIVE_KIND_CPIO)
		parse->result.kind = kind;
	else if (archive_kind_claim(parse->options->name) ==
		 ARCHIVE_CLAIM_ARCHIVE)
		return error_set(
		    err, ERROR_INPUT, _("the file is not what its name says"));
	return archive_reader_new(parse->result.kind,
	    source_peek_all(&parse->decoded), parse->raw_name, limits,
	    &parse->reader, err);
}

/*
 * Recognise the file and open a reader; none for what is opaque.  A file that
 * is nothing known, although its name says so, was damaged, or encrypted by
 * somebody who was not asked.
 */
static int
open_reader(struct parse *parse, struct error *err)
{
	const struct bytes *head = &parse->stored.head;
	enum decoder_kind compression;
	struct source stream = {parse, read_stream};

	if (source_peek_begin(
		&parse->stored, stream, ARCHIVE_KIND_HEAD_BYTES, err) != 0)
		return -1;
	compression = decoder_recognise(head->data, head->length);
	if (compression != DECODER_NONE)
		return open_decoded(parse, compression, err);
	parse->result.kind = archive_kind_recognise(head->data, head->length);
	if (archive_kind_is_seeking(parse->result.kind))
		return open_seeking(parse, err);
	if (!archive_kind_is_opaque(parse->result.kind))
		return archive_reader_new(parse->result.kind,
		    source_peek_all(&parse->stored), NULL,
		    &parse->options->limits, &parse->reader, err);
	if (parse->result.kind == ARCHIVE_KIND_UNKNOWN &&
	    archive_kind_claim(parse->options->name) != ARCHIVE_CLAIM_NONE)
		return error_set(
		    err, ERROR_INPUT, _("the file is not what its name says"));
	return 0;
}

static void
judge(struct parse *parse)
{
	if (parse->is_damaged)
		parse->result.state = PARSE_DAMAGED;
	else if (parse->is_partial)
		parse->result.state = PARSE_PARTIAL;
	else if (parse->reader == NULL ||
		 (parse->opaque_members > 0 && parse->digested == 0))
		parse->result.state = PARSE_OPAQUE;
	else if (parse->opaque_members > 0)
		parse->result.state = PARSE_PARTIAL;
	else
		parse->result.state = PARSE_COMPLETE;
}

/*
 * What one member lets read, the whole lets read.  Of what nobody could open
 * for another reason, nothing is known.
 */
static enum parse_encryption
encryption_of(const struct parse *parse)
{
	if (parse->digested > 0)
		return PARSE_ENCRYPTION_NONE;
	if (parse->is_damaged || parse->is_partial)
		return PARSE_ENCRYPTION_UNKNOWN;
	if (parse->opaque_members > 0)
		return PARSE_ENCRYPTION_ARCHIVE;
	return archive_kind_is_encrypted(parse->result.kind)
		   ? PARSE_ENCRYPTION_FILE
		   : PARSE_ENCRYPTION_UNKNOWN;
}

/* Nothing was unpacked: what the file itself looks like. */
static void
look_at_file(struct parse *parse)
{
	const char *name = parse->options->name;

	sample_begin(&parse->sample, 0);
	sample_take(
	    &parse->sample, parse->stored.head.data, parse->stored.head.length);
	(void)look_at(
	    &parse->result.survey, name, strlen(name), &parse->sample);
}

/* A file that is no archive says something of itself perhaps. */
static int
inspect_file(struct parse *parse, struct error *err)
{
	struct contents *contents = parse->options->contents;
	struct source all = source_peek_all(&parse->stored);
	const uint8_t *data;
	size_t length;
	int more;

	if (contents == NULL)
		return 0;
	if (contents_begin(contents, parse->options->name, err) != 0)
		return -1;
	while ((more = all.read(all.context, &data, &length, err)) == 1)
		if (contents_push(contents, data, length, err) != 0)
			return -1;
	return more < 0 ? -1
			: contents_end(contents,
			      parse->received == parse->file_size, err);
}

static int
run(struct parse *parse, struct error *err)
{
	struct error why = {0};

	if (open_reader(parse, &why) != 0) {
		if (parse_report_stop(parse, NULL, &why, err) != 0)
			return -1;
	} else if (parse->reader == NULL && inspect_file(parse, err) != 0) {
		return -1;
	} else if (parse->reader != NULL &&
		   (run_members(parse, err) != 0 ||
		       write_manifest(parse, err) != 0)) {
		return -1;
	}
	judge(parse);
	parse->result.encryption = encryption_of(parse);
	if (parse->reader == NULL)
		look_at_file(parse);
	if (parse->opaque_members > 0 || parse->result.state == PARSE_OPAQUE)
		return parse_report(parse, FINDING_ARCHIVE_OPAQUE, NULL, err);
	return 0;
}

int
parse_run(const struct parse_options *options, struct parse_result *ret_result,
    struct error *err)
{
	struct parse *parse = calloc(1, sizeof(*parse));
	struct stat st;
	int rc = -1;

	if (parse != NULL)
		parse->buffer = malloc(STREAM_BYTES);
	if (parse == NULL || parse->buffer == NULL) {
		free(parse);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	parse->options = options;
	if (fstat(options->file_fd, &st) != 0) {
		(void)error_set_errno(
		    err, errno, _("cannot look at the archive"));
		goto out;
	}
	parse->file_size = (uint64_t)st.st_size;
	parse->raw_name =
	    strndup(options->name, archive_kind_stem(options->name));
	if (parse->raw_name == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	if (members_new(options->spill_fd, &parse->members, err) != 0 ||
	    run(parse, err) != 0)
		goto out;
	*ret_result = parse->result;
	rc = 0;
out:
	close_stream(parse);
	archive_reader_free(parse->reader);
	source_peek_done(&parse->decoded);
	decoder_free(parse->decoder);
	source_peek_done(&parse->stored);
	members_free(parse->members);
	bytes_done(&parse->path);
	bytes_done(&parse->target);
	free(parse->raw_name);
	free(parse->buffer);
	free(parse);
	return rc;
}
