/* Lines as kernels wrote them: proc(5) and every kind of file system we meet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/mountinfo.h"

static const struct {
	const char *line;
	struct mountinfo_mount mount;
} lines[] = {
    /* The example of proc(5). */
    {"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root "
     "rw,errors=continue",
	{36, 35, 98, 0, "/mnt1", "/mnt2", "rw,noatime", "ext3", "/dev/root",
	    "rw,errors=continue"}},
    {"514 29 0:52 / /backup/nas rw,relatime shared:262 - nfs4 "
     "nas.local:/volume1/ehr rw,vers=4.2,rsize=1048576,hard,addr=192.0.2.7\n",
	{514, 29, 0, 52, "/", "/backup/nas", "rw,relatime", "nfs4",
	    "nas.local:/volume1/ehr",
	    "rw,vers=4.2,rsize=1048576,hard,addr=192.0.2.7"}},
    {"97 29 0:48 / /mnt/share ro,relatime shared:53 - cifs "
     "//192.0.2.9/\\346\\212\\234 ro,vers=3.1.1,cache=strict",
	{97, 29, 0, 48, "/", "/mnt/share", "ro,relatime", "cifs",
	    "//192.0.2.9/\xe6\x8a\x9c", "ro,vers=3.1.1,cache=strict"}},
    {"612 29 0:61 / /mnt/ssh rw,nosuid,nodev,relatime shared:330 - fuse.sshfs "
     "user@host:/srv rw,user_id=0,group_id=0",
	{612, 29, 0, 61, "/", "/mnt/ssh", "rw,nosuid,nodev,relatime",
	    "fuse.sshfs", "user@host:/srv", "rw,user_id=0,group_id=0"}},
    {"640 29 8:33 / /media/usb rw,relatime shared:5 - fuseblk /dev/sdc1 "
     "rw,user_id=0,group_id=0,allow_other,blksize=4096",
	{640, 29, 8, 33, "/", "/media/usb", "rw,relatime", "fuseblk",
	    "/dev/sdc1", "rw,user_id=0,group_id=0,allow_other,blksize=4096"}},
    {"700 650 0:70 / / rw,relatime - overlay overlay "
     "rw,lowerdir=/l/A:/l/B,upperdir=/u,workdir=/w",
	{700, 650, 0, 70, "/", "/", "rw,relatime", "overlay", "overlay",
	    "rw,lowerdir=/l/A:/l/B,upperdir=/u,workdir=/w"}},
    {"41 29 0:36 /@snap/2026 /data/snap rw,noatime shared:20 master:7 "
     "propagate_from:2 - btrfs /dev/mapper/vg-data "
     "rw,space_cache=v2,subvolid=258,subvol=/@snap/2026",
	{41, 29, 0, 36, "/@snap/2026", "/data/snap", "rw,noatime", "btrfs",
	    "/dev/mapper/vg-data",
	    "rw,space_cache=v2,subvolid=258,subvol=/@snap/2026"}},
    {"88 29 0:40 / /host rw,relatime - 9p hostshare "
     "rw,sync,dirsync,access=client,trans=virtio",
	{88, 29, 0, 40, "/", "/host", "rw,relatime", "9p", "hostshare",
	    "rw,sync,dirsync,access=client,trans=virtio"}},
    /* A bind mount: of the same device, another root. */
    {"91 29 254:0 /var/backups /srv/b rw,relatime - ext4 /dev/vda rw",
	{91, 29, 254, 0, "/var/backups", "/srv/b", "rw,relatime", "ext4",
	    "/dev/vda", "rw"}},
    /* Blank, tab, newline, backslash, '#'; what looks like an escape. */
    {"92 29 8:1 / /a\\040b\\011c\\012d\\134e\\043\\134040\\9 rw - vfat "
     "/dev/sd\\040a rw",
	{92, 29, 8, 1, "/", "/a b\tc\nd\\e#\\040\\9", "rw", "vfat", "/dev/sd a",
	    "rw"}},
    /* No source at all; super options with a blank. */
    {"93 29 0:33 / /t rw - tmpfs  rw,size=1 k",
	{93, 29, 0, 33, "/", "/t", "rw", "tmpfs", "", "rw,size=1 k"}},
};

static void
lines_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct mountinfo_mount *due = &lines[i].mount;
		struct mountinfo_mount got;
		char *line = strdup(lines[i].line);

		assert_int_equal(mountinfo_parse_line(line, &got, NULL), 0);
		assert_true(got.id == due->id);
		assert_true(got.parent_id == due->parent_id);
		assert_int_equal(got.major, due->major);
		assert_int_equal(got.minor, due->minor);
		assert_string_equal(got.root, due->root);
		assert_string_equal(got.mount_point, due->mount_point);
		assert_string_equal(got.options, due->options);
		assert_string_equal(got.filesystem, due->filesystem);
		assert_string_equal(got.source, due->source);
		assert_string_equal(got.super_options, due->super_options);
		free(line);
	}
}

