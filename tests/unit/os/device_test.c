/*
 * A made-up machine: a mount list and a /sys tree of the kernel's form, with
 * the storage that no one test machine has.  Then the machine we are on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/os/device.h"

static char folder[] = "/tmp/device-XXXXXX";
static char mountinfo[64], sysfs[64];
static struct device_kernel kernel = {mountinfo, sysfs};

/* Where a device hangs, its number, and attributes "name=value" of it. */
static const struct {
	const char *place, *number, *attributes[4];
} devices[] = {
    {"pci/ata1/block/sda", "8:0", {"queue/rotational=1", "ro=0"}},
    {"pci/ata1/block/sda/sda1", "8:1", {"partition=1"}},
    {"pci/virtio1/block/vda", "254:0", {"queue/rotational=1", "ro=0"}},
    {"pci/ata1/block/sda/sda2", "8:2", {"partition=2"}},
    {"pci/ata2/block/sdb", "8:16", {"queue/rotational=0", "ro=1"}},
    {"pci/ata2/block/sdb/sdb1", "8:17", {"partition=1"}},
    {"pci/usb3/3-1/block/sdc", "8:32", {"removable=0", "ro=0"}},
    {"pci/usb3/3-1/block/sdc/sdc1", "8:33", {"partition=1"}},
    {"platform/host2/session1/block/sdd", "8:48", {"ro=0"}},
    {"pci/mmc_host/mmc0/block/mmcblk0", "179:0", {"device/type=MMC"}},
    {"pci/mmc_host/mmc1/block/mmcblk1", "179:8", {"device/type=SD"}},
    {"pci/ata3/block/sr0", "11:0", {"removable=1", "ro=1"}},
    {"virtual/block/md0", "9:0", {"ro=0"}},
    {"virtual/block/dm-0", "253:0",
	{"dm/name=crypt", "dm/uuid=CRYPT-LUKS2-0-crypt"}},
    {"virtual/block/dm-1", "253:1", {"dm/name=vg-data", "dm/uuid=LVM-x"}},
    {"virtual/block/dm-2", "253:2",
	{"dm/name=windows", "dm/uuid=CRYPT-BITLK-0-windows"}},
    {"virtual/block/loop0", "7:0", {"loop/backing_file=/data/img"}},
    {"virtual/block/loop1", "7:1", {"loop/backing_file=/nas/img", "ro=1"}},
    {"virtual/block/loop2", "7:2", {"loop/backing_file=/loop2/me"}},
    {"virtual/block/loop3", "7:3", {"size=0"}},
    {"virtual/block/loop4", "7:4", {"loop/backing_file=", "size=8"}},
    {"virtual/block/loop5", "7:5", {"size=8"}},
    {"virtual/block/nbd0", "43:0", {"ro=0"}},
    {"virtual/block/zram0", "252:0", {"ro=0"}},
    {"virtual/block/cciss!c0d0", "104:0", {"ro=0"}},
};

/* md0 is made of sda2 and sdb1; crypt of md0; the volume of crypt. */
static const char *const slaves[][2] = {{"virtual/block/md0", "8:2"},
    {"virtual/block/md0", "8:17"}, {"virtual/block/dm-0", "9:0"},
    {"virtual/block/dm-1", "253:0"}, {"virtual/block/dm-2", "8:33"}};

