#include "lib/examine/sample.h"

#include <string.h>

#define LATER_OFFSET 32768
/* Middles lie on such boundaries, as blocks do that are encrypted whole. */
#define MIDDLE_STEP 4096

/* Where a part's bytes stand in `bytes`, and how many there may be. */
static const struct {
	size_t at, room;
} rooms[SAMPLE_PARTS] = {
    [SAMPLE_HEAD] = {0, 4096},
    [SAMPLE_LATER] = {4096, 2048},
    [SAMPLE_MIDDLE] = {6144, 2048},
    [SAMPLE_TAIL] = {8192, 1024},
};

void
sample_begin(struct sample *sample, uint64_t size)
{
	uint64_t middle = size / 2 / MIDDLE_STEP * MIDDLE_STEP;

	sample->at = 0;
	sample->size = size;
	memset(sample->lengths, 0, sizeof(sample->lengths));
	sample->offsets[SAMPLE_HEAD] = 0;
	sample->offsets[SAMPLE_LATER] = LATER_OFFSET;
	sample->end = LATER_OFFSET + rooms[SAMPLE_LATER].room;
	sample->offsets[SAMPLE_MIDDLE] = UINT64_MAX;
	if (middle >= sample->end) {
		sample->offsets[SAMPLE_MIDDLE] = middle;
		sample->end = middle + rooms[SAMPLE_MIDDLE].room;
	}
	sample->offsets[SAMPLE_TAIL] = UINT64_MAX;
	if (size > rooms[SAMPLE_HEAD].room) {
		sample->offsets[SAMPLE_TAIL] = size - rooms[SAMPLE_TAIL].room;
		sample->end = size;
	}
}

/* What of the bytes at `at` belongs into the part. */
static void
take_part(struct sample *sample, enum sample_part part, const uint8_t *data,
    size_t length)
{
	uint64_t offset = sample->offsets[part], skip;
	size_t kept = sample->lengths[part], wanted;
	uint8_t *to = sample->bytes + rooms[part].at + kept;

	/* The next byte that is wanted is not among these. */
	if (offset == UINT64_MAX || offset + kept < sample->at ||
	    offset + kept - sample->at >= length)
		return;
	skip = offset + kept - sample->at;
	wanted = rooms[part].room - kept;
	if (wanted > length - skip)
		wanted = length - (size_t)skip;
	if (data != NULL)
		memcpy(to, data + skip, wanted);
	else
		memset(to, 0, wanted);
	sample->lengths[part] = kept + wanted;
}

void
sample_take(struct sample *sample, const uint8_t *data, size_t length)
{
	if (sample->at < sample->end)
		for (int part = 0; part < SAMPLE_PARTS; part++)
			take_part(sample, (enum sample_part)part, data, length);
	sample->at += length;
}

const uint8_t *
sample_part(
    const struct sample *sample, enum sample_part part, size_t *ret_length)
{
	*ret_length = sample->lengths[part];
	return sample->bytes + rooms[part].at;
}

int
sample_put(struct sample *sample, enum sample_part part, const uint8_t *data,
    size_t length)
{
	if (length > rooms[part].room)
		return -1;
	if (length > 0)
		memcpy(sample->bytes + rooms[part].at, data, length);
	sample->lengths[part] = length;
	return 0;
}
