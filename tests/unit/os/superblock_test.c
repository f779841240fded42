/*
 * File systems made by their own tools, and what Linux writes to them when it
 * mounts them: compared with what blkid(8) and their own tools say.
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
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/superblock.h"

/* In memory, where formatting does not wait for a disk; or else on one. */
static char folder[64] = "/dev/shm/superblock-XXXXXX";

static const struct image {
	const char *name, *size, *make; /* the tool and what it is told */
	const char *type;
	bool is_weak;
	enum superblock_evidence evidence;
} images[] = {
    {"ext2", "1M", "mkfs.ext2 -q -L label", "ext2", false, SUPERBLOCK_MOUNTS},
    {"ext4", "8M", "mkfs.ext4 -q -L label", "ext4", false, SUPERBLOCK_MOUNTS},
    {"xfs", "300M", "mkfs.xfs -q -L label", "xfs", false, SUPERBLOCK_MOUNTS},
    {"xfs4", "32M", "mkfs.xfs -q -L label -m crc=0 --unsupported -l size=8m",
	"xfs", false, SUPERBLOCK_MOUNTS},
    {"btrfs", "128M", "mkfs.btrfs -q -L label", "btrfs", false,
	SUPERBLOCK_WRITES},
    {"fat12", "1440K", "mkfs.vfat -F 12 -n LABEL", "vfat", true,
	SUPERBLOCK_NO_EVIDENCE},
    {"fat16", "16M", "mkfs.vfat -F 16 -n LABEL", "vfat", true,
	SUPERBLOCK_NO_EVIDENCE},
    {"fat32", "64M", "mkfs.vfat -F 32 -n LABEL", "vfat", true,
	SUPERBLOCK_NO_EVIDENCE},
    {"exfat", "16M", "mkfs.exfat -L label", "exfat", true,
	SUPERBLOCK_NO_EVIDENCE},
    {"ntfs", "16M", "mkntfs -q -F -L label", "ntfs", false,
	SUPERBLOCK_NO_EVIDENCE},
    {"udf", "16M", "mkudffs -l label", "udf", false, SUPERBLOCK_WRITES},
    {"udf512", "16M", "mkudffs -b 512 -l label", "udf", false,
	SUPERBLOCK_WRITES},
};
#define IMAGES (sizeof(images) / sizeof(images[0]))

