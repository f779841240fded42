/*
 * foreign_find: which files of a copy are lists of its producer's checksums.
 *
 * Layer 4.  Uses: examine/copy.
 *
 * Part of foreign.  By name alone, in the copy's root folder: a reader knows
 * no format.
 */
#ifndef HIKAE_EXAMINE_FOREIGN_FIND_H
#define HIKAE_EXAMINE_FOREIGN_FIND_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* Lists of one copy; what is beyond is not looked at, and told. */
#define FOREIGN_LISTS_MAX 4096

enum foreign_kind {
	FOREIGN_SUMS,	 /* SHA256SUMS and its like */
	FOREIGN_SIDECAR, /* NAME.sha256 */
	FOREIGN_BAGIT,	 /* manifest-sha256.txt beside bagit.txt */
	FOREIGN_BAG_INFO,
	FOREIGN_POSTGRESQL, /* backup_manifest */
};
#define FOREIGN_KINDS (FOREIGN_POSTGRESQL + 1)

struct foreign_list {
	enum foreign_kind kind;
	char name[NAME_MAX + 1]; /* in the copy's root folder */
	/* It lists what lies inside archives: a PostgreSQL backup in tar. */
	bool is_opaque;
	int64_t time_seconds; /* its modification */
};

struct foreign_lists {
	struct foreign_list *items;
	size_t count;
	bool has_more;
};

void foreign_lists_done(struct foreign_lists *lists);

/*
 * The lists of a copy by name (locator and is_file as in copy_open).  For a
 * copy that is one file, those that lie beside it.  Free with
 * foreign_lists_done.
 */
int foreign_find(int root_fd, const char *locator, bool is_file,
    struct foreign_lists *ret_lists, struct error *err) ERROR_CHECKED;

/* Whether there is any. */
bool foreign_has_lists(int root_fd, const char *locator, bool is_file);

#endif
