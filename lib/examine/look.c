#include "lib/examine/look.h"

#include "lib/examine/beside.h"
#include "lib/examine/ransom_note.h"
#include "lib/format/entropy.h"
#include "lib/format/magic.h"
#include "lib/format/seal.h"

/* Parts that hints look at; the tail is for those who know where to look. */
#define HINT_PARTS SAMPLE_TAIL

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
	for (int part = SAMPLE_LATER; part < HINT_PARTS; part++) {
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

	for (int part = 0; part < HINT_PARTS; part++) {
		size_t length;
		const uint8_t *data =
		    sample_part(sample, (enum sample_part)part, &length);

		entropy_add(&entropy, data, length);
	}
	return entropy_is_high(&entropy);
}

/*
 * Of no format, and like noise or too small to say: it may be encrypted by what
 * leaves no mark.  So may what can be encrypted, and does not show it here.
 */
static bool
is_unclear(enum magic magic, bool is_noisy, uint64_t bytes)
{
	return magic_is_sealed(magic) || magic == MAGIC_RAR ||
	       (magic == MAGIC_UNKNOWN &&
		   (is_noisy || bytes < ENTROPY_BYTES_MIN));
}

static enum sealing_kind
kind_of(const char *name, size_t length, const struct sample *sample,
    bool is_unclear)
{
	struct seal_view view = {.size = sample->size};
	enum seal seal;

	view.head = sample_part(sample, SAMPLE_HEAD, &view.head_length);
	view.tail = sample_part(sample, SAMPLE_TAIL, &view.tail_length);
	seal = seal_recognise(&view);
	if (seal == SEAL_WHOLE)
		return SEALING_SEALED;
	if (beside_is(name, length, view.head, view.head_length, view.size))
		return SEALING_ASIDE;
	return seal == SEAL_UNCLEAR || is_unclear ? SEALING_UNCLEAR
						  : SEALING_READABLE;
}

enum sealing_kind
look_at(struct survey *survey, const char *name, size_t length,
    const struct sample *sample)
{
	struct magic_claim claim = magic_claim_of(name, length);
	enum sealing_kind kind = SEALING_ASIDE;
	bool noisy = false;
	uint64_t bytes = 0;
	enum magic magic;

	survey->notes += ransom_note_is_name(name, length);
	if (sample->lengths[SAMPLE_HEAD] == 0) {
		sealing_count(&survey->sealing, kind, 1);
		return kind;
	}
	survey->files++;
	for (int part = 0; part < HINT_PARTS; part++)
		bytes += sample->lengths[part];
	survey->bytes += bytes;
	magic = recognise(sample);
	survey->claimed += claim.is_strict;
	survey->mismatched += claim.is_strict && !magic_fits(claim, magic);
	if (magic == MAGIC_UNKNOWN)
		noisy = is_noisy(sample);
	/* Sealed by a program that the name does not tell of is noise to us. */
	if (magic_is_sealed(magic) && !magic_fits(claim, magic))
		survey->noisy++;
	else if (magic != MAGIC_UNKNOWN)
		survey->known++;
	else
		survey->noisy += noisy;
	kind = kind_of(name, length, sample, is_unclear(magic, noisy, bytes));
	sealing_count(&survey->sealing, kind, 1);
	return kind;
}
