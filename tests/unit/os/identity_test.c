/*
 * The storage of a hospital's backup host, as the kernel and udev 252 (Debian
 * 12) describe it: which medium is it, on what does it lie, and is it a clone?
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/os/hospital.h"

#include <sys/mount.h>

static int
set_up(void **state)
{
	static const uint8_t page80[] = "\0\x80\0\x15      WD-WCC4N0000001";
	char path[PATH_MAX], target[PATH_MAX];
	FILE *list;

	(void)state;
	if (machine_begin() != 0)
		return -1;
	list = fopen(machine.mountinfo, "we");
	assert_non_null(list);
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		assert_true(fprintf(list, "%s\n", mounts[i]) > 0);
	assert_int_equal(fclose(list), 0);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		machine_put_device(&devices[i]);
	machine_put_slave("virtual/block/md0", "8:1");
	machine_put_slave("virtual/block/md0", "8:17");
	machine_put_slave("virtual/block/dm-0", "9:0");
	machine_put_slave("virtual/block/dm-1", "253:0");
	machine_put_attribute("devices/" USB1 "/bDeviceClass", "00\n", 3);
	machine_put_attribute(
	    "devices/" USB1 "/serial", "31323334414243\n", 15);
	machine_put_attribute("devices/" USB3 "/bDeviceClass", "00\n", 3);
	machine_put_attribute(
	    "devices/" ATA2 "/device/vpd_pg80", page80, sizeof(page80) - 1);
	for (int i = 0; i < 2; i++) {
		const char *name = i == 0 ? "sdc2" : "sdd1";

		(void)snprintf(path, sizeof(path),
		    "%s/fs/btrfs/" UUID_A "/devices/%s", machine.sysfs, name);
		(void)snprintf(target, sizeof(target), "%s/class/block/%s",
		    machine.sysfs, name);
		machine_put_link(target, path);
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return machine_end();
}

static struct identity
identity_at(const char *path)
{
	struct identity identity;
	struct error err = {0};

	if (identity_of_path(&machine.kernel, path, &identity, &err) != 0)
		fail_msg("%s: %s", path, err.text);
	return identity;
}

static const struct {
	const char *path, *filesystem, *uuid, *label, *node;
	enum identity_transport transport;
	const char *serial, *lies_on;
	bool is_weak;
} cases[] = {
    {"/", "ext4", UUID_B, "", "/dev/nvme0n1p2", IDENTITY_NVME, "S5GXNX0R123456",
	"wwn:eui.0025385b21404321", false},
    {"/nas", "xfs", UUID_A, "控え 1", "/dev/dm-1", IDENTITY_SATA, "",
	"wwn:5000c500a0000001 wwn:5000c500a0000002", false},
    {"/media/usb", "exfat", "5DD3-5C39", "BACKUP", "/dev/sdc1", IDENTITY_USB,
	"31323334414243", "serial:Extreme_SSD:31323334414243", true},
    {"/media/ntfs", "ntfs", "1118499A3BF23230", "", "/dev/sde", IDENTITY_USB,
	"", "at:pci-0000:00:14.0-usb-0:3:1.0-scsi-0:0:0:0", false},
    {"/mnt/nfs", "nfs4", "", "", "", IDENTITY_NETWORK, "",
	"network:192.168.0.10 network:nas1.example.jp", true},
    {"/mnt/smb", "cifs", "", "", "", IDENTITY_NETWORK, "",
	"network:192.168.0.11 network:nas2", true},
    /* The first one again, by its address and by a short name. */
    {"/mnt/smb-by-address", "cifs", "", "", "", IDENTITY_NETWORK, "",
	"network:192.168.0.10", true},
    {"/mnt/nfs-by-name", "nfs4", "", "", "", IDENTITY_NETWORK, "",
	"network:192.168.0.10 network:nas1", true},
    {"/mnt/ssh", "fuse.sshfs", "", "", "", IDENTITY_NETWORK, "",
	"network:fe80::1", true},
    /* The kernel speaks to the server from the server's own address. */
    {"/mnt/own", "nfs4", "", "", "", IDENTITY_NETWORK, "", "this-host", true},
    {"/mnt/cloud", "fuse.rclone", "", "", "", IDENTITY_CLOUD, "",
	"cloud:s3:bucket/ehr", true},
    {"/mnt/s3", "fuse.s3fs", "", "", "", IDENTITY_CLOUD, "", "", true},
    {"/pool", "ext4", UUID_A, "", "/dev/sdc2", IDENTITY_USB, "",
	"serial:Extreme_SSD:31323334414243 "
	"serial:Extreme_SSD:31323334DDDDDD",
	false},
    {"/loop", "ext4", UUID_B, "", "/dev/loop0", IDENTITY_LOOP, "",
	"wwn:5000c500a0000001 wwn:5000c500a0000002", false},
    {"/tmp", "tmpfs", "", "", "", IDENTITY_MEMORY, "", "memory", true},
    {"/fuse", "fuse.bindfs", "", "", "", IDENTITY_FUSE, "", "", true},
    {"/zram", "ext4", "", "", "/dev/zram0", IDENTITY_MEMORY, "", "memory",
	true},
    {"/raid", "xfs", "", "", "/dev/sdf", IDENTITY_SCSI, "00d1",
	"wwn:600605b00a2b3c4d1e2f3a4b5c6d7e8f", true},
    {"/vm", "xfs", "", "", "/dev/vdb", IDENTITY_VIRTIO, "backup-disk-1",
	"serial::backup-disk-1", true},
    {"/iscsi", "ext4", "", "", "/dev/sdg", IDENTITY_NETWORK, "",
	"wwn:60014052f3c6b6c1a4b4a7e9c6a5d3e2", true},
    {"/host", "9p", "", "", "", IDENTITY_NETWORK, "", "", true},
};

