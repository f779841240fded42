/*
 * survey: what a look at the content of a copy counted.
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

#endif
