/*
 * probe: the role that asks what may hang or needs rights: a block device's
 * superblock, a server's answer, a mount's capacity.
 *
 * Layer 5.  Uses: os/sandbox, os/superblock, os/identity, worker/probe_message.
 *
 * A disposable process: one order on descriptor SPAWN_WIRE_FD, then the end.
 * It opens what the order names, restricts itself (no network, except for an
 * order that is about it: TCP to that one port), and only then looks at a byte.
 */
#ifndef HIKAE_WORKER_PROBE_H
#define HIKAE_WORKER_PROBE_H

/* Follow the order; the exit status of the process. */
int probe_main(void);

#endif