static const char *const mounts[] = {
    "20 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "21 20 253:1 / /data ro,noatime - xfs /dev/mapper/vg-data rw",
    "22 20 0:45 / /pool rw - btrfs /dev/mapper/vg-data rw,subvol=/",
    "23 20 0:50 / /nas rw - nfs4 nas:/v rw,hard",
    "24 20 8:33 / /media/usb rw,nodev - exfat /dev/sdc1 ro",
    "25 20 8:33 / /media/ntfs rw - fuseblk /dev/sdc1 rw",
    "26 20 0:51 / /ssh rw - fuse.sshfs u@h: rw",
    "27 20 0:52 / /tmpfs rw - tmpfs tmpfs rw",
    "28 20 7:0 / /loop0 rw - ext4 /dev/loop0 rw",
    "29 20 7:1 / /loop1 rw - ext4 /dev/loop1 rw",
    "30 20 7:2 / /loop2 rw - ext4 /dev/loop2 rw",
    "31 20 43:0 / /nbd rw - xfs /dev/nbd0 rw",
    "32 20 252:0 / /zram rw - ext4 /dev/zram0 rw",
    "33 20 8:48 / /iscsi rw - ext4 /dev/sdd rw",
    "34 20 0:53 / /zfs rw - zfs pool/data rw",
    "35 20 0:54 / /over rw - overlay overlay rw",
    "36 20 179:0 / /emmc rw - f2fs /dev/mmcblk0 rw",
    "37 20 179:8 / /sd rw,nosuid,nodev - vfat /dev/mmcblk1 rw",
    "38 20 11:0 / /cd ro - iso9660 /dev/sr0 ro",
    "39 20 0:55 / /bch rw - bcachefs /dev/sda:/dev/cciss/c0d0 rw",
    "40 20 8:99 / /gone rw - ext4 /dev/sdg3 rw",
    "41 20 0:56 / /bad rw - btrfs /dev/sdz rw",
    "42 20 0:57 / /smb rw - cifs //n/s rw",
    "43 20 0:58 / /host rw - 9p host rw",
    "44 20 254:0 / /vm rw - xfs /dev/vda rw",
    "45 24 0:59 / /media/usb/in rw,nodev - tmpfs tmpfs rw",
    "46 20 253:2 / /media/bitlk rw - ntfs3 /dev/mapper/windows rw",
};

#define B DEVICE_LOCAL_BLOCK
#define SDA_SDB "sda sdb"
static const struct {
	const char *path, *filesystem, *mount_point, *disks;
	enum device_reach reach;
	bool read_only, device_read_only, rotational, removable, encrypted,
	    stable_inodes, disks_known;
} cases[] = {
    {"/home/x", "ext4", "/", "sda", B, 0, 0, 1, 0, 0, 1, 1},
    /* Only this mount is read-only; others may write. */
    {"/data/ehr", "xfs", "/data", SDA_SDB, B, 0, 0, 1, 0, 1, 1, 1},
    {"/vm", "xfs", "/vm", "vda", B, 0, 0, 0, 0, 0, 1, 1},
    {"/pool", "btrfs", "/pool", "sda sdb sdc", B, 0, 0, 1, 1, 1, 1, 1},
    {"/nas/a", "nfs4", "/nas", "", DEVICE_NETWORK, 0, 0, 0, 0, 0, 0, 0},
    {"/smb", "cifs", "/smb", "", DEVICE_NETWORK, 0, 0, 0, 0, 0, 0, 0},
    {"/host", "9p", "/host", "", DEVICE_NETWORK, 0, 0, 0, 0, 0, 0, 0},
    {"/media/usb", "exfat", "/media/usb", "sdc", B, 1, 0, 0, 1, 0, 0, 1},
    {"/media/bitlk", "ntfs3", "/media/bitlk", "sdc", B, 0, 0, 0, 1, 1, 0, 1},
    {"/media/ntfs", "fuseblk", "/media/ntfs", "sdc", DEVICE_FUSE, 0, 0, 0, 1, 0,
	0, 1},
    {"/ssh", "fuse.sshfs", "/ssh", "", DEVICE_FUSE, 0, 0, 0, 0, 0, 0, 0},
    {"/tmpfs", "tmpfs", "/tmpfs", "", DEVICE_LOCAL_MEMORY, 0, 0, 0, 0, 0, 1, 1},
    {"/loop0", "ext4", "/loop0", SDA_SDB, B, 0, 0, 1, 0, 1, 1, 1},
    {"/loop1", "ext4", "/loop1", "", DEVICE_NETWORK, 0, 1, 0, 0, 0, 1, 0},
    /* A loop file on itself: the kernel's list can say so for a moment. */
    {"/loop2", "ext4", "/loop2", "", DEVICE_UNKNOWN, 0, 0, 0, 0, 0, 1, 0},
    {"/nbd", "xfs", "/nbd", "nbd0", DEVICE_NETWORK, 0, 0, 0, 0, 0, 1, 1},
    {"/zram", "ext4", "/zram", "zram0", DEVICE_LOCAL_MEMORY, 0, 0, 0, 0, 0, 1,
	1},
    {"/iscsi", "ext4", "/iscsi", "sdd", DEVICE_NETWORK, 0, 0, 0, 0, 0, 1, 1},
    {"/zfs", "zfs", "/zfs", "", B, 0, 0, 0, 0, 0, 1, 0},
    {"/over", "overlay", "/over", "", DEVICE_UNKNOWN, 0, 0, 0, 0, 0, 0, 0},
    {"/emmc", "f2fs", "/emmc", "mmcblk0", B, 0, 0, 0, 0, 0, 1, 1},
    {"/sd", "vfat", "/sd", "mmcblk1", B, 0, 0, 0, 1, 0, 0, 1},
    {"/cd", "iso9660", "/cd", "sr0", B, 1, 1, 0, 1, 0, 0, 1},
    {"/bch", "bcachefs", "/bch", "sda cciss!c0d0", B, 0, 0, 1, 0, 0, 1, 1},
    {"/gone", "ext4", "/gone", "", DEVICE_UNKNOWN, 0, 0, 0, 0, 0, 1, 0},
    {"/bad", "btrfs", "/bad", "", B, 0, 0, 0, 0, 0, 1, 0},
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

/* All folders above a path. */
static void
make_folders(const char *path)
{
	char part[PATH_MAX];

	for (const char *c = path + 1; *c != '\0'; c++) {
		if (*c != '/')
			continue;
		(void)snprintf(
		    part, sizeof(part), "%.*s", (int)(c - path), path);
		(void)mkdir(part, 0700);
	}
}

static void
write_file(const char *path, const char *text)
{
	FILE *file;

	make_folders(path);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fprintf(file, "%s\n", text) > 0);
	assert_int_equal(fclose(file), 0);
}

