/*
 * look: what a sample of a file looks like, counted.
 *
 * Layer 4.  Uses: format/magic, format/entropy, examine/sample, ransom_note.
 * Runs in a parser, on bytes that may be hostile.
 */
#ifndef HIKAE_EXAMINE_LOOK_H
#define HIKAE_EXAMINE_LOOK_H

#include "lib/examine/sample.h"
#include "lib/model/survey.h"

/*
 * Add a regular file to the survey, and tell whether it is encrypted.  name:
 * without folders, any bytes.  Of an empty file only the name counts.
 */
enum sealing_kind look_at(struct survey *survey, const char *name,
    size_t length, const struct sample *sample);

#endif
