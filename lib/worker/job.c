#include "lib/worker/job.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/wire.h"
#include "lib/worker/field.h"

#define JOB_FRAME 1
#define RANGES_FRAME 2

const char *
job_role(enum job_kind kind)
{
	switch (kind) {
	case JOB_PARSE:
	case JOB_LISTS:
	case JOB_LOOK:
	case JOB_DRIFT:
	case JOB_INSPECT:
		return "parser";
	case JOB_EXTRACT:
	case JOB_CLEAR:
	case JOB_SCRATCH:
		return "restorer";
	case JOB_PROGRAM:
		return "runner";
	case JOB_WITNESS:
		return "witness";
	case JOB_SCAN:
	case JOB_CAPTURE:
	case JOB_VERIFY:
	case JOB_FOREIGN:
	case JOB_COMPARE:
	case JOB_DIGEST:
	case JOB_PLAN:
	case JOB_RESTORE:
	case JOB_PROVE:
		break;
	}
	return "reader";
}

bool
job_is_on_medium(enum job_kind kind)
{
	return kind == JOB_SCAN || kind == JOB_CAPTURE || kind == JOB_VERIFY ||
	       kind == JOB_FOREIGN || kind == JOB_RESTORE ||
	       kind == JOB_WITNESS;
}

bool
job_is_about_copy(enum job_kind kind)
{
	return kind == JOB_CAPTURE || kind == JOB_VERIFY ||
	       kind == JOB_FOREIGN || kind == JOB_RESTORE;
}

bool
job_needs_rights(enum job_kind kind)
{
	return job_is_on_medium(kind) || kind == JOB_PROVE;
}

bool
job_is_for_drill_service(enum job_kind kind)
{
	return kind == JOB_SCRATCH || kind == JOB_EXTRACT ||
	       kind == JOB_INSPECT || kind == JOB_PROGRAM || kind == JOB_CLEAR;
}

void
job_init(struct job *job)
{
	memset(job, 0, sizeof(*job));
	for (size_t i = 0; i < JOB_FDS; i++)
		job->fds[i] = -1;
}

void
job_done(struct job *job)
{
	for (size_t i = 0; i < JOB_FDS; i++) {
		if (job->fds[i] >= 0)
			(void)close(job->fds[i]);
		job->fds[i] = -1;
	}
	signature_wipe(job->secret, sizeof(job->secret));
}

static void
put_header(struct bytes *out, const struct manifest_header *header)
{
	field_put_text(out, header->system);
	field_put_text(out, header->generation);
	field_put_text(out, header->medium);
	field_put_text(out, header->source);
	bytes_append_u64(out, header->slice_bytes);
	bytes_append_u8(out, header->is_members);
	bytes_append_u8(out, header->has_strip);
	bytes_append_u32(out, header->strip);
}

static void
put_recorded(struct bytes *out, const struct job_recorded *recorded)
{
	bytes_append_u8(out, recorded->is_known);
	bytes_append(out, recorded->sha256, sizeof(recorded->sha256));
}

static void
put_ranges(struct bytes *out, const struct verify_range *ranges, size_t count)
{
	bytes_append_u32(out, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		bytes_append_u64(out, ranges[i].first);
		bytes_append_u64(out, ranges[i].last);
	}
}

static void
put_verification(struct bytes *out, const struct job *job)
{
	bytes_append_u8(out, job->is_names_only);
	bytes_append_u8(out, job->is_reused);
	bytes_append_u64(out, (uint64_t)job->ahead_ms);
	bytes_append_u64(out, (uint64_t)job->not_before);
	bytes_append_u64(out, (uint64_t)job->recorded_ms);
	bytes_append_u64(out, (uint64_t)job->expires_ms);
	bytes_append_u32(out, (uint32_t)job->key_count);
	for (size_t i = 0; i < job->key_count; i++) {
		bytes_append(out, job->keys[i].key_id, SIGNATURE_KEY_ID_BYTES);
		bytes_append(out, job->keys[i].key, SIGNATURE_PUBLIC_BYTES);
	}
	bytes_append_block(out, job->signature, job->signature_length);
	put_recorded(out, &job->recorded);
	put_ranges(out, job->ranges, job->range_count);
}

