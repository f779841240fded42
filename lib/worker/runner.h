/*
 * runner: the role that runs one drill program and all that it starts.
 *
 * Layer 5.  Uses: os/jail, os/sandbox_program, worker/job.
 *
 * Three processes: this one, which does nothing but wait; a supervisor, which
 * talks to hikaed and ends when this one is killed; and the program.  When the
 * program ends, or its time or its output is over, everything that it started
 * is killed, whatever session or group it is in.
 */
#ifndef HIKAE_WORKER_RUNNER_H
#define HIKAE_WORKER_RUNNER_H

/* Do the job on SPAWN_WIRE_FD; the exit status of the process. */
int runner_main(void);

#endif
