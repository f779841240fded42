/*
 * descend: open a path below a folder name by name, without openat2(2).
 *
 * Layer 1.  Uses: nothing.
 *
 * For processes in the sandbox, where openat2 does not exist because a system
 * call filter cannot look into its flags.  Each name is opened in the folder
 * that was opened before, never through a link, so the path cannot leave the
 * root whatever is renamed meanwhile: what openat2 promises with
 * RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, and where asked RESOLVE_NO_XDEV.
 */
#ifndef HIKAE_OS_DESCEND_H
#define HIKAE_OS_DESCEND_H

#include <stdbool.h>

/*
 * Open a relative path, which has no ".." and is not empty, with flags of
 * open(2) and O_CLOEXEC; what O_CREAT creates has mode 0600.  The descriptor,
 * or -1 and errno: ELOOP for a symbolic link anywhere in the path; with
 * same_mount EXDEV for a mount point.
 */
int descend_open(int root_fd, const char *path, int flags, bool same_mount);

#endif
