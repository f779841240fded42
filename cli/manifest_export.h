/*
 * manifest_export: a manifest in the form of other tools, on standard output.
 *
 * Uses: model/manifest, format/frame.
 */
#ifndef HIKAE_CLI_MANIFEST_EXPORT_H
#define HIKAE_CLI_MANIFEST_EXPORT_H

#include <stdint.h>
#include <stdio.h>

#include "lib/base/error.h"

/*
 * Lines that `sha256sum -c` takes: regular files only.  *ret_unread counts
 * those that have no digest and are left out.
 */
int manifest_export_sha256sum(int manifest_fd, FILE *out, uint64_t *ret_unread,
    struct error *err) ERROR_CHECKED;

/* mtree(5), for bsdtar and mtree. */
int manifest_export_mtree(
    int manifest_fd, FILE *out, struct error *err) ERROR_CHECKED;

#endif
