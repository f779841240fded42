#include "lib/inspect/inside.h"

#include <stdlib.h>
#include <string.h>

#include "lib/format/archive_kind.h"
#include "lib/inspect/inspect_internal.h"

struct inside {
	char *path;
	struct inspect *inspect;
	bool is_recognised; /* its head was looked at */
	bool is_refuted;    /* by its first bytes, what its name says */
	bool is_without_memory;
	enum inspect_format format;
	struct inspect_report refuted;
	uint64_t bytes;
	size_t head_length;
	uint8_t head[INSPECT_HEAD_BYTES];
};

struct inside *
inside_new(const char *path)
{
	struct inside *inside = calloc(1, sizeof(*inside));

	if (inside == NULL)
		return NULL;
	inside->path = strndup(path, archive_kind_stem(path));
	if (inside->path == NULL) {
		free(inside);
		return NULL;
	}
	return inside;
}

void
inside_free(struct inside *inside)
{
	if (inside == NULL)
		return;
	inspect_cancel(inside->inspect);
	free(inside->path);
	free(inside);
}

/* Its first bytes are there: what is it? */
static void
recognise(struct inside *inside)
{
	inside->is_recognised = true;
	if (!inspect_recognise(inside->path, inside->head, inside->head_length,
		&inside->format)) {
		/* ".tgz" promises what it is, and that is outside. */
		inside->is_refuted =
		    inspect_refute(inside->path, inside->head,
			inside->head_length, &inside->refuted) &&
		    inside->refuted.format != INSPECT_STREAM;
		return;
	}
	if (inside->format == INSPECT_STREAM)
		return;
	inside->inspect = inspect_begin(inside->format, inside->path);
	inside->is_without_memory = inside->inspect == NULL;
	if (inside->inspect != NULL)
		inspect_push(
		    inside->inspect, inside->head, inside->head_length);
}

void
inside_push(struct inside *inside, const uint8_t *data, size_t length)
{
	size_t taken = INSPECT_HEAD_BYTES - inside->head_length;

	inside->bytes += length;
	if (!inside->is_recognised) {
		if (taken > length)
			taken = length;
		memcpy(inside->head + inside->head_length, data, taken);
		inside->head_length += taken;
		if (inside->head_length < INSPECT_HEAD_BYTES)
			return;
		recognise(inside);
		data += taken;
		length -= taken;
	}
	if (inside->inspect != NULL)
		inspect_push(inside->inspect, data, length);
}

bool
inside_conclude(struct inside *inside, struct inspect_report *ret_report)
{
	bool is_naming;

	if (!inside->is_recognised)
		recognise(inside);
	if (inside->is_refuted) {
		*ret_report = inside->refuted;
		ret_report->bytes = inside->bytes;
		return true;
	}
	if (inside->is_without_memory) {
		*ret_report = (struct inspect_report){.format = inside->format};
		inspect_report_add(ret_report,
		    (struct inspect_finding){.code = INSPECT_TOO_LARGE,
			.severity = INSPECT_UNDETERMINED});
		return true;
	}
	if (inside->inspect == NULL)
		return false;
	is_naming = inside->inspect->is_naming;
	inspect_end(inside->inspect, ret_report);
	inside->inspect = NULL;
	if (is_naming)
		inspect_report_add(ret_report,
		    (struct inspect_finding){.code = INSPECT_NOT_READ,
			.severity = INSPECT_UNDETERMINED});
	return true;
}
