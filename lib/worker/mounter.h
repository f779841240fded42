/*
 * mounter: the role that mounts one medium, or unmounts it, and tells udev
 * which media are hikae's to mount.
 *
 * Layer 5.  Uses: worker/warrant, mount_record, mount_mark, probe_handle,
 * os/identity.
 *
 * A disposable process with CAP_SYS_ADMIN (a unit's, or a child's of a hikaed
 * that runs as root).  The order, one of PROBE_MOUNT, PROBE_UNMOUNT and
 * PROBE_MARK (which names nothing) on descriptor SPAWN_WIRE_FD, names a medium
 * and a device; where it is mounted, and which file system that must be, only
 * the configuration says (worker/warrant).  A medium is mounted read-only,
 * after its block device was made so, and its log is never replayed: nothing on
 * it changes.  It parses no byte of the medium itself: a probe does.
 */
#ifndef HIKAE_WORKER_MOUNTER_H
#define HIKAE_WORKER_MOUNTER_H

/* Follow the order, below that root; the exit status of the process. */
int mounter_main(const char *root);

#endif
