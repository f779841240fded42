#include "lib/os/device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lib/base/i18n.h"
#include "lib/os/sysfs.h"

/* Layers of partitions, volumes, arrays and loops that are followed. */
#define DEPTH_MAX 16

const struct device_kernel device_running_kernel = {
    .mountinfo = MOUNTINFO_PATH, .sysfs = "/sys"};

/*
 * File systems of which more is to be said than that they lie on the block
 * device that mountinfo names.  FUSE and its subtypes are told by their prefix.
 */
static const struct kind {
	const char *filesystem;
	enum device_reach reach;
	bool stable_inodes;
} kinds[] = {
    {"ext2", DEVICE_LOCAL_BLOCK, true},
    {"ext3", DEVICE_LOCAL_BLOCK, true},
    {"ext4", DEVICE_LOCAL_BLOCK, true},
    {"xfs", DEVICE_LOCAL_BLOCK, true},
    {"btrfs", DEVICE_LOCAL_BLOCK, true},
    {"f2fs", DEVICE_LOCAL_BLOCK, true},
    {"bcachefs", DEVICE_LOCAL_BLOCK, true},
    {"zfs", DEVICE_LOCAL_BLOCK, true},
    {"tmpfs", DEVICE_LOCAL_MEMORY, true},
    {"ramfs", DEVICE_LOCAL_MEMORY, false},
    {"devtmpfs", DEVICE_LOCAL_MEMORY, false},
    {"hugetlbfs", DEVICE_LOCAL_MEMORY, false},
    {"nfs", DEVICE_NETWORK, false},
    {"nfs4", DEVICE_NETWORK, false},
    {"cifs", DEVICE_NETWORK, false},
    {"smb3", DEVICE_NETWORK, false},
    {"smbfs", DEVICE_NETWORK, false},
    {"ceph", DEVICE_NETWORK, false},
    {"afs", DEVICE_NETWORK, false},
    {"lustre", DEVICE_NETWORK, false},
    {"beegfs", DEVICE_NETWORK, false},
    {"orangefs", DEVICE_NETWORK, false},
    {"coda", DEVICE_NETWORK, false},
    {"9p", DEVICE_NETWORK, false},
    {"virtiofs", DEVICE_NETWORK, false},
    {"vboxsf", DEVICE_NETWORK, false},
};

static const struct kind fuse = {"fuse", DEVICE_FUSE, false};
static const struct kind on_block_device = {"", DEVICE_LOCAL_BLOCK, false};
static const struct kind not_known = {"", DEVICE_UNKNOWN, false};

struct walk {
	const struct device_kernel *kernel;
	const struct mountinfo *table;
	struct device *device;
	size_t depth;
	bool disk_takes_writes; /* one of them at least */
};

static void walk_mount(struct walk *walk, const struct mountinfo_mount *mount);

static const struct kind *
find_kind(const struct mountinfo_mount *mount)
{
	const char *name = mount->filesystem;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].filesystem, name) == 0)
			return &kinds[i];
	if (strcmp(name, "fuse") == 0 || strcmp(name, "fuseblk") == 0 ||
	    strncmp(name, "fuse.", 5) == 0)
		return &fuse;
	return mount->major != 0 ? &on_block_device : &not_known;
}

static void
raise_reach(struct device *device, enum device_reach reach)
{
	if (reach > device->reach)
		device->reach = reach;
}

/* What the kernel does not tell makes the answer incomplete, never wrong. */
static void
note_unknown(struct walk *walk)
{
	walk->device->disks_known = false;
	raise_reach(walk->device, DEVICE_UNKNOWN);
}

static bool
has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* By the name of its driver, or by what it hangs on (folder: its path). */
static enum device_reach
find_disk_reach(const char *name, const char *folder)
{
	if (has_prefix(name, "nbd") || has_prefix(name, "rbd") ||
	    has_prefix(name, "drbd") || has_prefix(name, "etherd!") ||
	    strstr(folder, "/nvme-fabrics/") != NULL ||
	    /* iSCSI: .../host2/session1/target2:0:0/... */
	    sysfs_hangs_on(folder, "/session"))
		return DEVICE_NETWORK;
	if (has_prefix(name, "zram") || has_prefix(name, "ram"))
		return DEVICE_LOCAL_MEMORY;
	return DEVICE_LOCAL_BLOCK;
}

