#include "lib/examine/capture_known.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/examine/capture_answers.h"

/*
 * Find readings of the whole file: of each of its slices where it is large.
 * The oldest is the file's.  Refuted ones do not count, nor do those from the
 * future: the clock was wrong then (law 8).
 */
static bool
find_readings(struct capture *capture, struct capture_pending *pending)
{
	uint64_t step = capture->options->header.slice_bytes;
	uint64_t size = pending->entry.size;
	struct readings_identity identity = pending->identity;
	int64_t now = clock_wall_ms();
	struct reading reading;

	if (capture->options->readings == NULL)
		return false;
	pending->read_at = INT64_MAX;
	do {
		identity.from = identity.end;
		identity.end =
		    size - identity.from < step ? size : identity.from + step;
		if (!readings_find(
			capture->options->readings, &identity, &reading) ||
		    reading.state == READING_REFUTED || reading.read_at > now)
			return false;
		if (reading.read_at < pending->read_at)
			pending->read_at = reading.read_at;
	} while (identity.end < size);
	pending->kind = reading.kind;
	memcpy(pending->entry.digest, reading.digest, DIGEST_SHA256_BYTES);
	return true;
}

void
capture_known_keep(struct capture *capture, struct capture_pending *pending,
    uint64_t end, const uint8_t value[DIGEST_SHA256_BYTES])
{
	uint64_t step = capture->options->header.slice_bytes;
	struct readings_identity identity = pending->identity;
	struct reading reading = {.read_at = clock_wall_ms()}, old;
	bool is_last = end == pending->entry.size;

	if (capture->options->readings == NULL)
		return;
	identity.from = end > 0 ? (end - 1) / step * step : 0;
	identity.end = end;
	if (readings_find(capture->options->readings, &identity, &old) &&
	    old.state == READING_REFUTED &&
	    memcmp(old.digest, value, DIGEST_SHA256_BYTES) == 0) {
		reading.state = READING_REFUTED;
		pending->is_refuted = true;
	}
	memcpy(reading.digest, value, DIGEST_SHA256_BYTES);
	if (is_last && pending->is_asked)
		capture_answers_expect(capture, &identity, &reading);
	else
		readings_put(capture->options->readings, &identity, &reading);
}

struct readings_identity
capture_known_last(
    const struct capture *capture, const struct capture_pending *pending)
{
	uint64_t step = capture->options->header.slice_bytes;
	struct readings_identity identity = pending->identity;

	identity.end = pending->entry.size;
	identity.from = identity.end > 0 ? (identity.end - 1) / step * step : 0;
	return identity;
}

int
capture_known_add_boundary(struct capture *capture,
    const struct capture_pending *pending, uint64_t offset,
    const uint8_t state[DIGEST_SHA256_BYTES], struct error *err)
{
	uint64_t step = capture->options->header.slice_bytes;
	struct manifest_start start;

	if (!pending->has_states)
		return manifest_writer_add_boundary(
		    capture->writer, offset, state, err);
	if (manifest_reader_seek(capture->states,
		pending->previous_slice + offset / step, &start, err) != 0)
		return -1;
	if (!start.inside_file || start.offset != offset)
		return error_set(err, ERROR_INPUT,
		    _("the last manifest's slices do not fit"));
	return manifest_writer_add_boundary(
	    capture->writer, offset, start.state, err);
}

int
capture_known_carry_boundaries(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	uint64_t step = capture->options->header.slice_bytes;
	struct readings_identity identity = pending->identity;
	struct reading reading;

	if (capture_known_add_boundary(
		capture, pending, 0, digest_sha256_initial, err) != 0)
		return -1;
	for (uint64_t at = step; at < pending->entry.size; at += step) {
		identity.from = at - step;
		identity.end = at;
		if (!readings_find(
			capture->options->readings, &identity, &reading))
			return error_set(err, ERROR_UNAVAILABLE,
			    _("a reading vanished during the capture"));
		if (capture_known_add_boundary(
			capture, pending, at, reading.digest, err) != 0)
			return -1;
	}
	return 0;
}

bool
capture_known_carry(struct capture *capture, struct capture_pending *pending)
{
	if (!find_readings(capture, pending))
		return false;
	pending->is_carried = !pending->has_previous ||
			      memcmp(pending->entry.digest, pending->previous,
				  DIGEST_SHA256_BYTES) == 0;
	return pending->is_carried;
}

/* The states of a large file stand in slices of the last manifest. */
void
capture_known_find_states(
    const struct capture *capture, struct capture_pending *pending)
{
	uint64_t step = capture->options->header.slice_bytes;

	if (!capture_is_large(capture, pending->entry.size) ||
	    manifest_reader_header(capture->previous)->slice_bytes != step)
		return;
	pending->has_states = true;
	pending->previous_slice = manifest_reader_slice(capture->previous) -
				  (pending->entry.size - 1) / step;
}

int
capture_known_find_previous(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	const struct manifest_entry *old = &capture->previous_entry;
	const struct manifest_entry *new = &pending->entry;
	int order = -1;

	while (capture->has_previous == 1) {
		order = manifest_compare_paths(
		    old->path, old->path_length, new->path, new->path_length);
		if (order >= 0)
			break;
		capture->has_previous = manifest_reader_next(
		    capture->previous, &capture->previous_entry, err);
	}
	if (capture->has_previous < 0)
		return -1;
	if (capture->has_previous == 0 || order != 0 ||
	    old->type != MANIFEST_FILE || !old->has_digest ||
	    old->size != new->size || old->time_seconds != new->time_seconds ||
	    old->time_nanoseconds != new->time_nanoseconds)
		return 0;
	pending->has_previous = true;
	memcpy(pending->previous, old->digest, DIGEST_SHA256_BYTES);
	capture_known_find_states(capture, pending);
	return 0;
}

int
capture_known_settle(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	if (!pending->has_previous || !pending->entry.has_digest ||
	    memcmp(pending->entry.digest, pending->previous,
		DIGEST_SHA256_BYTES) == 0)
		return 0;
	memcpy(pending->entry.digest, pending->previous, DIGEST_SHA256_BYTES);
	capture->result.problems++;
	return capture_entry_report(
	    capture, &pending->entry, FINDING_BIT_ROT, 0, 0, err);
}

int
capture_known_open(struct capture *capture, struct error *err)
{
	int fd = capture->options->previous_fd;

	if (fd < 0)
		return 0;
	capture->previous = manifest_reader_new(fd, err);
	if (capture->previous == NULL)
		return -1;
	capture->has_previous = manifest_reader_next(
	    capture->previous, &capture->previous_entry, err);
	if (capture->has_previous < 0)
		return -1;
	capture->states = manifest_reader_new(fd, err);
	if (capture->states == NULL)
		return -1;
	/* The slices of what is gone can only be as they were. */
	if (capture->is_again)
		capture->own.header.slice_bytes =
		    manifest_reader_header(capture->previous)->slice_bytes;
	return 0;
}
