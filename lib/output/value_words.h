/*
 * value_words: a measured value and what is asked for, as a sentence.
 *
 * Layer 7.  Uses: base/bytes, judge/measure, model (measure, requirement).
 */
#ifndef HIKAE_OUTPUT_VALUE_WORDS_H
#define HIKAE_OUTPUT_VALUE_WORDS_H

#include "lib/base/bytes.h"
#include "lib/judge/measure.h"
#include "lib/model/requirement_types.h"

struct value_words {
	enum measure measure;
	enum measure_state state;
	int64_t number; /* where it is known */
	/* Where it is not, it lies between these; INT64_MAX: nobody knows. */
	int64_t least, most;
	uint64_t share_ppm; /* that it is about; 0: all */
	const char *reason; /* a word of judge/measure, or "" */
	bool is_asked;	    /* whether the two below are there */
	enum requirement_operator operator;
	int64_t wanted;
};

/*
 * Append "copies out of reach: 0 (asked for: at least 1)" and, where there is
 * one, the reason's sentence, in the reader's language.
 */
void value_words_append(struct bytes *line, const struct value_words *value);

#endif
