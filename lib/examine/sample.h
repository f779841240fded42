/*
 * sample: some bytes of a file, kept while all of them pass.
 *
 * Layer 4.  Uses: nothing.
 *
 * The beginning, a block where a disc image says what it is, and one from the
 * middle of larger files, since who encrypts in a hurry encrypts in parts; and
 * the end, where some archives say what is in them.
 * Bytes only: what they are is for a parser to say.
 */
#ifndef HIKAE_EXAMINE_SAMPLE_H
#define HIKAE_EXAMINE_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

enum sample_part {
	SAMPLE_HEAD,   /* from 0, up to 4 KiB */
	SAMPLE_LATER,  /* from 32 KiB, up to 2 KiB */
	SAMPLE_MIDDLE, /* from the middle, where that lies behind, 2 KiB */
	SAMPLE_TAIL,   /* where the head is not all, the last 1 KiB */
};
#define SAMPLE_PARTS (SAMPLE_TAIL + 1)
#define SAMPLE_BYTES 9216 /* of all parts */

/* In the caller's storage; read the parts with sample_part. */
struct sample {
	uint64_t at;			/* bytes that have passed */
	uint64_t end;			/* nothing is kept from here on */
	uint64_t size;			/* as it was told; 0: not known */
	uint64_t offsets[SAMPLE_PARTS]; /* in the file */
	size_t lengths[SAMPLE_PARTS];	/* so far */
	uint8_t bytes[SAMPLE_BYTES];
};

/* size: the file's, as far as it is known; else 0, and there is no middle and
 * no tail. */
void sample_begin(struct sample *sample, uint64_t size);

/* The next bytes of the file; where data is NULL, zeros. */
void sample_take(struct sample *sample, const uint8_t *data, size_t length);

/* One part as it is now. */
const uint8_t *sample_part(
    const struct sample *sample, enum sample_part part, size_t *ret_length);

/* Fill a part from elsewhere; -1 where the bytes are too many for it. */
int sample_put(struct sample *sample, enum sample_part part,
    const uint8_t *data, size_t length);

#endif
