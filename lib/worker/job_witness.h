/*
 * job_witness: what the job on a medium's witness needs besides what every job
 * has, and what is passed to it.
 *
 * Layer 5.  Part of job.
 *
 * JOB_FD_WITNESS of a job that writes, read from its beginning:
 *
 *	files: name length u16, name, length u32, bytes; ended by a length of 0
 *	entries of the journal from `from` on, each with a line feed
 *
 * Numbers are big-endian.  A name is of one or more components of
 * `[A-Za-z0-9._-]`, between them a slash; JOB_WITNESS_NOTE must be among them.
 */
#ifndef HIKAE_WORKER_JOB_WITNESS_H
#define HIKAE_WORKER_JOB_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/crypto/digest.h"

/* The folder on the medium (FORMATS section 11). */
#define JOB_WITNESS_FOLDER "hikae-witness"
/* The signed checkpoint, which is also the end of the journal. */
#define JOB_WITNESS_NOTE "checkpoint.txt"
#define JOB_WITNESS_TOKEN "medium.txt"

#define JOB_WITNESS_FILE_BYTES_MAX (4 * 1024 * 1024)

struct job_witness {
	bool is_write; /* else it is only read */
	/*
	 * Write: the witness that must lie there, by the digest of its
	 * checkpoint as it was told; else there must be none.
	 */
	bool has_present;
	uint8_t present[DIGEST_SHA256_BYTES];
	/*
	 * Write: the number of entries that stay as they lie there, all of
	 * them; 0: everything is written anew.
	 */
	uint64_t from;
};

#endif
