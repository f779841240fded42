#include "lib/examine/look.h"

#include "lib/examine/ransom_note.h"
#include "lib/format/entropy.h"
#include "lib/format/magic.h"

/*
 * The format of all parts: text whose middle is none was begun as text, and is
 * no more.  UTF-16 is not looked at further.
 */
static enum magic
recognise(const struct sample *sample)
{
	size_t head_length, later_length;
	const uint8_t *head = sample_part(sample, SAMPLE_HEAD, &head_length);
	const uint8_t *later = sample_part(sample, SAMPLE_LATER, &later_length);
	enum magic magic =
	    magic_recognise(head, head_length, later, later_length);

	if (!magic_is_text(magic) || !magic_text_is(head, head_length, false))
		return magic;
	for (int part = SAMPLE_LATER; part < SAMPLE_PARTS; part++) {
		size_t length;
		const uint8_t *data =
		    sample_part(sample, (enum sample_part)part, &length);

		if (length > 0 && !magic_text_is(data, length, true))
			return MAGIC_UNKNOWN;
	}
	return magic;
}

static bool
is_noisy(const struct sample *sample)
{
	struct entropy entropy = {.total = 0};

	for (int part = 0; part < SAMPLE_PARTS; part++) {
		size_t length;
		const uint8_t *data =
		    sample_part(sample, (enum sample_part)part, &length);

		entropy_add(&entropy, data, length);
	}
	return entropy_is_high(&entropy);
}

void
look_at(struct survey *survey, const char *name, size_t length,
    const struct sample *sample)
{
	struct magic_claim claim = magic_claim_of(name, length);
	enum magic magic;

	survey->notes += ransom_note_is_name(name, length);
	if (sample->lengths[SAMPLE_HEAD] == 0)
		return;
	survey->files++;
	for (int part = 0; part < SAMPLE_PARTS; part++)
		survey->bytes += sample->lengths[part];
	magic = recognise(sample);
	survey->claimed += claim.is_strict;
	survey->mismatched += claim.is_strict && !magic_fits(claim, magic);
	/* Sealed by a program that the name does not tell of is noise to us. */
	if (magic_is_sealed(magic) && !magic_fits(claim, magic))
		survey->noisy++;
	else if (magic != MAGIC_UNKNOWN)
		survey->known++;
	else
		survey->noisy += is_noisy(sample);
}
