/*
 * catalog_audit: does a catalog say what its own journal says?
 *
 * Layer 5.  Uses: catalog, journal.
 *
 * The journal is replayed into a scratch catalog, which holds its rows and no
 * entries, and the rows are compared one by one.
 */
#ifndef HIKAE_STORE_CATALOG_AUDIT_H
#define HIKAE_STORE_CATALOG_AUDIT_H

#include "lib/store/catalog.h"

/* Bytes of a table's name, with its NUL. */
#define CATALOG_AUDIT_TABLE_BYTES 64

struct catalog_audit {
	uint64_t entries; /* replayed */
	/*
	 * An entry that is missing, misnumbered, malformed or not in a state
	 * for it: nothing was compared.
	 */
	bool has_fault;
	uint64_t fault_seq;
	/* The first table whose rows are others; "": none. */
	char table[CATALOG_AUDIT_TABLE_BYTES];
	uint64_t newest_check; /* the newest entry of a self-check; 0: none */
};

/*
 * A catalog to replay into, to be closed with catalog_close.  In memory where
 * path is NULL; else in a file at path, which is replaced, and whose name is
 * gone at return.  It needs no other file from then on.
 */
int catalog_scratch_open(const char *path, struct catalog **ret_scratch,
    struct error *err) ERROR_CHECKED;

/*
 * Compare, within a transaction of the catalog or as it is at each moment.
 * The scratch is used once.  What is wrong is no error but stands in
 * *ret_audit; ERROR_INPUT: the catalog's file is damaged.
 */
int catalog_audit(struct catalog *catalog, struct catalog *scratch,
    struct catalog_audit *ret_audit, struct error *err) ERROR_CHECKED;

#endif
