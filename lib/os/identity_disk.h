/*
 * identity_disk: a physical disk, and other things that media lie on.
 *
 * Layer 1.  Uses: nothing.
 */
#ifndef HIKAE_OS_IDENTITY_DISK_H
#define HIKAE_OS_IDENTITY_DISK_H

#include <stdint.h>

/* How the medium hangs on this machine. */
enum identity_transport {
	IDENTITY_UNKNOWN, /* cannot be told, or several disks that differ */
	IDENTITY_USB,
	IDENTITY_SATA,
	IDENTITY_NVME,
	IDENTITY_SCSI,	 /* SAS, Fibre Channel, RAID controllers ... */
	IDENTITY_VIRTIO, /* a virtual machine's disk */
	IDENTITY_MMC,
	IDENTITY_FIREWIRE,
	IDENTITY_LOOP,	  /* a file; `disks` are the file's */
	IDENTITY_NETWORK, /* NFS, SMB, sshfs, iSCSI ...: another machine */
	IDENTITY_CLOUD,	  /* s3fs, rclone ...: somebody's object store */
	IDENTITY_FUSE,	  /* another program of this machine */
	IDENTITY_MEMORY,
};
#define IDENTITY_TRANSPORTS (IDENTITY_MEMORY + 1)

/* "usb", "sata", ... as in the list above. */
const char *identity_transport_name(enum identity_transport transport);

/* One physical disk; texts are "" where they are not known. */
struct identity_disk {
	enum identity_transport transport;
	char serial[128]; /* as the drive or its USB bridge gives it */
	char wwn[64];	  /* "5000c500a1b2c3d4", "eui.0025385b21404321" */
	char model[128];
	uint64_t size_bytes;
};

/*
 * Where a file system type with that source lies: NETWORK, CLOUD, FUSE, MEMORY,
 * or UNKNOWN for those on block devices and others.
 */
enum identity_transport identity_classify(
    const char *filesystem, const char *source);

#endif
