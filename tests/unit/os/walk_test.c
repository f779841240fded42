/* Walks of real trees: order, names, types, and everything that can change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/os/file.h"
#include "lib/os/walk.h"

ssize_t __real_getdents64(int fd, void *buffer, size_t length);
ssize_t __wrap_getdents64(int fd, void *buffer, size_t length);
int __real_statx(
    int fd, const char *path, int flags, unsigned mask, struct statx *status);
int __wrap_statx(
    int fd, const char *path, int flags, unsigned mask, struct statx *status);

/* Calls until one fails, once, with EIO; negative: none does. */
static int listings_left = -1, looks_left = -1;
/* Called after a name was looked at. */
static void (*after_look)(const char *name);

ssize_t
__wrap_getdents64(int fd, void *buffer, size_t length)
{
	if (listings_left >= 0 && listings_left-- == 0) {
		errno = EIO;
		return -1;
	}
	return __real_getdents64(fd, buffer, length);
}

int
__wrap_statx(
    int fd, const char *path, int flags, unsigned mask, struct statx *status)
{
	int rc;

	if (looks_left >= 0 && looks_left-- == 0) {
		errno = EIO;
		return -1;
	}
	rc = __real_statx(fd, path, flags, mask, status);
	if (after_look != NULL)
		after_look(path);
	return rc;
}

static char base[64];
static int root_fd = -1;
static int spill_fd = -1;
static const struct walk_options *defaults;

static int
set_up_in(const char *folder)
{
	static struct walk_options options;
	struct error err;

	listings_left = looks_left = -1;
	after_look = NULL;
	(void)snprintf(base, sizeof(base), "%s/hikae-walk-XXXXXX", folder);
	if (mkdtemp(base) == NULL || chmod(base, 0755) != 0)
		return -1;
	root_fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0 || file_temporary(root_fd, &spill_fd, &err) != 0)
		return -1;
	options = (struct walk_options){
	    .spill_fd = spill_fd, .memory_bytes = 1 << 20};
	defaults = &options;
	return 0;
}

static int
set_up(void **state)
{
	(void)state;
	return set_up_in("/tmp");
}

/* For many files: in memory, if there is such a place. */
static int
set_up_in_memory(void **state)
{
	(void)state;
	return set_up_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

static int
tear_down(void **state)
{
	char command[sizeof(base) + 16];

	(void)state;
	(void)close(root_fd);
	(void)close(spill_fd);
	(void)snprintf(command, sizeof(command), "rm -rf %s", base);
	return system(command);
}

static void
put(const char *path)
{
	int fd = openat(root_fd, path, O_WRONLY | O_CREAT | O_EXCL, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, path, strlen(path)), strlen(path));
	(void)close(fd);
}

static void
put_folder(const char *path)
{
	assert_int_equal(mkdirat(root_fd, path, 0755), 0);
}

static int
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

static struct walk *
begin(const struct walk_options *options)
{
	struct error err = {0};
	struct walk *walk = walk_new(root_fd, options, &err);

	if (walk == NULL)
		print_error("%s\n", err.text);
	assert_non_null(walk);
	return walk;
}

static bool
next(struct walk *walk, struct walk_entry *entry)
{
	struct error err = {0};
	int rc = walk_next(walk, entry, &err);

	if (rc < 0)
		print_error("%s\n", err.text);
	assert_true(rc >= 0);
	if (rc > 0)
		assert_int_equal(strlen(entry->path), entry->path_length);
	return rc > 0;
}

static void
assert_next(struct walk *walk, struct walk_entry *entry, const char *path,
    enum walk_type type, int problem)
{
	assert_true(next(walk, entry));
	assert_string_equal(entry->path, path);
	assert_int_equal(entry->type, type);
	assert_int_equal(entry->problem, problem);
}

static void
assert_end(struct walk *walk)
{
	struct walk_entry entry;

	assert_false(next(walk, &entry));
	assert_false(next(walk, &entry));
	walk_free(walk);
}

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
	walk = begin(defaults);
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
	walk = begin(defaults);
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
	walk = begin(defaults);
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
	walk = begin(defaults);
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
	listings_left = 0;
	assert_null(walk_new(root_fd, &options, &err));
	assert_int_equal(err.code, ERROR_IO);
	/* Half of the names are not the root's names. */
	listings_left = 1;
	assert_null(walk_new(root_fd, &options, &err));
	assert_int_equal(err.code, ERROR_IO);
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
	walk = begin(defaults);
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