static bool
is_removable(const char *sysfs, struct sysfs_number number, const char *folder)
{
	char type[16];

	if (sysfs_is_set(sysfs, number, "removable"))
		return true;
	if (sysfs_hangs_on(folder, "/usb") || sysfs_hangs_on(folder, "/fw"))
		return true;
	/* A soldered eMMC says "MMC". */
	return strstr(folder, "/mmc_host/") != NULL &&
	       sysfs_read(sysfs, number, "device/type", type, sizeof(type)) &&
	       strcmp(type, "SD") == 0;
}

/* A virtual disk says that it spins because its driver cannot know. */
static bool
is_rotational(const char *sysfs, struct sysfs_number number, const char *name)
{
	return sysfs_is_set(sysfs, number, "queue/rotational") &&
	       !has_prefix(name, "vd") && !has_prefix(name, "xvd");
}

static void
add_disk(struct walk *walk, struct sysfs_number number, const char *folder)
{
	const char *sysfs = walk->kernel->sysfs;
	const char *name = strrchr(folder, '/') + 1;
	struct device *device = walk->device;
	struct device_disk *disk;

	for (size_t i = 0; i < device->disk_count; i++)
		if (device->disks[i].major == number.major &&
		    device->disks[i].minor == number.minor)
			return;
	raise_reach(device, find_disk_reach(name, folder));
	device->rotational |= is_rotational(sysfs, number, name);
	device->removable |= is_removable(sysfs, number, folder);
	walk->disk_takes_writes |= !sysfs_is_set(sysfs, number, "ro");
	if (device->disk_count == DEVICE_DISKS_MAX) {
		device->disks_known = false;
		return;
	}
	disk = &device->disks[device->disk_count++];
	disk->major = number.major;
	disk->minor = number.minor;
	disk->reach = find_disk_reach(name, folder);
	(void)snprintf(disk->name, sizeof(disk->name), "%.31s", name);
}

/*
 * The file behind a loop device lies on a file system of its own.  A loop that
 * loses its file is no disk: the kernel takes the name first, then the size.
 */
static void
walk_loop(struct walk *walk, struct sysfs_number number)
{
	const char *sysfs = walk->kernel->sysfs;
	char path[PATH_MAX];
	const bool is_told =
	    sysfs_read(sysfs, number, "loop/backing_file", path, sizeof(path));
	const bool has_file = is_told && path[0] != '\0';
	const struct mountinfo_mount *mount =
	    has_file ? mountinfo_find_path(walk->table, path) : NULL;

	walk->device->loop = true;
	walk->device->gone |=
	    !has_file && (is_told || sysfs_read_size(sysfs, number) == 0);
	if (mount != NULL)
		walk_mount(walk, mount);
	else
		note_unknown(walk);
}

/*
 * What dm-crypt says of itself, for the outermost one: cryptsetup names its
 * devices "CRYPT-TYPE-UUID-NAME", or without a UUID where there is none.
 */
static void
note_encryption(struct device *device, const char *dm_uuid)
{
	const char *type = dm_uuid + strlen("CRYPT-"), *uuid;
	const size_t length = strcspn(type, "-");

	if (device->encrypted)
		return;
	device->encrypted = true;
	(void)snprintf(device->encryption, sizeof(device->encryption), "%.*s",
	    (int)(length < sizeof(device->encryption) ? length : 0), type);
	uuid = type + length;
	if (*uuid == '-' && strspn(++uuid, "0123456789abcdef") == 32 &&
	    uuid[32] == '-')
		(void)snprintf(device->encryption_uuid,
		    sizeof(device->encryption_uuid), "%.32s", uuid);
}

static void
walk_block(struct walk *walk, struct sysfs_number number)
{
	const char *sysfs = walk->kernel->sysfs;
	struct sysfs_number below[DEVICE_DISKS_MAX];
	char text[PATH_MAX], folder[PATH_MAX];
	size_t count;

	if (walk->depth == DEPTH_MAX) {
		note_unknown(walk);
		return;
	}
	if (!sysfs_find_folder(sysfs, number, folder, sizeof(folder))) {
		walk->device->gone = true;
		note_unknown(walk);
		return;
	}
	walk->depth++;
	if (sysfs_read(sysfs, number, "dm/uuid", text, sizeof(text)) &&
	    has_prefix(text, "CRYPT-"))
		note_encryption(walk->device, text);
	count = sysfs_list_slaves(sysfs, number, below, DEVICE_DISKS_MAX);
	if (count > DEVICE_DISKS_MAX)
		walk->device->disks_known = false;
	if (count == 0 && sysfs_find_parent(sysfs, number, &below[0]))
		count = 1;
	for (size_t i = 0; i < count && i < DEVICE_DISKS_MAX; i++)
		walk_block(walk, below[i]);
	if (count == 0 && strstr(folder, "/virtual/block/loop") != NULL)
		walk_loop(walk, number);
	else if (count == 0)
		add_disk(walk, number, folder);
	walk->depth--;
}

