/*
 * keyring_folder: a whole new keys/, which takes the place of the old at once.
 *
 * Layer 2.  Uses: os/file.
 *
 * What is put lies in keys.new until keyring_folder_commit; a process that
 * dies before leaves keys/ as it was, and the next change clears the rest.
 */
#ifndef HIKAE_CRYPTO_KEYRING_FOLDER_H
#define HIKAE_CRYPTO_KEYRING_FOLDER_H

#include <sys/types.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"

struct keyring_folder {
	int state_fd; /* borrowed */
	int old_fd;   /* keys/, or -1 where there is none */
	int new_fd;   /* keys.new, locked */
	int statements_fd;
	bool is_given_away; /* to uid and gid: root works for the daemon */
	uid_t uid;
	gid_t gid;
};

/* Not begun, so that rollback is always right. */
#define KEYRING_FOLDER_EMPTY                \
	{                                   \
		-1, -1, -1, -1, false, 0, 0 \
	}

/*
 * Make keys.new, empty, and take both locks.  ERROR_UNAVAILABLE: somebody else
 * changes the keys; ERROR_EXISTS: there are keys, but is_first says that there
 * are none yet; ERROR_NOT_FOUND: the other way round.
 */
int keyring_folder_begin(struct keyring_folder *folder, int state_fd,
    bool is_first, struct error *err) ERROR_CHECKED;

/* Put a file with the mode; "statements/NAME" is below that folder. */
int keyring_folder_put(struct keyring_folder *folder, const char *path,
    const struct bytes *content, mode_t mode, struct error *err) ERROR_CHECKED;

/* Put what the old folder has; a missing file may be one that is left out. */
int keyring_folder_copy(struct keyring_folder *folder, const char *path,
    mode_t mode, struct error *err) ERROR_CHECKED;

/* Make it durable and put it in the place of the old one, which is removed. */
int keyring_folder_commit(
    struct keyring_folder *folder, struct error *err) ERROR_CHECKED;

/* Remove what was put and unlock; without effect after a commit, or twice. */
void keyring_folder_rollback(struct keyring_folder *folder);

#endif
