/*
 * witness_internal: as the witness's files share it.
 *
 * witness.c is the role, witness_read.c reads what lies there,
 * witness_write.c writes.
 */
#ifndef HIKAE_WORKER_WITNESS_INTERNAL_H
#define HIKAE_WORKER_WITNESS_INTERNAL_H

#include "lib/format/journal_parts.h"
#include "lib/worker/job.h"
#include "lib/worker/reply.h"

/* Longer ones are no checkpoint, and no token. */
#define WITNESS_NOTE_BYTES 16384
#define WITNESS_TOKEN_BYTES 4096

struct witness_found {
	enum reply_witness_state state;
	uint64_t entries; /* those that were read */
	uint8_t root[MERKLE_HASH_BYTES];
	struct bytes note, token; /* as they lie there, perhaps nonsense */
	uint64_t last_bytes;	  /* of journal.txt, up to its empty line */
};
void witness_found_done(struct witness_found *found);

/*
 * Read the journal (only_last: of it journal.txt alone, whose root is then not
 * the tree's) and the token.  That something is not there or makes no sense is
 * the state.  *ret_parts is open, for who writes; it and found are the
 * caller's to close, also after an error.
 */
int witness_read(int folder_fd, bool only_last,
    const struct examine_events *events, struct journal_parts *ret_parts,
    struct witness_found *found, struct error *err) ERROR_CHECKED;

/*
 * Put into the folder what the job brings.  ERROR_EXISTS: what lies there is
 * not what the job expects.
 */
int witness_write(int folder_fd, const struct job *job,
    const struct examine_events *events, struct error *err) ERROR_CHECKED;

#endif
