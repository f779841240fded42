/*
 * entry: the types of journal entries, and the form of each.
 *
 * Layer 5, internal to store.  Uses: format/json.
 *
 * A member that its type does not list is refused, and every text is of a
 * narrow form: a path, a file name or a patient's name cannot get into the
 * journal.  FORMATS section 4.1 is this table in words.
 */
#ifndef HIKAE_STORE_ENTRY_H
#define HIKAE_STORE_ENTRY_H

#include "lib/format/json.h"

enum entry_type {
	ENTRY_ORIGIN,
	ENTRY_KEY,
	ENTRY_START,
	ENTRY_STOP,
	ENTRY_CONFIG,
	ENTRY_SCAN,
	ENTRY_SEEN,
	ENTRY_CAPTURED,
	ENTRY_SLICE,
	ENTRY_RUN_BEGIN,
	ENTRY_RUN_END,
	ENTRY_FINDING_OPEN,
	ENTRY_FINDING_AGAIN,
	ENTRY_FINDING_CLOSE,
	ENTRY_COPY_MISSING,
	ENTRY_COPY_RETURNED,
	ENTRY_COPY_EXPIRED,
	ENTRY_MATCH,
	ENTRY_CLOCK_BACK,
	ENTRY_CLOCK_AHEAD,
	ENTRY_LOST,
	ENTRY_MEDIUM_STATE,
	ENTRY_MEDIUM_CHECKOUT,
	ENTRY_MEDIUM_CHECKIN,
	ENTRY_MEDIUM_RETIRED,
	ENTRY_MEDIUM_RECORD,
	ENTRY_MEDIUM_WITNESS,
	ENTRY_MEDIUM_PROTECTION,
	ENTRY_MEDIUM_MOUNT,
	ENTRY_COPY_TRAIT,
	ENTRY_CONTENT,
	ENTRY_ATTESTATION_MADE,
	ENTRY_ATTESTATION_WITHDRAWN,
	ENTRY_PREFLIGHT,
	ENTRY_EXPORTED,
	ENTRY_ACKNOWLEDGED,
	ENTRY_SELF_CHECK,
	ENTRY_DRILL_BEGIN,
	ENTRY_DRILL_CHECK,
	ENTRY_DRILL_END,
	ENTRY_DRILL_SIGNED,
	ENTRY_DRILL_IMPROVED,
};
#define ENTRY_TYPES (ENTRY_DRILL_IMPROVED + 1)

/* The form of a member's value. */
enum entry_form {
	ENTRY_COUNT,	  /* 0 to 2^53 - 1 */
	ENTRY_INTEGER,	  /* +-(2^53 - 1) */
	ENTRY_SEQ,	  /* of an earlier entry */
	ENTRY_WORD,	  /* [a-z][a-z0-9-]{0,63} */
	ENTRY_ONE_OF,	  /* a word of the list */
	ENTRY_ID,	  /* [a-z][a-z0-9-]{0,31}: system, medium, source */
	ENTRY_GENERATION, /* FORMATS section 1 */
	ENTRY_DIGEST,	  /* 64 lower-case hexadecimal digits */
	ENTRY_KEY_LINE,	  /* a bare minisign public key: 56 of base64 */
	ENTRY_NAME,	  /* what people named, or wrote: see entry.c */
	ENTRY_DETAIL,	  /* an object of integers, booleans and words */
	ENTRY_OBJECT,	  /* of the listed members */
	ENTRY_OBJECTS,	  /* an array of such */
	ENTRY_SEQS,	  /* an array of seqs, at least two, ascending */
	ENTRY_SLICES,	  /* an array of four counts each, at least one */
	ENTRY_FLAG,	  /* true or false */
	ENTRY_TEXT,	  /* lines that people wrote: see entry.c */
};

struct entry_member {
	const char *name;
	enum entry_form form;
	bool is_optional;
	const char *words; /* ENTRY_ONE_OF: separated by one space */
	const struct entry_member *members; /* ended by a NULL name */
};

struct entry_form_of_type {
	const char *type;
	const char *event; /* NULL where the type has none */
	const struct entry_member *members;
};

extern const struct entry_form_of_type entry_forms[ENTRY_TYPES];

/*
 * Check a whole entry, with v, at and type, that is to stand (or stands) at
 * seq.  ERROR_INPUT, and err names the member.
 */
int entry_check(const json_t *entry, uint64_t seq, enum entry_type *ret_type,
    struct error *err) ERROR_CHECKED;

#endif
