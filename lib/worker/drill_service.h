/*
 * drill_service: one of a drill's jobs, apart from hikaed.
 *
 * Layer 5.  Uses: worker/job, worker/parser, worker/restorer, worker/runner.
 *
 * systemd starts it for each connection to DRILL_SERVICE_SOCKET, as a user of
 * its own that has no network and sees nothing of hikae's state
 * (systemd/hikae-drill@.service).  It does what restorers, inspectors and
 * runners do, in a process of their own, and ends that process as soon as
 * hikaed hangs up: hikaed cannot kill what another user runs.
 */
#ifndef HIKAE_WORKER_DRILL_SERVICE_H
#define HIKAE_WORKER_DRILL_SERVICE_H

/* Where the unit hikae-drill.socket listens. */
#define DRILL_SERVICE_SOCKET "/run/hikae-drill.sock"

/* Where its scratch folders lie, each by the drill's number. */
#define DRILL_SERVICE_STATE "/var/lib/hikae-drill"

/* Do the one job that comes on SPAWN_WIRE_FD; the process's exit status. */
int drill_service_main(void);

#endif
