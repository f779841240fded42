/*
 * passphrase: from a file, or from the person at the terminal.
 *
 * Uses: base.
 */
#ifndef HIKAE_CLI_PASSPHRASE_H
#define HIKAE_CLI_PASSPHRASE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"

/* Bytes of a passphrase, with a NUL; and of one that is newly chosen. */
#define PASSPHRASE_BYTES 1024
#define PASSPHRASE_BYTES_MIN 8

struct passphrase {
	char text[PASSPHRASE_BYTES];
	size_t length;
};

/*
 * The first line of the file ("-": standard input), or where file is NULL what
 * is typed on the terminal, unseen, after a prompt that names `what`; a new
 * one is asked for twice.  ERROR_USAGE: there is no terminal; ERROR_INPUT: it
 * is empty, too long, new and too short, or typed differently.
 */
int passphrase_read(const char *file, const char *what, bool is_new,
    struct passphrase *ret_passphrase, struct error *err) ERROR_CHECKED;

void passphrase_wipe(struct passphrase *passphrase);

#endif