/* --- what changes while it is walked --- */

static void
a_file_is_opened_only_if_it_is_the_same(void **state)
{
	struct walk_entry entry;
	struct walk *walk;
	struct stat status;
	struct error err;
	int fd;

	(void)state;
	put("1");
	put("2");
	put("3");
	put("4");
	put("5");
	walk = begin(defaults);
	assert_next(walk, &entry, "1", WALK_FILE, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(walk_open_file(walk, &fd, &err), 0);
		assert_int_equal(fstat(fd, &status), 0);
		assert_true(status.st_ino == entry.inode);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		assert_int_equal(
		    fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK | O_NOATIME),
		    O_RDONLY | O_NONBLOCK | O_NOATIME);
		(void)close(fd);
	}
	assert_next(walk, &entry, "2", WALK_FILE, 0);
	assert_int_equal(unlinkat(root_fd, "2", 0), 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.os_errno, ENOENT);
	assert_next(walk, &entry, "3", WALK_FILE, 0);
	assert_int_equal(unlinkat(root_fd, "3", 0), 0);
	assert_int_equal(symlinkat("1", root_fd, "3"), 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.os_errno, ESTALE);
	assert_next(walk, &entry, "4", WALK_FILE, 0);
	assert_int_equal(renameat(root_fd, "1", root_fd, "4"), 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.os_errno, ESTALE);
	assert_next(walk, &entry, "5", WALK_FILE, 0);
	assert_int_equal(unlinkat(root_fd, "5", 0), 0);
	assert_int_equal(mkfifoat(root_fd, "5", 0600), 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.os_errno, ESTALE);
	assert_end(walk);
}

static void
replace_by_link(const char *name)
{
	if (strcmp(name, "b") != 0)
		return;
	assert_int_equal(renameat(root_fd, "b", root_fd, "z"), 0);
	assert_int_equal(symlinkat("/etc", root_fd, "b"), 0);
}

static void
replace_by_folder(const char *name)
{
	if (strcmp(name, "b") != 0)
		return;
	assert_int_equal(renameat(root_fd, "b", root_fd, "z"), 0);
	put_folder("b");
	put("b/foreign");
}

/* The folder b is replaced: looked at, not yet opened. */
static void
a_folder_is_entered_only_if_it_is_the_same(void **state)
{
	static void (*const replacements[])(const char *) = {
	    replace_by_link, replace_by_folder};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct walk_entry entry;
		struct walk *walk;
		int before;

		(void)tear_down(NULL);
		assert_int_equal(set_up(NULL), 0);
		put_folder("a");
		put_folder("b");
		put("b/1");
		put("c");
		before = count_descriptors();
		walk = begin(defaults);
		assert_next(walk, &entry, "a", WALK_FOLDER, 0);
		after_look = replacements[i];
		assert_true(next(walk, &entry));
		after_look = NULL;
		assert_string_equal(entry.path, "b");
		assert_int_equal(entry.type, WALK_FOLDER);
		assert_true(entry.problem == ESTALE || entry.problem == ELOOP ||
			    entry.problem == ENOTDIR);
		assert_next(walk, &entry, "c", WALK_FILE, 0);
		assert_end(walk);
		assert_int_equal(count_descriptors(), before);
	}
}

static void
a_folder_replaced_by_a_link_is_a_link(void **state)
{
	struct walk_entry entry;
	struct walk *walk;

	(void)state;
	put_folder("a");
	put_folder("b");
	put("b/1");
	put("c");
	put("d");
	walk = begin(defaults);
	assert_next(walk, &entry, "a", WALK_FOLDER, 0);
	replace_by_link("b");
	assert_int_equal(unlinkat(root_fd, "c", 0), 0);
	assert_next(walk, &entry, "b", WALK_LINK, 0);
	assert_string_equal(entry.link_target, "/etc");
	/* Gone since its folder was listed: told, not passed over. */
	assert_next(walk, &entry, "c", WALK_FILE, ENOENT);
	assert_false(entry.is_known);
	assert_next(walk, &entry, "d", WALK_FILE, 0);
	assert_end(walk);
}

