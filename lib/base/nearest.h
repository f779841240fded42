/*
 * nearest: the known word that somebody who wrote another one may have meant.
 *
 * Layer 0.
 */
#ifndef HIKAE_BASE_NEAREST_H
#define HIKAE_BASE_NEAREST_H

#include <stddef.h>

/* A longer word, in bytes, is like no other. */
#define NEAREST_WORD_MAX 63

/*
 * Bytes to insert, delete or change, and neighbours to swap, to make one word
 * of another, where nothing that was swapped is changed again ("optimal string
 * alignment": Damerau 1964, Levenshtein 1966).  SIZE_MAX where one is too long.
 */
size_t nearest_distance(const char *a, const char *b);

/* All zero but for the word is one that was shown no known word. */
struct nearest {
	const char *word;  /* what was written */
	const char *known; /* the nearest so far, of the caller's; or NULL */
	size_t distance;   /* to it */
	/* Known words that are as near; and those that begin with the word. */
	size_t count, longer_count;
	const char *longer; /* the first of these */
};

/* Look at one known word more; it must live as long as the search. */
void nearest_add(struct nearest *nearest, const char *known);

/*
 * The one known word that is at most two steps away and half as many as the
 * word has bytes, or else the one that begins with it; NULL where there is
 * none, or more than one.
 */
const char *nearest_find(const struct nearest *nearest);

#endif