static void
put_drill(struct bytes *out, const struct job_drill *drill)
{
	bytes_append_u64(out, drill->drill);
	bytes_append_u32(out, drill->share_ppm);
	bytes_append_u64(out, drill->portion.seed);
	bytes_append_u32(out, drill->portion.threshold);
	bytes_append_u8(out, (uint8_t)drill->task);
	bytes_append_u8(out, drill->is_archive);
	bytes_append_u8(out, drill->has_files_below);
	bytes_append_u64(out, drill->bytes);
	bytes_append_u64(out, drill->entries);
	field_put_text(out, drill->program);
	field_put_text(out, drill->assertions);
	field_put_text(out, drill->generation);
	field_put_text(out, drill->scratch);
	field_put_text(out, drill->state);
	field_put_text(out, drill->run);
	bytes_append_u64(out, (uint64_t)drill->time_ms);
	bytes_append_u64(out, drill->output_bytes);
}

static void
put_witness(struct bytes *out, const struct job_witness *witness)
{
	bytes_append_u8(out, witness->is_write);
	bytes_append_u8(out, witness->has_present);
	bytes_append(out, witness->present, sizeof(witness->present));
	bytes_append_u64(out, witness->from);
}

static void
encode_job(struct bytes *out, const struct job *job)
{
	uint8_t present = 0;

	for (size_t i = 0; i < JOB_FDS; i++)
		if (job->fds[i] >= 0)
			present |= (uint8_t)(1u << i);
	bytes_append_u8(out, (uint8_t)job->kind);
	bytes_append_u8(out, present);
	field_put_text(out, job->medium_path);
	field_put_text(out, job->source_path);
	field_put_text(out, job->uuid);
	field_put_text(out, job->volume);
	bytes_append_u8(out, job->is_mount_point);
	bytes_append_u8(out, (uint8_t)job->sight);
	bytes_append_u8(out, (uint8_t)job->layout);
	field_put_text(out, job->locator);
	bytes_append_block(out, job->ignore, job->ignore_length);
	field_put_text(out, job->marker);
	put_header(out, &job->header);
	bytes_append(out, job->secret, sizeof(job->secret));
	put_verification(out, job);
	put_header(out, &job->other);
	bytes_append_block(
	    out, job->other_signature, job->other_signature_length);
	put_recorded(out, &job->other_recorded);
	bytes_append_u8(out, job->is_inspecting);
	field_put_text(out, job->charset);
	bytes_append_u64(out, job->archive_memory);
	bytes_append_u64(out, job->archive_expand);
	put_drill(out, &job->drill);
	put_witness(out, &job->witness);
	bytes_append_u64(out, job->limits.cpu_seconds);
	bytes_append_u64(out, job->limits.memory_bytes);
	bytes_append_u64(out, job->limits.open_files);
	bytes_append_u64(out, job->limits.file_size_bytes);
	bytes_append_u8(out, job->best_effort);
}

int
job_send(int wire, const struct job *job, struct error *err)
{
	struct bytes out = BYTES_EMPTY;
	struct wire_frame frame = {.type = JOB_FRAME};
	int rc = -1;

	for (size_t i = 0; i < JOB_FDS; i++)
		if (job->fds[i] >= 0)
			frame.fds[frame.fd_count++] = job->fds[i];
	encode_job(&out, job);
	frame.payload = out.data;
	frame.length = out.length;
	if (bytes_check(&out, err) == 0)
		rc = wire_send(wire, &frame, err);
	if (out.data != NULL)
		signature_wipe(out.data, out.length);
	bytes_done(&out);
	return rc;
}

