/* namespaces(7), user_namespaces(7), mount_namespaces(7). */
#include "lib/os/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/i18n.h"

#define SPACES                                                       \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | \
	    CLONE_NEWIPC)

static bool
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t length = strlen(text);
	bool is_written;

	if (fd < 0)
		return false;
	is_written = write(fd, text, length) == (ssize_t)length;
	(void)close(fd);
	return is_written;
}

static bool
enter(uid_t uid, gid_t gid)
{
	char text[64];

	/* Without the right to map root, one would be nobody in there. */
	if (uid == 0 || unshare(SPACES) != 0)
		return false;
	if (!write_file("/proc/self/setgroups", "deny"))
		return false;
	(void)snprintf(text, sizeof(text), "%u %u 1", gid, gid);
	if (!write_file("/proc/self/gid_map", text))
		return false;
	(void)snprintf(text, sizeof(text), "%u %u 1", uid, uid);
	return write_file("/proc/self/uid_map", text);
}

/* Whether it works, tried by a process that it may break. */
static bool
is_possible(uid_t uid, gid_t gid)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(enter(uid, gid) ? 0 : 1);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
jail_enter(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	return is_possible(uid, gid) && enter(uid, gid);
}

static bool
is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* A folder of the system that holds nothing that is needed. */
static const char *
choose_place(const char *const *needed)
{
	static const char *const places[] = {"/mnt", "/media", "/srv", "/tmp"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		bool is_free = access(places[i], X_OK) == 0;

		for (const char *const *path = needed; *path != NULL; path++)
			is_free = is_free && !is_below(*path, places[i]);
		if (is_free)
			return places[i];
	}
	return NULL;
}

static int
hide(const char *folder, struct error *err)
{
	if (mount("none", folder, "tmpfs", MS_NOSUID | MS_NODEV,
		"size=64k,mode=0700") == 0 ||
	    errno == ENOENT || errno == EACCES)
		return 0;
	return error_set_errno(err, errno, _("cannot hide a folder"));
}

/* Of its own, so that filling it fills nothing else. */
static int
mount_memory(const char *path, uint64_t bytes, struct error *err)
{
	char options[64];

	(void)snprintf(options, sizeof(options), "size=%llu,mode=0700",
	    (unsigned long long)bytes);
	if (mkdir(path, 0700) == 0 &&
	    mount("none", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		options) == 0)
		return 0;
	return error_set_errno(err, errno, _("cannot make a folder in memory"));
}

int
jail_mount(const struct jail_mounts *mounts, struct jail_paths *ret_paths,
    struct error *err)
{
	const char *place = choose_place(mounts->needed);
	struct jail_paths paths = {"", ""};

	if (place == NULL)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("there is no place to show the scratch folder at"));
	(void)snprintf(paths.scratch, sizeof(paths.scratch), "%s/drill", place);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", place, "tmpfs", MS_NOSUID | MS_NODEV,
		"size=64k,mode=0700") != 0 ||
	    mkdir(paths.scratch, 0700) != 0 ||
	    mount(mounts->scratch, paths.scratch, NULL, MS_BIND | MS_REC,
		NULL) != 0)
		return error_set_errno(
		    err, errno, _("cannot show the scratch folder"));
	if (mounts->memory_bytes > 0) {
		(void)snprintf(
		    paths.memory, sizeof(paths.memory), "%s/memory", place);
		if (mount_memory(paths.memory, mounts->memory_bytes, err) != 0)
			return -1;
	}
	for (const char *const *folder = mounts->hidden; *folder != NULL;
	     folder++)
		if (hide(*folder, err) != 0)
			return -1;
	/* A wish: a container may hide parts of its own. */
	(void)!mount(
	    "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	*ret_paths = paths;
	return 0;
}