static int
set_up(void **state)
{
	(void)state;
	/* Where Debian keeps what formats disks. */
	if (setenv("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", 1) !=
	    0)
		return -1;
	if (mkdtemp(folder) != NULL)
		return 0;
	(void)snprintf(folder, sizeof(folder), "/tmp/superblock-XXXXXX");
	return mkdtemp(folder) != NULL ? 0 : -1;
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
tear_down(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* In the folder, without a word. */
static int __attribute__((format(printf, 1, 2))) run(const char *format, ...)
{
	char command[1024];
	const int start = snprintf(
	    command, sizeof(command), "cd %s && exec >>log 2>&1 && ", folder);
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(
	    command + start, sizeof(command) - (size_t)start, format, ap);
	va_end(ap);
	return system(command); /* NOLINT: own text */
}

static bool
make_image(const struct image *image)
{
	const int tool = (int)strcspn(image->make, " ");

	if (run("command -v %.*s", tool, image->make) != 0) {
		print_message("           no %.*s here\n", tool, image->make);
		return false;
	}
	assert_int_equal(
	    run("rm -f %s && truncate -s %s %s && %s %s", image->name,
		image->size, image->name, image->make, image->name),
	    0);
	return true;
}

static int
open_image(const char *name, int flags)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, flags | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static struct superblock
read_image(const char *name)
{
	const int fd = open_image(name, O_RDONLY);
	struct superblock superblock;
	struct error err = {0};

	if (superblock_read(fd, &superblock, &err) != 0)
		fail_msg("%s: %s", name, err.text);
	(void)close(fd);
	return superblock;
}

static void
write_at(const char *name, off_t offset, const void *bytes, size_t length)
{
	const int fd = open_image(name, O_WRONLY);

	assert_int_equal(pwrite(fd, bytes, length, offset), length);
	(void)close(fd);
}

static void
expect_blkid(const char *name, const char *tag, const char *value)
{
	assert_int_equal(run("test \"$(blkid -p -s %s -o value %s)\" = '%s'",
			     tag, name, value),
	    0);
}

static void
fresh_images(void **state)
{
	size_t made = 0;

	(void)state;
	for (size_t i = 0; i < IMAGES; i++) {
		struct superblock got;

		print_message("           %s\n", images[i].name);
		if (!make_image(&images[i]))
			continue;
		made++;
		got = read_image(images[i].name);
		assert_string_equal(got.type, images[i].type);
		assert_int_equal(strcasecmp(got.label, "label"), 0);
		assert_int_equal(got.is_weak, images[i].is_weak);
		assert_int_equal(got.state, SUPERBLOCK_CLEAN);
		assert_int_equal(got.evidence, images[i].evidence);
		assert_int_equal(got.stamp[0] != '\0',
		    images[i].evidence != SUPERBLOCK_NO_EVIDENCE);
		assert_false(got.has_errors || got.is_ambiguous);
		expect_blkid(images[i].name, "UUID", got.uuid);
		expect_blkid(images[i].name, "UUID_SUB", got.uuid_sub);
		assert_int_equal(got.uuid_sub[0] != '\0',
		    strcmp(images[i].type, "btrfs") == 0);
	}
	if (made < IMAGES)
		skip();
}

static void
an_iso_image(void **state)
{
	struct superblock got;

	(void)state;
	if (run("command -v genisoimage && mkdir -p d && "
		"genisoimage -quiet -V LABEL -o iso d") != 0)
		skip();
	got = read_image("iso");
	assert_string_equal(got.type, "iso9660");
	assert_string_equal(got.label, "LABEL");
	assert_true(got.is_weak);
	assert_int_equal(got.evidence, SUPERBLOCK_UNCHANGEABLE);
	assert_non_null(strstr(got.stamp, "modified=20"));
}

static void
nothing_and_two_things(void **state)
{
	struct superblock got;
	struct error err = {0};
	int fd;

	(void)state;
	assert_int_equal(run("truncate -s 1M nothing"), 0);
	got = read_image("nothing");
	assert_string_equal(got.type, "");
	assert_true(got.is_weak);
	assert_int_equal(got.state, SUPERBLOCK_STATE_UNKNOWN);
	assert_string_equal(got.stamp, "");
	/* Two file systems' marks: which one it is nobody can say. */
	if (make_image(&images[1]) && make_image(&images[4])) {
		assert_int_equal(run("dd if=ext4 of=btrfs bs=1024 skip=1 "
				     "seek=1 count=1 conv=notrunc"),
		    0);
		got = read_image("btrfs");
		assert_true(got.is_ambiguous);
		assert_string_equal(got.type, "");
		assert_string_equal(got.stamp, "");
	}
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(superblock_read(fd, &got, &err), -1);
	(void)close(fd);
	assert_int_equal(superblock_read(-1, &got, &err), -1);
	assert_int_equal(err.code, ERROR_IO);
}

/* Marks that a system leaves which was pulled out while it wrote. */
static void
dirty_marks(void **state)
{
	static const struct {
		const char *name;
		off_t offset;
		uint8_t bytes[4];
		size_t length;
		bool dirty, errors;
	} marks[] = {
	    /* s_state: errors; then neither; s_feature_incompat: recover. */
	    {"ext2", 1024 + 0x3A, {3, 0}, 2, false, true},
	    {"ext2", 1024 + 0x3A, {0, 0}, 2, true, false},
	    {"ext4", 1024 + 0x60, {0xC6, 2, 0, 0}, 4, true, false},
	    {"fat12", 37, {1}, 1, true, false},
	    {"fat16", 37, {2}, 1, false, true},
	    {"fat32", 65, {1}, 1, true, false},
	    {"exfat", 106, {2, 0}, 2, true, false},
	    {"exfat", 106, {4, 0}, 2, false, true},
	    {"btrfs", 65536 + 96, {1}, 1, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		struct superblock got;
		size_t image = 0;

		print_message("           %s at %lld\n", marks[i].name,
		    (long long)marks[i].offset);
		while (strcmp(images[image].name, marks[i].name) != 0)
			image++;
		if (!make_image(&images[image]))
			continue;
		write_at(marks[i].name, marks[i].offset, marks[i].bytes,
		    marks[i].length);
		got = read_image(marks[i].name);
		assert_int_equal(got.state,
		    marks[i].dirty ? SUPERBLOCK_DIRTY : SUPERBLOCK_CLEAN);
		assert_int_equal(got.has_errors, marks[i].errors);
	}
}

/* FAT[1] of an image: what Windows marks, and the boot sector's flag not. */
static void
windows_marks(void **state)
{
	static const uint8_t fat16[] = {0xFF, 0x7F},
			     fat32[] = {0xFF, 0xFF, 0xFF, 0x03};
	struct superblock got;
	uint8_t boot[512];
	int fd;

	(void)state;
	if (!make_image(&images[6]) || !make_image(&images[7]))
		skip();
	fd = open_image("fat16", O_RDONLY);
	assert_int_equal(pread(fd, boot, sizeof(boot), 0), sizeof(boot));
	(void)close(fd);
	write_at("fat16", (boot[14] | boot[15] << 8) * 512 + 2, fat16, 2);
	got = read_image("fat16");
	assert_int_equal(got.state, SUPERBLOCK_DIRTY);
	assert_false(got.has_errors);
	fd = open_image("fat32", O_RDONLY);
	assert_int_equal(pread(fd, boot, sizeof(boot), 0), sizeof(boot));
	(void)close(fd);
	write_at("fat32", (boot[14] | boot[15] << 8) * 512 + 4, fat32, 4);
	got = read_image("fat32");
	assert_int_equal(got.state, SUPERBLOCK_DIRTY);
	assert_true(got.has_errors);
}

static void
ntfs_volume_flag(void **state)
{
	struct superblock got;

	(void)state;
	if (!make_image(&images[9]) ||
	    run("command -v ntfslabel && command -v ntfsfix") != 0)
		skip();
	/* ntfsfix schedules a check, as Windows does: the volume is dirty. */
	assert_int_equal(run("ntfsfix ntfs"), 0);
	got = read_image("ntfs");
	assert_int_equal(got.state, SUPERBLOCK_DIRTY);
	assert_int_equal(run("ntfsfix -d ntfs"), 0);
	got = read_image("ntfs");
	assert_int_equal(got.state, SUPERBLOCK_CLEAN);
}

/* A loop device keeps the switch that somebody set on it before. */
#define TO_WRITE                                                   \
	"d=$(losetup --find --show %s) && blockdev --setrw $d && " \
	"mount $d m && losetup -d $d"

/*
 * Linux itself: a read-only mount changes no stamp, a mount to write does, and
 * a copy taken while it is mounted is dirty where the file system can tell.
 */
static void
stamps_tell_mounts(void **state)
{
	static const size_t kinds[] = {0, 1, 2, 4};
	size_t tried = 0;

	(void)state;
	if (geteuid() != 0 || run("mkdir -p m") != 0)
		skip();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *name = images[kinds[i]].name;
		struct superblock before, after, pulled;

		print_message("           %s\n", name);
		if (!make_image(&images[kinds[i]]))
			continue;
		before = read_image(name);
		if (run("mount -o loop,ro %s m && umount m", name) != 0)
			continue;
		tried++;
		after = read_image(name);
		assert_string_equal(before.stamp, after.stamp);
		assert_int_equal(run(TO_WRITE " && touch m/new && sync -f m && "
					      "cp %s pulled && umount m",
				     name, name),
		    0);
		after = read_image(name);
		assert_string_not_equal(before.stamp, after.stamp);
		assert_int_equal(after.state, SUPERBLOCK_CLEAN);
		pulled = read_image("pulled");
		if (strcmp(name, "btrfs") != 0)
			assert_int_equal(pulled.state, SUPERBLOCK_DIRTY);
		assert_int_equal(before.evidence, strcmp(name, "btrfs") == 0
						      ? SUPERBLOCK_WRITES
						      : SUPERBLOCK_MOUNTS);
		if (before.evidence != SUPERBLOCK_MOUNTS)
			continue;
		/* Nothing written, but it was in somebody's hands. */
		before = after;
		assert_int_equal(run(TO_WRITE " && umount m", name), 0);
		after = read_image(name);
		assert_string_not_equal(before.stamp, after.stamp);
	}
	if (tried == 0)
		skip();
}

/* e2fsprogs' and xfsprogs' own words for the same fields. */
static void
what_their_own_tools_say(void **state)
{
	struct superblock got;

	(void)state;
	if (!make_image(&images[1]) || run("command -v tune2fs dumpe2fs") != 0)
		skip();
	assert_int_equal(run("tune2fs -C 7 ext4"), 0);
	got = read_image("ext4");
	assert_int_equal(got.mount_count, 7);
	assert_int_equal(
	    run("test \"$(date -u -d \"$(LC_ALL=C TZ=UTC dumpe2fs -h "
		"ext4 2>/dev/null | sed -n 's/^Last write time: *//p'"
		") UTC\" +%%s)\" = %lld",
		(long long)got.written_at_ms / 1000),
	    0);
	if (!make_image(&images[4]))
		skip();
	got = read_image("btrfs");
	assert_int_equal(run("test \"$(btrfs inspect-internal dump-super btrfs "
			     "| sed -n 's/^generation[^0-9]*//p')\" = %llu",
			     (unsigned long long)got.sequence),
	    0);
}

/* Bytes of chance in what is read of them never do harm. */
static void
broken_images(void **state)
{
	static const struct {
		off_t first;
		size_t length;
	} places[] = {{0, 1024}, {1024, 1024}, {65536, 4096}, {131072, 8192},
	    {524288, 4096}};
	uint32_t chance = 20261122;

	(void)state;
	for (size_t i = 0; i < IMAGES; i++) {
		if (!make_image(&images[i]))
			continue;
		for (size_t round = 0; round < 100; round++) {
			const int fd = open_image(images[i].name, O_RDWR);
			struct superblock got;
			off_t offset;
			uint8_t old, new;

			chance = chance * 1664525 + 1013904223;
			offset =
			    places[round % 5].first +
			    (off_t)((chance >> 8) % places[round % 5].length);
			if (pread(fd, &old, 1, offset) == 1) {
				new = (uint8_t)(chance >> 16);
				assert_int_equal(
				    pwrite(fd, &new, 1, offset), 1);
				assert_int_equal(
				    superblock_read(fd, &got, NULL), 0);
				if (round % 10 != 0)
					assert_int_equal(
					    pwrite(fd, &old, 1, offset), 1);
			}
			(void)close(fd);
		}
	}
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(superblock_state_name(SUPERBLOCK_DIRTY), "dirty");
	assert_string_equal(superblock_state_name(SUPERBLOCK_CLEAN), "clean");
	assert_string_equal(
	    superblock_state_name(SUPERBLOCK_STATE_UNKNOWN), "unknown");
	assert_string_equal(
	    superblock_evidence_name(SUPERBLOCK_NO_EVIDENCE), "none");
	assert_string_equal(
	    superblock_evidence_name(SUPERBLOCK_WRITES), "writes");
	assert_string_equal(
	    superblock_evidence_name(SUPERBLOCK_UNCHANGEABLE), "unchangeable");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fresh_images),
	    cmocka_unit_test(an_iso_image),
	    cmocka_unit_test(nothing_and_two_things),
	    cmocka_unit_test(dirty_marks),
	    cmocka_unit_test(windows_marks),
	    cmocka_unit_test(ntfs_volume_flag),
	    cmocka_unit_test(stamps_tell_mounts),
	    cmocka_unit_test(what_their_own_tools_say),
	    cmocka_unit_test(broken_images),
	    cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
