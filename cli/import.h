/*
 * import: a catalog made of a journal that lies outside of one, and what is
 * lost with the old one.
 *
 * Uses: cli, cli/journal_source, store/journal_import.
 */
#ifndef HIKAE_CLI_IMPORT_H
#define HIKAE_CLI_IMPORT_H

#include "cli/cli.h"

struct import_request {
	const char *first; /* a file, or a witness's folder */
	const char *const *more;
	size_t more_count;	/* files that follow it */
	const char *public_key; /* as trust_load */
	const char *target;	/* the new catalog */
};

/*
 * Make it and tell; the exit status: warning, because what came after the
 * journal's end is not known; bad where manifests are missing.
 */
int import_run(struct cli *cli, const struct import_request *request);

#endif