/* An open folder stays the same folder whatever its name means now. */
static void
a_folder_replaced_inside_is_walked_on(void **state)
{
	struct walk_entry entry;
	struct walk *walk;

	(void)state;
	put_folder("b");
	put("b/1");
	put("b/2");
	walk = begin(defaults);
	assert_next(walk, &entry, "b", WALK_FOLDER, 0);
	assert_next(walk, &entry, "b/1", WALK_FILE, 0);
	replace_by_folder("b");
	assert_next(walk, &entry, "b/2", WALK_FILE, 0);
	assert_end(walk);
}

/* --- what cannot be read --- */

/* As somebody who is not root. */
static void
check_closed_folders(void)
{
	struct walk_entry entry;
	struct walk *walk;
	struct error err;
	int fd;

	assert_int_equal(access("/root", R_OK), -1);
	walk = begin(defaults);
	assert_next(walk, &entry, "closed", WALK_FOLDER, EACCES);
	assert_true(entry.is_known);
	assert_next(walk, &entry, "names-only", WALK_FOLDER, 0);
	assert_next(walk, &entry, "names-only/file", WALK_FILE, EACCES);
	assert_false(entry.is_known);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_next(walk, &entry, "names-only/folder", WALK_FOLDER, EACCES);
	assert_false(entry.is_known);
	assert_next(walk, &entry, "secret", WALK_FILE, 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.code, ERROR_DENIED);
	/* O_NOATIME is not permitted on somebody else's file. */
	assert_next(walk, &entry, "shown", WALK_FILE, 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), 0);
	assert_int_equal(fcntl(fd, F_GETFL) & O_NOATIME, 0);
	(void)close(fd);
	assert_end(walk);
}

static void
a_closed_folder_is_told(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0) {
		print_message("needs root, to become somebody else\n");
		skip();
	}
	put_folder("closed");
	put("closed/unknown");
	put_folder("names-only");
	put("names-only/file");
	put_folder("names-only/folder");
	put("secret");
	put("shown");
	assert_int_equal(fchmodat(root_fd, "closed", 0, 0), 0);
	assert_int_equal(fchmodat(root_fd, "names-only", 0744, 0), 0);
	assert_int_equal(fchmodat(root_fd, "secret", 0600, 0), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(2);
		check_closed_folders();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Whichever listing fails, and where: one problem, and all known names. */
static void
every_listing_may_fail(void **state)
{
	(void)state;
	put_folder("a");
	put_folder("a/b");
	put_folder("many");
	put("z");
	for (int i = 0; i < 3000; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "many/file-%06d", i);
		put(name);
	}
	/* root: 2 calls; a: 2; b: 2; many: more than 3 */
	for (int n = 2; n < 10; n++) {
		int problems = 0, names = 0, before = count_descriptors();
		struct walk *walk = NULL;
		struct walk_entry entry;
		struct error err;

		listings_left = n;
		walk = walk_new(root_fd, defaults, &err);
		assert_non_null(walk);
		while (next(walk, &entry)) {
			names++;
			if (entry.problem == 0)
				continue;
			problems++;
			assert_int_equal(entry.problem, EIO);
			assert_true(entry.is_known);
			assert_string_equal(entry.path, n < 4	? "a"
							: n < 6 ? "a/b"
								: "many");
		}
		walk_free(walk);
		listings_left = -1;
		assert_int_equal(problems, 1);
		assert_int_equal(count_descriptors(), before);
		if (n == 2)
			assert_int_equal(names, 3 + 3000);
		else if (n < 6)
			assert_int_equal(names, 4 + 3000);
		else if (n == 6)
			assert_int_equal(names, 4);
		else if (n == 7)
			assert_in_range(names, 4 + 100, 4 + 2900);
	}
}

