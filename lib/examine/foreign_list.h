/*
 * foreign_list: a producer's list of checksums, as a parser reads it.
 *
 * Layer 4.  Uses: format/checksums, crypto/digest, examine/foreign.
 *
 * Runs in a parser, on a read-only descriptor of the list.  The other half is
 * examine/foreign, in the reader.
 */
#ifndef HIKAE_EXAMINE_FOREIGN_LIST_H
#define HIKAE_EXAMINE_FOREIGN_LIST_H

#include "lib/examine/foreign.h"

struct foreign_list_events {
	void *context;
	/* -1 ends the work. */
	int (*entry)(void *context, const struct foreign_entry *entry,
	    struct error *err);
};

/*
 * Read the list behind fd (by pread, from its beginning) and tell its entries.
 * A list that is no list, or a backup_manifest whose checksum of itself is
 * wrong, is a result and no error; nothing of the latter is told.
 */
int foreign_list_read(int fd, const struct foreign_list *list,
    const struct foreign_list_events *events, struct foreign_told *ret_told,
    struct error *err) ERROR_CHECKED;

#endif
