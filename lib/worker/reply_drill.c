/* What children tell of a drill. */
#include <string.h>

#include "lib/worker/field.h"
#include "lib/worker/reply_internal.h"

/* Numbers that are put and taken one after the other. */
static void
put_all(struct bytes *out, const uint64_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bytes_append_u64(out, values[i]);
}

static void
take_all(struct bytes_reader *in, uint64_t *const *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*values[i] = field_take_tally(in);
}
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void
put_planned(struct bytes *out, const struct reply *reply)
{
	const struct portion_plan *plan = &reply->planned;
	const uint64_t values[] = {plan->files, plan->bytes, plan->entries,
	    plan->files_total, plan->bytes_total};

	bytes_append_u32(out, plan->threshold);
	put_all(out, values, COUNT(values));
}

static void
take_planned(struct bytes_reader *in, struct reply *reply)
{
	struct portion_plan *plan = &reply->planned;
	uint64_t *const values[] = {&plan->files, &plan->bytes, &plan->entries,
	    &plan->files_total, &plan->bytes_total};

	plan->threshold = (uint32_t)field_take_count(in, PORTION_BUCKETS);
	take_all(in, values, COUNT(values));
	if (plan->files > plan->files_total || plan->bytes > plan->bytes_total)
		in->failed = true;
}

static void
put_sent(struct bytes *out, const struct reply *reply)
{
	const struct restore_stream_result *result = &reply->sent.result;
	const uint64_t values[] = {
	    result->files, result->bytes, result->differing, result->unread};

	put_all(out, values, COUNT(values));
	bytes_append_u8(out, result->is_cut);
	bytes_append_u8(out, (uint8_t)reply->sent.mode);
}

static void
take_sent(struct bytes_reader *in, struct reply *reply)
{
	struct restore_stream_result *result = &reply->sent.result;
	uint64_t *const values[] = {&result->files, &result->bytes,
	    &result->differing, &result->unread};

	take_all(in, values, COUNT(values));
	result->is_cut = field_take_bool(in);
	reply->sent.mode = (enum reply_mode)field_take_kind(in, REPLY_MODES);
}

static void
put_restored(struct bytes *out, const struct reply *reply)
{
	const struct restore_counts *counts = &reply->restored.counts;
	const uint64_t values[] = {counts->files, counts->folders,
	    counts->links, counts->bytes, counts->refused_links,
	    counts->refused_special, counts->refused_paths, counts->twice,
	    counts->failed, counts->unresolved, counts->left_out};

	put_all(out, values, COUNT(values));
	bytes_append_u8(out, reply->restored.is_whole);
	bytes_append_u8(out, reply->restored.is_archive);
	bytes_append_u8(out, (uint8_t)reply->restored.state);
}

static void
take_restored(struct bytes_reader *in, struct reply *reply)
{
	struct restore_counts *counts = &reply->restored.counts;
	uint64_t *const values[] = {&counts->files, &counts->folders,
	    &counts->links, &counts->bytes, &counts->refused_links,
	    &counts->refused_special, &counts->refused_paths, &counts->twice,
	    &counts->failed, &counts->unresolved, &counts->left_out};

	take_all(in, values, COUNT(values));
	reply->restored.is_whole = field_take_bool(in);
	reply->restored.is_archive = field_take_bool(in);
	reply->restored.state =
	    (enum parse_state)field_take_kind(in, PARSE_STATES);
}

static void
put_inspected(struct bytes *out, const struct reply *reply)
{
	const struct contents_result *result = &reply->inspected;

	bytes_append_u8(out, (uint8_t)result->format);
	bytes_append_u64(out, result->files);
	bytes_append_u64(out, result->bytes);
	put_all(out, result->severities, COUNT(result->severities));
	bytes_append_u8(out, result->has_code);
	bytes_append_u8(out, (uint8_t)result->code);
	bytes_append_u32(out, (uint32_t)result->count_count);
	for (size_t i = 0; i < result->count_count; i++) {
		const struct inspect_count *count = &result->counts[i];

		/* With its NUL, so that it is a text where it is taken. */
		bytes_append_block(out, count->name, strlen(count->name) + 1);
		bytes_append_u64(out, count->value);
	}
	bytes_append_u32(out, (uint32_t)result->sample_count);
	for (size_t i = 0; i < result->sample_count; i++)
		field_put_text(out, result->samples[i]);
	bytes_append_u64(out, result->skipped);
}

/* A short name of small letters, digits and '_', with its NUL. */
static const char *
take_count_name(struct bytes_reader *in)
{
	size_t length;
	const uint8_t *name = bytes_take_block(in, &length);

	if (name == NULL || length < 2 || length > 33 ||
	    name[length - 1] != '\0' ||
	    strspn((const char *)name,
		"abcdefghijklmnopqrstuvwxyz0123456789_") != length - 1) {
		in->failed = true;
		return "";
	}
	return (const char *)name;
}

