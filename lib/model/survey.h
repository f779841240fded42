/*
 * survey: what a look at the content of a copy counted, and how far it is from
 * an earlier one.
 *
 * Layer 3.  Uses: model/sealing.  Data only.
 *
 * Numbers, and never a name: they stand in the journal (FORMATS section 4).
 * What follows from them is judge/suspicion's to say.
 */
#ifndef HIKAE_MODEL_SURVEY_H
#define HIKAE_MODEL_SURVEY_H

#include <stdint.h>

#include "lib/model/sealing.h"

/* Of regular files; of an archive, of its members. */
struct survey {
	uint64_t files;	     /* looked at, empty ones left out */
	uint64_t carried;    /* not read in this pass, so not looked at */
	uint64_t bytes;	     /* looked at: beginnings and samples */
	uint64_t known;	     /* of a format that is recognised */
	uint64_t claimed;    /* whose names say what they are */
	uint64_t mismatched; /* of those, that are something else */
	uint64_t noisy;	     /* of no format, and like noise */
	uint64_t notes;	     /* named as notes of blackmailers are */
	/* Empty files too; what is unseen is for others to know. */
	struct sealing sealing;
};

/* A manifest against an earlier one; links count as files. */
struct drift {
	uint64_t before; /* files of the earlier one */
	uint64_t same;
	uint64_t changed;  /* other content under the same path */
	uint64_t vanished; /* in the earlier one only */
	uint64_t appeared; /* in the later one only */
	uint64_t extended; /* of the appeared: a vanished path and an ending
			      that is no usual one */
};

/*
 * Files of a living tree that an earlier manifest has, rested and with their
 * content, and that are not as they may be (examine/loss): each in one count.
 */
struct loss {
	uint64_t gone;	  /* with its content, which stands nowhere else */
	uint64_t emptied; /* hardly anything is left of it */
	uint64_t older;	  /* other content, of no later time */
	uint64_t expired; /* gone, as the source's retention lets it */
};

/* Those that are a loss.  Each count is below 2^53. */
static inline uint64_t
loss_files(const struct loss *loss)
{
	return loss->gone + loss->emptied + loss->older;
}

#endif