static void
malformed_lines_are_refused(void **state)
{
	static const char *const bad[] = {"", "36", "36 35 98:0 / /m rw",
	    "36 35 98:0 / /m rw -", "36 35 98:0 / /m rw - ext4",
	    "36 35 98:0 / /m rw - ext4 /dev/a",
	    "x 35 98:0 / /m rw - ext4 /dev/a rw",
	    "36  98:0 / /m rw - ext4 /dev/a rw",
	    "36 35 98 / /m rw - ext4 /dev/a rw",
	    "36 35 98: / /m rw - ext4 /dev/a rw",
	    "36 35 98:4294967296 / /m rw - ext4 /dev/a rw",
	    "36 35 98:-1 / /m rw - ext4 /dev/a rw",
	    "99999999999999999999999 35 98:0 / /m rw - ext4 /dev/a rw",
	    "36 35 98:0 / m rw - ext4 /dev/a rw"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct mountinfo_mount got;
		struct error err = {0};
		char *line = strdup(bad[i]);

		assert_int_equal(mountinfo_parse_line(line, &got, &err), -1);
		assert_int_equal(err.code, ERROR_INPUT);
		free(line);
	}
}

static void
options_are_whole_words(void **state)
{
	(void)state;
	assert_true(mountinfo_has_option("ro", "ro"));
	assert_true(mountinfo_has_option("nosuid,ro,noatime", "ro"));
	assert_true(mountinfo_has_option("nosuid,ro", "ro"));
	assert_false(mountinfo_has_option("rw,errors=remount-ro", "ro"));
	assert_false(mountinfo_has_option("rootcontext,proto", "ro"));
	assert_false(mountinfo_has_option("", "ro"));
}

static struct mountinfo *
read_table(const char *text, struct error *err)
{
	char path[] = "/tmp/mountinfo-XXXXXX";
	const int fd = mkstemp(path);
	struct mountinfo *table;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	table = mountinfo_read(path, err);
	(void)close(fd);
	assert_int_equal(unlink(path), 0);
	return table;
}

static void
path_leads_to_the_mount_on_top(void **state)
{
	static const struct {
		const char *path;
		uint64_t id;
	} cases[] = {{"/", 20}, {"/x", 20}, {"/a", 22}, {"/a/f", 22},
	    {"/ab", 20},
	    /* Covered: /a/b was mounted before /a was. */
	    {"/a/b/f", 22},
	    /* Mounted twice on one place: the later one. */
	    {"/s", 25}, {"/s/f", 25}, {"/s/in", 26}, {"/s/in/f", 26}};
	struct mountinfo *table =
	    read_table("20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
		       "21 20 8:2 / /a/b rw - ext4 /dev/sda2 rw\n"
		       "22 20 8:3 / /a rw - ext4 /dev/sda3 rw\n"
		       "24 20 8:4 / /s rw - ext4 /dev/sda4 rw\n"
		       "26 25 8:5 / /s/in rw - ext4 /dev/sda5 rw\n"
		       "25 24 8:6 / /s rw - ext4 /dev/sda6 rw\n",
		NULL);

	(void)state;
	assert_int_equal(mountinfo_count(table), 6);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(mountinfo_find_path(table, cases[i].path)->id ==
			    cases[i].id);
	assert_null(mountinfo_find_path(table, "a"));
	assert_null(mountinfo_find_path(table, ""));
	assert_string_equal(mountinfo_find_id(table, 24)->source, "/dev/sda4");
	assert_null(mountinfo_find_id(table, 23));
	mountinfo_free(table);
}

static void
tables_that_cannot_be(void **state)
{
	struct error err = {0};
	struct mountinfo *table;

	(void)state;
	assert_null(read_table("", &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_null(read_table("20 1 8:1 / / rw - ext4 /dev/a rw\n\n", &err));
	assert_null(mountinfo_read("/proc/no/such/file", &err));
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	/* Mounts in a circle end; a list without a root has no answer. */
	table = read_table("20 20 8:1 / / rw - ext4 /dev/a rw\n"
			   "21 20 8:2 / /a rw - ext4 /dev/a rw\n"
			   "20 21 8:2 / /a rw - ext4 /dev/a rw\n",
	    &err);
	assert_non_null(mountinfo_find_path(table, "/a/b"));
	mountinfo_free(table);
	table = read_table("21 20 8:2 / /a rw - ext4 /dev/a rw\n", &err);
	assert_null(mountinfo_find_path(table, "/a/b"));
	mountinfo_free(table);
	mountinfo_free(NULL);
}

static void
running_kernel_is_understood(void **state)
{
	struct error err = {0};
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, &err);

	(void)state;
	assert_non_null(table);
	assert_string_equal(
	    mountinfo_find_path(table, "/proc/self")->filesystem, "proc");
	mountinfo_free(table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_decoded),
	    cmocka_unit_test(malformed_lines_are_refused),
	    cmocka_unit_test(options_are_whole_words),
	    cmocka_unit_test(path_leads_to_the_mount_on_top),
	    cmocka_unit_test(tables_that_cannot_be),
	    cmocka_unit_test(running_kernel_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
