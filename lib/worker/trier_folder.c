#include "lib/worker/trier_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define NAME_DIGITS 16
#define NAME_BYTES (sizeof(TRIER_NAME_PREFIX) + NAME_DIGITS)
/* What is looked at in one folder, and below it. */
#define ENTRIES_MAX 1000000
#define DEPTH_MAX 64

/* A folder of its own to list, as far as it was read or not. */
static DIR *
list(int folder_fd)
{
	const int fd = openat(
	    folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOCTTY);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (folder == NULL && fd >= 0)
		(void)close(fd);
	return folder;
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The worse for a claim that all is refused. */
static enum trier_inside
worse(enum trier_inside a, enum trier_inside b)
{
	static const int ranks[] = {
	    [TRIER_INSIDE_REFUSED] = 0,
	    [TRIER_INSIDE_NO_PERMISSION] = 1,
	    [TRIER_INSIDE_UNSEEN] = 2,
	    [TRIER_INSIDE_WRITABLE] = 3,
	};

	return ranks[a] > ranks[b] ? a : b;
}

static enum trier_inside look_below(
    int folder_fd, const char *name, unsigned depth, uint64_t *left);

/* One name, without opening what is to be written. */
static enum trier_inside
look_at(int folder_fd, const char *name, unsigned depth, uint64_t *left)
{
	enum trier_inside inside = TRIER_INSIDE_REFUSED;
	struct stat facts;

	if (fstatat(folder_fd, name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? TRIER_INSIDE_REFUSED
				       : TRIER_INSIDE_UNSEEN;
	if (!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode))
		return TRIER_INSIDE_REFUSED;
	if (faccessat(folder_fd, name, W_OK, 0) == 0)
		return TRIER_INSIDE_WRITABLE;
	/* Its owner can give himself the permission. */
	if (errno == EACCES)
		inside = facts.st_uid == geteuid() ? TRIER_INSIDE_WRITABLE
						   : TRIER_INSIDE_NO_PERMISSION;
	else if (errno != EPERM && errno != EROFS && errno != ENOENT)
		inside = TRIER_INSIDE_UNSEEN;
	if (!S_ISDIR(facts.st_mode) || inside == TRIER_INSIDE_WRITABLE)
		return inside;
	return worse(inside, look_below(folder_fd, name, depth + 1, left));
}

/* A folder may refuse new names while what lies in it can be overwritten. */
static enum trier_inside
look_inside(int folder_fd, unsigned depth, uint64_t *left)
{
	enum trier_inside inside = TRIER_INSIDE_REFUSED;
	const struct dirent *entry = NULL;
	DIR *folder = list(folder_fd);

	if (folder == NULL)
		return TRIER_INSIDE_UNSEEN;
	do {
		errno = 0;
		entry = readdir(folder);
		if (entry == NULL && errno != 0)
			inside = worse(inside, TRIER_INSIDE_UNSEEN);
		if (entry == NULL || is_dots(entry->d_name))
			continue;
		if (*left == 0) {
			inside = worse(inside, TRIER_INSIDE_UNSEEN);
			break;
		}
		--*left;
		inside = worse(
		    inside, look_at(folder_fd, entry->d_name, depth, left));
	} while (entry != NULL && inside != TRIER_INSIDE_WRITABLE);
	(void)closedir(folder);
	return inside;
}

static enum trier_inside
look_below(int folder_fd, const char *name, unsigned depth, uint64_t *left)
{
	enum trier_inside inside = TRIER_INSIDE_UNSEEN;
	int fd;

	if (depth > DEPTH_MAX)
		return inside;
	fd = openat(folder_fd, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return inside;
	inside = look_inside(fd, depth, left);
	(void)close(fd);
	return inside;
}

/* This host's own mount refuses writes there, whatever others may. */
static bool
is_mounted_read_only(int folder_fd)
{
	struct statvfs facts;

	return fstatvfs(folder_fd, &facts) != 0 ||
	       (facts.f_flag & ST_RDONLY) != 0;
}

/* An empty file that an earlier try made, as this account. */
static bool
is_ours(int folder_fd, const char *name)
{
	const size_t prefix = strlen(TRIER_NAME_PREFIX);
	struct stat facts;

	return strncmp(name, TRIER_NAME_PREFIX, prefix) == 0 &&
	       strlen(name) == prefix + NAME_DIGITS &&
	       strspn(name + prefix, "0123456789abcdef") == NAME_DIGITS &&
	       fstatat(folder_fd, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(facts.st_mode) && facts.st_size == 0 &&
	       facts.st_nlink == 1 && facts.st_uid == geteuid();
}

/* Whether one stands there that still cannot be removed. */
static bool
remove_left(int folder_fd)
{
	const struct dirent *entry;
	DIR *folder = list(folder_fd);
	bool is_left = false;

	if (folder == NULL)
		return false;
	while ((entry = readdir(folder)) != NULL)
		if (is_ours(folder_fd, entry->d_name) &&
		    unlinkat(folder_fd, entry->d_name, 0) != 0 &&
		    errno != ENOENT)
			is_left = true;
	(void)closedir(folder);
	return is_left;
}

/* The names in a folder, whatever their order. */
struct names {
	uint64_t count, sum;
};

static uint64_t
mix(uint64_t hash, uint64_t byte)
{
	/* FNV-1a, 64 bits. */
	return (hash ^ byte) * UINT64_C(1099511628211);
}

static bool
read_names(int folder_fd, struct names *ret)
{
	const struct dirent *entry;
	DIR *folder = list(folder_fd);
	bool is_whole = folder != NULL;

	*ret = (struct names){0};
	while (is_whole && (errno = 0, entry = readdir(folder)) != NULL) {
		uint64_t hash = UINT64_C(14695981039346656037);

		for (const char *c = entry->d_name; *c != '\0'; c++)
			hash = mix(hash, (unsigned char)*c);
		for (int i = 0; i < 64; i += 8)
			hash = mix(hash, entry->d_ino >> i & 0xff);
		ret->sum += hash;
		is_whole = ++ret->count <= ENTRIES_MAX;
	}
	is_whole = is_whole && errno == 0;
	if (folder != NULL)
		(void)closedir(folder);
	return is_whole;
}

static bool
is_same(const struct names *a, const struct names *b)
{
	return a->count == b->count && a->sum == b->sum;
}

/*
 * The times of before would hide what a backup wrote meanwhile: then the
 * folder says that it was changed.
 */
static void
give_times_back(
    int folder_fd, const struct stat *before, const struct names *names)
{
	const struct timespec times[2] = {before->st_atim, before->st_mtim};
	struct names now;

	if (!read_names(folder_fd, &now) || !is_same(names, &now) ||
	    futimens(folder_fd, times) != 0)
		return;
	if (!read_names(folder_fd, &now) || !is_same(names, &now))
		(void)futimens(folder_fd, NULL);
}

static struct trier_attempt
refused(int folder_fd, int os_errno)
{
	struct trier_attempt attempt = {
	    .os_errno = os_errno, .is_local = is_mounted_read_only(folder_fd)};
	uint64_t left = ENTRIES_MAX;

	if (os_errno == EPERM)
		attempt.inside = look_inside(folder_fd, 0, &left);
	return attempt;
}

static bool
takes_names(int folder_fd)
{
	return faccessat(folder_fd, ".", W_OK, 0) == 0;
}

struct trier_attempt
trier_folder_try(int folder_fd)
{
	struct trier_attempt attempt = {0};
	char name[NAME_BYTES];
	struct names names;
	struct stat before;
	uint64_t random;
	bool can_restore, was_left;
	int fd;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random) ||
	    fstat(folder_fd, &before) != 0)
		return (struct trier_attempt){
		    .os_errno = EIO, .is_unreached = true};
	was_left = remove_left(folder_fd);
	/* A new one would be one more that cannot be removed. */
	if (was_left && takes_names(folder_fd))
		return (struct trier_attempt){.is_left = true};
	can_restore = read_names(folder_fd, &names);
	(void)snprintf(
	    name, sizeof(name), TRIER_NAME_PREFIX "%016" PRIx64, random);
	fd = openat(folder_fd, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY,
	    0600);
	if (fd < 0)
		return refused(folder_fd, errno);
	(void)close(fd);
	attempt.is_left = unlinkat(folder_fd, name, 0) != 0 || was_left;
	if (can_restore)
		give_times_back(folder_fd, &before, &names);
	return attempt;
}
