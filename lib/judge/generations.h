/*
 * generations: how far back one can go, and what protects the older ones.
 *
 * Layer 6.  Uses: copies.
 */
#ifndef HIKAE_JUDGE_GENERATIONS_H
#define HIKAE_JUDGE_GENERATIONS_H

#include "lib/judge/copies.h"

/* Of a system; ages are INVENTORY_AGELESS where there is none. */
struct generations {
	size_t all;	    /* with copies that have not expired */
	size_t lost;	    /* of which every copy is missing */
	struct bounds good; /* with a good copy */
	int64_t newest_age_ms, newest_on_site_age_ms, oldest_age_ms;
	int64_t newest_possible_age_ms; /* of which that is perhaps so */
	/* The number, the newest being 1, from which on every good generation
	 * has a protected copy; one more than there are where none has. */
	struct bounds protected_from;
	/* Those from the week before last (a week begins on Monday, in the
	 * facility's zone) and earlier; how many of them are protected. */
	size_t old;
	struct bounds old_protected;
};

void generations_count(const struct copies *copies, size_t system,
    struct generations *ret_generations);

/* Within interval and grace, and as many as generations_min; without an
 * interval it is not known. */
enum bounds_answer generations_is_scheduled(const struct copies *copies,
    size_t system, const struct generations *generations);

#endif
