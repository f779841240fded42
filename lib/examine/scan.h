/*
 * scan: what lies below a source's root, and whether it is at rest.
 *
 * Layer 4.  Uses: os/walk.
 */
#ifndef HIKAE_EXAMINE_SCAN_H
#define HIKAE_EXAMINE_SCAN_H

#include "lib/examine/examine.h"

enum scan_layout {
	SCAN_FOLDERS, /* each folder is a candidate */
	SCAN_FILES,   /* each file is one */
	SCAN_TREE,    /* the root itself is the only one */
};

struct scan_options {
	int root_fd;
	enum scan_layout layout;
	int spill_fd;
	/*
	 * Names that are captured already, each ended by a NUL: they are told
	 * without looking into them.  With a slash before the NUL what has the
	 * name is told where it is not of the layout's kind.  The last NUL is
	 * there, too.
	 */
	const char *known;
	size_t known_length;
	const char *marker; /* a file's name, or NULL */
	struct examine_ignore ignore;
	const struct examine_events *events; /* candidate, progress */
};

/*
 * Tell of every candidate, sorted by name as bytes.  Names of other kinds
 * (a file where folders are expected) are left out, and counted in
 * *ret_others.  Errors: the root cannot be listed.
 */
int scan_run(const struct scan_options *options, uint64_t *ret_others,
    struct error *err) ERROR_CHECKED;

#endif