static void
every_look_may_fail(void **state)
{
	(void)state;
	put_folder("a");
	put("a/1");
	put_folder("b");
	put("b/1");
	put("c");
	for (int n = 0; n < 5; n++) {
		struct walk *walk = begin(defaults);
		struct walk_entry entry;
		int i, problems = 0;

		looks_left = n;
		for (i = 0; next(walk, &entry); i++) {
			if (entry.problem == 0)
				continue;
			problems++;
			assert_int_equal(i, n);
			assert_int_equal(entry.problem, EIO);
			assert_false(entry.is_known);
		}
		walk_free(walk);
		assert_int_equal(problems, 1);
		/* What is in a folder that was not looked at is not known. */
		assert_int_equal(i, n == 0 || n == 2 ? 4 : 5);
	}
}

/* --- mounts --- */

static void
a_mount_is_entered_only_if_asked(void **state)
{
	struct walk_options crossing = *defaults;
	struct walk_entry entry;
	struct walk *walk;
	char path[128];

	(void)state;
	put_folder("mounted");
	put("other");
	(void)snprintf(path, sizeof(path), "%s/mounted", base);
	if (mount("tmpfs", path, "tmpfs", 0, "size=64k") != 0) {
		print_message("cannot mount here: %s\n", strerror(errno));
		skip();
	}
	put("mounted/file");
	walk = begin(defaults);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, EXDEV);
	assert_next(walk, &entry, "other", WALK_FILE, 0);
	assert_end(walk);
	crossing.cross_mounts = true;
	walk = begin(&crossing);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, 0);
	assert_next(walk, &entry, "mounted/file", WALK_FILE, 0);
	assert_next(walk, &entry, "other", WALK_FILE, 0);
	assert_end(walk);
	assert_int_equal(umount(path), 0);
	/* The same file system again, below itself. */
	assert_int_equal(mount(base, path, NULL, MS_BIND, NULL), 0);
	walk = begin(defaults);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, EXDEV);
	assert_next(walk, &entry, "other", WALK_FILE, 0);
	assert_end(walk);
	walk = begin(&crossing);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, ELOOP);
	assert_next(walk, &entry, "other", WALK_FILE, 0);
	assert_end(walk);
	assert_int_equal(umount(path), 0);
	(void)snprintf(path, sizeof(path), "%s/other", base);
	assert_int_equal(mount("/dev/null", path, NULL, MS_BIND, NULL), 0);
	walk = begin(defaults);
	assert_next(walk, &entry, "mounted", WALK_FOLDER, 0);
	assert_next(walk, &entry, "other", WALK_CHAR, EXDEV);
	assert_end(walk);
	assert_int_equal(umount(path), 0);
}

/* --- deep and wide --- */

#define DEEP 2000

/* A folder "ddddd" in each folder, and "z" beside it: 12,000 bytes. */
static void
build_deep_tree(void)
{
	int fd = dup(root_fd);

	for (int i = 0; i < DEEP; i++) {
		int below, file;

		assert_int_equal(mkdirat(fd, "ddddd", 0755), 0);
		file = openat(fd, "z", O_WRONLY | O_CREAT, 0644);
		assert_true(file >= 0);
		(void)close(file);
		below = openat(fd, "ddddd", O_RDONLY | O_DIRECTORY);
		assert_true(below >= 0);
		(void)close(fd);
		fd = below;
	}
	(void)close(fd);
}

static void
a_tree_may_be_deep(void **state)
{
	struct walk_entry entry;
	struct walk *walk;
	struct error err;
	int before = count_descriptors(), fd;

	(void)state;
	build_deep_tree();
	walk = begin(defaults);
	for (size_t i = 1; i <= DEEP; i++) {
		assert_true(next(walk, &entry));
		assert_int_equal(entry.problem, 0);
		assert_int_equal(entry.type, WALK_FOLDER);
		assert_int_equal(entry.path_length, 6 * i - 1);
	}
	assert_true(count_descriptors() <= before + WALK_OPEN_FOLDERS_MAX);
	for (size_t i = DEEP; i >= 1; i--) {
		assert_true(next(walk, &entry));
		assert_int_equal(entry.problem, 0);
		assert_int_equal(entry.type, WALK_FILE);
		assert_int_equal(entry.path_length, 6 * (i - 1) + 1);
		assert_int_equal(
		    strspn(entry.path, "d/"), entry.path_length - 1);
		assert_int_equal(walk_open_file(walk, &fd, &err), 0);
		(void)close(fd);
		if (i % 100 == 0)
			assert_true(count_descriptors() <=
				    before + WALK_OPEN_FOLDERS_MAX);
	}
	assert_end(walk);
	assert_int_equal(count_descriptors(), before);
}