/*
 * Was it a kernel's name, "/dev/sdc1"?  Links below /dev are not followed, so
 * nothing is known of others; of FUSE, the source is any text.
 */
static bool
is_lost_node(const struct mountinfo_mount *mount, const char *node)
{
	return find_kind(mount)->reach == DEVICE_LOCAL_BLOCK &&
	       has_prefix(node, "/dev/") && strchr(node + 5, '/') == NULL &&
	       strcmp(node, "/dev/root") != 0;
}

/*
 * A file system of several devices has no number of its own (0:N); its source
 * names one of them, or all with colons between (bcachefs).
 */
static void
walk_source(struct walk *walk, const struct mountinfo_mount *mount)
{
	const char *sysfs = walk->kernel->sysfs;
	struct sysfs_number devices[DEVICE_DISKS_MAX];
	char nodes[PATH_MAX], name[NAME_MAX + 1], *rest = nodes, *node;

	if (strlen(mount->source) >= sizeof(nodes)) {
		note_unknown(walk);
		return;
	}
	memcpy(nodes, mount->source, strlen(mount->source) + 1);
	while ((node = strsep(&rest, ":")) != NULL) {
		size_t count = 0;

		if (!sysfs_find_node(
			sysfs, node, name, sizeof(name), &devices[0])) {
			walk->device->disks_known = false;
			walk->device->gone |= is_lost_node(mount, node);
			continue;
		}
		if (strcmp(mount->filesystem, "btrfs") == 0)
			count = sysfs_list_btrfs(
			    sysfs, name, devices, DEVICE_DISKS_MAX);
		if (count == 0)
			count = 1;
		if (count > DEVICE_DISKS_MAX)
			walk->device->disks_known = false;
		for (size_t i = 0; i < count && i < DEVICE_DISKS_MAX; i++)
			walk_block(walk, devices[i]);
	}
}

static void
walk_mount(struct walk *walk, const struct mountinfo_mount *mount)
{
	const struct kind *kind = find_kind(mount);

	raise_reach(walk->device, kind->reach);
	switch (kind->reach) {
	case DEVICE_LOCAL_MEMORY:
		break;
	case DEVICE_LOCAL_BLOCK:
	case DEVICE_FUSE:
		if (mount->major != 0)
			walk_block(walk,
			    (struct sysfs_number){mount->major, mount->minor});
		else
			walk_source(walk, mount);
		break;
	case DEVICE_NETWORK:
	case DEVICE_UNKNOWN:
		walk->device->disks_known = false;
		break;
	}
}

static bool
is_write_protected(const struct walk *walk, struct sysfs_number number)
{
	return sysfs_is_set(walk->kernel->sysfs, number, "ro") ||
	       (walk->device->disk_count > 0 && walk->device->disks_known &&
		   !walk->disk_takes_writes);
}

/* Whether the mount's options refuse devices, its own and all in it. */
static bool
refuses_devices(
    const struct mountinfo *table, const struct mountinfo_mount *mount)
{
	for (size_t i = 0; i < mountinfo_count(table); i++)
		if (mountinfo_at(table, i)->parent_id == mount->id &&
		    mount->parent_id != mount->id)
			return false;
	return mountinfo_has_option(mount->options, "nodev");
}

int
device_describe_mount(const struct device_kernel *kernel,
    const struct mountinfo *table, const struct mountinfo_mount *mount,
    struct device *ret, struct error *err)
{
	const size_t point_bytes = strlen(mount->mount_point) + 1;
	const size_t filesystem_bytes = strlen(mount->filesystem) + 1;
	struct device device = {.reach = DEVICE_LOCAL_BLOCK};
	struct walk walk = {
	    .kernel = kernel, .table = table, .device = &device};