static void
every_kind_of_medium(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct identity got = identity_at(cases[i].path);

		print_message("           %s\n", cases[i].path);
		assert_string_equal(got.filesystem, cases[i].filesystem);
		assert_string_equal(got.uuid, cases[i].uuid);
		assert_string_equal(got.label, cases[i].label);
		assert_string_equal(got.node, cases[i].node);
		assert_int_equal(got.has_block, cases[i].node[0] != '\0');
		assert_int_equal(got.transport, cases[i].transport);
		assert_string_equal(got.serial, cases[i].serial);
		assert_string_equal(got.lies_on, cases[i].lies_on);
		assert_int_equal(got.is_weak, cases[i].is_weak);
		assert_false(got.device.gone);
	}
}

static void
more_than_the_table_says(void **state)
{
	struct identity got = identity_at("/nas");

	(void)state;
	assert_true(got.device.encrypted);
	assert_string_equal(got.device.encryption, "LUKS2");
	assert_string_equal(got.device.encryption_uuid, LUKS);
	assert_int_equal(got.device.disk_count, 2);
	assert_true(got.size_bytes == UINT64_C(7813997232) * 512);
	assert_true(identity_at("/loop").device.loop);
	assert_true(identity_at("/loop").device.encrypted);
	got = identity_at("/media/usb");
	assert_string_equal(got.model, "Extreme_SSD");
	assert_true(got.disks[0].size_bytes == UINT64_C(3907029168) * 512);
	got = identity_at("/mnt/nfs");
	assert_string_equal(got.source, "NAS1.example.jp:/export/ehr");
	assert_string_equal(got.server, "nas1.example.jp");
	assert_string_equal(got.address, "192.168.0.10");
	assert_int_equal(got.port, 2049);
	got = identity_at("/mnt/smb");
	assert_string_equal(got.source, "//nas2/back up");
	assert_string_equal(got.address, "192.168.0.11");
	assert_int_equal(got.port, 445);
	got = identity_at("/mnt/ssh");
	assert_string_equal(got.address, "fe80::1");
	assert_int_equal(got.port, 22);
	assert_int_equal(identity_at("/mnt/cloud").port, 0);
	assert_string_equal(identity_at("/pool").uuid_sub, UUID_B);
	assert_string_equal(identity_at("/nas").uuid_sub, "");
	/* Still listed as mounted; nothing is known of it any more. */
	got = identity_at("/yanked");
	assert_true(got.device.gone && !got.has_block);
	assert_string_equal(got.lies_on, "");
	assert_string_equal(got.uuid, "");
}

