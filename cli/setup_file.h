/*
 * setup_file: the configuration file that `hikae setup` writes.
 *
 * Uses: cli, os/file, model/config.
 */
#ifndef HIKAE_CLI_SETUP_FILE_H
#define HIKAE_CLI_SETUP_FILE_H

#include "cli/cli.h"

#define SETUP_FILE_KEPT "etc/hikae/hikae.conf.bak"

/*
 * Can it be written, before anybody answers questions?  ERROR_EXISTS: there is
 * one, and is_forced is false; *ret_exists says whether there is one.
 */
int setup_file_check(const struct cli *cli, bool is_forced, bool *ret_exists,
    struct error *err) ERROR_CHECKED;

/*
 * Write it, whole or not at all (mode 0644).  One that is there stands in
 * SETUP_FILE_KEPT afterwards.
 */
int setup_file_write(const struct cli *cli, const struct bytes *text,
    struct error *err) ERROR_CHECKED;

#endif