/*
 * A folder high above is replaced while the walk is deep below it: the names
 * in folders that were closed and cannot be found again all have a problem.
 */
static void
a_deep_folder_is_found_again_or_told(void **state)
{
	struct walk_entry entry;
	struct walk *walk;
	int before = count_descriptors(), problems = 0, good = 0;

	(void)state;
	build_deep_tree();
	walk = begin(defaults);
	for (size_t i = 1; i <= DEEP; i++)
		assert_true(next(walk, &entry));
	assert_int_equal(
	    renameat(root_fd, "ddddd/ddddd", root_fd, "ddddd/moved"), 0);
	assert_int_equal(symlinkat("moved", root_fd, "ddddd/ddddd"), 0);
	while (next(walk, &entry)) {
		assert_int_equal(entry.type, WALK_FILE);
		if (entry.problem == 0) {
			good++;
			continue;
		}
		assert_int_equal(entry.problem, ELOOP);
		problems++;
	}
	walk_free(walk);
	assert_int_equal(good + problems, DEEP);
	/* Those still open, the root's and the first folder's. */
	assert_in_range(good, 3, WALK_OPEN_FOLDERS_MAX + 2);
	assert_int_equal(count_descriptors(), before);
}

#define WIDE 100000

static void
a_folder_may_be_wide(void **state)
{
	struct walk_options options = {.spill_fd = -1, .memory_bytes = 1 << 20};
	size_t before, most = 0;
	struct walk_entry entry;
	struct walk *walk;
	struct error err;
	char name[64];

	(void)state;
	put_folder("w");
	put_folder("w/000000-x");
	put("w/000000-x/1");
	for (int i = 0; i < WIDE; i++) {
		(void)snprintf(name, sizeof(name), "w/%06d-a-longer-name",
		    (int)((i * 7919LL + 13) % WIDE));
		assert_int_equal(mknodat(root_fd, name, S_IFREG | 0644, 0), 0);
	}
	before = mallinfo2().uordblks + mallinfo2().hblkhd;
	walk = begin(defaults);
	assert_next(walk, &entry, "w", WALK_FOLDER, 0);
	assert_next(walk, &entry, "w/000000-a-longer-name", WALK_FILE, 0);
	assert_next(walk, &entry, "w/000000-x", WALK_FOLDER, 0);
	assert_next(walk, &entry, "w/000000-x/1", WALK_FILE, 0);
	for (int i = 1; i < WIDE; i++) {
		size_t now = mallinfo2().uordblks + mallinfo2().hblkhd;

		most = now > most ? now : most;
		(void)snprintf(name, sizeof(name), "w/%06d-a-longer-name", i);
		assert_next(walk, &entry, name, WALK_FILE, 0);
	}
	assert_end(walk);
	assert_true(most <= before + (1 << 20));
	/* Nowhere to spill to: not a walk with fewer names. */
	walk = begin(&options);
	assert_int_equal(walk_next(walk, &entry, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	err = (struct error){0};
	assert_int_equal(walk_next(walk, &entry, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	walk_free(walk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_IN_MEMORY(name) \
	cmocka_unit_test_setup_teardown(name, set_up_in_memory, tear_down)

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
	    TEST(a_file_is_opened_only_if_it_is_the_same),
	    TEST(a_folder_is_entered_only_if_it_is_the_same),
	    TEST(a_folder_replaced_by_a_link_is_a_link),
	    TEST(a_folder_replaced_inside_is_walked_on),
	    TEST(a_closed_folder_is_told),
	    TEST_IN_MEMORY(every_listing_may_fail),
	    TEST(every_look_may_fail),
	    TEST(a_mount_is_entered_only_if_asked),
	    TEST_IN_MEMORY(a_tree_may_be_deep),
	    TEST_IN_MEMORY(a_deep_folder_is_found_again_or_told),
	    TEST_IN_MEMORY(a_folder_may_be_wide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