/* What udev does not tell, the kernel may; the words are the same. */
static void
without_udev(void **state)
{
	struct identity_kernel kernel = machine.kernel;
	struct identity_blocks found;
	struct identity got;
	struct error err = {0};

	(void)state;
	kernel.udev = "/no/such/folder";
	assert_int_equal(
	    identity_of_path(&kernel, "/media/usb", &got, &err), 0);
	assert_string_equal(got.uuid, "");
	assert_string_equal(got.filesystem, "exfat");
	assert_string_equal(got.serial, "31323334414243");
	assert_string_equal(got.model, "Extreme SSD");
	assert_string_equal(got.lies_on, "serial:Extreme_SSD:31323334414243");
	assert_int_equal(identity_of_path(&kernel, "/", &got, &err), 0);
	assert_string_equal(got.lies_on, "wwn:eui.0025385b21404321");
	assert_int_equal(identity_of_block(&kernel, 8, 16, &got, &err), 0);
	assert_string_equal(got.serial, "WD-WCC4N0000001");
	assert_int_equal(identity_find(&kernel, UUID_A, "", &found, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	assert_int_equal(
	    identity_find(&kernel, "", "31323334414243", &found, &err), 0);
	assert_int_equal(found.count, 3); /* the disk and its partitions */
}

static void
finding(void **state)
{
	struct identity_blocks found;
	struct identity got;
	struct error err = {0};

	(void)state;
	/* The LUKS volume, a stick's partition, and that partition's clone. */
	assert_int_equal(
	    identity_find(&machine.kernel, UUID_A, "", &found, &err), 0);
	assert_int_equal(found.count, 3);
	assert_int_equal(identity_find(&machine.kernel, UUID_A,
			     "31323334DDDDDD", &found, &err),
	    0);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.blocks[0].name, "sdd1");
	assert_int_equal(found.blocks[0].major, 8);
	assert_int_equal(found.blocks[0].minor, 49);
	/* A locked medium is found by its container. */
	assert_int_equal(
	    identity_find(&machine.kernel, LUKS, NULL, &found, &err), 0);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.blocks[0].name, "dm-0");
	assert_int_equal(
	    identity_find(&machine.kernel, "5dd35c39", "", &found, &err), 0);
	assert_int_equal(found.count, 1);
	assert_int_equal(
	    identity_of_block(&machine.kernel, found.blocks[0].major,
		found.blocks[0].minor, &got, &err),
	    0);
	assert_string_equal(got.uuid, "5DD3-5C39");
	assert_string_equal(got.node, "/dev/sdc1");
	assert_int_equal(got.transport, IDENTITY_USB);
	assert_int_equal(
	    identity_find(&machine.kernel, "0000-0000", "", &found, &err), 0);
	assert_int_equal(found.count, 0);
	assert_int_equal(
	    identity_of_block(&machine.kernel, 8, 200, &got, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	/* All but loop1, which has no file. */
	identity_list(&machine.kernel, &found);
	assert_int_equal(found.count, sizeof(devices) / sizeof(devices[0]) - 1);
}

static void
clones_and_others(void **state)
{
	static const char first[] = "serial:Extreme_SSD:31323334414243";
	const struct identity original = identity_at("/media/original");
	const struct identity clone = identity_at("/media/clone");
	const struct identity exfat = identity_at("/media/usb");
	const struct identity nfs = identity_at("/mnt/nfs");
	const struct identity port = identity_at("/media/ntfs");
	const struct {
		struct identity_key key;
		const struct identity *seen;
		enum identity_match match;
	} table[] = {
	    {{UUID_A, NULL, first}, &original, IDENTITY_SAME},
	    {{UUID_A, NULL, first}, &clone, IDENTITY_CLONE},
	    {{UUID_A, NULL, NULL}, &clone, IDENTITY_SAME},
	    /* A mirror that lost one disk. */
	    {{UUID_A, NULL, "serial:A:1 serial:Extreme_SSD:31323334414243"},
		&original, IDENTITY_SAME},
	    {{UUID_B, NULL, first}, &original, IDENTITY_OTHER},
	    {{"", NULL, first}, &original, IDENTITY_UNDETERMINED},
	    {{"5dd3-5c39", NULL, first}, &exfat, IDENTITY_SAME},
	    {{"5DD3-5C39", NULL, "serial:X:1"}, &exfat, IDENTITY_CLONE},
	    /* So short a number may be anybody's. */
	    {{"5DD3-5C39", NULL, ""}, &exfat, IDENTITY_UNDETERMINED},
	    /* A port is no identity. */
	    {{"1118499A3BF23230", NULL, port.lies_on}, &port,
		IDENTITY_UNDETERMINED},
	    {{NULL, "NAS1.example.jp:/export/ehr", NULL}, &nfs, IDENTITY_SAME},
	    {{NULL, "nas:/other", NULL}, &nfs, IDENTITY_OTHER},
	    {{UUID_A, NULL, first}, &nfs, IDENTITY_OTHER},
	    {{NULL, "nas:/other", NULL}, &original, IDENTITY_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(identity_compare(&table[i].key, table[i].seen),
		    table[i].match);
	assert_true(identity_shares_disk(original.lies_on, exfat.lies_on));
	assert_false(identity_shares_disk(original.lies_on, clone.lies_on));
	assert_true(
	    identity_shares_disk(identity_at("/pool").lies_on, clone.lies_on));
	assert_true(identity_shares_disk(
	    identity_at("/loop").lies_on, identity_at("/nas").lies_on));
	/* A server by three names. */
	assert_true(identity_shares_disk(identity_at("/mnt/nfs").lies_on,
	    identity_at("/mnt/smb-by-address").lies_on));
	assert_true(identity_shares_disk(identity_at("/mnt/nfs").lies_on,
	    identity_at("/mnt/nfs-by-name").lies_on));
	assert_false(identity_shares_disk(
	    identity_at("/mnt/nfs").lies_on, identity_at("/mnt/smb").lies_on));
	assert_false(identity_shares_disk("", ""));
	assert_false(identity_shares_disk("wwn:1", "wwn:11 wwn:2"));
	assert_false(identity_is_uuid("", ""));
	assert_false(identity_is_uuid("ab", "ab-c"));
	assert_true(identity_is_weak_uuid("", ""));
	assert_true(identity_is_weak_uuid("iso9660", "2026-11-22-07-49-33-00"));
	assert_false(identity_is_weak_uuid("ntfs", "1118499A3BF23230"));
}

static void
elsewhere_by_type(void **state)
{
	static const struct {
		const char *filesystem, *source;
		enum identity_transport transport;
	} table[] = {
	    {"nfs", "a:/b", IDENTITY_NETWORK},
	    {"smb3", "", IDENTITY_NETWORK},
	    {"9p", "host", IDENTITY_NETWORK},
	    {"ceph", "a:/", IDENTITY_NETWORK},
	    {"fuse.glusterfs", "a:/v", IDENTITY_NETWORK},
	    {"fuse", "https://dav/x", IDENTITY_NETWORK},
	    {"fuse.gcsfuse", "bucket", IDENTITY_CLOUD},
	    {"fuse.goofys", "bucket", IDENTITY_CLOUD},
	    {"fuse", "mountpoint-s3", IDENTITY_CLOUD},
	    {"fuse.blobfuse2", "blobfuse2", IDENTITY_CLOUD},
	    {"fuse", "anything", IDENTITY_FUSE},
	    {"fuse.unheard-of", "x", IDENTITY_FUSE},
	    {"ext4", "/dev/sda1", IDENTITY_UNKNOWN},
	    {"overlay", "overlay", IDENTITY_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(
		    identity_classify(table[i].filesystem, table[i].source),
		    table[i].transport);
}

static void
every_name_is_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < IDENTITY_TRANSPORTS; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
			    identity_transport_name((enum identity_transport)i),
			    identity_transport_name(
				(enum identity_transport)j));
	for (int i = 0; i < IDENTITY_MATCHES; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
			    identity_match_name((enum identity_match)i),
			    identity_match_name((enum identity_match)j));
}

static void
this_machine(void **state)
{
	struct identity_blocks found;
	struct identity got;
	struct error err = {0};

	(void)state;
	assert_int_equal(
	    identity_of_path(&identity_running_kernel, "/", &got, &err), 0);
	assert_true(got.filesystem[0] != '\0');
	assert_int_equal(
	    identity_of_path(&identity_running_kernel, "relative", &got, &err),
	    -1);
	identity_list(&identity_running_kernel, &found);
	for (size_t i = 0; i < found.count && i < IDENTITY_BLOCKS_MAX; i++)
		assert_int_equal(identity_of_block(&identity_running_kernel,
				     found.blocks[i].major,
				     found.blocks[i].minor, &got, &err),
		    0);
}

/* A file that is mounted: a loop device, on the disks of the file. */
static void
loop_mounted_ext4(void **state)
{
	char place[64], command[512];
	struct identity inside, outside;
	struct error err = {0};
	int rc;

	(void)state;
	(void)snprintf(place, sizeof(place), "%s/ext4", machine_folder);
	assert_int_equal(mkdir(place, 0700), 0);
	(void)snprintf(command, sizeof(command),
	    "truncate -s 16M %s.img && mkfs.ext4 -q %s.img && "
	    "mount -o loop,ro %s.img %s",
	    place, place, place, place);
	if (geteuid() != 0 || system(command) != 0) /* NOLINT: own text */
		skip();
	rc = identity_of_path(&identity_running_kernel, place, &inside, &err);
	assert_int_equal(umount(place), 0);
	assert_int_equal(rc, 0);
	assert_int_equal(identity_of_path(&identity_running_kernel,
			     machine_folder, &outside, &err),
	    0);
	assert_int_equal(inside.transport, IDENTITY_LOOP);
	assert_true(inside.has_block && inside.size_bytes == 16 << 20);
	assert_string_equal(inside.lies_on, outside.lies_on);
}

static bool
is_nas2(const char *name)
{
	return strcmp(name, "nas2") == 0 || strcmp(name, "192.168.0.10") == 0;
}

/* By its name or its address; which disks it gives out is not known. */
static void
shares_that_this_machine_serves(void **state)
{
	static const struct {
		const char *path, *lies_on;
	} shares[] = {
	    {"/mnt/smb", "this-host"},
	    {"/mnt/nfs", "this-host"},
	    {"/mnt/nfs-by-name", "this-host"},
	    {"/mnt/ssh", "network:fe80::1"},
	    {"/mnt/cloud", "cloud:s3:bucket/ehr"},
	};
	struct identity_kernel kernel = machine.kernel;
	static struct identity got;
	struct error err = {0};

	(void)state;
	kernel.is_own_host = is_nas2;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		assert_int_equal(
		    identity_of_path(&kernel, shares[i].path, &got, &err), 0);
		assert_string_equal(got.lies_on, shares[i].lies_on);
		assert_int_equal(
		    got.transport, i < 4 ? IDENTITY_NETWORK : IDENTITY_CLOUD);
	}
	assert_false(identity_shares_disk("this-host", "this-host"));
	assert_false(identity_shares_disk("this-host", "network:nas"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_of_medium),
	    cmocka_unit_test(more_than_the_table_says),
	    cmocka_unit_test(without_udev),
	    cmocka_unit_test(finding),
	    cmocka_unit_test(clones_and_others),
	    cmocka_unit_test(elsewhere_by_type),
	    cmocka_unit_test(every_name_is_its_own),
	    cmocka_unit_test(this_machine),
	    cmocka_unit_test(loop_mounted_ext4),
	    cmocka_unit_test(shares_that_this_machine_serves),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
