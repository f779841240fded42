/*
 * sealing: how many files of a copy are encrypted, by their own forms.
 *
 * Layer 3.  Uses: nothing.
 *
 * Numbers, and never a name: they stand in the journal (FORMATS section 4).
 */
#ifndef HIKAE_MODEL_SEALING_H
#define HIKAE_MODEL_SEALING_H

#include <stdint.h>

/* What one file is. */
enum sealing_kind {
	SEALING_UNSEEN,
	SEALING_SEALED,
	SEALING_READABLE,
	SEALING_ASIDE,
	SEALING_UNCLEAR,
};
#define SEALING_KINDS (SEALING_UNCLEAR + 1)

/* Of regular files; of an archive, of its members.  Each is in one of these. */
struct sealing {
	uint64_t sealed;  /* all of its content is encrypted (format/seal) */
	uint64_t plain;	  /* something in it can be read by anybody */
	uint64_t aside;	  /* empty, a list of checksums, a signature */
	uint64_t unclear; /* of no known format, or one that does not tell */
	uint64_t unseen;  /* not looked at */
};

enum sealing_state {
	SEALING_UNKNOWN, /* what is not known may be plain, or there is nothing
			  */
	SEALING_PLAIN,	 /* no file is encrypted */
	SEALING_PARTLY,	 /* some are, and some are not: not encrypted */
	SEALING_WHOLE,	 /* all are, but those aside */
};

enum sealing_state sealing_state(const struct sealing *sealing);

/* A word for programs: "whole". */
const char *sealing_state_name(enum sealing_state state);

/* Count files of a kind. */
void sealing_count(
    struct sealing *sealing, enum sealing_kind kind, uint64_t files);

/* All files. */
uint64_t sealing_files(const struct sealing *sealing);

#endif