static void
make_link(const char *target, const char *path)
{
	make_folders(path);
	assert_int_equal(symlink(target, path), 0);
}

static void
make_device(size_t i)
{
	char path[PATH_MAX], place[PATH_MAX / 2];

	(void)snprintf(
	    place, sizeof(place), "%s/devices/%s", sysfs, devices[i].place);
	(void)snprintf(path, sizeof(path), "%s/dev", place);
	write_file(path, devices[i].number);
	for (size_t a = 0; a < 4 && devices[i].attributes[a] != NULL; a++) {
		const char *attribute = devices[i].attributes[a];
		const char *value = strchr(attribute, '=') + 1;

		(void)snprintf(path, sizeof(path), "%s/%.*s", place,
		    (int)(value - 1 - attribute), attribute);
		write_file(path, value);
	}
	(void)snprintf(
	    path, sizeof(path), "%s/dev/block/%s", sysfs, devices[i].number);
	make_link(place, path);
	(void)snprintf(path, sizeof(path), "%s/class/block%s", sysfs,
	    strrchr(devices[i].place, '/'));
	make_link(place, path);
}

static int
make_machine(void **state)
{
	static const char *const btrfs[] = {"dm-1", "sdc"};
	char path[PATH_MAX], target[PATH_MAX];
	FILE *list;

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(mountinfo, sizeof(mountinfo), "%s/mountinfo", folder);
	(void)snprintf(sysfs, sizeof(sysfs), "%s/sys", folder);
	list = fopen(mountinfo, "we");
	assert_non_null(list);
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		assert_true(fprintf(list, "%s\n", mounts[i]) > 0);
	assert_int_equal(fclose(list), 0);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		make_device(i);
	for (size_t i = 0; i < sizeof(slaves) / sizeof(slaves[0]); i++) {
		(void)snprintf(target, sizeof(target), "%s/dev/block/%s", sysfs,
		    slaves[i][1]);
		(void)snprintf(path, sizeof(path), "%s/devices/%s/slaves/%zu",
		    sysfs, slaves[i][0], i);
		make_link(target, path);
	}
	/* Another file system first; then that of /pool. */
	(void)snprintf(
	    path, sizeof(path), "%s/fs/btrfs/0000-11/devices/mmcblk0", sysfs);
	(void)snprintf(target, sizeof(target), "%s/class/block/mmcblk0", sysfs);
	make_link(target, path);
	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path),
		    "%s/fs/btrfs/1111-22/devices/%s", sysfs, btrfs[i]);
		(void)snprintf(target, sizeof(target), "%s/class/block/%s",
		    sysfs, btrfs[i]);
		make_link(target, path);
	}
	return 0;
}

