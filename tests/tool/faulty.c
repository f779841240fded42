/*
 * A disk that has faults, for scenarios: serves one file, `image`, by FUSE,
 *with what ails it.  A loop device on top of it is the disk.
 *
 * Usage: faulty IMAGE FAULTS FOLDER [FUSE-OPTION...]
 *
 * FAULTS is read anew at each reading; a line of it is one of
 *
 *	eio OFFSET LENGTH	a reading that touches these bytes fails (EIO)
 *	slow MILLISECONDS	each reading takes so long
 *
 * and there are none where it is missing.  Killing this program is the plug
 *that is pulled.
 */
#define FUSE_USE_VERSION 35

#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char served[] = "/image";
static const char *faults_path;
static int image = -1;

/* Whether a reading is to fail; waits as long as it is to take. */
static int
suffer(off_t offset, size_t length)
{
	FILE *faults = fopen(faults_path, "re");
	char line[64];
	int fails = 0;

	if (faults == NULL)
		return 0;
	while (fgets(line, sizeof(line), faults) != NULL) {
		long long first;
		long long count;
		long milliseconds;

		if (sscanf(line, "eio %lld %lld", &first, &count) == 2)
			fails |= offset < first + count &&
				 first < offset + (long long)length;
		else if (sscanf(line, "slow %ld", &milliseconds) == 1)
			nanosleep(&(struct timespec){milliseconds / 1000,
				      milliseconds % 1000 * 1000000},
			    NULL);
	}
	fclose(faults);
	return fails;
}

static int
serve_getattr(
    const char *path, struct stat *status, struct fuse_file_info *file)
{
	(void)file;
	if (strcmp(path, served) == 0)
		return fstat(image, status) == 0 ? 0 : -errno;
	if (strcmp(path, "/") != 0)
		return -ENOENT;
	*status = (struct stat){.st_mode = S_IFDIR | 0755, .st_nlink = 2};
	return 0;
}

static int
serve_readdir(const char *path, void *list, fuse_fill_dir_t fill, off_t offset,
    struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
	(void)path;
	(void)offset;
	(void)file;
	(void)flags;
	return fill(list, served + 1, NULL, 0, 0) == 0 ? 0 : -ENOMEM;
}

/* Nothing of it stays in the kernel's memory: each reading comes here. */
static int
serve_open(const char *path, struct fuse_file_info *file)
{
	file->direct_io = 1;
	return strcmp(path, served) == 0 ? 0 : -ENOENT;
}

static int
serve_read(const char *path, char *data, size_t length, off_t offset,
    struct fuse_file_info *file)
{
	(void)path;
	(void)file;
	if (suffer(offset, length))
		return -EIO;
	ssize_t got = pread(image, data, length, offset);
	return got >= 0 ? (int)got : -errno;
}

static int
serve_write(const char *path, const char *data, size_t length, off_t offset,
    struct fuse_file_info *file)
{
	(void)path;
	(void)file;
	ssize_t put = pwrite(image, data, length, offset);
	return put >= 0 ? (int)put : -errno;
}

static const struct fuse_operations operations = {
    .getattr = serve_getattr,
    .readdir = serve_readdir,
    .open = serve_open,
    .read = serve_read,
    .write = serve_write,
};

int
main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr,
		    "usage: faulty IMAGE FAULTS FOLDER [FUSE-OPTION...]\n");
		return 64;
	}
	image = open(argv[1], O_RDWR | O_CLOEXEC);
	faults_path = argv[2];
	if (image < 0) {
		perror(argv[1]);
		return 66;
	}
	/* What FUSE reads: the name, the folder, its options. */
	argv[2] = argv[0];
	return fuse_main(argc - 2, argv + 2, &operations, NULL);
}
