/*
 * manifest_verify: a signed manifest against a folder, without a daemon.
 *
 * Uses: cli, progress, trust, examine/verify.
 *
 * No foreign format is parsed, so it runs in this process.  Every byte is
 * read; nothing is written.
 */
#ifndef HIKAE_CLI_MANIFEST_VERIFY_H
#define HIKAE_CLI_MANIFEST_VERIFY_H

#include "cli/cli.h"
#include "cli/trust.h"

struct manifest_verify_options {
	const char *path;      /* the copy: a folder, or the one file it is */
	const char *manifest;  /* file */
	const char *signature; /* file; NULL: the manifest's name.minisig */
	const char *ignore;    /* glob patterns, separated by commas; or NULL */
	const struct trust *trust;
};

/*
 * Tell of every difference.  Returns an exit status: 0 intact, 1 something is
 * there that the manifest does not know, 2 damaged or not signed, 3 could not
 * be determined, or that of an error, which was told.
 */
int manifest_verify(
    struct cli *cli, const struct manifest_verify_options *options);

#endif
