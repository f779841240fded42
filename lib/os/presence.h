/*
 * presence: is a block device still the one that it was?
 *
 * Layer 1.  Uses: error, i18n, file, sysfs.
 *
 * A device that was pulled out leaves its number and its name to the next one
 * that comes.  What tells them apart without udev and without a look at the
 * medium: the inode number of the device's folder in sysfs, which the kernel
 * gives once a boot (kernfs, 64 bits), and the sequence number of the disk,
 * which it counts up with each medium that is put in (diskseq, Linux 5.15,
 * Documentation/ABI/stable/sysfs-block).
 */
#ifndef HIKAE_OS_PRESENCE_H
#define HIKAE_OS_PRESENCE_H

#include <stdint.h>

#include "lib/base/error.h"

#define PRESENCE_BOOT_BYTES 37
#define PRESENCE_NODE_BYTES 64

struct presence {
	uint32_t major, minor;
	uint64_t folder;	/* inode number of its folder in sysfs */
	uint64_t disk_sequence; /* 0: the kernel has none */
	char boot[PRESENCE_BOOT_BYTES]; /* the machine's start; see random(4) */
};

enum presence_now {
	PRESENCE_SAME,
	PRESENCE_OTHER_MEDIUM, /* the drive is there, with another medium */
	PRESENCE_GONE,	       /* observed: it is not there, whatever has its
				  number now */
	PRESENCE_UNDETERMINED, /* it cannot be told: nothing follows */
};
#define PRESENCE_NOWS (PRESENCE_UNDETERMINED + 1)

/* Where the kernel's files are; tests pass a tree of their own. */
struct presence_kernel {
	const char *sysfs; /* a folder: "/sys" */
	const char *boot;  /* a file: "/proc/sys/kernel/random/boot_id" */
};
extern const struct presence_kernel presence_running_kernel;

/*
 * What is there under the number.  ERROR_NOT_FOUND: no device;
 * ERROR_UNAVAILABLE: it cannot be told.
 */
int presence_take(const struct presence_kernel *kernel, uint32_t major,
    uint32_t minor, struct presence *ret, struct error *err) ERROR_CHECKED;

/* Is what was there then there now? */
enum presence_now presence_compare(
    const struct presence_kernel *kernel, const struct presence *then);

/* "/dev/sdc1", as the kernel names it; ERROR_NOT_FOUND without a device. */
int presence_find_node(const struct presence_kernel *kernel,
    const struct presence *device, char node[PRESENCE_NODE_BYTES],
    struct error *err) ERROR_CHECKED;

#endif
