/*
 * facility: the facility's secret key, in a file that is kept off the host.
 *
 * Uses: cli, passphrase, crypto/signature, crypto/keyring.
 *
 * The file is minisign's; the passphrase costs seconds and 1 GiB of memory.
 */
#ifndef HIKAE_CLI_FACILITY_H
#define HIKAE_CLI_FACILITY_H

#include "cli/cli.h"
#include "lib/crypto/signature.h"

/*
 * Load the key.  passphrase_file NULL: ask.  ERROR_SIGNATURE: the passphrase
 * is wrong.  Wipe the key with signature_wipe.
 */
int facility_load(const char *file, const char *passphrase_file,
    struct signature_secret *ret_secret, struct error *err) ERROR_CHECKED;

/*
 * Make a key and its file (mode 0400), durable.  ERROR_EXISTS: there is a file
 * already, which is never overwritten.
 */
int facility_make(const char *file, const char *passphrase_file,
    struct signature_secret *ret_secret, struct error *err) ERROR_CHECKED;

/* Make the file, or take the one of an earlier attempt. */
int facility_load_or_make(const char *file, const char *passphrase_file,
    struct signature_secret *ret_secret, struct error *err) ERROR_CHECKED;

/*
 * The first keys of an installation whose facility has that id: the daemon's
 * in the state, the facility's in the file.  ERROR_EXISTS: there are keys.
 */
int facility_begin(int state_fd, const char *name, const char *file,
    const char *passphrase_file, struct error *err) ERROR_CHECKED;

/* The same with a key that is open already. */
int facility_begin_with(int state_fd, const char *name,
    const struct signature_secret *secret, struct error *err) ERROR_CHECKED;

#endif
