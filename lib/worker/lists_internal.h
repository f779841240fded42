/*
 * lists_internal: the frames between the two sides of lists.
 *
 * Layer 5.
 */
#ifndef HIKAE_WORKER_LISTS_INTERNAL_H
#define HIKAE_WORKER_LISTS_INTERNAL_H

enum lists_frame {
	LISTS_ASK = 1,
	LISTS_ENTRIES,
	LISTS_TOLD,
};

/* In the place of an algorithm: one that hikae does not have. */
#define LISTS_NO_ALGORITHM 255

#endif
