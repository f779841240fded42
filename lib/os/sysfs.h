/*
 * sysfs: what the kernel tells of block devices without opening them.
 *
 * Layer 1.  Uses: nothing.  Source: the kernel's documentation of
 * /sys/dev/block, /sys/class/block and /sys/fs/btrfs (Documentation/ABI).
 *
 * What cannot be read is absent: no function here reports an error.
 */
#ifndef HIKAE_OS_SYSFS_H
#define HIKAE_OS_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sysfs_number {
	uint32_t major, minor;
};

/*
 * Read "ROOT/dev/block/MAJOR:MINOR/ATTRIBUTE" without its newline into text;
 * false when it is absent, unreadable, or too long.
 */
bool sysfs_read(const char *root, struct sysfs_number device,
    const char *attribute, char *text, size_t text_bytes);

/* True when the attribute is there and "1". */
bool sysfs_is_set(
    const char *root, struct sysfs_number device, const char *attribute);

/*
 * Where the device hangs: the resolved path of its folder, whose last part is
 * its name; false when the kernel knows no such device.
 */
bool sysfs_find_folder(const char *root, struct sysfs_number device, char *path,
    size_t path_bytes);

/*
 * The same as bytes, at most size of them; 0 when it is absent or unreadable.
 */
size_t sysfs_read_bytes(const char *root, struct sysfs_number device,
    const char *attribute, void *bytes, size_t size);

/* The device's size in bytes; 0 when it has none or does not tell. */
uint64_t sysfs_read_size(const char *root, struct sysfs_number device);

/* Is there a part of the folder's path like "usb1", for bus "/usb"? */
bool sysfs_hangs_on(const char *folder, const char *bus);

/*
 * The serial number of the USB device that a folder hangs on; false when there
 * is none.
 */
bool sysfs_find_usb_serial(
    const char *folder, char *serial, size_t serial_bytes);

/* All block devices; counted as below. */
size_t sysfs_list_blocks(
    const char *root, struct sysfs_number *devices, size_t max);

/* The disk that a partition is a part of; false when it is no partition. */
bool sysfs_find_parent(const char *root, struct sysfs_number device,
    struct sysfs_number *ret_parent);

/*
 * The devices that one is made of (dm, md, bcache); the number of them, which
 * may be more than max, of which max are stored.
 */
size_t sysfs_list_slaves(const char *root, struct sysfs_number device,
    struct sysfs_number *devices, size_t max);

/* The same for the btrfs that has the block device of this kernel name. */
size_t sysfs_list_btrfs(const char *root, const char *name,
    struct sysfs_number *devices, size_t max);

/* Is another device made of it?  Then what it holds is that one's. */
bool sysfs_is_held(const char *root, struct sysfs_number device);

/*
 * The kernel's name and number of "/dev/sda1" or "/dev/mapper/NAME"; links
 * below /dev are not followed.
 */
bool sysfs_find_node(const char *root, const char *node, char *name,
    size_t name_bytes, struct sysfs_number *ret_device);

#endif