	if (point_bytes > sizeof(device.mount_point) ||
	    filesystem_bytes > sizeof(device.filesystem))
		return error_set(err, ERROR_LIMIT,
		    _("the name of a file system or mount point is too long"));
	device.device = makedev(mount->major, mount->minor);
	memcpy(device.mount_point, mount->mount_point, point_bytes);
	memcpy(device.filesystem, mount->filesystem, filesystem_bytes);
	/* The mount's own options: inside a service all is read-only. */
	device.read_only = mountinfo_has_option(mount->super_options, "ro");
	device.stable_inodes = find_kind(mount)->stable_inodes;
	device.has_no_devices = refuses_devices(table, mount);
	device.disks_known = true;
	walk_mount(&walk, mount);
	device.device_read_only = is_write_protected(
	    &walk, (struct sysfs_number){mount->major, mount->minor});
	*ret = device;
	return 0;
}

static int
report_not_listed(struct error *err)
{
	return error_set(err, ERROR_NOT_FOUND,
	    _("the kernel's mount list does not have its file system"));
}

int
device_describe_path(const struct device_kernel *kernel, const char *path,
    struct device *ret, struct error *err)
{
	struct mountinfo *table = mountinfo_read(kernel->mountinfo, err);
	const struct mountinfo_mount *mount;
	int rc = -1;

	if (table == NULL)
		goto out;
	mount = mountinfo_find_path(table, path);
	if (mount == NULL)
		(void)report_not_listed(err);
	else
		rc = device_describe_mount(kernel, table, mount, ret, err);
out:
	mountinfo_free(table);
	return rc;
}

int
device_describe_block(const struct device_kernel *kernel, uint32_t major,
    uint32_t minor, struct device *ret, struct error *err)
{
	const struct sysfs_number number = {major, minor};
	struct device device = {.reach = DEVICE_LOCAL_BLOCK,
	    .device = makedev(major, minor),
	    .disks_known = true};
	struct walk walk = {.kernel = kernel, .device = &device};
	struct mountinfo *table = mountinfo_read(kernel->mountinfo, err);

	if (table == NULL)
		return -1;
	walk.table = table;
	walk_block(&walk, number);
	device.device_read_only = is_write_protected(&walk, number);
	mountinfo_free(table);
	if (device.gone)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such block device"));
	*ret = device;
	return 0;
}

int
device_describe(int fd, struct device *ret, struct error *err)
{
	const struct device_kernel *kernel = &device_running_kernel;
	const struct mountinfo_mount *mount = NULL;
	struct mountinfo *table = NULL;
	struct statx facts;
	int rc = -1;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
		STATX_INO | STATX_MNT_ID, &facts) < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot ask for a file's device"));
		goto out;
	}
	table = mountinfo_read(kernel->mountinfo, err);
	if (table == NULL)
		goto out;
	if ((facts.stx_mask & STATX_MNT_ID) != 0)
		mount = mountinfo_find_id(table, facts.stx_mnt_id);
	if (mount == NULL) {
		(void)report_not_listed(err);
		goto out;
	}
	if (device_describe_mount(kernel, table, mount, ret, err) < 0)
		goto out;
	ret->device = makedev(facts.stx_dev_major, facts.stx_dev_minor);
	rc = 0;
out:
	mountinfo_free(table);
	return rc;
}

int
device_is_mount_point(
    const char *path, bool *ret_is_mount_point, struct error *err)
{
	struct statx facts;

	if (statx(AT_FDCWD, path, AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
		STATX_TYPE, &facts) < 0)
		return error_set_errno(
		    err, errno, _("cannot ask for a folder's mount"));
	if ((facts.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) == 0)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("this kernel does not tell mount points"));
	*ret_is_mount_point =
	    (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
	return 0;
}

bool
device_shares_disk(const struct device *a, const struct device *b)
{
	for (size_t i = 0; i < a->disk_count; i++)
		for (size_t j = 0; j < b->disk_count; j++)
			if (a->disks[i].major == b->disks[j].major &&
			    a->disks[i].minor == b->disks[j].minor)
				return true;
	return false;
}

const char *
device_reach_name(enum device_reach reach)
{
	static const char *const names[DEVICE_REACHES] = {
	    [DEVICE_LOCAL_BLOCK] = "local-block",
	    [DEVICE_LOCAL_MEMORY] = "local-memory",
	    [DEVICE_FUSE] = "fuse",
	    [DEVICE_NETWORK] = "network",
	    [DEVICE_UNKNOWN] = "unknown",
	};

	return names[reach];
}