static int
remove_one(const char *path, const struct stat *facts, int kind, struct FTW *at)
{
	(void)facts;
	(void)kind;
	(void)at;
	return remove(path);
}

static int
remove_machine(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* In any order: directories have none. */
static void
expect_disks(const struct device *device, const char *names)
{
	char copy[128], *rest = copy, *name;
	size_t count = 0;

	(void)snprintf(copy, sizeof(copy), "%s", names);
	while ((name = strsep(&rest, " ")) != NULL && *name != '\0') {
		bool found = false;

		for (size_t i = 0; i < device->disk_count; i++)
			found |= strcmp(device->disks[i].name, name) == 0;
		assert_true(found);
		count++;
	}
	assert_int_equal(device->disk_count, count);
}

static void
every_kind_of_storage(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		struct device got;

		print_message("           %s\n", cases[i].path);
		assert_int_equal(
		    device_describe_path(&kernel, cases[i].path, &got, NULL),
		    0);
		assert_string_equal(got.filesystem, cases[i].filesystem);
		assert_string_equal(got.mount_point, cases[i].mount_point);
		expect_disks(&got, cases[i].disks);
		assert_int_equal(got.reach, cases[i].reach);
		assert_int_equal(got.read_only, cases[i].read_only);
		assert_int_equal(
		    got.device_read_only, cases[i].device_read_only);
		assert_int_equal(got.rotational, cases[i].rotational);
		assert_int_equal(got.removable, cases[i].removable);
		assert_int_equal(got.encrypted, cases[i].encrypted);
		if (strcmp(got.filesystem, "ntfs3") == 0)
			assert_string_equal(got.encryption, "BITLK");
		assert_int_equal(got.stable_inodes, cases[i].stable_inodes);
		assert_int_equal(got.disks_known, cases[i].disks_known);
	}
}