static void
take_header(struct bytes_reader *in, struct manifest_header *header)
{
	field_take_text(in, header->system, sizeof(header->system));
	field_take_text(in, header->generation, sizeof(header->generation));
	field_take_text(in, header->medium, sizeof(header->medium));
	field_take_text(in, header->source, sizeof(header->source));
	header->slice_bytes = bytes_take_u64(in);
	header->is_members = field_take_bool(in);
	header->has_strip = field_take_bool(in);
	header->strip = bytes_take_u32(in);
}

static void
take_recorded(struct bytes_reader *in, struct job_recorded *recorded)
{
	recorded->is_known = field_take_bool(in);
	field_take_fixed(in, recorded->sha256, sizeof(recorded->sha256));
}

static void
take_ranges(struct bytes_reader *in, struct job *job)
{
	job->range_count = field_take_count(in, JOB_RANGES_MAX);
	for (size_t i = 0; i < job->range_count; i++) {
		job->ranges[i].first = bytes_take_u64(in);
		job->ranges[i].last = bytes_take_u64(in);
	}
}

static void
take_verification(struct bytes_reader *in, struct job *job)
{
	job->is_names_only = field_take_bool(in);
	job->is_reused = field_take_bool(in);
	job->ahead_ms = (int64_t)bytes_take_u64(in);
	job->not_before = (int64_t)bytes_take_u64(in);
	job->recorded_ms = (int64_t)bytes_take_u64(in);
	job->expires_ms = (int64_t)bytes_take_u64(in);
	job->key_count = field_take_count(in, JOB_KEYS_MAX);
	for (size_t i = 0; i < job->key_count; i++) {
		field_take_fixed(
		    in, job->keys[i].key_id, SIGNATURE_KEY_ID_BYTES);
		field_take_fixed(in, job->keys[i].key, SIGNATURE_PUBLIC_BYTES);
	}
	job->signature_length =
	    field_take_block(in, job->signature, sizeof(job->signature));
	take_recorded(in, &job->recorded);
	take_ranges(in, job);
}

static void
take_drill(struct bytes_reader *in, struct job_drill *drill)
{
	drill->drill = bytes_take_u64(in);
	drill->share_ppm = bytes_take_u32(in);
	drill->portion.seed = bytes_take_u64(in);
	drill->portion.threshold = bytes_take_u32(in);
	drill->task = (enum job_scratch)field_take_kind(in, JOB_SCRATCHES);
	drill->is_archive = field_take_bool(in);
	drill->has_files_below = field_take_bool(in);
	drill->bytes = bytes_take_u64(in);
	drill->entries = bytes_take_u64(in);
	field_take_text(in, drill->program, sizeof(drill->program));
	field_take_text(in, drill->assertions, sizeof(drill->assertions));
	field_take_text(in, drill->generation, sizeof(drill->generation));
	field_take_text(in, drill->scratch, sizeof(drill->scratch));
	field_take_text(in, drill->state, sizeof(drill->state));
	field_take_text(in, drill->run, sizeof(drill->run));
	drill->time_ms = (int64_t)bytes_take_u64(in);
	drill->output_bytes = bytes_take_u64(in);
}

static void
take_witness(struct bytes_reader *in, struct job_witness *witness)
{
	witness->is_write = field_take_bool(in);
	witness->has_present = field_take_bool(in);
	field_take_fixed(in, witness->present, sizeof(witness->present));
	witness->from = bytes_take_u64(in);
}

