/*
 * journal_import: a catalog made of a journal that lies outside of one.
 *
 * Layer 5.  Uses: catalog, journal_verify.
 *
 * What a journal does not hold is not there afterwards: the names that its
 * subjects stand for, manifests, attached documents, keys.
 */
#ifndef HIKAE_STORE_JOURNAL_IMPORT_H
#define HIKAE_STORE_JOURNAL_IMPORT_H

#include "lib/store/journal_verify.h"

struct journal_import {
	const int *fds; /* files, one after the other (FORMATS 4.2, 11) */
	size_t count;
	const struct signature_public *keys; /* one must have signed it */
	size_t key_count;
};

/*
 * Replay it into a new catalog at path.  ERROR_EXISTS: there is one;
 * ERROR_SIGNATURE: the journal does not prove itself, and nothing was made.
 */
int journal_import(const char *path, const struct journal_import *what,
    struct journal_report *ret_report, struct error *err) ERROR_CHECKED;

#endif
