/* Walks of real trees: order, names, types, mounts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "tests/unit/os/walking.h"

/* --- order --- */

struct paths {
	char **items;
	size_t count, capacity;
};

static void
paths_add(struct paths *paths, const char *path)
{
	if (paths->count == paths->capacity) {
		paths->capacity = 2 * paths->capacity + 64;
		paths->items = realloc(
		    paths->items, paths->capacity * sizeof(*paths->items));
		assert_non_null(paths->items);
	}
	paths->items[paths->count] = strdup(path);
	assert_non_null(paths->items[paths->count++]);
}

static void
paths_done(struct paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i]);
	free(paths->items);
}

/* The order of FORMATS section 2, over whole paths. */
static int
by_manifest_order(const void *a, const void *b)
{
	const unsigned char *x = *(unsigned char *const *)a;
	const unsigned char *y = *(unsigned char *const *)b;

	while (*x == *y && *x != '\0') {
		x++;
		y++;
	}
	if (*x == *y)
		return 0;
	if (*x == '\0' || *y == '\0')
		return *x == '\0' ? -1 : 1;
	if (*x == '/' || *y == '/')
		return *x == '/' ? -1 : 1;
	return *x < *y ? -1 : 1;
}

/* Names that sort around the slash and around each other, in any encoding. */
static const char *const odd_names[] = {"a", "a!", "a b", "a-", "a.b", "a0",
    "A", "aa", "ab", " ", "-", "...", "..x", "\n", "x\ny", "\x7f", "\xff",
    "\xfe\xff", "\x81\x5c\x83\x5c", "\x8e\xca\x82\xdd", "日本語",
    "か\xe3\x82\x99", "が", "e\xcc\x81", "\xc3\xa9", "\xc0\xaf", "\\", "*?[",
    "\x01", "~", "#"};
#define ODD_NAMES (sizeof(odd_names) / sizeof(odd_names[0]))

static void
build_odd_tree(struct paths *paths, const char *above, int depth)
{
	for (size_t i = 0; i < ODD_NAMES; i++) {
		char path[256];

		(void)snprintf(path, sizeof(path), "%s%s%s", above,
		    above[0] != '\0' ? "/" : "", odd_names[i]);
		paths_add(paths, path);
		if (depth > 0 && i % 3 == 0) {
			put_folder(path);
			build_odd_tree(paths, path, depth - 1);
		} else {
			put(path);
		}
	}
}

static void
order_is_that_of_whole_paths(void **state)
{
	struct paths paths = {0};
	struct walk *walk;
	struct walk_entry entry;

	(void)state;
	build_odd_tree(&paths, "", 2);
	qsort(
	    paths.items, paths.count, sizeof(*paths.items), by_manifest_order);
	walk = begin(&defaults);
	for (size_t i = 0; i < paths.count; i++) {
		assert_true(next(walk, &entry));
		assert_string_equal(entry.path, paths.items[i]);
		assert_int_equal(entry.problem, 0);
	}
	assert_end(walk);
	paths_done(&paths);
}

static void
every_byte_may_stand_in_a_name(void **state)
{
	struct walk *walk;
	struct walk_entry entry;
	char name[3] = "";

	(void)state;
	for (unsigned byte = 1; byte < 256; byte++) {
		(void)snprintf(name, sizeof(name), "%cx", (int)byte);
		if (byte != '/')
			put(name);
	}
	walk = begin(&defaults);
	for (unsigned byte = 1; byte < 256; byte++) {
		(void)snprintf(name, sizeof(name), "%cx", (int)byte);
		if (byte != '/')
			assert_next(walk, &entry, name, WALK_FILE, 0);
	}
	assert_end(walk);
}

/* --- what an entry says --- */

