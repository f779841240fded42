/*
 * floor: the least that small files cost a reader in hikae's sandbox.
 *
 *   floor FOLDER READERS <LIST
 *
 * READERS processes lock themselves in as hikae's readers do, FOLDER being what
 * they may read, and take the files of the list in turn (one path a line, all
 * of them in FOLDER, sorted).  A folder is opened in the one above it and a
 * file in its folder; the file is looked at, read, looked at again and closed,
 * and two are digested at once.  There is nothing else: no manifest to check,
 * decode and compare with, no look for mounts, no second try, no answer to
 * anybody.  Prints seconds, bytes and files.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/crypto/digest_pair.h"
#include "lib/os/sandbox.h"

#define FILE_BYTES_MAX ((size_t)64 * 1024)
#define TURN_FILES ((size_t)4096) /* as a slice of a manifest */
#define LEVELS_MAX 64
#define BLOCK_BYTES DIGEST_SHA256_BLOCK_BYTES

/* What the processes share. */
struct tally {
	atomic_size_t next; /* turn */
	atomic_ullong bytes;
	atomic_uint failures;
};

/* A file on its way. */
struct lane {
	int fd; /* -1: none */
	uint8_t *buffer;
	const uint8_t *at;
	size_t left; /* bytes to digest */
	struct stat before;
	struct digest_sha256 digest;
};

/* The folders from FOLDER to the file that was opened last, each open. */
struct trail {
	int fds[LEVELS_MAX];
	size_t lengths[LEVELS_MAX]; /* of their paths */
	size_t depth;
	const char *path; /* begins with that of the deepest */
};

static char **paths; /* below FOLDER */
static size_t path_count;

static _Noreturn void
give_up(const char *what)
{
	perror(what);
	exit(1);
}

static void
list_files(const char *folder)
{
	const size_t length = strlen(folder);
	char *line = NULL;
	size_t room = 0;
	ssize_t got;

	while ((got = getline(&line, &room, stdin)) > 0) {
		line[got - 1] = '\0';
		if (strncmp(line, folder, length) != 0 || line[length] != '/')
			give_up(line);
		if ((path_count & (path_count + 1)) == 0)
			paths = reallocarray(
			    paths, 2 * (path_count + 1), sizeof(paths[0]));
		if (paths == NULL)
			give_up("memory");
		paths[path_count++] = strdup(line + length + 1);
	}
	free(line);
}

/* Leave the folders that the path is not in. */
static void
leave(struct trail *trail, const char *path)
{
	size_t shared = 0;

	while (path[shared] != '\0' && path[shared] == trail->path[shared])
		shared++;
	while (trail->depth > 1) {
		const size_t length = trail->lengths[trail->depth - 1];

		if (length < shared && path[length] == '/')
			break;
		(void)close(trail->fds[--trail->depth]);
	}
}

