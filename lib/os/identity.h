/*
 * identity: which medium is this?  By what its file system and its disks call
 * themselves.
 *
 * Layer 1.  Uses: error, i18n, device, host, mountinfo, sysfs, udevdb.
 *
 * Everything comes from /proc, /sys and udev's database: no block device is
 * opened and no medium is touched, so the daemon may ask about one that hangs.
 * Without udev (no database) UUIDs and labels are not known here; a probe
 * (worker/probe) reads them from the device.
 */
#ifndef HIKAE_OS_IDENTITY_H
#define HIKAE_OS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/os/device.h"
#include "lib/os/identity_disk.h"
#include "lib/os/identity_match.h"

#define IDENTITY_UUID_BYTES 64
#define IDENTITY_TEXT_BYTES 256
#define IDENTITY_SOURCE_BYTES 1024
#define IDENTITY_DISKS_BYTES 4096
#define IDENTITY_THIS_HOST "this-host"

struct identity {
	struct device device; /* mount point, reach, disks, encryption ... */
	char filesystem[32];  /* as on the disk: "ntfs" under "fuseblk" */
	char uuid[IDENTITY_UUID_BYTES]; /* as udev prints it, or "" */
	/* Of that block device among those of one btrfs (UUID_SUB), or "". */
	char uuid_sub[IDENTITY_UUID_BYTES];
	char label[IDENTITY_TEXT_BYTES];
	bool is_weak;	/* the UUID is a short serial number or a time stamp
			   (FAT, exFAT, ISO 9660): others may have the same */
	bool has_block; /* number and node are of a block device */
	uint32_t major, minor;
	char node[64];	     /* "/dev/sdc1" */
	uint64_t size_bytes; /* of that block device, 0: not known */

	enum identity_transport transport;
	/* Of the one disk; of several, see `disks`, and these are "". */
	char serial[128], wwn[64], model[128];

	/* Network and cloud: "nas:/export", "//nas/share", "remote:bucket". */
	char source[IDENTITY_SOURCE_BYTES];
	char server[IDENTITY_TEXT_BYTES];  /* "nas", or "" */
	char address[IDENTITY_TEXT_BYTES]; /* the kernel's addr=, or server */
	uint16_t port;	    /* where such a server answers (TCP), or 0 */
	bool is_own_server; /* this machine, or a tunnel that begins here */

	/* The same order as device.disks, device.disk_count of them. */
	struct identity_disk disks[DEVICE_DISKS_MAX];
	/*
	 * On what it lies at the last, the same at every attach: sorted words
	 * such as "wwn:5000c500a1b2c3d4", "serial:MODEL:NUMBER", "at:PLACE" (a
	 * disk without either; good for now only), "network:nas" and
	 * "network:192.0.2.7" (one server), "cloud:remote:bucket", "memory";
	 * or IDENTITY_THIS_HOST alone: which disks of it is not known.
	 * A word in common: one physical thing.
	 * "": not known, or not the whole list.
	 */
	char lies_on[IDENTITY_DISKS_BYTES];
};

/* Where the kernel's and udev's files are; tests pass trees of their own. */
struct identity_kernel {
	struct device_kernel kernel;
	const char *udev; /* a folder: "/run/udev/data" */
	/* As host_is_own; NULL: no server is known to be this machine. */
	bool (*is_own_host)(const char *name);
};
extern const struct identity_kernel identity_running_kernel;

/* What an absolute path lies on, by its text alone (as device_describe_path).
 */
int identity_of_path(const struct identity_kernel *kernel, const char *path,
    struct identity *ret, struct error *err) ERROR_CHECKED;

/* What a block device holds, mounted or not.  ERROR_NOT_FOUND: no such one. */
int identity_of_block(const struct identity_kernel *kernel, uint32_t major,
    uint32_t minor, struct identity *ret, struct error *err) ERROR_CHECKED;

#define IDENTITY_BLOCKS_MAX 256

struct identity_blocks {
	size_t count; /* may be more than the array has */
	struct identity_block {
		uint32_t major, minor;
		char name[32]; /* "sdc1" */
	} blocks[IDENTITY_BLOCKS_MAX];
};

/*
 * The block devices with this file system UUID ("": any; case and hyphens do
 * not count) on a disk with this serial number or WWN ("": any).  Several with
 * one UUID are clones or, with a uuid_sub each, the devices of one btrfs. Those
 * of an encrypted medium that is locked have its container's UUID
 * (device.encryption_uuid).  ERROR_UNAVAILABLE when a UUID is asked for and
 * there is no udev database.
 */
int identity_find(const struct identity_kernel *kernel, const char *uuid,
    const char *serial, struct identity_blocks *ret,
    struct error *err) ERROR_CHECKED;

/* Every block device that holds something now (size over 0). */
void identity_list(
    const struct identity_kernel *kernel, struct identity_blocks *ret);

#endif
