/*
 * loss: what a living tree had, and has no more.
 *
 * Layer 4.  Uses: examine, model/manifest_reader, model/survey.
 *
 * A living tree may grow and change: files come, are written anew, are moved.
 * What was confirmed must stay (DESIGN section 5): a file that had rested for a
 * day when it was recorded, with its content.  What is lost of these:
 * - it is gone, and its content stands nowhere that is new;
 * - it is empty, or less than a fifth of it is left (pictures that are
 *   compressed again keep that much), though not where its content stands
 *   somewhere new, as that of a log that was rotated does;
 * - it has other content, or less, though its time is no later: no program
 *   that writes to a file leaves it so.
 * Gone as retention lets it is no loss, and counted apart.  What lies below a
 * folder that could not be looked into is as far as anybody knows still there.
 */
#ifndef HIKAE_EXAMINE_LOSS_H
#define HIKAE_EXAMINE_LOSS_H

#include "lib/examine/examine.h"
#include "lib/model/survey.h"

/* Retention lets nothing go. */
#define LOSS_EXPIRES_NONE INT64_MIN

struct loss_options {
	int before_fd, after_fd; /* manifests whose signatures were verified */
	int64_t recorded_ms;	 /* when the earlier one was */
	int64_t expires_ms;	 /* what is older may be gone */
	const struct examine_events *events; /* progress; or NULL */
};

/*
 * Memory is bounded: of more than half a million lost files it is not asked
 * whether they were moved.
 */
int loss_measure(const struct loss_options *options, struct loss *ret_loss,
    struct error *err) ERROR_CHECKED;

#endif
