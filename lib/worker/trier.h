/*
 * trier: the role that tries whether a medium refuses the account that writes
 * its backups.
 *
 * Layer 5.  Uses: worker/warrant, os/identity, os/mountinfo, os/file.
 *
 * A disposable process with CAP_SETUID and CAP_SETGID (a unit's, or a child's
 * of a hikaed that runs as root).  The order, PROBE_WRITE on descriptor
 * SPAWN_WIRE_FD, names a source and a copy on it; the account and the control
 * path are the configuration's (worker/warrant).  It becomes the account for
 * good, makes one new file in the copy's folder and in the control path, each
 * under a name that nobody has, and removes it at once (worker/trier_folder).
 * Nothing that is there is opened to be written.
 */
#ifndef HIKAE_WORKER_TRIER_H
#define HIKAE_WORKER_TRIER_H

/* Follow the order, below that root; the exit status of the process. */
int trier_main(const char *root);

#endif
