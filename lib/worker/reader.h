/*
 * reader: the role that opens backups, reads them and decides about bytes.
 *
 * Layer 5.  Uses: os/sandbox, os/device, examine, worker/job.
 *
 * A disposable process: one job on descriptor SPAWN_WIRE_FD, then the end.  It
 * opens the medium itself, since that can hang, then restricts itself to the
 * source's root, and only then looks at what lies there.
 */
#ifndef HIKAE_WORKER_READER_H
#define HIKAE_WORKER_READER_H

/* Do the job; the exit status of the process. */
int reader_main(void);

#endif