/* Returns the mask of the descriptors that should have come. */
static uint8_t
decode_job(struct bytes_reader *in, struct job *job)
{
	uint8_t present;

	job->kind = (enum job_kind)field_take_kind(in, JOB_KINDS);
	present = bytes_take_u8(in);
	field_take_text(in, job->medium_path, sizeof(job->medium_path));
	field_take_text(in, job->source_path, sizeof(job->source_path));
	field_take_text(in, job->uuid, sizeof(job->uuid));
	field_take_text(in, job->volume, sizeof(job->volume));
	job->is_mount_point = field_take_bool(in);
	job->sight = (enum job_sight)field_take_kind(in, JOB_SIGHTS);
	job->layout =
	    (enum config_layout)field_take_kind(in, CONFIG_LAYOUT_TREE + 1);
	field_take_text(in, job->locator, sizeof(job->locator));
	job->ignore_length =
	    field_take_block(in, job->ignore, sizeof(job->ignore));
	field_take_text(in, job->marker, sizeof(job->marker));
	take_header(in, &job->header);
	field_take_fixed(in, job->secret, sizeof(job->secret));
	take_verification(in, job);
	take_header(in, &job->other);
	job->other_signature_length = field_take_block(
	    in, job->other_signature, sizeof(job->other_signature));
	take_recorded(in, &job->other_recorded);
	job->is_inspecting = field_take_bool(in);
	field_take_text(in, job->charset, sizeof(job->charset));
	job->archive_memory = bytes_take_u64(in);
	job->archive_expand = bytes_take_u64(in);
	take_drill(in, &job->drill);
	take_witness(in, &job->witness);
	job->limits.cpu_seconds = bytes_take_u64(in);
	job->limits.memory_bytes = bytes_take_u64(in);
	job->limits.open_files = bytes_take_u64(in);
	job->limits.file_size_bytes = bytes_take_u64(in);
	job->best_effort = field_take_bool(in);
	return present;
}

_Static_assert(JOB_FDS == 8, "a byte has a bit for each");

static int
take_descriptors(struct wire_frame *frame, uint8_t present, struct job *job)
{
	size_t next = 0;

	for (size_t i = 0; i < JOB_FDS; i++) {
		if ((present & (1u << i)) == 0)
			continue;
		job->fds[i] = wire_frame_take(frame, next++);
		if (job->fds[i] < 0)
			return -1;
	}
	return next == frame->fd_count ? 0 : -1;
}

static int
take_job(struct wire_frame *frame, void *context, struct error *err)
{
	struct job *job = context;
	struct bytes_reader in = {frame->payload, frame->length, false};
	uint8_t present = decode_job(&in, job);

	if (frame->type == JOB_FRAME && bytes_is_consumed(&in) &&
	    take_descriptors(frame, present, job) == 0)
		return 0;
	job_done(job);
	return error_set(err, ERROR_PROTOCOL, _("malformed job"));
}

int
job_receive(int wire, struct job *ret_job, struct error *err)
{
	job_init(ret_job);
	return field_receive(wire, JOB_FDS, take_job, ret_job, err);
}

int
job_send_ranges(int wire, const struct verify_range *ranges, size_t count,
    struct error *err)
{
	struct bytes out = BYTES_EMPTY;

	put_ranges(&out, ranges, count);
	return field_send(wire, RANGES_FRAME, &out, err);
}

static int
take_further(struct wire_frame *frame, void *context, struct error *err)
{
	struct bytes_reader in = {frame->payload, frame->length, false};

	take_ranges(&in, context);
	if (frame->type == RANGES_FRAME && bytes_is_consumed(&in))
		return 0;
	return error_set(err, ERROR_PROTOCOL, _("malformed job"));
}

int
job_receive_ranges(int wire, struct job *job, struct error *err)
{
	return field_receive(wire, 0, take_further, job, err);
}

int
job_peek(int wire, enum job_kind *ret_kind, struct error *err)
{
	uint8_t head[WIRE_HEADER_BYTES + 1];
	ssize_t got;

	do
		got = recv(wire, head, sizeof(head), MSG_PEEK);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_set_errno(err, errno, _("cannot receive a job"));
	if (got == 0)
		return error_set(err, ERROR_PROTOCOL, _("no job came"));
	if (got != (ssize_t)sizeof(head) ||
	    head[WIRE_HEADER_BYTES] >= JOB_KINDS)
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	*ret_kind = (enum job_kind)head[WIRE_HEADER_BYTES];
	return 0;
}