/* Mounted nodev, and nothing else in it that might have devices. */
static void
devices_that_no_name_opens(void **state)
{
	static const struct {
		const char *path;
		bool has_none;
	} mounted[] = {{"/sd/a", true}, {"/tmpfs", false},
	    {"/media/usb", false}, {"/media/usb/in", true}, {"/", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(mounted) / sizeof(mounted[0]); i++) {
		struct device got;

		assert_int_equal(
		    device_describe_path(&kernel, mounted[i].path, &got, NULL),
		    0);
		assert_int_equal(got.has_no_devices, mounted[i].has_none);
	}
}

/* The kernel takes its file away, then its size; it is no disk meanwhile. */
static void
loops_that_lose_their_file(void **state)
{
	static const struct {
		uint32_t minor;
		bool gone;
	} loops[] = {{0, false}, {3, true}, {4, true}, {5, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		struct device got;
		struct error err = {0};

		if (device_describe_block(
			&kernel, 7, loops[i].minor, &got, &err) != 0) {
			assert_true(loops[i].gone);
			assert_int_equal(err.code, ERROR_NOT_FOUND);
			continue;
		}
		assert_false(loops[i].gone);
		assert_true(got.loop);
		assert_int_equal(got.disks_known, i == 0);
		assert_int_equal(got.disk_count > 0, i == 0);
	}
}

static void
disks_in_common(void **state)
{
	static const struct {
		const char *a, *b;
		bool shared;
	} pairs[] = {{"/", "/data", true}, {"/data", "/loop0", true},
	    {"/media/usb", "/media/ntfs", true}, {"/", "/media/usb", false},
	    {"/nas", "/smb", false}, {"/pool", "/media/usb", true}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct device a, b;

		assert_int_equal(
		    device_describe_path(&kernel, pairs[i].a, &a, NULL), 0);
		assert_int_equal(
		    device_describe_path(&kernel, pairs[i].b, &b, NULL), 0);
		assert_int_equal(device_shares_disk(&a, &b), pairs[i].shared);
	}
}

static void
this_machine(void **state)
{
	const int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct device by_fd, by_path;
	struct stat facts;
	struct error err = {0};
	int ends[2];

	(void)state;
	assert_int_equal(fstat(root, &facts), 0);
	assert_int_equal(device_describe(root, &by_fd, &err), 0);
	assert_true(by_fd.device == facts.st_dev);
	assert_string_equal(by_fd.mount_point, "/");
	assert_int_equal(
	    device_describe_path(&device_running_kernel, "/", &by_path, &err),
	    0);
	assert_string_equal(by_fd.filesystem, by_path.filesystem);
	assert_int_equal(by_fd.reach, by_path.reach);
	assert_int_equal(by_fd.disk_count, by_path.disk_count);
	assert_int_equal(device_describe(proc, &by_fd, &err), 0);
	assert_string_equal(by_fd.filesystem, "proc");
	assert_int_equal(by_fd.reach, DEVICE_UNKNOWN);
	/* A pipe lies on a mount of the kernel's own, which is not listed. */
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(device_describe(ends[0], &by_fd, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	assert_int_equal(device_describe(-1, &by_fd, &err), -1);
	assert_int_equal(
	    device_describe_path(&kernel, "relative", &by_fd, &err), -1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	(void)close(root);
	(void)close(proc);
}

/* What lies on a loop device lies on the disks of the file behind it. */
static void
loop_mounted_ext4(void **state)
{
	char place[64], command[512];
	struct device inside, outside;
	struct error err = {0};
	int fd, rc;

	(void)state;
	(void)snprintf(place, sizeof(place), "%s/ext4", folder);
	assert_int_equal(mkdir(place, 0700), 0);
	(void)snprintf(command, sizeof(command),
	    "truncate -s 16M %s.img && mkfs.ext4 -q %s.img && "
	    "mount -o loop,ro %s.img %s",
	    place, place, place, place);
	if (geteuid() != 0 || system(command) != 0) /* NOLINT: own text */
		skip();
	fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = device_describe(fd, &inside, &err);
	(void)close(fd);
	assert_int_equal(umount(place), 0);
	assert_int_equal(rc, 0);
	assert_int_equal(device_describe_path(
			     &device_running_kernel, folder, &outside, &err),
	    0);
	assert_string_equal(inside.filesystem, "ext4");
	assert_string_equal(inside.mount_point, place);
	assert_true(inside.read_only && inside.device_read_only);
	assert_int_equal(inside.reach, outside.reach);
	assert_int_equal(inside.disk_count, outside.disk_count);
	assert_int_equal(
	    device_shares_disk(&inside, &outside), outside.disk_count > 0);
}

static void
mount_points(void **state)
{
	struct error err = {0};
	char path[64];
	bool is;

	(void)state;
	assert_int_equal(device_is_mount_point("/", &is, &err), 0);
	assert_true(is);
	assert_int_equal(device_is_mount_point("/proc", &is, &err), 0);
	assert_true(is);
	assert_int_equal(device_is_mount_point("/proc/self", &is, &err), 0);
	assert_false(is);
	assert_int_equal(device_is_mount_point(folder, &is, &err), 0);
	assert_false(is);
	assert_int_equal(device_is_mount_point("/no/such", &is, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	/* A bind mount has its parent's st_dev. */
	(void)snprintf(path, sizeof(path), "%s/bind", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	if (mount(sysfs, path, NULL, MS_BIND, NULL) < 0)
		skip();
	assert_int_equal(device_is_mount_point(path, &is, &err), 0);
	assert_int_equal(umount(path), 0);
	assert_true(is);
}

static void
every_reach_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < DEVICE_REACHES; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
			    device_reach_name((enum device_reach)i),
			    device_reach_name((enum device_reach)j));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_of_storage),
	    cmocka_unit_test(devices_that_no_name_opens),
	    cmocka_unit_test(loops_that_lose_their_file),
	    cmocka_unit_test(disks_in_common),
	    cmocka_unit_test(this_machine),
	    cmocka_unit_test(loop_mounted_ext4),
	    cmocka_unit_test(mount_points),
	    cmocka_unit_test(every_reach_has_a_name),
	};

	return cmocka_run_group_tests(tests, make_machine, remove_machine);
}
