/*
 * witness: the role that reads and writes a medium's witness.
 *
 * Layer 5.  Uses: os/sandbox, format/journal_parts, worker/medium.
 *
 * A disposable process, the only one that writes to a backup medium, and only
 * below one folder there (FORMATS section 11).  It opens the medium, which can
 * hang, locks itself in, and then reads what lies there, or puts files into
 * their places one by one, each whole or not at all, the journal last.
 */
#ifndef HIKAE_WORKER_WITNESS_H
#define HIKAE_WORKER_WITNESS_H

/* Do the job on SPAWN_WIRE_FD; the exit status of the process. */
int witness_main(void);

#endif