/* Printable ASCII, something of it. */
static void
take_sample(struct bytes_reader *in, char sample[INSPECT_SAMPLE_BYTES])
{
	field_take_text(in, sample, INSPECT_SAMPLE_BYTES);
	if (sample[0] == '\0')
		in->failed = true;
	for (const char *p = sample; *p != '\0'; p++)
		if (*p < 0x20 || *p >= 0x7f)
			in->failed = true;
}

static void
take_inspected(struct bytes_reader *in, struct reply *reply)
{
	struct contents_result *result = &reply->inspected;
	uint64_t sum = 0;

	result->format = field_take_kind(in, INSPECT_FORMATS + 1);
	result->files = field_take_tally(in);
	result->bytes = field_take_tally(in);
	for (size_t i = 0; i < COUNT(result->severities); i++) {
		result->severities[i] = field_take_tally(in);
		sum += result->severities[i];
	}
	if (result->format < INSPECT_FORMATS && sum != result->files)
		in->failed = true;
	result->has_code = field_take_bool(in);
	result->code = (enum inspect_code)field_take_kind(in, INSPECT_CODES);
	result->count_count = field_take_count(in, INSPECT_COUNTS_MAX);
	for (size_t i = 0; i < result->count_count; i++) {
		result->counts[i].name = take_count_name(in);
		result->counts[i].value = field_take_tally(in);
	}
	result->sample_count = field_take_count(in, INSPECT_SAMPLES_MAX);
	for (size_t i = 0; i < result->sample_count; i++)
		take_sample(in, result->samples[i]);
	result->skipped = field_take_tally(in);
}

static void
put_proved(struct bytes *out, const struct reply *reply)
{
	const struct prove_result *result = &reply->proved;
	const uint64_t values[] = {result->files, result->bytes,
	    result->differing, result->missing, result->missing_links,
	    result->extra, result->unproved};

	put_all(out, values, COUNT(values));
}

static void
take_proved(struct bytes_reader *in, struct reply *reply)
{
	struct prove_result *result = &reply->proved;
	uint64_t *const values[] = {&result->files, &result->bytes,
	    &result->differing, &result->missing, &result->missing_links,
	    &result->extra, &result->unproved};

	take_all(in, values, COUNT(values));
}

static void
put_program(struct bytes *out, const struct reply *reply)
{
	const struct reply_program *program = &reply->program;

	bytes_append_u8(out, (uint8_t)program->end);
	bytes_append_u32(out, (uint32_t)program->status);
	bytes_append_u64(out, (uint64_t)program->took_ms);
	bytes_append_u64(out, program->output_bytes);
	bytes_append_u8(out, program->has_namespaces);
	bytes_append_u8(out, program->has_landlock);
	bytes_append_u8(out, program->has_seccomp);
	bytes_append_block(out, program->result, program->result_length);
}

static void
take_program(struct bytes_reader *in, struct reply *reply)
{
	struct reply_program *program = &reply->program;

	program->end =
	    (enum reply_program_end)field_take_kind(in, REPLY_PROGRAM_ENDS);
	program->status = (int)field_take_count(in, 4095);
	program->took_ms = (int64_t)field_take_tally(in);
	program->output_bytes = field_take_tally(in);
	program->has_namespaces = field_take_bool(in);
	program->has_landlock = field_take_bool(in);
	program->has_seccomp = field_take_bool(in);
	program->result =
	    (const char *)bytes_take_block(in, &program->result_length);
	if (program->result_length > REPLY_RESULT_BYTES)
		in->failed = true;
}

/* Its descriptor goes beside it. */
static void
put_scratch(struct bytes *out, const struct reply *reply)
{
	bytes_append_u64(out, reply->scratch.free_bytes);
}

static void
take_scratch(struct bytes_reader *in, struct reply *reply)
{
	reply->scratch.free_bytes = bytes_take_u64(in);
	reply->scratch.fd = -1;
}

const char *
reply_drill_end_name(enum reply_program_end end)
{
	static const char *const names[REPLY_PROGRAM_ENDS] = {
	    [REPLY_PROGRAM_EXITED] = "exited",
	    [REPLY_PROGRAM_SIGNALLED] = "signalled",
	    [REPLY_PROGRAM_TIME] = "time-limit",
	    [REPLY_PROGRAM_OUTPUT] = "output-limit",
	    [REPLY_PROGRAM_SPACE] = "no-space",
	    [REPLY_PROGRAM_NOT_RUN] = "not-run",
	};

	return names[end];
}

const struct reply_codec *
reply_drill_codec(enum reply_kind kind)
{
	static const struct reply_codec codecs[] = {
	    [REPLY_PLANNED] = {put_planned, take_planned},
	    [REPLY_SENT] = {put_sent, take_sent},
	    [REPLY_RESTORED] = {put_restored, take_restored},
	    [REPLY_INSPECTED] = {put_inspected, take_inspected},
	    [REPLY_PROVED] = {put_proved, take_proved},
	    [REPLY_PROGRAM] = {put_program, take_program},
	    [REPLY_SCRATCH] = {put_scratch, take_scratch},
	};

	if (kind >= COUNT(codecs) || codecs[kind].put == NULL)
		return NULL;
	return &codecs[kind];
}