static void
assert_as_lstat(const struct walk_entry *entry)
{
	struct stat status;

	assert_int_equal(
	    fstatat(root_fd, entry->path, &status, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(entry->is_known);
	assert_true(entry->size == (uint64_t)status.st_size);
	assert_true(entry->inode == status.st_ino);
	assert_true(entry->device == status.st_dev);
	assert_true(entry->links == status.st_nlink);
	assert_true(entry->blocks_512 == (uint64_t)status.st_blocks);
	assert_true(entry->mtime_seconds == status.st_mtim.tv_sec);
	assert_true(entry->mtime_nanoseconds == status.st_mtim.tv_nsec);
	assert_true(entry->ctime_seconds == status.st_ctim.tv_sec);
	assert_true(entry->ctime_nanoseconds == status.st_ctim.tv_nsec);
	assert_int_equal(entry->mode, status.st_mode & 07777);
	if (entry->type != WALK_LINK)
		assert_null(entry->link_target);
}

static void
every_type_is_told(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timespec times[2] = {{0, 0}, {-1234567, 999999999}};
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), fd;
	char long_target[4001];
	struct walk_entry entry;
	struct walk *walk;
	struct error err;

	(void)state;
	put("file");
	assert_int_equal(utimensat(root_fd, "file", times, 0), 0);
	assert_int_equal(fchmodat(root_fd, "file", 06755, 0), 0);
	assert_int_equal(linkat(root_fd, "file", root_fd, "file2", 0), 0);
	put_folder("folder");
	assert_int_equal(symlinkat("folder", root_fd, "link"), 0);
	memset(long_target, 't', 4000);
	long_target[4000] = '\0';
	assert_int_equal(symlinkat(long_target, root_fd, "link2"), 0);
	assert_int_equal(mkfifoat(root_fd, "fifo", 0600), 0);
	(void)snprintf(
	    address.sun_path, sizeof(address.sun_path), "%s/socket", base);
	assert_int_equal(
	    bind(sock, (struct sockaddr *)&address, sizeof(address)), 0);
	(void)close(sock);
	walk = begin(&defaults);
	assert_next(walk, &entry, "fifo", WALK_FIFO, 0);
	assert_as_lstat(&entry);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
	assert_next(walk, &entry, "file", WALK_FILE, 0);
	assert_as_lstat(&entry);
	assert_int_equal(entry.links, 2);
	assert_true(entry.mtime_seconds == -1234567);
	assert_next(walk, &entry, "file2", WALK_FILE, 0);
	assert_next(walk, &entry, "folder", WALK_FOLDER, 0);
	assert_as_lstat(&entry);
	assert_next(walk, &entry, "link", WALK_LINK, 0);
	assert_as_lstat(&entry);
	assert_string_equal(entry.link_target, "folder");
	assert_int_equal(entry.link_length, 6);
	assert_next(walk, &entry, "link2", WALK_LINK, 0);
	assert_string_equal(entry.link_target, long_target);
	assert_next(walk, &entry, "socket", WALK_SOCKET, 0);
	assert_as_lstat(&entry);
	assert_end(walk);
}

static void
devices_are_told(void **state)
{
	struct walk_entry entry;
	struct walk *walk;

	(void)state;
	if (mknodat(root_fd, "block", S_IFBLK | 0600, makedev(7, 99)) != 0 ||
	    mknodat(root_fd, "char", S_IFCHR | 0600, makedev(1, 3)) != 0) {
		print_message("no devices here: %s\n", strerror(errno));
		skip();
	}
	walk = begin(&defaults);
	assert_next(walk, &entry, "block", WALK_BLOCK, 0);
	assert_next(walk, &entry, "char", WALK_CHAR, 0);
	assert_end(walk);
}

static void
an_empty_root_has_no_entries(void **state)
{
	struct walk_options options = {.spill_fd = -1};
	struct error err;
	int fd;

	(void)state;
	assert_end(begin(&options));
	put("file");
	fd = openat(root_fd, "file", O_RDONLY | O_CLOEXEC);
	assert_null(walk_new(fd, &options, &err));
	assert_int_equal(err.os_errno, ENOTDIR);
	(void)close(fd);
}

static void
a_folder_may_be_skipped(void **state)
{
	struct walk_entry entry;
	struct walk *walk;
	int before;

	(void)state;
	put_folder("a");
	put("a/1");
	put_folder("b");
	put("b/2");
	put_folder("c");
	before = count_descriptors();
	walk = begin(&defaults);
	assert_next(walk, &entry, "a", WALK_FOLDER, 0);
	walk_skip(walk);
	walk_skip(walk);
	assert_next(walk, &entry, "b", WALK_FOLDER, 0);
	assert_next(walk, &entry, "b/2", WALK_FILE, 0);
	walk_skip(walk);
	assert_next(walk, &entry, "c", WALK_FOLDER, 0);
	walk_skip(walk);
	assert_end(walk);
	assert_int_equal(count_descriptors(), before);
}

/* --- mounts --- */

static void
a_mount_is_entered_only_if_asked(void **state)
{
	struct walk_options crossing = defaults;
	struct walk_entry entry;
	struct walk *walk;

	(void)state;
	put_folder("mounted");
	put("other");
	if (tree_mount("tmpfs", "mounted", "tmpfs") != 0) {
		print_message("cannot mount here: %s\n", strerror(errno));
		skip();
	}
	put("mounted/file");
	walk = begin(&defaults);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, EXDEV);
	assert_next(walk, &entry, "other", WALK_FILE, 0);
	assert_end(walk);
	crossing.cross_mounts = true;
	walk = begin(&crossing);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, 0);
	assert_next(walk, &entry, "mounted/file", WALK_FILE, 0);
	assert_next(walk, &entry, "other", WALK_FILE, 0);
	assert_end(walk);
	assert_int_equal(tree_unmount("mounted"), 0);
	/* The same file system again, below itself. */
	assert_int_equal(tree_mount(base, "mounted", NULL), 0);
	walk = begin(&defaults);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, EXDEV);
	assert_next(walk, &entry, "other", WALK_FILE, 0);
	assert_end(walk);
	walk = begin(&crossing);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, ELOOP);
	assert_next(walk, &entry, "other", WALK_FILE, 0);
	assert_end(walk);
	assert_int_equal(tree_unmount("mounted"), 0);
	assert_int_equal(tree_mount("/dev/null", "other", NULL), 0);
	walk = begin(&defaults);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, 0);
	assert_next(walk, &entry, "other", WALK_CHAR, EXDEV);
	assert_end(walk);
	assert_int_equal(tree_unmount("other"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST_IN_MEMORY(order_is_that_of_whole_paths),
	    TEST_IN_MEMORY(every_byte_may_stand_in_a_name),
	    TEST(every_type_is_told),
	    TEST(devices_are_told),
	    TEST(an_empty_root_has_no_entries),
	    TEST(a_folder_may_be_skipped),
	    TEST(a_mount_is_entered_only_if_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
