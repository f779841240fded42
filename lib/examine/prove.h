/*
 * prove: are the restored files what the signed manifest says?
 *
 * Layer 4.  Uses: os/file, os/walk, model/manifest_reader, portion.
 *
 * Every selected file is read again from where it was restored to, and its
 * digest compared; links by their targets; and whether there is anything else.
 */
#ifndef HIKAE_EXAMINE_PROVE_H
#define HIKAE_EXAMINE_PROVE_H

#include "lib/examine/portion.h"

struct prove_result {
	uint64_t files, bytes; /* equal to the manifest */
	uint64_t differing, missing;
	uint64_t missing_links; /* or with another target */
	uint64_t extra;		/* files and links of no entry */
	uint64_t unproved;	/* the manifest has no digest of them */
};

/* Descriptors stay the caller's; the manifest's signature was verified. */
struct prove_options {
	int files_fd; /* the folder that was restored into */
	int manifest_fd, spill_fd;
	struct portion portion;
	const struct examine_events *events; /* progress */
};

int prove_run(const struct prove_options *options,
    struct prove_result *ret_result, struct error *err) ERROR_CHECKED;

#endif
