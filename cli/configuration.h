/*
 * configuration: the facility's configuration, for commands that need it.
 *
 * Uses: cli, model/config.
 */
#ifndef HIKAE_CLI_CONFIGURATION_H
#define HIKAE_CLI_CONFIGURATION_H

#include "cli/cli.h"
#include "lib/model/config.h"

/*
 * Load it from below the root, or tell every problem (one line each on
 * standard error, with --json all of them on standard output) and return NULL
 * with the exit status.  To be freed with config_free.
 */
struct config *configuration_load(struct cli *cli, int *ret_status);

/*
 * How many requirements there are, shipped and of the facility; 0 after
 * problems were told, with the exit status.
 */
size_t configuration_check_packs(struct cli *cli, int *ret_status);

/* The same with one more file of that name and text. */
struct config *configuration_load_with(struct cli *cli, const char *file,
    const struct bytes *text, int *ret_status);

/* The same with this text in the place of hikae.conf. */
struct config *configuration_load_instead(
    struct cli *cli, const struct bytes *text, int *ret_status);

#endif
