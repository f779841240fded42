/*
 * library: the catalog and the signed manifests of a state, for reading.
 *
 * Uses: cli, store, crypto/keyring.
 *
 * For commands that look into manifests.  They read the state themselves, as
 * its group may, so that the daemon need not open what can be large.
 */
#ifndef HIKAE_CLI_LIBRARY_H
#define HIKAE_CLI_LIBRARY_H

#include <stdint.h>

#include "cli/cli.h"
#include "lib/crypto/keyring.h"
#include "lib/store/catalog.h"

struct library {
	struct catalog *catalog;
	int state_fd;		/* -1: not open */
	struct keyring keyring; /* without its secrets */
};

/* One copy, with what names its manifest. */
struct library_copy {
	uint64_t id, manifest, version;
	char system[33], generation[64], medium[33], source[33];
	bool has_members; /* an archive whose members are known */
};

/* The catalog alone: the --database, or the one of the state below --root. */
int library_open_catalog(struct cli *cli, struct catalog **ret_catalog,
    struct error *err) ERROR_CHECKED;

/* Whether a path leads to that very file. */
bool library_is_catalog(const struct cli *cli, const char *path);

/* Open the state below --root, and the catalog (or the --database). */
int library_open(
    struct cli *cli, struct library *library, struct error *err) ERROR_CHECKED;

/* Safe on one that did not open. */
void library_close(struct library *library);

/*
 * Find the captured copy that an operand means: a copy's number, a generation
 * (its first copy by medium), or GENERATION:MEDIUM; each may be followed by
 * /VERSION, an earlier capture of a living tree, which then is the version of
 * *ret_copy, though `manifest` is the newest.  ERROR_NOT_FOUND.
 */
int library_find(struct library *library, const char *operand,
    struct library_copy *ret_copy, struct error *err) ERROR_CHECKED;

/* Called for each captured copy; 0 goes on, -1 ends it. */
typedef int library_copy_fn(
    void *context, const struct library_copy *copy, struct error *err);

/* All captured copies, or those of one system or medium (NULL: all). */
int library_each(struct library *library, const char *system,
    const char *medium, library_copy_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/*
 * Open a copy's manifest (that of the members, where it has one) after its
 * signature was verified.  The caller closes *ret_fd.
 */
int library_open_manifest(struct library *library,
    const struct library_copy *copy, int *ret_fd,
    struct error *err) ERROR_CHECKED;

#endif
