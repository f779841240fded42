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
 * The same; where it can be used, its warnings are told by the caller, and
 * freed with config_problems_done.
 */
struct config *configuration_load_warned(
    struct cli *cli, struct config_problems *ret_warnings, int *ret_status);

/* {"problems": [...], "omitted": N} */
json_t *configuration_pack_problems(const struct config_problems *problems);

/*
 * How many requirements there are, shipped and of the facility; 0 after
 * problems were told, with the exit status.
 */
size_t configuration_check_packs(struct cli *cli, int *ret_status);

/* configuration_load with one more file of that name and text. */
struct config *configuration_load_with(struct cli *cli, const char *file,
    const struct bytes *text, int *ret_status);

/* The same with this text in the place of hikae.conf. */
struct config *configuration_load_instead(
    struct cli *cli, const struct bytes *text, int *ret_status);

#endif
