/*
 * requirement_faults: what is wrong in packs, and the files to do without.
 *
 * Layer 3, internal to requirement.  Uses: config's problems.
 */
#ifndef HIKAE_MODEL_REQUIREMENT_FAULTS_H
#define HIKAE_MODEL_REQUIREMENT_FAULTS_H

#include "lib/model/config.h"

/* Faulty files that can be left out; with more, none is. */
#define REQUIREMENT_FAULTS_FILES_MAX 64

struct requirement_faults {
	struct config_problems *problems; /* borrowed */
	bool leaves_out; /* faulty files are, or else nothing is loaded */
	char *files[REQUIREMENT_FAULTS_FILES_MAX];
	size_t file_count;
	size_t count; /* faults */
};

/* Note a fault and its file; file NULL: without a place. */
void requirement_faults_add(struct requirement_faults *faults, const char *file,
    unsigned int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Whether a file is to be left out. */
bool requirement_faults_has(
    const struct requirement_faults *faults, const char *file);

/* Forget the files. */
void requirement_faults_done(struct requirement_faults *faults);

#endif
