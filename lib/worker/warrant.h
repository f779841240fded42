/*
 * warrant: what the administrator's configuration lets a process with rights
 * do, whoever asks it.
 *
 * Layer 5.  Uses: model/config, os/file.
 *
 * hikaed's wish is no reason to mount or to write: only a configuration that
 * nobody but root could have written is.
 */
#ifndef HIKAE_WORKER_WARRANT_H
#define HIKAE_WORKER_WARRANT_H

#include "lib/model/config.h"

/*
 * Load the configuration below the root.  ERROR_DENIED where a file of it, or
 * a folder that holds them, is another's than root's or can be written by
 * others; ERROR_CONFIG where it has problems.  The caller frees it.
 */
int warrant_load(const char *root, struct config **ret_config,
    struct error *err) ERROR_CHECKED;

#endif
