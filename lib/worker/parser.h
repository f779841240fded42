/*
 * parser: the role that decodes archives.
 *
 * Layer 5.  Uses: os/sandbox, examine/parse, worker/job.
 *
 * A disposable process without capabilities and without a path it could open:
 * it has the bytes that one reader sends, a read-only descriptor of that one
 * file, and two files that the daemon opened for it.  Before it looks at a
 * byte it restricts itself.
 */
#ifndef HIKAE_WORKER_PARSER_H
#define HIKAE_WORKER_PARSER_H

/* Do the job on SPAWN_WIRE_FD; the exit status of the process. */
int parser_main(void);

#endif
