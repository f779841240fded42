/*
 * restorer: the role that writes what a drill restores.
 *
 * Layer 5.  Uses: os/sandbox, examine/restore, examine/parse, worker/job.
 *
 * A disposable process without capabilities and without a path it could open
 * outside the scratch folder: it takes files from a reader, or decodes an
 * archive's members, and can write below that folder only.  It also empties
 * such a folder.
 */
#ifndef HIKAE_WORKER_RESTORER_H
#define HIKAE_WORKER_RESTORER_H

/* Do the job on SPAWN_WIRE_FD; the exit status of the process. */
int restorer_main(void);

#endif
