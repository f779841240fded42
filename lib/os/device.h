/*
 * device: what lies under a path: file system, how it is reached, which disks.
 *
 * Layer 1.  Uses: error, mountinfo, sysfs.  Reads /proc and /sys only; opens no
 * block device.
 *
 * device_describe_path never touches the medium, so the daemon may call it on
 * one that hangs; the other calls are for a reader.
 */
#ifndef HIKAE_OS_DEVICE_H
#define HIKAE_OS_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/os/mountinfo.h"

#define DEVICE_DISKS_MAX 32
#define DEVICE_PATH_BYTES 4096

/*
 * Who answers a read at the last.  Of several (a loop file on a NAS, a volume
 * over disk and memory) the one furthest down this list counts.
 */
enum device_reach {
	DEVICE_LOCAL_BLOCK,  /* disks of this machine */
	DEVICE_LOCAL_MEMORY, /* tmpfs, zram, ... */
	DEVICE_FUSE,	     /* a program of this machine */
	DEVICE_NETWORK,	     /* another machine, or a virtual machine's host:
				NFS, SMB, 9p, nbd, iSCSI, ... */
	DEVICE_UNKNOWN,
};
#define DEVICE_REACHES (DEVICE_UNKNOWN + 1)

struct device_disk {
	uint32_t major, minor;
	enum device_reach reach;
	char name[32]; /* "sda", "nvme0n1" */
};

struct device {
	uint64_t device;     /* st_dev (makedev(3)); by path, mountinfo's, which
				differs on btrfs subvolumes */
	char filesystem[32]; /* "ext4", "fuse.sshfs" */
	char mount_point[DEVICE_PATH_BYTES];
	enum device_reach reach;
	bool read_only;	       /* mounted so, for everybody on this host */
	bool device_read_only; /* the block device refuses writes as well */
	bool rotational;       /* a disk of it spins (virtual ones never) */
	bool removable;	       /* a disk of it can be taken out, or hangs on a
				  bus that people unplug (USB, FireWire, SD) */
	bool encrypted;	       /* dm-crypt (LUKS, plain, ...) on the way */
	char encryption[16]; /* "LUKS2", "LUKS1", "BITLK", "PLAIN" ..., or "" */
	char
	    encryption_uuid[40]; /* of the container, hex digits alone, or "" */
	bool loop;		 /* a loop device on the way: it is a file */
	bool gone;		 /* mounted, but its device was pulled out */
	bool stable_inodes;	 /* inode numbers name a file across mounts */
	bool has_no_devices; /* no name on it opens a device: mounted nodev, and
				nothing else is mounted in it */
	bool disks_known;    /* `disks` is the whole list */
	size_t disk_count;
	struct device_disk disks[DEVICE_DISKS_MAX]; /* without duplicates */
};

/* Where the kernel's files are; tests pass a tree of their own. */
struct device_kernel {
	const char *mountinfo; /* a file: "/proc/self/mountinfo" */
	const char *sysfs;     /* a folder: "/sys" */
};

/* The running kernel's. */
extern const struct device_kernel device_running_kernel;

/*
 * Describe what an open descriptor lies on (statx(2), which may ask the
 * medium).  ERROR_NOT_FOUND when its mount is not listed (another namespace,
 * or unmounted lazily), else errors of the system.
 */
int device_describe(
    int fd, struct device *ret, struct error *err) ERROR_CHECKED;

/* Describe what an absolute path lies on, looking at its text alone. */
int device_describe_path(const struct device_kernel *kernel, const char *path,
    struct device *ret, struct error *err) ERROR_CHECKED;

/* The same for a mount of a list that was read from kernel->mountinfo. */
int device_describe_mount(const struct device_kernel *kernel,
    const struct mountinfo *table, const struct mountinfo_mount *mount,
    struct device *ret, struct error *err) ERROR_CHECKED;

/*
 * Describe a block device, mounted or not; mount point and filesystem are ""
 * and `device` is its number.  ERROR_NOT_FOUND: there is no such device.
 */
int device_describe_block(const struct device_kernel *kernel, uint32_t major,
    uint32_t minor, struct device *ret, struct error *err) ERROR_CHECKED;

/*
 * Is the path (links are followed) the root of a mount?  For a bind mount too.
 * ERROR_UNAVAILABLE on a kernel older than 5.8.
 */
int device_is_mount_point(const char *path, bool *ret_is_mount_point,
    struct error *err) ERROR_CHECKED;

/* Have two of them a disk in common?  False says little unless disks_known. */
bool device_shares_disk(const struct device *a, const struct device *b);

/* "local-block", "local-memory", "fuse", "network", "unknown". */
const char *device_reach_name(enum device_reach reach);

#endif