/* The path's file, opened as a reader opens it. */
static int
open_file(struct trail *trail, const char *path)
{
	const char *name, *slash;

	leave(trail, path);
	trail->path = path;
	name = path + trail->lengths[trail->depth - 1];
	name += *name == '/';
	while ((slash = strchr(name, '/')) != NULL) {
		char part[256];
		size_t length = (size_t)(slash - name);
		int fd;

		if (length >= sizeof(part) || trail->depth == LEVELS_MAX)
			return -1;
		memcpy(part, name, length);
		part[length] = '\0';
		fd = openat(trail->fds[trail->depth - 1], part,
		    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return -1;
		trail->fds[trail->depth] = fd;
		trail->lengths[trail->depth++] = (size_t)(slash - path);
		name = slash + 1;
	}
	return openat(trail->fds[trail->depth - 1], name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOATIME | O_CLOEXEC);
}

static bool
load(struct lane *lane, struct trail *trail, const char *path)
{
	ssize_t got = -1;

	lane->fd = open_file(trail, path);
	if (lane->fd >= 0 && fstat(lane->fd, &lane->before) == 0)
		got = pread(lane->fd, lane->buffer, FILE_BYTES_MAX, 0);
	lane->at = lane->buffer;
	lane->left = got > 0 ? (size_t)got : 0;
	digest_sha256_init(&lane->digest);
	return got == lane->before.st_size;
}

static bool
unload(struct lane *lane, struct tally *tally)
{
	uint8_t value[DIGEST_SHA256_BYTES];
	struct stat after;
	bool is_good;

	digest_sha256_update(&lane->digest, lane->at, lane->left);
	digest_sha256_final(&lane->digest, value);
	is_good = fstat(lane->fd, &after) == 0 &&
		  after.st_size == lane->before.st_size &&
		  after.st_ctim.tv_nsec == lane->before.st_ctim.tv_nsec;
	atomic_fetch_add(&tally->bytes, (unsigned long long)after.st_size);
	(void)close(lane->fd);
	lane->fd = -1;
	return is_good;
}

/* Digest what both lanes have. */
static void
digest_both(const struct digest_pair *pair, struct lane lanes[2])
{
	struct digest_sha256 *const digests[] = {
	    &lanes[0].digest, &lanes[1].digest};
	const uint8_t *const data[] = {lanes[0].at, lanes[1].at};
	size_t blocks =
	    (lanes[0].left < lanes[1].left ? lanes[0].left : lanes[1].left) /
	    BLOCK_BYTES;

	digest_pair_update(pair, digests, data, blocks);
	for (size_t i = 0; i < 2; i++) {
		lanes[i].at += blocks * BLOCK_BYTES;
		lanes[i].left -= blocks * BLOCK_BYTES;
	}
}

/* The files from `at` to `end`, two at once; false when one failed. */
static bool
read_files(struct trail *trail, struct tally *tally, struct lane lanes[2],
    const struct digest_pair *pair, size_t at, size_t end)
{
	bool is_good = true;

	do {
		for (size_t i = 0; i < 2; i++)
			if (lanes[i].fd < 0 && at < end)
				is_good &= load(&lanes[i], trail, paths[at++]);
		if (lanes[0].fd >= 0 && lanes[1].fd >= 0)
			digest_both(pair, lanes);
		for (size_t i = 0; i < 2; i++)
			if (lanes[i].fd >= 0 && (lanes[i].left < BLOCK_BYTES ||
						    lanes[1 - i].fd < 0))
				is_good &= unload(&lanes[i], tally);
	} while (at < end || lanes[0].fd >= 0 || lanes[1].fd >= 0);
	return is_good;
}

static _Noreturn void
read_in_turn(int root_fd, struct tally *tally)
{
	const struct sandbox_policy policy = {.root_fd = root_fd,
	    .limits = {.memory_bytes = HIKAE_CHILD_MEMORY_BYTES,
		.open_files = 512},
	    .best_effort = true};
	struct trail trail = {.fds = {root_fd}, .depth = 1, .path = ""};
	struct lane lanes[2] = {{.fd = -1}, {.fd = -1}};
	struct sandbox_report report;
	struct digest_pair pair;
	struct error err = {0};
	size_t at;

	digest_pair_init(&pair);
	for (size_t i = 0; i < 2; i++)
		lanes[i].buffer = malloc(FILE_BYTES_MAX);
	if (lanes[0].buffer == NULL || lanes[1].buffer == NULL)
		_exit(1);
	if (sandbox_enter(&policy, &report, &err) != 0) {
		(void)fprintf(stderr, "floor: %s\n", err.text);
		_exit(1);
	}
	while ((at = TURN_FILES * atomic_fetch_add(&tally->next, 1)) <
	       path_count) {
		const size_t left = path_count - at;

		if (!read_files(&trail, tally, lanes, &pair, at,
			at + (left < TURN_FILES ? left : TURN_FILES)))
			atomic_fetch_add(&tally->failures, 1);
	}
	_exit(0);
}

int
main(int argc, char **argv)
{
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned long readers;
	int64_t begin;
	int root_fd, status;

	if (argc != 3 || tally == MAP_FAILED) {
		(void)fprintf(stderr, "usage: floor FOLDER READERS <LIST\n");
		return 64;
	}
	root_fd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		give_up(argv[1]);
	readers = strtoul(argv[2], NULL, 10);
	list_files(argv[1]);
	begin = clock_monotonic_ms();
	for (unsigned long i = 0; i < readers; i++)
		if (fork() == 0)
			read_in_turn(root_fd, tally);
	while (wait(&status) > 0)
		if (status != 0)
			tally->failures++;
	(void)printf("%.3f %llu %zu\n",
	    (double)(clock_monotonic_ms() - begin) / 1e3,
	    (unsigned long long)tally->bytes, path_count);
	return tally->failures > 0 || path_count == 0;
}
