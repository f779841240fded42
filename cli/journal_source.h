/*
 * journal_source: a journal that was given on the command line.
 *
 * Uses: cli, format/journal_parts.
 *
 * Files, one after the other; or one folder that holds a witness (FORMATS
 * section 11).
 */
#ifndef HIKAE_CLI_JOURNAL_SOURCE_H
#define HIKAE_CLI_JOURNAL_SOURCE_H

#include "cli/cli.h"
#include "lib/format/journal_parts.h"

/* To be closed with journal_parts_close, also after an error. */
int journal_source_open(const char *const *paths, size_t count,
    struct journal_parts *ret_parts, struct error *err) ERROR_CHECKED;

#endif
